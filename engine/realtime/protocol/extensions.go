package protocol

import "encoding/json"

// The opt-in of extensions at the handshake.
const (
	ExtensionsHeader = "X-Parley-Extensions" // both ways; comma separated
	ResumeHeader     = "X-Parley-Resume"     // <token>; last=<event_id>
)

// The extensions.
const (
	Teaching1    = "teaching/1"
	Metrics1     = "metrics/1"
	Resume1      = "resume/1"
	Speculation1 = "speculation/1" // soft ends, hypotheses, word times, tools called, replies that are only prepared
)

// Hypothesis answers x_parley.pause: what was said up to it, as good as the final
// transcript would be if nothing followed. Also sent for partial ones.
type Hypothesis struct {
	Text       string  `json:"text"`
	Stable     int     `json:"stable"` // leading words that are unlikely to change
	Soft       bool    `json:"soft"`   // answers a pause
	Confidence float64 `json:"confidence,omitempty"`
	Pause      string  `json:"pause,omitempty"` // the event_id of the pause it answers
}

// Word is when a word of a response's text is spoken, in ms of its item's sound.
type Word struct {
	From    int `json:"from"` // bytes of the transcript so far
	To      int `json:"to"`
	StartMS int `json:"start_ms"`
	EndMS   int `json:"end_ms"`
}

// ToolCall is a tool of the server's own that was called for a response.
type ToolCall struct {
	Server  string `json:"server,omitempty"`
	Name    string `json:"name"`
	Input   string `json:"input,omitempty"`
	Result  string `json:"result,omitempty"`
	Failed  bool   `json:"failed,omitempty"`
	Changes bool   `json:"changes,omitempty"`
}

// Effect is something that a response which is only prepared will do when the client
// allows it by x_parley.allow.
type Effect struct {
	Waits bool `json:"waits"` // nothing more comes of the response before
}

// Teaching is what a turn was found to be about.
type Teaching struct {
	Kind       string  `json:"kind"` // lesson or fact
	Topic      string  `json:"topic"`
	Level      string  `json:"level,omitempty"`
	Goal       string  `json:"goal,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
}

// Lesson is the next piece of a lesson (delta) or its end (done).
type Lesson struct {
	ID       string          `json:"id"`
	Markdown string          `json:"markdown,omitempty"`
	Plan     json.RawMessage `json:"plan,omitempty"`  // engine.Plan
	Error    string          `json:"error,omitempty"` // why it ends here
}

// Metrics says where a response's time went, in ms from the end of the user's turn.
type Metrics struct {
	ResponseID  string  `json:"response_id"`
	Transcript  float64 `json:"transcript_ms"`
	FirstToken  float64 `json:"first_token_ms"`
	FirstAudio  float64 `json:"first_audio_ms"`
	Complete    float64 `json:"complete_ms"`
	AudioLength float64 `json:"audio_ms"`
}

// Resume is what a cut connection is taken up again with.
type Resume struct {
	Token string `json:"token"`
	TTL   int    `json:"ttl_s"`
	Seq   int    `json:"seq"`
}
