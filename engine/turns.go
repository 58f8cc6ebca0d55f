package engine

import (
	"encoding/json"
	"time"
)

// TurnID numbers the exchanges of a session, from 1. What the user says and the
// reply to it bear the same number; 0 means "of no turn".
type TurnID int64

// Who says whose words a [Turn] holds.
type Who string

// The two parties.
const (
	User      Who = "user"
	Assistant Who = "assistant"
)

// Turn is one party's finished contribution, as history keeps it.
type Turn struct {
	ID   TurnID    `json:"turn"`
	Who  Who       `json:"who"`
	At   time.Time `json:"at"`   // when it began
	Text string    `json:"text"` // what was said, or what the reply would have said

	// Heard is the part of a reply's Text that was played before it ended: all
	// of it, a prefix of it when Interrupted, or nothing where there was no
	// sound. Of a user's turn it is Text.
	Heard       string    `json:"heard"`
	Interrupted bool      `json:"interrupted,omitempty"`
	Typed       bool      `json:"typed,omitempty"`
	Teaching    Teaching  `json:"teaching,omitzero"`
	Tools       []ToolUse `json:"tools,omitempty"` // of a reply
	Timing      Timing    `json:"timing,omitzero"` // of a reply
}

// Timing says where a reply's delay went: its parts add up to VoiceToVoice. What
// was done while the user's silence was still being waited out has taken no time.
// A duration that does not apply (a typed turn has no endpointing) is zero.
type Timing struct {
	Endpoint time.Duration // last sample of the user's speech → turn judged over
	STT      time.Duration // turn judged over → final hypothesis
	TTFT     time.Duration // final hypothesis → first words of the reply
	TTFB     time.Duration // first words of the reply → their first sample
	Playout  time.Duration // first sample made → heard at the speaker
	// VoiceToVoice is the whole: last sample of the user's speech (or the
	// typed turn's arrival) → first sample of the reply at the speaker.
	VoiceToVoice time.Duration
}

// MarshalJSON writes the durations in milliseconds, to the tenth, by the names
// that `parley talk --json` and exports have for them.
func (t Timing) MarshalJSON() ([]byte, error) {
	ms := func(d time.Duration) float64 {
		return float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
	}
	return json.Marshal(struct {
		Endpoint     float64 `json:"endpoint_ms"`
		STT          float64 `json:"stt_ms"`
		TTFT         float64 `json:"ttft_ms"`
		TTFB         float64 `json:"ttfb_ms"`
		Playout      float64 `json:"playout_ms"`
		VoiceToVoice float64 `json:"voice_to_voice_ms"`
	}{ms(t.Endpoint), ms(t.STT), ms(t.TTFT), ms(t.TTFB), ms(t.Playout), ms(t.VoiceToVoice)})
}

// TeachingKind says which way the teaching goes.
type TeachingKind string

// The kinds.
const (
	TeachLesson TeachingKind = "lesson" // the user wants to be taught
	TeachFact   TeachingKind = "fact"   // the user teaches us
)

// Teaching is what a [TeachingDetector] found in a user's turn.
type Teaching struct {
	Kind       TeachingKind `json:"kind"`
	Topic      string       `json:"topic"`      // cleaned: "photosynthesis", not "about photosynthesis please"
	Confidence float64      `json:"confidence"` // 0 to 1
}

// LessonID names a stored lesson. 0 means that it is not stored.
type LessonID int64

// Lesson is a lesson, whole or as far as it has been written.
type Lesson struct {
	ID       LessonID `json:"id,omitzero"`
	Title    string   `json:"title"` // empty while it is being written
	Markdown string   `json:"markdown"`
	Plan     *Plan    `json:"plan,omitempty"` // nil: there is only the text; never changed once it is there
}

// ToolUse is a tool that a responder has called for a reply.
type ToolUse struct {
	Tool      string `json:"tool"`
	Arguments string `json:"arguments,omitempty"` // JSON
	Result    string `json:"result,omitempty"`
	Failed    bool   `json:"failed,omitempty"`
}

// ConversationID names a stored conversation. 0 means none.
type ConversationID int64

// ConversationInfo is a stored conversation as a list shows it.
type ConversationInfo struct {
	ID    ConversationID
	Title string // the first words the user said
	Began time.Time
	Turns int // finished turns of both parties
}

// Transcript is a stored conversation, whole.
type Transcript struct {
	Info   ConversationInfo
	Turns  []Turn
	Lesson Lesson // the last one, empty if none
}
