package localservers

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server on a free port of the loopback.
func serve(t *testing.T, h http.HandlerFunc) (port int) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().(*net.TCPAddr).Port
}

// models answers /v1/models and nothing else.
func models(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/models" {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "" || r.ContentLength > 0 {
			w.WriteHeader(http.StatusTeapot) // it tells too much
			return
		}
		fmt.Fprint(w, body)
	}
}

func TestFind(t *testing.T) {
	header := func(value string, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", value)
			h(w, r)
		}
	}
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		want  string // "name: models"; "": not found
	}{
		"ollama":          {models(`{"object":"list","data":[{"id":"llama3.2:3b","object":"model","created":1,"owned_by":"library"},{"id":"qwen3:8b","owned_by":"library"}]}`), "ollama: llama3.2:3b qwen3:8b"},
		"llama.cpp":       {models(`{"object":"list","data":[{"id":"model.gguf","owned_by":"llamacpp","meta":{"n_vocab":1}}],"models":[{"name":"model.gguf"}]}`), "llama.cpp: model.gguf"},
		"llama.cpp, said": {header("llama.cpp", models(`{"object":"list","data":[]}`)), "llama.cpp:"},
		"LM Studio":       {models(`{"data":[{"id":"qwen/qwen3-4b","object":"model","owned_by":"organization_owner"}],"object":"list"}`), "LM Studio: qwen/qwen3-4b"},
		"vLLM":            {models(`{"object":"list","data":[{"id":"Qwen/Qwen3-8B","owned_by":"vllm","max_model_len":4096,"permission":[{}]}]}`), "vLLM: Qwen/Qwen3-8B"},
		"Kokoro":          {models(`{"object":"list","data":[{"id":"tts-1","owned_by":"kokoro"},{"id":"kokoro","owned_by":"kokoro"}]}`), "Kokoro-FastAPI: tts-1 kokoro"},
		"speaches":        {models(`{"object":"list","data":[{"id":"Systran/faster-whisper-small","owned_by":"Systran","language":["en"],"task":"automatic-speech-recognition"}]}`), "speaches: Systran/faster-whisper-small(automatic-speech-recognition)"},
		"ollama, renamed": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/version" {
				fmt.Fprint(w, `{"version":"0.12.0"}`)
				return
			}
			models(`{"object":"list","data":[{"id":"mine","owned_by":"me"}]}`)(w, r)
		}, "ollama: mine"},
		"whisper.cpp": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			fmt.Fprint(w, "<html><head><title>Whisper.cpp Server</title></head></html>")
		}, "whisper.cpp:"},
		"unknown":       {models(`{"object":"list","data":[{"id":"x","owned_by":"me"}]}`), "a server on port PORT: x"},
		"none yet":      {models(`{"object":"list","data":[]}`), "a server on port PORT:"},
		"another thing": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello</html>") }, ""},
		"other JSON":    {models(`{"users":[{"id":"x"}]}`), ""},
		"a lie":         {models(`{"object":"list","data":[{"id":""},{"id":"a\nb"},{"id":"` + strings.Repeat("x", 999) + `"}]}`), ""},
		"half a lie":    {models(`{"object":"list","data":[{"id":"\u001b[31mred"},{"id":"good","task":"a\nb"}]}`), "a server on port PORT: good"},
		"half a JSON":   {models(`{"object":"list","data":[{"id":"x"`), ""},
		"wrong type":    {models(`{"object":"list","data":{"id":"x"}}`), ""},
		"too long":      {models(`{"object":"list","data":[{"id":"x"}]}` + strings.Repeat(" ", 10<<20)), ""},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, ""},
		"locked":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, ""},
		"not http": {func(w http.ResponseWriter, _ *http.Request) { hijack(w, "SSH-2.0-x\r\n") }, ""},
		"hangs":    {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, ""},
		"hangs in the middle": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"object":"list","data":[`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			port := serve(t, c.serve)
			got := ""
			for _, s := range Find(t.Context(), port) {
				got += s.Name + ":"
				for _, m := range s.Models {
					got += " " + m.ID
					if m.Task != "" {
						got += "(" + m.Task + ")"
					}
				}
				if s.URL != fmt.Sprintf("http://127.0.0.1:%d/v1", port) {
					t.Errorf("its URL is %s", s.URL)
				}
			}
			if want := strings.ReplaceAll(c.want, "PORT", fmt.Sprint(port)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func hijack(w http.ResponseWriter, text string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprint(conn, text)
}

// All ports are asked at once, and one that hangs costs no more than the patience.
func TestPatience(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	good := serve(t, models(`{"object":"list","data":[{"id":"x","owned_by":"library"}]}`))
	ports := []int{good}
	for range 8 {
		ports = append(ports, serve(t, hang))
	}
	start := time.Now()
	got := Find(t.Context(), ports...)
	took := time.Since(start)
	if len(got) != 1 || got[0].Name != ollama {
		t.Errorf("got %+v", got)
	}
	if took < Patience || took > Patience+5*time.Second { // the machine may be busy
		t.Errorf("took %v", took)
	}
	t.Logf("nine servers, eight of them hanging: %v", took)
}

// Nothing but what was asked is reached: not where a redirect points, nor a proxy.
func TestNowhereElse(t *testing.T) {
	var asked atomic.Int32
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, `{"object":"list","data":[{"id":"x"}]}`)
	})
	t.Setenv("HTTP_PROXY", fmt.Sprintf("http://127.0.0.1:%d", elsewhere))
	port := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("http://127.0.0.1:%d/v1/models", elsewhere), http.StatusFound)
	})
	if got := Find(t.Context(), port); len(got) > 0 || asked.Load() > 0 {
		t.Errorf("got %+v, %d asked elsewhere", got, asked.Load())
	}
	for _, address := range []string{"http://192.0.2.1/", "http://localhost/", "http://[2001:db8::1]/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := newClient().Do(req)
		if err == nil {
			res.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), errNotLoopback.Error()) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestPorts(t *testing.T) {
	if got := Ports(); !slices.Equal(got, []int{1234, 8000, 8080, 8880, 11434}) {
		t.Errorf("got %v", got)
	}
	if got := name(8080, "", []listed{{ID: "x"}}); got != "LocalAI" {
		t.Errorf("got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, body := range []string{"", "{}", `{"data":[{"id":"x","owned_by":"vllm"}]}`, `{"object":"list","data":[{"id":1}]}`, `[`, `{"data":null}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list, _ := parse(body)
		if len(list) > modelsMost {
			t.Errorf("%d models", len(list))
		}
		for _, m := range list {
			if !usable(m.ID) {
				t.Errorf("%q", m.ID)
			}
		}
		name(8080, string(body), list)
	})
}
