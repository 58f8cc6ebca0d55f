package protocol

import (
	"encoding/json"
	"fmt"
	"slices"
)

// DecodeClient reads an event from a client. Its errors say what is wrong with it.
func DecodeClient(b []byte) (ClientEvent, error) {
	e, ok := decodeAppend(b)
	if ok {
		return e, nil
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return e, fmt.Errorf("protocol: not an event: %w", err)
	}
	if e.Type == "" {
		return e, fmt.Errorf("protocol: an event needs a type")
	}
	return e, nil
}

// DecodeServer reads an event from a server, old names as the new ones.
func DecodeServer(b []byte) (ServerEvent, error) {
	var e ServerEvent
	if err := json.Unmarshal(b, &e); err != nil {
		return e, fmt.Errorf("protocol: not an event: %w", err)
	}
	if e.Type == "" {
		return e, fmt.Errorf("protocol: an event needs a type")
	}
	if now, old := betaNames[e.Type]; old {
		e.Type = now
	}
	return e, nil
}

// required are the fields that clients want of each event; see Missing.
var required = map[string][]string{
	SessionCreated: {"session"}, SessionUpdated: {"session"},
	ItemAdded: {"item"}, ItemDone: {"item"}, ItemRetrieved: {"item"},
	ItemDeleted: {"item_id"}, ItemTruncated: {"item_id", "content_index", "audio_end_ms"},
	TranscriptionDelta:     {"item_id", "content_index", "delta"},
	TranscriptionCompleted: {"item_id", "content_index", "transcript", "usage"},
	TranscriptionFailed:    {"item_id", "content_index", "error"},
	InputCommitted:         {"item_id"}, InputCleared: {},
	SpeechStarted:    {"item_id", "audio_start_ms"},
	SpeechStopped:    {"item_id", "audio_end_ms"},
	TimeoutTriggered: {"item_id", "audio_start_ms", "audio_end_ms"},
	ResponseCreated:  {"response"}, ResponseDone: {"response"},
	OutputItemAdded: {"response_id", "output_index", "item"}, OutputItemDone: {"response_id", "output_index", "item"},
	ContentPartAdded:           {"response_id", "item_id", "output_index", "content_index", "part"},
	ContentPartDone:            {"response_id", "item_id", "output_index", "content_index", "part"},
	OutputTextDelta:            {"response_id", "item_id", "output_index", "content_index", "delta"},
	OutputTextDone:             {"response_id", "item_id", "output_index", "content_index", "text"},
	OutputAudioDelta:           {"response_id", "item_id", "output_index", "content_index", "delta"},
	OutputAudioDone:            {"response_id", "item_id", "output_index", "content_index"},
	OutputAudioTranscriptDelta: {"response_id", "item_id", "output_index", "content_index", "delta"},
	OutputAudioTranscriptDone:  {"response_id", "item_id", "output_index", "content_index", "transcript"},
	FunctionArgumentsDelta:     {"response_id", "item_id", "output_index", "call_id", "delta"},
	FunctionArgumentsDone:      {"response_id", "item_id", "output_index", "call_id", "arguments"},
	RateLimitsUpdated:          {"rate_limits"},
	ErrorEvent:                 {"error"},
}

// Missing lists which of the fields that clients need an event from a server does
// not have. Events of extensions need only their id.
func Missing(b []byte) ([]string, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("protocol: not an event: %w", err)
	}
	var name string
	if err := json.Unmarshal(fields["type"], &name); err != nil {
		return []string{"type"}, nil //nolint:nilerr // that it is missing is the answer
	}
	var missing []string
	for _, want := range slices.Concat([]string{"event_id"}, required[name]) {
		if v, ok := fields[want]; !ok || string(v) == "null" || string(v) == `""` && want != "transcript" && want != "text" && want != "arguments" {
			missing = append(missing, want)
		}
	}
	return missing, nil
}
