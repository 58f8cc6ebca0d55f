package aimocktest

import (
	"encoding/base64"
	"encoding/json"
)

// Fixture is what is answered to what. Of several that match, the first is used.
type Fixture struct {
	Match    map[string]any `json:"match"`
	Response map[string]any `json:"response"`
	// Latency is waited between the pieces of a streamed answer, in milliseconds.
	Latency int `json:"latency,omitempty"`
	// ChunkSize is how many characters a piece has; 0 is aimock's own choice.
	ChunkSize int `json:"chunkSize,omitempty"`
	// TruncateAfterChunks ends a streamed answer after so many pieces, without its
	// end; 0: it is whole.
	TruncateAfterChunks int `json:"truncateAfterChunks,omitempty"`
}

// Chat answers a user's turn that contains said with content.
func Chat(said, content string) Fixture {
	return Fixture{Match: map[string]any{"endpoint": "chat", "userMessage": said}, Response: map[string]any{"content": content}}
}

// ToolCall answers a user's turn that contains said with a call of a tool, unless its
// result is there already. arguments is marshalled to JSON.
func ToolCall(said, tool string, arguments any) Fixture {
	return Fixture{
		Match:    map[string]any{"endpoint": "chat", "userMessage": said, "hasToolResult": false},
		Response: map[string]any{"toolCalls": []map[string]any{{"name": tool, "arguments": arguments}}},
	}
}

// AfterTool answers a tool's result that contains this with content.
func AfterTool(result, content string) Fixture {
	return Fixture{Match: map[string]any{"endpoint": "chat", "toolResultContains": result}, Response: map[string]any{"content": content}}
}

// Transcription hears this in whatever is sent.
func Transcription(text string) Fixture {
	return Fixture{Match: map[string]any{"endpoint": "transcription"}, Response: map[string]any{"transcription": map[string]any{"text": text}}}
}

// Speech speaks whatever is asked for as these bytes, in a format of OpenAI's: "pcm",
// "wav", "mp3" …
func Speech(format string, sound []byte) Fixture {
	return Fixture{Match: map[string]any{"endpoint": "speech"}, Response: map[string]any{"audio": base64.StdEncoding.EncodeToString(sound), "format": format}}
}

// Refusal answers a user's turn that contains said with an error, such as 429 and
// "insufficient_quota".
func Refusal(said string, status int, code, message string) Fixture {
	return Fixture{
		Match:    map[string]any{"endpoint": "chat", "userMessage": said},
		Response: map[string]any{"error": map[string]any{"message": message, "type": code, "code": code}, "status": status},
	}
}

// encode is the fixtures as aimock's file has them.
func encode(fixtures []Fixture) ([]byte, error) {
	return json.Marshal(map[string]any{"fixtures": fixtures})
}
