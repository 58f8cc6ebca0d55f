package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Session is what a connection is set to. In a session.update it holds what is to
// change: nil leaves a field as it is.
type Session struct {
	Type   string `json:"type,omitempty"` // realtime or transcription
	Object string `json:"object,omitempty"`
	ID     string `json:"id,omitempty"`
	Model  string `json:"model,omitempty"`

	OutputModalities []string        `json:"output_modalities,omitempty"` // ["audio"] or ["text"]
	Instructions     *string         `json:"instructions,omitempty"`
	Tools            []Tool          `json:"tools,omitempty"`
	ToolChoice       *ToolChoice     `json:"tool_choice,omitempty"`
	MaxOutputTokens  *MaxTokens      `json:"max_output_tokens,omitempty"`
	Audio            *Audio          `json:"audio,omitempty"`
	Tracing          json.RawMessage `json:"tracing,omitempty"`
	Truncation       json.RawMessage `json:"truncation,omitempty"`
	Include          []string        `json:"include,omitempty"`
	Prompt           json.RawMessage `json:"prompt,omitempty"`
	ExpiresAt        int64           `json:"expires_at,omitempty"` // Unix seconds
	Parley           []string        `json:"x_parley,omitempty"`   // the extensions confirmed
}

// Audio is how sound goes in and out.
type Audio struct {
	Input  *AudioInput  `json:"input,omitempty"`
	Output *AudioOutput `json:"output,omitempty"`
}

// AudioInput is the user's sound.
type AudioInput struct {
	Format         *Format         `json:"format,omitempty"`
	Transcription  *Transcription  `json:"transcription,omitempty"`
	NoiseReduction json.RawMessage `json:"noise_reduction,omitempty"`
	// TurnDetection is a [Maybe]: null switches it off, and nothing leaves it.
	TurnDetection *Maybe[TurnDetection] `json:"turn_detection,omitempty"`
}

// AudioOutput is the assistant's.
type AudioOutput struct {
	Format *Format  `json:"format,omitempty"`
	Voice  string   `json:"voice,omitempty"`
	Speed  *float64 `json:"speed,omitempty"` // 0.25 to 1.5
}

// Format is how samples are written. Rate is in Hz: 24000 for audio/pcm, and in
// Parley's extension any rate of audio/pcm; 8000 for audio/pcmu and audio/pcma.
type Format struct {
	Type string `json:"type"`
	Rate int    `json:"rate,omitempty"`
}

// Transcription asks for the user's words.
type Transcription struct {
	Model    string `json:"model,omitempty"`
	Language string `json:"language,omitempty"`
	Prompt   string `json:"prompt,omitempty"`
}

// TurnDetection is how the server finds turns.
type TurnDetection struct {
	Type              string   `json:"type"` // server_vad or semantic_vad
	Threshold         *float64 `json:"threshold,omitempty"`
	PrefixPaddingMS   *int     `json:"prefix_padding_ms,omitempty"`
	SilenceDurationMS *int     `json:"silence_duration_ms,omitempty"`
	IdleTimeoutMS     *int     `json:"idle_timeout_ms,omitempty"` // 5000 to 30000
	Eagerness         string   `json:"eagerness,omitempty"`       // semantic_vad: low, medium, high, auto
	CreateResponse    *bool    `json:"create_response,omitempty"`
	InterruptResponse *bool    `json:"interrupt_response,omitempty"`
}

// Maybe is a value or null, where null means something else than nothing.
type Maybe[T any] struct{ Value *T }

// MarshalJSON implements [json.Marshaler].
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Maybe[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		m.Value = nil
		return nil
	}
	m.Value = new(T)
	return json.Unmarshal(b, m.Value)
}

// UnmarshalJSON implements [json.Unmarshaler]: a turn_detection of null, which a
// pointer alone cannot tell from none, is kept.
func (a *AudioInput) UnmarshalJSON(b []byte) error {
	type plain AudioInput
	if err := json.Unmarshal(b, (*plain)(a)); err != nil {
		return err
	}
	var has struct {
		TurnDetection json.RawMessage `json:"turn_detection"`
	}
	if err := json.Unmarshal(b, &has); err != nil {
		return err
	}
	if bytes.Equal(bytes.TrimSpace(has.TurnDetection), []byte("null")) {
		a.TurnDetection = &Maybe[TurnDetection]{}
	}
	return nil
}

// MaxTokens is a limit on a response's length; 0 means no limit ("inf").
type MaxTokens int

// MarshalJSON implements [json.Marshaler].
func (m MaxTokens) MarshalJSON() ([]byte, error) {
	if m == 0 {
		return []byte(`"inf"`), nil
	}
	return strconv.AppendInt(nil, int64(m), 10), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *MaxTokens) UnmarshalJSON(b []byte) error {
	if string(b) == `"inf"` || string(b) == "null" {
		*m = 0
		return nil
	}
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 1 || n > 4096 {
		return fmt.Errorf("protocol: max_output_tokens is %.20s; it must be 1 to 4096 or \"inf\"", b)
	}
	*m = MaxTokens(n)
	return nil
}

// ToolChoice says whether a function must be called, and which: Mode is auto, none
// or required; with a Name it is that function.
type ToolChoice struct {
	Mode string
	Name string
}

var errToolChoice = errors.New(`protocol: tool_choice must be "auto", "none", "required" or {"type": "function", "name": …}`)

// MarshalJSON implements [json.Marshaler].
func (c ToolChoice) MarshalJSON() ([]byte, error) {
	if c.Name != "" {
		return json.Marshal(map[string]string{"type": "function", "name": c.Name})
	}
	return json.Marshal(c.Mode)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *ToolChoice) UnmarshalJSON(b []byte) error {
	var mode string
	if json.Unmarshal(b, &mode) == nil {
		switch mode {
		case "auto", "none", "required":
			*c = ToolChoice{Mode: mode}
			return nil
		}
		return errToolChoice
	}
	var named struct{ Type, Name string }
	if err := json.Unmarshal(b, &named); err != nil || named.Name == "" {
		return errToolChoice
	}
	*c = ToolChoice{Mode: "required", Name: named.Name}
	return nil
}
