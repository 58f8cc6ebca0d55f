package openai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = "sk-test-0123456789"

// serve starts a server on the loopback and gives the service that it is.
func serve(t testing.TB, h http.HandlerFunc) Service {
	t.Helper()
	server := httptest.NewServer(h)
	client := NewHTTP()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	return Service{
		BaseURL: server.URL + "/v1", Model: "test-model", HTTP: client, FirstToken: 2 * time.Second,
		Key: func() string { return testKey }, Log: slog.New(slog.DiscardHandler),
	}
}

// streamed begins a stream of events.
func streamed(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	flush(w)
}

func flush(w http.ResponseWriter) { w.(http.Flusher).Flush() }

// event writes one event with a delta.
func event(w io.Writer, delta string, finish string) {
	reason := "null"
	if finish != "" {
		reason = fmt.Sprintf("%q", finish)
	}
	fmt.Fprintf(w, `data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}`+"\n\n", delta, reason)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

// text writes a whole answer, word by word.
func text(w http.ResponseWriter, words ...string) {
	streamed(w)
	for _, word := range words {
		content, _ := json.Marshal(word)
		event(w, `{"content":`+string(content)+`}`, "")
	}
	event(w, `{}`, "stop")
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// toolCall writes an answer that is one call of a tool.
func toolCall(w http.ResponseWriter, id, name, args string) {
	streamed(w)
	event(w, fmt.Sprintf(`{"tool_calls":[{"index":0,"id":%q,"type":"function","function":{"name":%q,"arguments":""}}]}`, id, name), "")
	for len(args) > 0 {
		n := min(3, len(args))
		event(w, fmt.Sprintf(`{"tool_calls":[{"index":0,"function":{"arguments":%q}}]}`, args[:n]), "")
		args = args[n:]
	}
	event(w, `{}`, "tool_calls")
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// chats is a server that answers chats one after the other and keeps what it was
// asked.
type chats struct {
	mu      sync.Mutex
	asked   []api.ChatCompletionRequest
	raw     [][]byte
	answers []func(w http.ResponseWriter)
}

func (c *chats) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var req api.ChatCompletionRequest
	if err == nil {
		err = json.Unmarshal(body, &req)
	}
	c.mu.Lock()
	n := len(c.asked)
	c.asked, c.raw = append(c.asked, req), append(c.raw, body)
	c.mu.Unlock()
	if err != nil || r.URL.Path != "/v1/chat/completions" || len(c.answers) == 0 {
		http.Error(w, "bad request", http.StatusTeapot)
		return
	}
	c.answers[min(n, len(c.answers)-1)](w)
}

func (c *chats) requests() []api.ChatCompletionRequest {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]api.ChatCompletionRequest(nil), c.asked...)
}

func saying(words ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { text(w, words...) }
}

func calling(name, args string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { toolCall(w, "call_"+name, name, args) }
}

func responder(t testing.TB, cfg ResponderConfig) *Responder {
	t.Helper()
	r, err := NewResponder(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// reply is all that a responder gave.
type reply struct {
	words  string
	pieces []engine.Reply
	used   []engine.ToolUse
	taught []engine.LessonRequest
	err    error
}

// take takes a whole reply as a conversation does, or, with commit unset, as one
// that throws it away: effects do not happen, and one that is not apart is the
// end.
func take(t testing.TB, r *Responder, req engine.Request, commit bool) reply {
	t.Helper()
	var got reply
	for piece, err := range r.Respond(t.Context(), req) {
		if err != nil {
			got.err = err
			break
		}
		got.pieces = append(got.pieces, piece)
		switch p := piece.(type) {
		case engine.Words:
			got.words += p.Text
		case engine.Used:
			got.used = append(got.used, p.ToolUse)
		case engine.Teach:
			got.taught = append(got.taught, p.LessonRequest)
		case engine.Effect:
			if !commit && !p.Apart {
				return got
			}
			if commit {
				if err := p.Do(t.Context()); err != nil {
					got.err = err
					return got
				}
			}
		}
	}
	return got
}

// said is a conversation of turns, the user's first.
func said(texts ...string) []engine.Turn {
	var turns []engine.Turn
	for i, text := range texts {
		turn := engine.Turn{ID: engine.TurnID(i/2 + 1), Who: engine.User, Text: text, Heard: text, At: time.Unix(int64(1000+i), 0)}
		if i%2 == 1 {
			turn.Who = engine.Assistant
		}
		turns = append(turns, turn)
	}
	return turns
}

// atOnce fails where what is measured never comes within 50 ms. It is measured
// several times: a busy machine makes it longer, but never shorter.
func atOnce(t *testing.T, what string, measure func(t *testing.T) time.Duration) {
	t.Helper()
	var took []time.Duration
	for range 5 {
		took = append(took, measure(t))
		if took[len(took)-1] <= 50*time.Millisecond {
			return
		}
	}
	t.Errorf("%s after %v", what, took)
}

// logged is a log that can be searched.
func logged() (*slog.Logger, *syncBuffer) {
	out := &syncBuffer{}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug})), out
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) contains(s string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Contains(b.buf.String(), s)
}
