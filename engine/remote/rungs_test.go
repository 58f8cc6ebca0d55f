package remote

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// What a rung cannot do is done here.
func TestOwnStages(t *testing.T) {
	own := &fake{name: "own"}
	l, err := New(Options{URL: "host.example", Own: own.Stages()}, bare{&fake{name: Text}})
	if err != nil {
		t.Fatal(err)
	}
	if final, _, err := understood(l.Transcribe(t.Context(), speech(".."))); err != nil || final != "own.." {
		t.Errorf("%q, %v", final, err)
	}
	if text, err := ask(t, l, "hello"); err != nil || text != Text+" answers hello" {
		t.Errorf("%q, %v", text, err)
	}
	n := 0
	for _, err := range l.Synthesize(t.Context(), "Hello.") {
		if err != nil {
			t.Error(err)
		}
		n++
	}
	for piece, err := range l.Lesson(t.Context(), engine.LessonRequest{Topic: "bees"}) {
		if err != nil || piece.Markdown == "" {
			t.Error(piece, err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d pieces", n)
	}
	l.options.Own = Stages{}
	for _, err := range l.Synthesize(t.Context(), "Hello.") {
		if !errors.Is(err, errNoStage) {
			t.Error(err)
		}
	}
}

// bare is a rung that only answers.
type bare struct{ *fake }

func (b bare) Stages() Stages { return Stages{Responder: b.fake} }

func TestChat(t *testing.T) {
	var body atomic.Value
	body.Store("")
	answer := `{"role":"assistant","content":"Sure.","responseTime":3,"teachingRequest":true,"originalPrompt":"teach me about bees"}`
	b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != chatPath {
			http.NotFound(w, r) // as many servers do
			return
		}
		text, _ := io.ReadAll(r.Body)
		body.Store(string(text))
		w.Header().Set("Content-Type", "application/json")
		if bytes.Contains(text, []byte(`"messages":[]`)) {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, answer)
	}))
	chat := overHTTP(t, b)[Text]
	if err := chat.Probe(t.Context()); err != nil || chat.RTT() <= 0 {
		t.Errorf("probe: %v, %v", err, chat.RTT())
	}
	for _, c := range []struct {
		detected engine.TeachingKind
		want     int
	}{{"", 2}, {engine.TeachLesson, 1}} {
		var pieces []engine.Reply
		for piece, err := range chat.Stages().Responder.Respond(t.Context(), engine.Request{
			Text: "teach me about bees", Turns: past("Hello.", "Hi."), Instructions: "Be brief.", Teaching: engine.Teaching{Kind: c.detected},
		}) {
			if err != nil {
				t.Fatal(err)
			}
			pieces = append(pieces, piece)
		}
		if len(pieces) != c.want || pieces[0] != (engine.Words{Text: "Sure."}) {
			t.Errorf("%+v", pieces)
		}
		if teach, ok := pieces[len(pieces)-1].(engine.Teach); c.want == 2 && (!ok || teach.Topic != "teach me about bees") {
			t.Errorf("%+v", pieces)
		}
	}
	const want = `{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello."},{"role":"assistant","content":"Hi."},{"role":"user","content":"teach me about bees"}]}`
	if got := body.Load(); got != want {
		t.Errorf("asked %s", got)
	}
	answer = `{"content":`
	if _, err := replied(chat.Stages().Responder.Respond(t.Context(), engine.Request{Text: "hello"})); err == nil {
		t.Error("half an answer is one")
	}
}

func TestLesson(t *testing.T) {
	delta := func(text string) protocol.ServerEvent {
		return protocol.ServerEvent{Type: protocol.ParleyLessonDelta, Lesson: &protocol.Lesson{Markdown: text}}
	}
	done := func(l protocol.Lesson) protocol.ServerEvent {
		return protocol.ServerEvent{Type: protocol.ParleyLessonDone, Lesson: &l}
	}
	for name, c := range map[string]struct {
		answer []protocol.ServerEvent
		status int
		want   string
		plan   string
		verd   verdict
		fails  bool
	}{
		"whole":     {[]protocol.ServerEvent{delta("# Bees\n"), delta("They fly."), done(protocol.Lesson{Markdown: "# Bees\nThey fly.", Plan: []byte(`{"title":"Bees"}`)})}, 0, "# Bees\nThey fly.", "Bees", 0, false},
		"at once":   {[]protocol.ServerEvent{done(protocol.Lesson{Markdown: "# Bees"})}, 0, "# Bees", "", 0, false},
		"fails":     {[]protocol.ServerEvent{delta("# Bees\n"), done(protocol.Lesson{Error: "no model"})}, 0, "# Bees\n", "", answered, true},
		"error":     {[]protocol.ServerEvent{{Type: protocol.ErrorEvent, Error: &protocol.Error{Message: "no"}}}, 0, "", "", answered, true},
		"cut":       {[]protocol.ServerEvent{delta("# Bees\n")}, 0, "# Bees\n", "", leave, true},
		"bad plan":  {[]protocol.ServerEvent{done(protocol.Lesson{Plan: []byte(`[]`)})}, 0, "", "", leave, true},
		"not there": {nil, 501, "", "", unfit, true},
		"unknown":   {nil, 404, "", "", unfit, true},
		"refused":   {nil, 401, "", "", stop, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if text, _ := io.ReadAll(r.Body); string(text) != `{"id":"","topic":"bees","level":"school"}` || r.URL.Path != lessonPath {
					t.Errorf("asked %s", text)
				}
				if c.status != 0 {
					w.WriteHeader(c.status)
					return
				}
				w.Header().Set("Content-Type", "text/event-stream")
				for _, e := range c.answer {
					(&sender{w, r}).send(e)
				}
			}))
			text, title := "", ""
			var err error
			for piece, failed := range overHTTP(t, b)[Stream].Stages().Teacher.Lesson(t.Context(), engine.LessonRequest{Topic: "bees", Level: "school"}) {
				text += piece.Markdown
				if piece.Plan != nil {
					title = piece.Plan.Title
				}
				err = failed
			}
			if text != c.want || title != c.plan || (err != nil) != c.fails {
				t.Errorf("%q, %q, %v", text, title, err)
			}
			if got, _ := judge(err); c.fails && got != c.verd {
				t.Errorf("%v is %v", err, got)
			}
		})
	}
}
