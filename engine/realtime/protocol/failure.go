package protocol

import "encoding/json"

// Error is what went wrong, in words for a person.
type Error struct {
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Param   string `json:"param,omitempty"`
	EventID string `json:"event_id,omitempty"` // the client's event at fault
}

// Kinds of error.
const (
	InvalidRequest = "invalid_request_error"
	ServerFault    = "server_error"
)

// Codes that clients know.
const (
	CodeCancelNotActive   = "response_cancel_not_active"
	CodeActiveResponse    = "conversation_already_has_active_response"
	CodeBetaDisabled      = "beta_api_shape_disabled"
	CodeSessionExpired    = "session_expired"
	CodeEmptyBuffer       = "input_audio_buffer_commit_empty"
	CodeUnknownItem       = "item_not_found"
	CodeInvalidValue      = "invalid_value"
	CodeUnknownEvent      = "unknown_event"
	CodeRateLimitExceeded = "rate_limit_exceeded"
)

// Close codes of a WebSocket.
const (
	CloseBeta        = 4000 // a client of the Beta's shape
	CloseRestart     = 1012 // drained: come back soon
	CloseTryLater    = 1013
	CloseTooBig      = 1009
	ClosePolicy      = 1008
	CloseServerError = 1011
)

// Error implements the error interface.
func (e *Error) Error() string {
	if e.Code != "" {
		return "protocol: the backend says: " + e.Message + " (" + e.Code + ")"
	}
	return "protocol: the backend says: " + e.Message
}

// UnmarshalJSON implements [json.Unmarshaler]. Some backends give a string.
func (e *Error) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*e = Error{Type: ServerFault, Message: text}
		return nil
	}
	type plain Error
	return json.Unmarshal(b, (*plain)(e))
}
