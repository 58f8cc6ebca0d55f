package engine

import "time"

// Event is something that happened in a session, or ([Snapshot]) what has
// happened so far.
type Event struct {
	At   time.Time
	Turn TurnID // 0 when the event belongs to no turn
	Body EventBody
}

// EventBody is one of the types below. Type is its name on every wire and in
// `parley talk --json`.
type EventBody interface{ Type() string }

// State is what the session is doing, as one word for a person.
type State string

// The states. A session whose microphone has not yet answered has none ("").
const (
	Listening State = "listening"
	Hearing   State = "hearing"  // the user is speaking
	Thinking  State = "thinking" // the user's turn is over, the reply has not begun to sound
	Speaking  State = "speaking"
	Muted     State = "muted"
	NoSound   State = "no_sound" // no microphone or no speaker; Detail says which and what to do
)

type (
	// Snapshot is the first event every watcher gets.
	Snapshot struct {
		State        StateChanged
		Conversation ConversationInfo
		Turns        []Turn // finished turns, oldest first
		Partial      TranscriptPartial
		Reply        ReplyProgress // the reply being given, if any
		Lesson       Lesson        // the last lesson, perhaps unfinished
		Progress     Progress      // with that lesson
		Link         Link          // the way to a backend; zero if there is none
	}

	// StateChanged is sent whenever one of its fields has changed.
	StateChanged struct {
		State  State  `json:"state"`
		Muted  bool   `json:"muted,omitempty"`
		Detail string `json:"detail,omitempty"` // one sentence, only with NoSound
	}

	// SpeechStarted says that the user has begun to speak; a turn begins.
	SpeechStarted struct{}

	// SpeechStopped says that the user's turn has been judged over.
	SpeechStopped struct{}

	// TranscriptPartial is the recogniser's guess so far. Of its words the
	// first Stable are unlikely to change. Latest wins.
	TranscriptPartial struct {
		Text   string `json:"text"`
		Stable int    `json:"stable"`
	}

	// TranscriptFinal commits the user's turn. An empty Text means that no
	// words were understood; no reply follows.
	TranscriptFinal struct {
		Text  string `json:"text"`
		Typed bool   `json:"typed,omitempty"`
	}

	// TeachingDetected says that the user asks to be taught, or teaches.
	TeachingDetected struct{ Teaching }

	// ReplyText is the next piece of the reply. The pieces of a reply joined
	// as they are make its text.
	ReplyText struct {
		Text string `json:"text"`
	}

	// ReplyAudioStarted says that the reply's first sample is at the speaker.
	ReplyAudioStarted struct{}

	// ReplyProgress says how much of the reply has been heard, in bytes of its
	// text: everything before From is past, From to To is the word being
	// spoken. Latest wins. In a Snapshot, Text is the reply's text so far.
	ReplyProgress struct {
		Text string `json:"text,omitempty"`
		From int    `json:"from"`
		To   int    `json:"to"`
	}

	// ReplyDucked says that somebody is heard over the reply, which has become
	// softer. ReplyResumed or ReplyInterrupted follows, or the reply's end.
	ReplyDucked struct{}

	// ReplyResumed says that it was nothing, or only assent: the reply goes on as
	// before.
	ReplyResumed struct{}

	// ReplyDone is the terminal event of a reply that was given to its end.
	// Heard equals Text unless there was no speaker.
	ReplyDone struct {
		Text  string `json:"text"`
		Heard string `json:"heard"`
	}

	// ReplyInterrupted is the terminal event of a reply that was cut off: by a
	// barge-in, a stop command or a lost speaker.
	ReplyInterrupted struct {
		Text  string `json:"text"`
		Heard string `json:"heard"`
		Cause string `json:"cause"` // barge_in, stop, no_sound, closed
	}

	// ToolUsed says that the responder has called a tool.
	ToolUsed struct{ ToolUse }

	// LessonProgress says how far the learner has come with the lesson. Latest wins.
	LessonProgress struct{ Progress }

	// LessonDelta is the next piece of the lesson being written.
	LessonDelta struct {
		Markdown string `json:"markdown"`
	}

	// LessonDone is the whole lesson.
	LessonDone struct{ Lesson }

	// TimingMeasured follows ReplyAudioStarted.
	TimingMeasured struct{ Timing }

	// ConversationChanged says that another conversation is now the current
	// one. A watcher drops what it shows and takes these turns.
	ConversationChanged struct {
		Conversation ConversationInfo
		Turns        []Turn
		Lesson       Lesson
	}

	// Error says that a stage failed. With a turn number it is also that turn's last
	// event: a reply that had begun ends with it (Heard says how far it came).
	Error struct {
		Stage   string `json:"stage"` // microphone, speaker, transcriber, responder, synthesizer, lesson, history, session
		Message string `json:"message"`
		Heard   string `json:"heard,omitempty"`
	}

	// Level is how loud the microphone and the speaker are, in dBFS. Latest
	// wins; at most 15 a second, and only while something changes.
	Level struct {
		Microphone float64 `json:"microphone"`
		Speaker    float64 `json:"speaker"`
	}

	// LinkChanged says how a backend is reached now, and how fast. Latest wins.
	LinkChanged struct{ Link }

	// FellBehind is a watcher's last event when it did not keep up. It may
	// watch again and gets a snapshot.
	FellBehind struct{}
)

// The names of the events.
func (Snapshot) Type() string            { return "snapshot" }
func (StateChanged) Type() string        { return "state" }
func (SpeechStarted) Type() string       { return "speech.started" }
func (SpeechStopped) Type() string       { return "speech.stopped" }
func (TranscriptPartial) Type() string   { return "transcript.partial" }
func (TranscriptFinal) Type() string     { return "transcript.final" }
func (TeachingDetected) Type() string    { return "teaching.detected" }
func (ReplyText) Type() string           { return "reply.text" }
func (ReplyAudioStarted) Type() string   { return "reply.audio.started" }
func (ReplyProgress) Type() string       { return "reply.progress" }
func (ReplyDucked) Type() string         { return "reply.ducked" }
func (ReplyResumed) Type() string        { return "reply.resumed" }
func (ReplyDone) Type() string           { return "reply.done" }
func (ReplyInterrupted) Type() string    { return "reply.interrupted" }
func (ToolUsed) Type() string            { return "tool.used" }
func (LessonProgress) Type() string      { return "lesson.progress" }
func (LessonDelta) Type() string         { return "lesson.delta" }
func (LessonDone) Type() string          { return "lesson.done" }
func (TimingMeasured) Type() string      { return "timing" }
func (ConversationChanged) Type() string { return "conversation" }
func (Error) Type() string               { return "error" }
func (Level) Type() string               { return "level" }
func (LinkChanged) Type() string         { return "link" }
func (FellBehind) Type() string          { return "fell_behind" }
