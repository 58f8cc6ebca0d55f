package protocol

import "encoding/json"

// The events a client sends.
const (
	SessionUpdate      = "session.update"
	InputAppend        = "input_audio_buffer.append"
	InputCommit        = "input_audio_buffer.commit"
	InputClear         = "input_audio_buffer.clear"
	ItemCreate         = "conversation.item.create"
	ItemDelete         = "conversation.item.delete"
	ItemRetrieve       = "conversation.item.retrieve"
	ItemTruncate       = "conversation.item.truncate"
	ResponseCreate     = "response.create"
	ResponseCancel     = "response.cancel"
	OutputClear        = "output_audio_buffer.clear" // WebRTC only
	ParleyPause        = "x_parley.pause"            // extension speculation/1: the user has fallen silent, perhaps for good
	ParleyAllow        = "x_parley.allow"            // extension speculation/1: a response that was prepared may change the world now
	ParleyLesson       = "x_parley.lesson.create"    // extension teaching/1: write a lesson
	ParleyLessonCancel = "x_parley.lesson.cancel"    // extension teaching/1: it is not wanted any more
)

// ClientEvent is an event from a client: Type says which of the other fields it has.
type ClientEvent struct {
	Type    string `json:"type"`
	EventID string `json:"event_id,omitempty"`

	Session        *Session        `json:"session,omitempty"`          // session.update
	Audio          string          `json:"audio,omitempty"`            // append: base64
	Item           *Item           `json:"item,omitempty"`             // item.create
	PreviousItemID *string         `json:"previous_item_id,omitempty"` // item.create: "root" is the front, nil the end
	ItemID         string          `json:"item_id,omitempty"`          // item.delete, .retrieve, .truncate
	ContentIndex   *int            `json:"content_index,omitempty"`    // item.truncate
	AudioEndMS     *int            `json:"audio_end_ms,omitempty"`     // item.truncate
	Response       *ResponseParams `json:"response,omitempty"`         // response.create
	ResponseID     string          `json:"response_id,omitempty"`      // response.cancel, x_parley.allow
	Prepare        bool            `json:"x_parley_prepare,omitempty"` // response.create: nothing may be changed by it before x_parley.allow
	Lesson         *LessonParams   `json:"lesson,omitempty"`           // x_parley.lesson.create
}

// ResponseParams is what a response.create asks for; what it leaves out is as the
// session has it.
type ResponseParams struct {
	OutputModalities []string          `json:"output_modalities,omitempty"`
	Instructions     *string           `json:"instructions,omitempty"`
	Audio            *Audio            `json:"audio,omitempty"` // output only
	Tools            []Tool            `json:"tools,omitempty"`
	ToolChoice       *ToolChoice       `json:"tool_choice,omitempty"`
	MaxOutputTokens  *MaxTokens        `json:"max_output_tokens,omitempty"`
	Conversation     string            `json:"conversation,omitempty"` // auto (default) or none: out of band
	Metadata         map[string]string `json:"metadata,omitempty"`
	Input            []Item            `json:"input,omitempty"` // instead of the conversation
}

// LessonParams is what a lesson is asked for with.
type LessonParams struct {
	ID    string `json:"id"` // the client's; the lesson's events bear it
	Topic string `json:"topic"`
	Level string `json:"level,omitempty"`
	Goal  string `json:"goal,omitempty"`
}

// Tool is a function that the client can carry out.
type Tool struct {
	Type        string          `json:"type"` // function
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"` // JSON schema
}
