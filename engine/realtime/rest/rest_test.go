package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"parley/engine"
	"parley/engine/realtime/server"
)

func TestModels(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	var list struct {
		Object string
		Data   []model
	}
	if err := json.Unmarshal(do(t, s, "GET", "/v1/models", "", nil).body, &list); err != nil || list.Object != "list" || len(list.Data) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	var one model
	if err := json.Unmarshal(do(t, s, "GET", "/v1/models/parley", "", nil).body, &one); err != nil || one != list.Data[0] || one.ID != "parley" || one.Created == 0 {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestErrorsAreOpenAIs(t *testing.T) {
	s := newBench(echo).serve(t, Options{Limits: Limits{JSON: 2000, Sound: 3000}})
	const chat, hi = "/v1/chat/completions", `{"role":"user","content":"hi"}`
	long := strings.Repeat("x", 9000)
	for name, c := range map[string]struct {
		method, path, kind, body string
		status                   int
		code, param              string
	}{
		"nowhere":             {"GET", "/v1/nothing", "", "", 404, "unknown_url", ""},
		"no such model":       {"GET", "/v1/models/gpt/9", "", "", 404, "model_not_found", "model"},
		"a wrong method":      {"DELETE", chat, "", "", 405, "method_not_allowed", ""},
		"another":             {"POST", "/v1/models", "", "", 405, "method_not_allowed", ""},
		"no JSON":             {"POST", chat, "text/plain", "{}", 415, "unsupported_media_type", ""},
		"broken JSON":         {"POST", chat, "application/json", `{"messages":[`, 400, "invalid_json", ""},
		"an empty body":       {"POST", chat, "application/json", ``, 400, "invalid_json", ""},
		"an array":            {"POST", chat, "", `[]`, 400, "invalid_value", ""},
		"null":                {"POST", chat, "", `null`, 400, "invalid_value", "messages"},
		"no messages":         {"POST", chat, "", `{}`, 400, "invalid_value", "messages"},
		"messages wrong":      {"POST", chat, "", `{"messages":"hi"}`, 400, "invalid_value", "messages"},
		"a role wrong":        {"POST", chat, "", `{"messages":[{"role":1}]}`, 400, "invalid_value", "messages.role"},
		"a role unknown":      {"POST", chat, "", `{"messages":[` + hi + `,{"role":"king"}]}`, 400, "invalid_value", "messages.1.role"},
		"content wrong":       {"POST", chat, "", `{"messages":[{"role":"user","content":5}]}`, 400, "invalid_value", "messages.content"},
		"an image":            {"POST", chat, "", `{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}`, 400, "invalid_value", "messages.content"},
		"nobody asks":         {"POST", chat, "", `{"messages":[{"role":"system","content":"x"}]}`, 400, "invalid_value", "messages"},
		"the answer is there": {"POST", chat, "", `{"messages":[` + hi + `,{"role":"assistant","content":"ho"}]}`, 400, "invalid_value", "messages"},
		"an unknown call":     {"POST", chat, "", `{"messages":[` + hi + `,{"role":"tool","tool_call_id":"z","content":"x"}]}`, 400, "invalid_value", "messages.1.tool_call_id"},
		"an open call":        {"POST", chat, "", `{"messages":[` + hi + `,{"role":"assistant","tool_calls":[{"id":"z","function":{"name":"f"}}]}]}`, 400, "invalid_value", "messages"},
		"a nameless call":     {"POST", chat, "", `{"messages":[` + hi + `,{"role":"assistant","tool_calls":[{"id":"z"}]}]}`, 400, "invalid_value", "messages.1.tool_calls"},
		"a tool's name":       {"POST", chat, "", `{"messages":[` + hi + `],"tools":[{"type":"function","function":{"name":"a b"}}]}`, 400, "invalid_value", "tools"},
		"a tool's type":       {"POST", chat, "", `{"messages":[` + hi + `],"tools":[{"type":"web_search"}]}`, 400, "invalid_value", "tools"},
		"a choice":            {"POST", chat, "", `{"messages":[` + hi + `],"tool_choice":"maybe"}`, 400, "invalid_value", "tool_choice"},
		"a choice of none":    {"POST", chat, "", `{"messages":[` + hi + `],"tool_choice":"required"}`, 400, "invalid_value", "tool_choice"},
		"a choice unknown":    {"POST", chat, "", `{"messages":[` + hi + `],"tool_choice":{"type":"function","function":{"name":"f"}}}`, 400, "invalid_value", "tool_choice"},
		"two answers":         {"POST", chat, "", `{"messages":[` + hi + `],"n":2}`, 400, "invalid_value", "n"},
		"a format":            {"POST", chat, "", `{"messages":[` + hi + `],"response_format":{"type":"json_schema"}}`, 400, "invalid_value", "response_format"},
		"a negative limit":    {"POST", chat, "", `{"messages":[` + hi + `],"max_tokens":-1}`, 400, "invalid_value", "max_completion_tokens"},
		"a limit wrong":       {"POST", chat, "", `{"messages":[` + hi + `],"max_tokens":1.5}`, 400, "invalid_value", "max_tokens"},
		"stream wrong":        {"POST", chat, "", `{"messages":[` + hi + `],"stream":"yes"}`, 400, "invalid_value", "stream"},
		"too much":            {"POST", chat, "", `{"messages":[{"role":"user","content":"` + long + `"}]}`, 413, "request_too_large", ""},
		"too much speech":     {"POST", "/v1/audio/speech", "", `{"input":"` + long + `"}`, 413, "request_too_large", ""},
		"too much turn":       {"POST", "/v1/voice/turn", "", `{"audio":"` + long + `"}`, 413, "request_too_large", ""},
		"no topic":            {"POST", "/v1/voice/lesson", "", `{"level":"school"}`, 400, "invalid_value", "topic"},
		"a voice chat":        {"POST", "/api/voice-chat", "", `{"messages":[]}`, 400, "invalid_value", "messages"},
		"another voice chat":  {"POST", "/api/voice-chat", "", `{"messages":[{"role":"assistant","content":"x"}]}`, 400, "invalid_value", "messages"},
	} {
		t.Run(name, func(t *testing.T) {
			r := do(t, s, c.method, c.path, c.kind, strings.NewReader(c.body))
			var told struct{ Error map[string]any }
			if err := json.Unmarshal(r.body, &told); err != nil || r.header.Get("Content-Type") != "application/json" {
				t.Fatalf("%d %s, %v", r.status, r.body, err)
			}
			param, _ := told.Error["param"].(string)
			message, _ := told.Error["message"].(string)
			if r.status != c.status || told.Error["code"] != c.code || param != c.param || told.Error["type"] != "invalid_request_error" || message == "" {
				t.Errorf("%d %s", r.status, r.body)
			}
			if c.status == 405 && r.header.Get("Allow") == "" {
				t.Error("nothing is said of what is allowed")
			}
		})
	}
}

func TestABodyThatBreaksOff(t *testing.T) {
	h := New(newBench(echo).Backend, Options{})
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/chat/completions", iotest.ErrReader(errors.New("cut")))
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "did not come whole") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheLogHasWhatFailedAndNoWords(t *testing.T) {
	var log bytes.Buffer
	s := newBench(says("a secret answer", errPlanned)).serve(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	asJSON(t, s, "/v1/chat/completions", `{"messages":[{"role":"user","content":"a secret question"}]}`)
	if text := log.String(); !strings.Contains(text, errPlanned.Error()) || strings.Contains(text, "a secret") || !strings.Contains(text, "POST /v1/chat/completions") {
		t.Error(text)
	}
}

func TestVoiceChat(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	for body, want := range map[string]map[string]any{
		`{"messages":[{"role":"user","content":"hi"}]}`: {
			"role": "assistant", "content": "You said hi."},
		`{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"teach me about light"}]}`: {
			"role": "assistant", "content": "You said teach me about light.", "teachingRequest": true, "originalPrompt": "teach me about light"},
	} {
		r := asJSON(t, s, "/api/voice-chat", body)
		var got map[string]any
		if err := json.Unmarshal(r.body, &got); err != nil || r.status != http.StatusOK {
			t.Fatalf("%d %s, %v", r.status, r.body, err)
		}
		if took, ok := got["responseTime"].(float64); !ok || took < 0 {
			t.Errorf("%s", r.body)
		}
		delete(got, "responseTime")
		if a, b := mustJSON(got), mustJSON(want); a != b {
			t.Errorf("%s, want %s", a, b)
		}
	}
	if req := b.last(t); req.Text == "" || req.Teaching.Kind != "" && len(req.Turns) != 2 {
		t.Errorf("asked %+v", req)
	}
	// The model may see a lesson where the words alone do not say so.
	s = newBench(says(engine.Voiced{Text: "Gladly."}, engine.Teach{LessonRequest: engine.LessonRequest{Topic: "light"}})).serve(t, Options{})
	if r := asJSON(t, s, "/api/voice-chat", `{"messages":[{"role":"user","content":"light?"}]}`); !bytes.Contains(r.body, []byte(`"teachingRequest":true,"originalPrompt":"light?"`)) {
		t.Errorf("%s", r.body)
	}
	s = newBench(says(errPlanned)).serve(t, Options{})
	if r := asJSON(t, s, "/api/voice-chat", `{"messages":[{"role":"user","content":"hi"}]}`); r.status != 500 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestLesson(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	const ask = `{"id":"mine","topic":"light","level":"school","goal":"an exam"}`
	all := turnEvents(t, asJSON(t, s, "/v1/voice/lesson", ask))
	if len(all) != 3 || all[0].Type != "x_parley.lesson.delta" || all[2].Type != "x_parley.lesson.done" {
		t.Fatalf("%v", order(all))
	}
	done := all[2].Lesson
	if done.Markdown != all[0].Lesson.Markdown+all[1].Lesson.Markdown || done.Markdown != "# light\nFor school, an exam.\n" ||
		done.ID != "mine" || all[0].Lesson.ID != "mine" || string(done.Plan) != `{"title":"light"}` || done.Error != "" {
		t.Errorf("%+v", done)
	}

	failing := newBench(echo)
	failing.Mind = func() server.Mind { return server.Mind{Teacher: board{errPlanned}} }
	all = turnEvents(t, asJSON(t, failing.serve(t, Options{}), "/v1/voice/lesson", ask))
	if done := all[len(all)-1]; done.Type != "x_parley.lesson.done" || done.Lesson.Error == "" || done.Lesson.Markdown != "# light\n" ||
		strings.Contains(done.Lesson.Error, "secret-host") {
		t.Errorf("%+v", done.Lesson)
	}
	none := newBench(echo)
	none.Mind = func() server.Mind { return server.Mind{} }
	if r := asJSON(t, none.serve(t, Options{}), "/v1/voice/lesson", ask); r.status != http.StatusNotImplemented {
		t.Errorf("%d %s", r.status, r.body)
	}
}
