package protocol

import "encoding/json"

// Item is a piece of a conversation.
type Item struct {
	ID      string    `json:"id,omitempty"`
	Object  string    `json:"object,omitempty"` // realtime.item
	Type    string    `json:"type"`             // message, function_call, function_call_output
	Status  string    `json:"status,omitempty"` // in_progress, completed, incomplete
	Role    string    `json:"role,omitempty"`   // user, assistant, system
	Content []Content `json:"content,omitzero"` // of a message; empty and not nil: none yet

	CallID    string  `json:"call_id,omitempty"`   // of a call and its output
	Name      string  `json:"name,omitempty"`      // of a call
	Arguments *string `json:"arguments,omitempty"` // of a call: JSON
	Output    *string `json:"output,omitempty"`    // of its output
}

// Content is a part of a message.
type Content struct {
	Type       string  `json:"type"`                 // input_text, input_audio, output_text, output_audio
	Text       *string `json:"text,omitempty"`       // of text
	Audio      string  `json:"audio,omitempty"`      // base64
	Transcript *string `json:"transcript,omitempty"` // of audio; null while it is not known
}

// MarshalJSON implements [json.Marshaler]. A user's sound whose words are not known yet
// has its transcript, null: OpenAI's Agents SDK fails on an item without one.
func (c Content) MarshalJSON() ([]byte, error) {
	type alike Content
	if c.Type != "input_audio" || c.Transcript != nil || c.Audio != "" {
		return json.Marshal(alike(c))
	}
	return json.Marshal(struct {
		Type       string  `json:"type"`
		Transcript *string `json:"transcript"`
	}{Type: c.Type})
}

// Words are the item's words as far as they are known.
func (i Item) Words() string {
	var text string
	for _, c := range i.Content {
		switch {
		case c.Text != nil:
			text += *c.Text
		case c.Transcript != nil:
			text += *c.Transcript
		}
	}
	return text
}

// Part is a part of a response while it is made; its types are not those of [Content].
type Part struct {
	Type       string  `json:"type"` // audio or text
	Text       *string `json:"text,omitempty"`
	Transcript *string `json:"transcript,omitempty"`
}

// Response is an answer being given, or given.
type Response struct {
	ID               string            `json:"id"`
	Object           string            `json:"object,omitempty"` // realtime.response
	Status           string            `json:"status"`           // in_progress, completed, cancelled, failed, incomplete
	StatusDetails    *StatusDetails    `json:"status_details"`
	Output           []Item            `json:"output"`
	Usage            *Usage            `json:"usage,omitempty"` // always there when it is done
	OutputModalities []string          `json:"output_modalities,omitempty"`
	Audio            *Audio            `json:"audio,omitempty"`
	Metadata         map[string]string `json:"metadata"`
	ConversationID   *string           `json:"conversation_id"`
	MaxOutputTokens  *MaxTokens        `json:"max_output_tokens,omitempty"`
}

// StatusDetails say why a response ended as it did.
type StatusDetails struct {
	Type   string `json:"type"`             // the status
	Reason string `json:"reason,omitempty"` // turn_detected, client_cancelled, max_output_tokens, content_filter
	Error  *Error `json:"error,omitempty"`
}

// Usage counts. Of a response: tokens; of a transcription: tokens or seconds.
type Usage struct {
	Type              string       `json:"type,omitempty"` // of a transcription: tokens or duration
	TotalTokens       int          `json:"total_tokens"`
	InputTokens       int          `json:"input_tokens"`
	OutputTokens      int          `json:"output_tokens"`
	Seconds           float64      `json:"seconds,omitempty"`
	InputTokenDetails *TokenDetail `json:"input_token_details,omitempty"`
	OutputTokenDetail *TokenDetail `json:"output_token_details,omitempty"`
}

// TokenDetail splits tokens by kind.
type TokenDetail struct {
	TextTokens   int `json:"text_tokens"`
	AudioTokens  int `json:"audio_tokens"`
	CachedTokens int `json:"cached_tokens"`
}
