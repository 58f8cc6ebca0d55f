package protocol

// The events a server sends.
const (
	SessionCreated             = "session.created"
	SessionUpdated             = "session.updated"
	ItemAdded                  = "conversation.item.added"
	ItemDone                   = "conversation.item.done"
	ItemRetrieved              = "conversation.item.retrieved"
	ItemDeleted                = "conversation.item.deleted"
	ItemTruncated              = "conversation.item.truncated"
	TranscriptionDelta         = "conversation.item.input_audio_transcription.delta"
	TranscriptionCompleted     = "conversation.item.input_audio_transcription.completed"
	TranscriptionFailed        = "conversation.item.input_audio_transcription.failed"
	InputCommitted             = "input_audio_buffer.committed"
	InputCleared               = "input_audio_buffer.cleared"
	SpeechStarted              = "input_audio_buffer.speech_started"
	SpeechStopped              = "input_audio_buffer.speech_stopped"
	TimeoutTriggered           = "input_audio_buffer.timeout_triggered"
	ResponseCreated            = "response.created"
	ResponseDone               = "response.done"
	OutputItemAdded            = "response.output_item.added"
	OutputItemDone             = "response.output_item.done"
	ContentPartAdded           = "response.content_part.added"
	ContentPartDone            = "response.content_part.done"
	OutputTextDelta            = "response.output_text.delta"
	OutputTextDone             = "response.output_text.done"
	OutputAudioDelta           = "response.output_audio.delta"
	OutputAudioDone            = "response.output_audio.done"
	OutputAudioTranscriptDelta = "response.output_audio_transcript.delta"
	OutputAudioTranscriptDone  = "response.output_audio_transcript.done"
	FunctionArgumentsDelta     = "response.function_call_arguments.delta"
	FunctionArgumentsDone      = "response.function_call_arguments.done"
	RateLimitsUpdated          = "rate_limits.updated"
	ErrorEvent                 = "error"

	// Extensions: only to clients that asked for them at the handshake.
	ParleyHypothesis  = "x_parley.hypothesis"        // speculation/1
	ParleyWords       = "x_parley.words"             // speculation/1: when words of a reply are spoken
	ParleyTool        = "x_parley.tool"              // speculation/1: a tool of the server's was called
	ParleyEffect      = "x_parley.effect"            // speculation/1: a response that is only prepared wants to change the world
	ParleyTeaching    = "x_parley.teaching.detected" // teaching/1
	ParleyLessonDelta = "x_parley.lesson.delta"      // teaching/1
	ParleyLessonDone  = "x_parley.lesson.done"       // teaching/1
	ParleyMetrics     = "x_parley.metrics"           // metrics/1
	ParleyResume      = "x_parley.resume"            // resume/1
)

// betaNames are what events of the Beta are called now.
var betaNames = map[string]string{
	"response.text.delta":             OutputTextDelta,
	"response.text.done":              OutputTextDone,
	"response.audio.delta":            OutputAudioDelta,
	"response.audio.done":             OutputAudioDone,
	"response.audio_transcript.delta": OutputAudioTranscriptDelta,
	"response.audio_transcript.done":  OutputAudioTranscriptDone,
	"conversation.item.created":       ItemAdded,
}

// ServerEvent is an event from a server: Type says which of the other fields it has.
// Pointers tell what is zero from what is not there.
type ServerEvent struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`

	Session        *Session    `json:"session,omitempty"`
	Item           *Item       `json:"item,omitempty"`
	PreviousItemID *string     `json:"previous_item_id,omitempty"`
	ItemID         string      `json:"item_id,omitempty"`
	ResponseID     string      `json:"response_id,omitempty"`
	OutputIndex    *int        `json:"output_index,omitempty"`
	ContentIndex   *int        `json:"content_index,omitempty"`
	Delta          string      `json:"delta,omitempty"`
	Text           *string     `json:"text,omitempty"`
	Transcript     *string     `json:"transcript,omitempty"`
	Usage          *Usage      `json:"usage,omitempty"` // of a transcription
	AudioStartMS   *int        `json:"audio_start_ms,omitempty"`
	AudioEndMS     *int        `json:"audio_end_ms,omitempty"`
	Response       *Response   `json:"response,omitempty"`
	Part           *Part       `json:"part,omitempty"`
	CallID         string      `json:"call_id,omitempty"`
	Name           string      `json:"name,omitempty"`
	Arguments      *string     `json:"arguments,omitempty"`
	RateLimits     []RateLimit `json:"rate_limits,omitempty"`
	Error          *Error      `json:"error,omitempty"`

	// Of extensions.
	Hypothesis *Hypothesis `json:"hypothesis,omitempty"`
	Words      []Word      `json:"words,omitempty"`
	Tool       *ToolCall   `json:"tool,omitempty"`
	Effect     *Effect     `json:"effect,omitempty"`
	Teaching   *Teaching   `json:"teaching,omitempty"`
	Lesson     *Lesson     `json:"lesson,omitempty"`
	Metrics    *Metrics    `json:"metrics,omitempty"`
	Resume     *Resume     `json:"resume,omitempty"`
}

// RateLimit is one of the limits a server tells of.
type RateLimit struct {
	Name         string  `json:"name"` // requests or tokens
	Limit        int     `json:"limit"`
	Remaining    int     `json:"remaining"`
	ResetSeconds float64 `json:"reset_seconds"`
}

// Index is a pointer to i, as the fields of a [ServerEvent] that may be 0 want it.
func Index(i int) *int { return &i }

// Str is a pointer to s, likewise.
func Str(s string) *string { return &s }
