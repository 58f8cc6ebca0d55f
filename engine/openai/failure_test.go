package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
)

// status answers with an error.
func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

// until waits until the client has gone.
func until(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// badServers are servers as they should not be, and what the user is told of
// each.
var badServers = []struct {
	name  string
	serve http.HandlerFunc
	kind  error
	text  string // of the sentence, HOST being the server's address
	words string // that came before
	tries int32  // requests made
}{
	{"silent", func(_ http.ResponseWriter, r *http.Request) { until(r) },
		ErrSlow, "HOST has not begun to answer within 500ms", "", 1},
	{"silent after its headers", func(w http.ResponseWriter, r *http.Request) { streamed(w); until(r) },
		ErrSlow, "HOST has not begun to answer within 500ms", "", 1},
	{"comments and nothing else", func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		for r.Context().Err() == nil {
			fmt.Fprint(w, ": keep-alive\n\n")
			flush(w)
			time.Sleep(5 * time.Millisecond)
		}
	}, ErrSlow, "HOST has not begun to answer within 500ms", "", 1},
	{"thinks without end", func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		event(w, `{"content":"<think>"}`, "")
		for r.Context().Err() == nil {
			event(w, `{"content":"hmm "}`, "")
			time.Sleep(5 * time.Millisecond)
		}
	}, ErrSlow, "HOST has not begun to answer within 500ms", "", 1},
	{"pauses in the middle", func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		until(r)
	}, ErrCut, "HOST stopped in the middle of its answer", "Gravity is", 1},
	{"ends in the middle", func(w http.ResponseWriter, _ *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
	}, ErrCut, "HOST stopped in the middle of its answer", "Gravity is", 1},
	{"breaks off in the middle", func(w http.ResponseWriter, _ *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		panic(http.ErrAbortHandler)
	}, ErrCut, "HOST stopped in the middle of its answer", "Gravity is", 1},
	{"half a JSON", func(w http.ResponseWriter, _ *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		fmt.Fprint(w, `data: {"id":"1","choices":[{"ind`)
	}, ErrCut, "HOST stopped in the middle of its answer", "Gravity is", 1},
	{"half a JSON in the middle", func(w http.ResponseWriter, _ *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		fmt.Fprint(w, `data: {"id":"1","choices":[{"ind`+"\n\n")
		event(w, `{"content":" a force."}`, "stop")
	}, ErrFormat, "HOST sent what cannot be read", "Gravity is", 1},
	{"an end at once", func(w http.ResponseWriter, _ *http.Request) { streamed(w) },
		ErrCut, "HOST stopped in the middle", "", 2},
	{"nothing to say", func(w http.ResponseWriter, _ *http.Request) { text(w) },
		ErrEmpty, "HOST answered without a word", "", 1},
	{"only space to say", func(w http.ResponseWriter, _ *http.Request) { text(w, "\n") },
		ErrEmpty, "HOST answered without a word", "", 1},
	{"HTML", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<html>welcome</html>")
	}, ErrFormat, "HOST sent text/html and not a stream of words", "", 1},
	{"JSON and no stream", status(200, `{"choices":[]}`),
		ErrFormat, "HOST sent application/json and not a stream", "", 1},
	{"error within the stream", func(w http.ResponseWriter, _ *http.Request) {
		streamed(w)
		fmt.Fprint(w, ": comment\n\n"+`data: {"error":{"message":"the GPU is out of memory","type":"server_error"}}`+"\n\n")
	}, ErrServer, "HOST has an error of its own (500): the GPU is out of memory", "", 2},
	{"wrong key", status(401, `{"error":{"message":"Incorrect API key provided: `+testKey+`","code":"invalid_api_key"}}`),
		ErrKey, "HOST does not accept the key", "", 1},
	{"wrong key, as Google tells it", status(400, `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]`),
		ErrKey, "HOST does not accept the key", "", 1},
	{"not allowed", status(403, `{"error":{"message":"no"}}`), ErrForbidden, "HOST does not allow the use of test-model", "", 1},
	{"unknown model", status(404, `{"error":{"message":"model \"test-model\" not found, try pulling it first"}}`),
		ErrModel, `HOST has no model "test-model"`, "", 1},
	{"unknown model, otherwise told", status(400, `{"error":"Invalid model identifier: model_not_found"}`),
		ErrModel, `HOST has no model "test-model"`, "", 1},
	{"wrong path", status(404, `404 page not found`), ErrAddress, "HOST knows no /v1/chat/completions; check the base URL", "", 1},
	{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://192.0.2.1/v1/chat/completions", http.StatusTemporaryRedirect)
	}, ErrAddress, "HOST sends on to another address", "", 1},
	{"too often", status(429, `{"error":{"message":"Rate limit reached","type":"requests"}}`), ErrRate, "HOST is being asked too often", "", 2},
	{"quota", status(429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}`),
		ErrQuota, "the quota at HOST is used up", "", 1},
	{"its own error", status(500, `oops`), ErrServer, "HOST has an error of its own (500)", "", 2},
	{"its own error that tells the key", status(503, `{"detail":"could not use `+testKey+`"}`),
		ErrServer, "HOST has an error of its own (503): could not use …", "", 2},
	{"refuses", status(400, `{"error":{"message":"maximum context length is 4096 tokens"}}`),
		ErrRequest, "HOST refuses the request (400): maximum context length is 4096 tokens", "", 1},
}

// patience is a limit that a busy machine does not reach.
const patience = 10 * time.Second

func TestBadServers(t *testing.T) {
	for _, bad := range badServers { // one after the other: what is slow is told by the clock
		t.Run(bad.name, func(t *testing.T) {
			var tries atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) { tries.Add(1); bad.serve(w, r) })
			s.FirstToken = 500 * time.Millisecond // time for a second attempt, and not for a third
			if bad.tries == 1 && !errors.Is(bad.kind, ErrSlow) {
				s.FirstToken, s.Stall = patience, time.Second
			}
			log, out := logged()
			s.Log = log
			r := responder(t, ResponderConfig{Service: s})
			began := time.Now()
			got := take(t, r, engine.Request{Text: "what is gravity"}, true)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(got.err, bad.kind) {
				t.Fatalf("error %v, want one that is %v", got.err, bad.kind)
			}
			want := "openai: " + strings.ReplaceAll(bad.text, "HOST", s.host())
			if !strings.HasPrefix(got.err.Error(), want) || strings.Contains(got.err.Error(), "\n") {
				t.Errorf("error\n %s\nwant\n %s…", got.err, want)
			}
			if got.words != bad.words {
				t.Errorf("words %q, want %q", got.words, bad.words)
			}
			if n := tries.Load(); n != bad.tries {
				t.Errorf("%d requests, want %d", n, bad.tries)
			}
			if strings.Contains(got.err.Error(), testKey) || out.contains(testKey) || strings.Contains(fmt.Sprintf("%+v %v", r.cfg, s), testKey) {
				t.Error("the key is told")
			}
		})
	}
}

// TestRecovery: what passes by itself is not told at all.
func TestRecovery(t *testing.T) {
	for name, first := range map[string]http.HandlerFunc{
		"its own error": status(500, ``),
		"too often": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After-Ms", "20")
			status(429, `{}`)(w, r)
		},
		"breaks off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"breaks off after its headers": func(w http.ResponseWriter, _ *http.Request) {
			streamed(w)
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var tries atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if tries.Add(1) == 1 {
					first(w, r)
					return
				}
				text(w, "Hello", " there.")
			})
			got := take(t, responder(t, ResponderConfig{Service: s}), engine.Request{Text: "hello"}, true)
			if got.err != nil || got.words != "Hello there." {
				t.Errorf("got %q, %v", got.words, got.err)
			}
		})
	}
}

// TestRetryAfterTooLong: a server that wants us to wait longer than a user would is
// told of at once.
func TestRetryAfterTooLong(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		status(429, `{}`)(w, r)
	})
	began := time.Now()
	got := take(t, responder(t, ResponderConfig{Service: s}), engine.Request{Text: "hello"}, true)
	if !errors.Is(got.err, ErrRate) || time.Since(began) > time.Second {
		t.Errorf("%v after %v", got.err, time.Since(began))
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()
	plain := serve(t, status(200, `{}`))
	for _, c := range []struct {
		base, key string
		kind      error
		text      string
	}{
		{"http://" + address + "/v1", "", ErrRefused, "nobody answers at " + address},
		{untrusted.URL + "/v1", testKey, ErrCertificate, "cannot be trusted; nothing was sent"},
		{strings.Replace(plain.BaseURL, "http:", "https:", 1), "", ErrAddress, "does not speak https"},
		{"127.0.0.1:11434", "", ErrAddress, "the base URL is no web address"},
		{"file:///etc/passwd", "", ErrAddress, "the base URL is no web address"},
		{plain.BaseURL, "sk-\nbad\x00", ErrKey, "the key has characters in it that no key has"},
	} {
		_, err := Models(t.Context(), plain.HTTP, c.base, c.key)
		if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.text) {
			t.Errorf("%s: %v, want %v: %s", c.base, err, c.kind, c.text)
		}
		if strings.Contains(fmt.Sprint(err), "bad") {
			t.Errorf("the key is told: %v", err)
		}
	}
	if _, err := NewResponder(ResponderConfig{Service: Service{BaseURL: "nonsense"}}); !errors.Is(err, ErrAddress) {
		t.Error(err)
	}
}

// TestKeyWanted: a service that wants a key and gets none says so.
func TestKeyWanted(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a key was sent where there is none")
		}
		status(401, `{}`)(w, r)
	})
	_, err := Models(t.Context(), s.HTTP, s.BaseURL, "")
	if !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), "wants a key") {
		t.Error(err)
	}
}

func TestModels(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/models" || r.Header.Get("Authorization") != "Bearer "+testKey {
			t.Errorf("%s %q", r.URL.Path, r.Header)
		}
		status(200, `{"object":"list","data":[{"id":"qwen3:4b","created":1},{"id":"gemma3"},{"id":""},{"id":"gemma3"}]}`)(w, r)
	})
	got, err := Models(t.Context(), s.HTTP, s.BaseURL, testKey)
	if err != nil || strings.Join(got, " ") != "gemma3 qwen3:4b" {
		t.Errorf("%q, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Models(ctx, s.HTTP, s.BaseURL, testKey); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestPrompts: the prompts can be read, and say what they have to.
func TestPrompts(t *testing.T) {
	for name, want := range map[string]string{"voice.md": VoicePrompt(), "summary.md": SummaryPrompt()} {
		file, err := os.ReadFile("prompts/" + name)
		if err != nil || strings.TrimSpace(string(file)) != want || want == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, word := range []string{"one to three", "No Markdown", "square brackets"} {
		if !strings.Contains(VoicePrompt(), word) {
			t.Errorf("the voice prompt does not say %q", word)
		}
	}
}
