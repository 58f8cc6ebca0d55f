package openai

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
)

// summariser is a server with two models: "test-model" talks, "quick" summarises
// as soon as it may.
type summariser struct {
	chats
	may  chan struct{} // one for each summary
	made atomic.Int32
	fail atomic.Bool
}

func newSummariser() *summariser {
	s := &summariser{may: make(chan struct{}, 100)}
	s.answers = []func(http.ResponseWriter){func(w http.ResponseWriter) {
		asked := s.requests()
		switch last := asked[len(asked)-1]; {
		case last.Model != "quick":
			text(w, "Yes.")
		case s.fail.Load():
			status(400, `{"error":{"message":"no"}}`)(w, nil)
			s.made.Add(1)
		default:
			<-s.may
			text(w, fmt.Sprintf("Summary %d.", s.made.Load()+1))
			s.made.Add(1)
		}
	}}
	return s
}

// waits until n summaries have been made or refused and noted.
func (s *summariser) wait(t *testing.T, r *Responder, n int32) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		r.summaries.mu.Lock()
		busy := r.summaries.busy
		r.summaries.mu.Unlock()
		if s.made.Load() >= n && !busy {
			return
		}
	}
	t.Fatalf("%d summaries, want %d", s.made.Load(), n)
}

func (s *summariser) of(model string) [][]string {
	var all [][]string
	for _, req := range s.requests() {
		if req.Model == model {
			var contents []string
			for _, m := range req.Messages {
				contents = append(contents, m.Content)
			}
			all = append(all, contents)
		}
	}
	return all
}

// exchanges are n turns of each party, each of 88 bytes with what it takes
// beside.
func exchanges(n int) []engine.Turn {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("question %03d %s", i, strings.Repeat("q", 64)), fmt.Sprintf("answer %03d %s", i, strings.Repeat("a", 66)))
	}
	return said(texts...)
}

func TestLongConversation(t *testing.T) {
	server := newSummariser()
	r := responder(t, ResponderConfig{
		Service: serve(t, server.ServeHTTP), Prompt: "Be brief.", SummaryModel: "quick", Budget: 1000, HardCap: 3000,
	})
	ask := func(turns []engine.Turn) []string {
		t.Helper()
		if got := take(t, r, engine.Request{Text: "next", Turns: turns}, true); got.err != nil {
			t.Fatal(got.err)
		}
		all := server.of("test-model")
		return all[len(all)-1]
	}
	has := func(sent []string, what string) bool {
		return slices.ContainsFunc(sent, func(s string) bool { return strings.Contains(s, what) })
	}

	// A short one is sent as it was said.
	if sent := ask(exchanges(5)); len(sent) != 12 || server.made.Load() != 0 {
		t.Errorf("%d messages, %d summaries", len(sent), server.made.Load())
	}
	// A longer one too, while the summary is being made: it delays nothing.
	if sent := ask(exchanges(10)); len(sent) != 22 {
		t.Errorf("%d messages", len(sent))
	}
	// Up to a hard cap, from which on the newest are sent.
	if sent := ask(exchanges(40)); len(sent) > 36 || !has(sent, "answer 039") || has(sent, "question 000") || !strings.HasPrefix(sent[1], "question") {
		t.Errorf("%d messages, first %q", len(sent), sent[1])
	}
	server.may <- struct{}{}
	server.wait(t, r, 1)
	// Then the summary stands for the older ones.
	sent := ask(exchanges(10))
	if !strings.Contains(sent[0], "Be brief.") || !strings.Contains(sent[0], "Summary 1.") || len(sent) > 9 || has(sent, "question 000") || !has(sent, "answer 009") {
		t.Errorf("sent %q", sent)
	}
	asked := server.of("quick")[0]
	if !strings.Contains(asked[1], "User: question 000") || !strings.Contains(asked[1], "Assistant: answer 006") || strings.Contains(asked[1], "question 009") {
		t.Errorf("the summary was made of %q", asked[1])
	}
	// It stays the same until there is too much again; the beginning stays, too.
	if again := ask(exchanges(12)); again[0] != sent[0] || again[1] != sent[1] || server.made.Load() != 1 {
		t.Errorf("sent %q", again)
	}
	// The next one is made from it.
	server.may <- struct{}{}
	ask(exchanges(16))
	server.wait(t, r, 2)
	if sent = ask(exchanges(16)); !strings.Contains(sent[0], "Summary 2.") || strings.Contains(sent[0], "Summary 1.") {
		t.Errorf("sent %q", sent[0])
	}
	if asked = server.of("quick")[1]; !strings.Contains(asked[1], "Summary 1.") || strings.Contains(asked[1], "question 000") {
		t.Errorf("the summary was made of %q", asked[1])
	}
	// Another conversation has none of it.
	other := exchanges(3)
	for i := range other {
		other[i].At = other[i].At.Add(time.Hour)
	}
	if sent = ask(other); strings.Contains(sent[0], "Summary") || len(sent) != 8 {
		t.Errorf("another conversation is sent %q", sent)
	}
}

// TestVeryLongConversation: one that was continued after long is summarised in
// several steps.
func TestVeryLongConversation(t *testing.T) {
	server := newSummariser()
	for range 50 {
		server.may <- struct{}{}
	}
	r := responder(t, ResponderConfig{Service: serve(t, server.ServeHTTP), SummaryModel: "quick", Budget: 1000, HardCap: 3000})
	turns := exchanges(100)
	take(t, r, engine.Request{Text: "next", Turns: turns}, true)
	server.wait(t, r, 6)
	for _, asked := range server.of("quick") {
		if len(asked[1]) > 3400 {
			t.Errorf("%d bytes in one request", len(asked[1]))
		}
	}
	text, rest := r.remember(turns)
	if text != fmt.Sprintf("Summary %d.", server.made.Load()) || size(rest) > 500 {
		t.Errorf("%q and %d bytes", text, size(rest))
	}
}

// TestNoSummary: where none can be had the conversation goes on, and it is not asked
// for at each turn.
func TestNoSummary(t *testing.T) {
	server := newSummariser()
	server.fail.Store(true)
	r := responder(t, ResponderConfig{Service: serve(t, server.ServeHTTP), SummaryModel: "quick", Budget: 1000})
	for range 5 {
		if got := take(t, r, engine.Request{Text: "next", Turns: exchanges(20)}, true); got.err != nil {
			t.Fatal(got.err)
		}
		server.wait(t, r, 1)
	}
	if n := len(server.of("quick")); n != 1 {
		t.Errorf("asked for %d summaries", n)
	}
}

// TestCloseWhileSummarising: Close does not wait for the server.
func TestCloseWhileSummarising(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { until(r); close(gone) })
	r := responder(t, ResponderConfig{Service: s, Budget: 100})
	r.remember(exchanges(20))
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	r.Close()
	if took := time.Since(began); took > time.Second {
		t.Errorf("Close took %v", took)
	}
	<-gone
	r.remember(exchanges(30)) // and after it nothing is begun
	if r.summaries.busy {
		t.Error("a summary was begun after Close")
	}
}

func TestComplete(t *testing.T) {
	refuse := func(w http.ResponseWriter) {
		status(400, `{"error":{"message":"response_format is not known here"}}`)(w, nil)
	}
	schema := []byte(`{"type":"object","properties":{"title":{"type":"string"}}}`)
	json := saying(`{"title":`, `"Tides"}`)
	for _, c := range []struct {
		name    string
		schema  []byte
		answers []func(http.ResponseWriter)
		formats []string // asked for
		text    string
		kind    error
	}{
		{"plain", nil, []func(http.ResponseWriter){saying("<think>x</think>Hello", " there.")}, []string{""}, "Hello there.", nil},
		{"schema", schema, []func(http.ResponseWriter){json}, []string{"strict"}, `{"title":"Tides"}`, nil},
		{"schema, not strict", schema, []func(http.ResponseWriter){refuse, json}, []string{"strict", "loose"}, `{"title":"Tides"}`, nil},
		{"some JSON", schema, []func(http.ResponseWriter){refuse, refuse, json}, []string{"strict", "loose", "json_object"}, `{"title":"Tides"}`, nil},
		{"asked only", schema, []func(http.ResponseWriter){refuse, refuse, refuse, json}, []string{"strict", "loose", "json_object", ""}, `{"title":"Tides"}`, nil},
		{"refused", schema, []func(http.ResponseWriter){refuse}, []string{"strict", "loose", "json_object", ""}, "", ErrRequest},
		{"cut", schema, []func(http.ResponseWriter){func(w http.ResponseWriter) { streamed(w); event(w, `{"content":"{"}`, "") }}, []string{"strict"}, "{", ErrCut},
		{"empty", nil, []func(http.ResponseWriter){saying()}, []string{""}, "", ErrEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := &chats{answers: c.answers}
			completer, err := NewCompleter(serve(t, server.ServeHTTP))
			if err != nil {
				t.Fatal(err)
			}
			complete := func() (text string, err error) {
				for piece, failed := range completer.Complete(t.Context(), "You teach.", "Tides, please.", c.schema) {
					text, err = text+piece, failed
				}
				return text, err
			}
			text, err := complete()
			if text != c.text || !errors.Is(err, c.kind) || (err == nil) != (c.kind == nil) {
				t.Errorf("%q, %v", text, err)
			}
			var formats []string
			for _, req := range server.requests() {
				format := ""
				if f := req.ResponseFormat; f != nil {
					format = string(f.Type)
					if f.JSONSchema != nil {
						format = map[bool]string{true: "strict", false: "loose"}[f.JSONSchema.Strict]
					}
				}
				formats = append(formats, format)
				inPrompt := strings.Contains(req.Messages[0].Content, string(schema))
				if want := len(c.schema) > 0 && (format == "" || format == "json_object"); inPrompt != want {
					t.Errorf("format %q: the prompt has the schema: %v", format, inPrompt)
				}
			}
			if !slices.Equal(formats, c.formats) {
				t.Errorf("asked for %q, want %q", formats, c.formats)
			}
			if c.kind == nil { // what the server has refused is not tried again
				before := len(server.requests())
				if _, err := complete(); err != nil || len(server.requests()) != before+1 {
					t.Errorf("again: %v after %d requests", err, len(server.requests())-before)
				}
			}
		})
	}
}
