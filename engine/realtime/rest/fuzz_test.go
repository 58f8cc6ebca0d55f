package rest

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"
)

// check has an answer be one that a client can read, whatever was sent.
func check(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	switch kind := w.Header().Get("Content-Type"); {
	case w.Code >= 500:
		t.Errorf("%d %s", w.Code, w.Body)
	case kind == "application/json" && !json.Valid(w.Body.Bytes()):
		t.Errorf("not JSON: %s", w.Body)
	case kind == "text/event-stream":
		for _, data := range dataOf(t, w.Body.Bytes()) {
			if data != "[DONE]" && !json.Valid([]byte(data)) {
				t.Errorf("not JSON: %s", data)
			}
		}
	}
}

// jsonRoutes take JSON.
var jsonRoutes = []string{"/v1/chat/completions", "/v1/audio/speech", "/v1/voice/turn", "/v1/voice/lesson", "/api/voice-chat"}

func FuzzJSON(f *testing.F) {
	for route, body := range map[uint8]string{
		0: `{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"x"}],"stream":true,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required","max_tokens":3}`,
		1: `{"input":"Hi. Ho.","voice":{"id":"x"},"speed":2,"response_format":"pcm","stream_format":"sse"}`,
		2: `{"session":{"instructions":"x","audio":{"input":{"format":{"type":"audio/pcmu"}},"output":{"speed":1}}},"history":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}],"audio":{"data":"AAAA","format":"wav"}}`,
		3: `{"topic":"light","level":"school"}`,
		4: `{"messages":[{"role":"user","content":"teach me about light"}]}`,
	} {
		f.Add(route, []byte(body))
	}
	h := New(newBench(echo).Backend, Options{Limits: Limits{Length: time.Second}})
	f.Fuzz(func(t *testing.T, route uint8, body []byte) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", jsonRoutes[int(route)%len(jsonRoutes)], bytes.NewReader(body)))
		check(t, w)
	})
}

func FuzzForm(f *testing.F) {
	sound := wav(8000, 1, square(8000, 50*time.Millisecond))
	for _, fields := range [][]string{{"response_format", "srt"}, {"stream", "true", "temperature", "0.5"}} {
		_, body := upload(sound, "audio/wav", fields...)
		f.Add(body.Bytes(), true)
	}
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"audio\"\r\nContent-Type: audio/pcmu\r\n\r\naaaa\r\n--x--"), false)
	h := New(newBench(echo).Backend, Options{Limits: Limits{Length: time.Second}})
	f.Fuzz(func(t *testing.T, body []byte, transcribe bool) {
		boundary := "x"
		if line, _, ok := bytes.Cut(body, []byte("\r\n")); ok && len(line) > 2 && len(line) <= 72 {
			boundary = string(line[2:])
		}
		path := "/v1/voice/turn"
		if transcribe {
			path = "/v1/audio/transcriptions"
		}
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		check(t, w)
	})
}
