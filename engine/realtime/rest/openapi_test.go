package rest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"parley/engine"
)

func described(t *testing.T) (*openapi3.T, routers.Router) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

func TestDescriptionIsComplete(t *testing.T) {
	doc, _ := described(t)
	s := newBench(echo).serve(t, Options{})
	if r := do(t, s, "GET", "/openapi.json", "", nil); r.status != http.StatusOK || !bytes.Equal(r.body, openAPI) {
		t.Errorf("%d, %d bytes", r.status, len(r.body))
	}
	elsewhere := []string{"/v1/realtime", "/v1/realtime/client_secrets", "/healthz", "/readyz", "/metrics"}
	for _, path := range elsewhere {
		if doc.Paths.Value(path) == nil {
			t.Errorf("%s is not described", path)
		}
	}
	// What is described is there, and takes just the methods described.
	for path, item := range doc.Paths.Map() {
		if slices.Contains(elsewhere, path) {
			continue
		}
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			r := do(t, s, method, strings.ReplaceAll(path, "{id}", "parley"), "", strings.NewReader("{}"))
			if there := r.status != 404 && r.status != 405; there != (item.GetOperation(method) != nil) {
				t.Errorf("%s %s answers %d", method, path, r.status)
			}
		}
	}
	for name, op := range doc.Paths.Map() {
		for method, one := range op.Operations() {
			if one.OperationID == "" || one.Summary == "" {
				t.Errorf("%s %s has no name or no summary", method, name)
			}
		}
	}
}

// asked is a request that the description allows, or does not, and the answer's status.
type asked struct {
	path, kind, body string
	status           int
	allowed          bool
	events           string // the schema of the events; empty: it is no stream
}

func TestAnswersAreAsDescribed(t *testing.T) {
	doc, router := described(t)
	text := func(_ io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		return "", nil
	}
	for _, kind := range []string{"text/event-stream", "audio/wav", "audio/pcm", "text/vtt"} {
		openapi3filter.RegisterBodyDecoder(kind, text)
		defer openapi3filter.UnregisterBodyDecoder(kind)
	}
	call := engine.Call{ID: "call_1", Name: "look", Arguments: "{}"}
	s := newBench(says("Hello. ", call)).serve(t, Options{})
	broken := newBench(says(errPlanned)).serve(t, Options{})
	const chat, hi = "/v1/chat/completions", `{"model":"x","messages":[{"role":"system","content":"x"},{"role":"user","content":[{"type":"text","text":"hi"}]}]`
	requests := []asked{
		{"/v1/models", "", "", 200, true, ""},
		{"/v1/models/parley", "", "", 200, true, ""},
		{"/v1/models/other", "", "", 404, true, ""},
		{"/openapi.json", "", "", 200, true, ""},
		{chat, "application/json", hi + `}`, 200, true, ""},
		{chat, "application/json", hi + `,"stream":true,"stream_options":{"include_usage":true}}`, 200, true, "ChatChunk"},
		{chat, "application/json", hi + `,"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"tool_choice":"auto"}`, 200, true, ""},
		{chat, "application/json", `{"messages":[]}`, 400, false, ""},
		{chat, "application/json", hi + `,"n":2}`, 400, false, ""},
		{chat, "text/plain", hi, 415, false, ""},
		{"/v1/audio/speech", "application/json", `{"input":"Hi.","voice":{"id":"amy"},"speed":1}`, 200, true, ""},
		{"/v1/audio/speech", "application/json", `{"input":"Hi.","response_format":"pcm"}`, 200, true, ""},
		{"/v1/audio/speech", "application/json", `{"input":"Hi.","stream_format":"sse"}`, 200, true, "SpeechEvent"},
		{"/v1/audio/speech", "application/json", `{"input":"Hi.","response_format":"mp3"}`, 400, false, ""},
		{"/v1/voice/turn", "application/json", `{"text":"hi","session":{"instructions":"x"},"history":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}]}`, 200, true, "TurnEvent"},
		{"/v1/voice/turn", "application/json", `{"audio":"` + base64.StdEncoding.EncodeToString(make([]byte, 9600)) + `"}`, 200, true, "TurnEvent"},
		{"/v1/voice/turn", "application/json", `{"session":{"output_modalities":["smell"]},"text":"hi"}`, 400, false, ""},
		{"/v1/voice/turn", "application/json", `{}`, 400, true, ""},
		{"/v1/voice/lesson", "application/json", `{"topic":"light","level":"school"}`, 200, true, "LessonEvent"},
		{"/v1/voice/lesson", "application/json", `{}`, 400, false, ""},
		{"/api/voice-chat", "application/json", `{"messages":[{"role":"user","content":"teach me about light"}]}`, 200, true, ""},
		{"/api/voice-chat", "application/json", `{"messages":[{"role":"king"}]}`, 400, false, ""},
	}
	for _, format := range []string{"json", "text", "verbose_json", "srt", "vtt"} {
		kind, body := upload(wav(16000, 1, square(16000, time.Second)), "audio/wav", "response_format", format, "model", "x")
		requests = append(requests, asked{"/v1/audio/transcriptions", kind, body.String(), 200, true, ""})
	}
	kind, body := upload(wav(16000, 1, square(16000, time.Second)), "audio/wav", "stream", "true")
	requests = append(requests, asked{"/v1/audio/transcriptions", kind, body.String(), 200, true, "TranscriptEvent"})
	for _, one := range requests {
		matches(t, doc, router, s, one)
	}
	matches(t, doc, router, broken, asked{chat, "application/json", hi + `}`, 500, true, ""})
}

// matches has one answered, and request and answer compared to the description.
func matches(t *testing.T, doc *openapi3.T, router routers.Router, s *httptest.Server, one asked) {
	t.Helper()
	method := "POST"
	if one.kind == "" {
		method = "GET"
	}
	r := httptest.NewRequestWithContext(t.Context(), method, one.path, strings.NewReader(one.body))
	if one.kind != "" {
		r.Header.Set("Content-Type", one.kind)
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		t.Errorf("%s: %v", one.path, err)
		return
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, SkipSettingDefaults: true}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(t.Context(), in); (err == nil) != one.allowed {
		t.Errorf("%s %.200s: allowed is %v: %v", one.path, one.body, one.allowed, err)
	}
	got := do(t, s, method, one.path, one.kind, strings.NewReader(one.body))
	if got.status != one.status {
		t.Errorf("%s %.200s: %d %.300s", one.path, one.body, got.status, got.body)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: got.status, Header: got.header, Options: options}
	if err := openapi3filter.ValidateResponse(t.Context(), out.SetBodyBytes(got.body)); err != nil {
		t.Errorf("%s %.200s: %v", one.path, one.body, err)
	}
	if one.events == "" {
		return
	}
	for _, data := range got.events(t) {
		var event any
		if data == "[DONE]" {
			continue
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			t.Error(err)
		}
		if err := doc.Components.Schemas[one.events].Value.VisitJSON(event); err != nil {
			t.Errorf("%s: %s: %v", one.path, data, err)
		}
	}
}
