package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// serveHTTP2 is serve over TLS and HTTP/2, as services on the net are.
func serveHTTP2(t testing.TB, h http.HandlerFunc) Service {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s is spoken", r.Proto)
		}
		h(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	client := NewHTTP()
	client.Transport.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return Service{BaseURL: server.URL + "/v1", Model: "test-model", HTTP: client}
}

func TestWordsAsTheyCome(t *testing.T) {
	next := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		for _, word := range []string{"Gravity", " pulls", " things", " together."} {
			fmt.Fprint(w, ": comment\n\nevent: ignored\nid: 7\n\n")
			content, _ := json.Marshal(word)
			event(w, `{"role":"assistant","content":`+string(content)+`}`, "")
			select {
			case <-next:
			case <-r.Context().Done():
			}
		}
		event(w, `{}`, "stop")
		fmt.Fprint(w, `data: {"choices":[],"usage":{"total_tokens":9}}`+"\n\ndata: [DONE]\n\n")
	})
	var got []string
	for piece, err := range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "what is gravity"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, piece.(engine.Words).Text)
		next <- struct{}{} // the server waits for this piece to be taken
	}
	if want := []string{"Gravity", " pulls", " things", " together."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSlowListener: a conversation may take its time with what has come; that is
// not the server's fault.
func TestSlowListener(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { text(w, "One", " two", " three.") })
	s.FirstToken = 800 * time.Millisecond
	n := 0
	for _, err := range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "count"}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		time.Sleep(time.Second)
	}
	if n != 3 {
		t.Errorf("%d pieces", n)
	}
}

// TestMissingEnd: a stream that gives its reason for ending but no [DONE], or the
// other way round, has ended.
func TestMissingEnd(t *testing.T) {
	for name, end := range map[string]func(http.ResponseWriter, *http.Request){
		"no DONE":                   func(w http.ResponseWriter, _ *http.Request) { event(w, `{}`, "stop") },
		"no DONE and no end either": func(w http.ResponseWriter, r *http.Request) { event(w, `{}`, "stop"); <-r.Context().Done() },
		"no reason":                 func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: [DONE]\n\n") },
		"no line feed":              func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: [DONE]") },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				streamed(w)
				event(w, `{"content":"Yes."}`, "")
				end(w, r)
			})
			began := time.Now()
			got := take(t, responder(t, ResponderConfig{Service: s}), engine.Request{Text: "hello"}, true)
			if got.err != nil || got.words != "Yes." || time.Since(began) > time.Second {
				t.Errorf("%q, %v after %v", got.words, got.err, time.Since(began))
			}
		})
	}
}

// TestCancel: whoever cuts a reply off closes the request within 50 ms, and the
// server notices, whether it is in the middle or has said nothing yet, over HTTP/1
// and HTTP/2.
func TestCancel(t *testing.T) {
	for name, c := range map[string]struct {
		silent bool
		serve  func(testing.TB, http.HandlerFunc) Service
	}{
		"silent": {true, serve}, "in the middle": {false, serve},
		"silent, HTTP/2": {true, serveHTTP2}, "in the middle, HTTP/2": {false, serveHTTP2},
	} {
		t.Run(name, func(t *testing.T) {
			atOnce(t, "the request is closed", func(t *testing.T) time.Duration {
				asked, gone := make(chan struct{}), make(chan time.Time, 1)
				s := c.serve(t, func(w http.ResponseWriter, r *http.Request) {
					streamed(w)
					if !c.silent {
						event(w, `{"content":"Gravity is"}`, "")
					}
					close(asked)
					<-r.Context().Done()
					gone <- time.Now()
				})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := responder(t, ResponderConfig{Service: s})
				returned := make(chan time.Time, 1)
				go func() {
					for _, err := range r.Respond(ctx, engine.Request{Text: "what is gravity"}) {
						if err != nil {
							t.Errorf("an error after the end: %v", err)
						}
					}
					returned <- time.Now()
				}()
				<-asked
				time.Sleep(20 * time.Millisecond)
				cut := time.Now()
				cancel()
				return max((<-returned).Sub(cut), (<-gone).Sub(cut))
			})
		})
	}
}

// TestStoppedIteration: breaking off closes the request, too.
func TestStoppedIteration(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		<-r.Context().Done()
		close(gone)
	})
	for range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "what is gravity"}) {
		break
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the request stays open")
	}
}

// TestHistory: the model is told what was heard.
func TestHistory(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){saying("Yes.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Prompt: "Be brief."})
	turns := said("what is gravity", "Gravity pulls things together. It is weak.", "and magnets", "They attract.", "hello")
	turns[1].Interrupted, turns[1].Heard = true, "Gravity pulls things"
	turns[3].Interrupted, turns[3].Heard = true, "" // nothing was heard of it
	silent := engine.Turn{ID: 9, Who: engine.Assistant, Text: "Shown only.", At: time.Unix(2000, 0)}
	turns = append(turns, silent, engine.Turn{ID: 10, Who: engine.User, Text: "what?", At: time.Unix(2001, 0)})
	req := engine.Request{
		Text: "tell me more", Turns: turns, At: time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC), Confidence: 0.2,
		Lesson: engine.Lesson{Title: "Gravity", Plan: &engine.Plan{
			Title: "Gravity", Summary: "It pulls [always].", Segments: []engine.Segment{{Title: "Mass"}, {Title: "Distance"}},
		}},
	}
	if got := take(t, r, req, true); got.err != nil || got.words != "Yes." {
		t.Fatal(got)
	}
	type message struct{ role, content string }
	want := []message{
		{"system", "Be brief."},
		{"user", "what is gravity"},
		{"assistant", "Gravity pulls things"},
		{"user", "[" + cutNote + "]\nand magnets\n[" + cutNote + "]\nhello"},
		{"assistant", "Shown only."},
		{"user", "what?\n[It is Sunday, 22 November 2026, 14:05. The lesson beside the conversation: Gravity. Parts: Mass; Distance; " +
			"Summary: It pulls (always). These words may have been misheard.]\ntell me more"},
	}
	var got []message
	for _, m := range c.requests()[0].Messages {
		got = append(got, message{m.Role, m.Content})
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestLessonBeingWritten: what there is of it is known, up to a bound.
func TestLessonBeingWritten(t *testing.T) {
	got := lessonOutline(engine.Lesson{Markdown: "# Gravity\n\n" + strings.Repeat("It pulls. ", 1000)})
	if !strings.HasPrefix(got, "# Gravity It pulls.") || len(got) > longestOutline+8 {
		t.Errorf("%d bytes: %.60s", len(got), got)
	}
	if got := lessonOutline(engine.Lesson{}); got != "" {
		t.Errorf("no lesson is %q", got)
	}
}

// TestPrefix: what a request begins with stays the same from turn to turn, to the
// byte, up to the last words of the turn before; the time and the lesson, which
// change, are not in it.
func TestPrefix(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){saying("Yes, indeed.")}}
	box := &toolbox{tools: []Tool{{Name: "zeta"}, {Name: "alpha"}}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box, Lessons: true})
	var turns []engine.Turn
	for i := range 6 {
		req := engine.Request{Text: fmt.Sprintf("question %d", i), Turns: turns, At: time.Unix(int64(100000*i), 0)}
		req.Lesson.Markdown = strings.Repeat("word ", i)
		got := take(t, r, req, true)
		if got.err != nil {
			t.Fatal(got.err)
		}
		user := engine.Turn{ID: engine.TurnID(i), Who: engine.User, Text: req.Text, Heard: req.Text, At: req.At}
		answer := engine.Turn{ID: engine.TurnID(i), Who: engine.Assistant, Text: got.words, Heard: got.words, At: req.At}
		if i%2 == 1 {
			answer.Interrupted, answer.Heard = true, "Yes,"
		}
		turns = append(turns, user, answer)
		slices.Reverse(box.tools) // their order is not the toolbox's
	}
	var before string
	for i, raw := range c.raw {
		var sent struct {
			Messages []json.RawMessage `json:"messages"`
			Tools    json.RawMessage   `json:"tools"`
		}
		if err := json.Unmarshal(raw, &sent); err != nil {
			t.Fatal(err)
		}
		now := string(sent.Tools)
		for _, m := range sent.Messages[:len(sent.Messages)-1] {
			now += string(m)
		}
		if !strings.HasPrefix(now, before) || now == before {
			t.Errorf("request %d begins otherwise than the one before:\n%s\n%s", i, before, now)
		}
		before = now
	}
}

// TestPlainSpeech: thoughts and Markdown do not reach the voice, in whatever pieces
// they come.
func TestPlainSpeech(t *testing.T) {
	for written, want := range map[string]string{
		"<think>Hmm, **what**?</think>\n\nIt is *five*.":   "It is five.",
		"  <think></think>Yes.":                            "Yes.",
		"<think>a</think><think>b</think>Yes.":             "Yes.",
		"1 < 2, and <think> is a tag.":                     "1 < 2, and <think> is a tag.",
		"<this> is no thought":                             "<this> is no thought",
		"## Gravity\n\n- It **pulls**.\n* It `is` weak.":   "Gravity\n\nIt pulls.\nIt is weak.",
		"2 * 3 is 6, well-known, x - y, -5 and C# too. **": "2 * 3 is 6, well-known, x - y, -5 and C# too. ",
		"-5 degrees": "-5 degrees",
	} {
		for size := 1; size <= len(written); size++ {
			var (
				aloud thoughts
				clean plain
				got   string
			)
			for piece := range slices.Chunk([]byte(written), size) {
				got += clean.add(aloud.add(string(piece)))
			}
			got += clean.rest()
			if got != want {
				t.Fatalf("%q in pieces of %d: %q, want %q", written, size, got, want)
			}
		}
	}
}
