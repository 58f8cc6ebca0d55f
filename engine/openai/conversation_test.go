package openai

import (
	"context"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// deaf is a microphone that hears nothing.
type deaf struct{}

func (deaf) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(func(engine.Heard, error) bool) { <-ctx.Done() }
}

// instant is a speaker that has played what it is given at once.
type instant struct {
	mu     sync.Mutex
	played time.Duration
}

func (s *instant) Play(_ context.Context, f pcm.Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.played += f.Duration()
	return nil
}

func (s *instant) Drain(context.Context) error { return nil }
func (s *instant) Duck(float64)                {}
func (s *instant) Hold(bool)                   {}
func (s *instant) Err() error                  { return nil }

func (s *instant) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.played
}

func (s *instant) Flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	played := s.played
	s.played = 0
	return played
}

// holding is a conversation being held by keyboard, its services on the
// loopback.
type holding struct {
	t      *testing.T
	c      *engine.Conversation
	events <-chan engine.Event
}

func hold(t *testing.T, chat http.Handler, box Toolbox) *holding {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/v1/chat/completions", chat)
	mux.HandleFunc("/v1/audio/speech", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		sounding("audio/pcm", raw(200*time.Millisecond))(w, r)
	})
	service := serve(t, mux.ServeHTTP)
	transcriber, err := NewTranscriber(TranscriberConfig{Service: service})
	if err != nil {
		t.Fatal(err)
	}
	c := engine.New(engine.Config{
		Transcriber: transcriber,
		Responder:   responder(t, ResponderConfig{Service: service, Tools: box, Lessons: true}),
		Synthesizer: synthesizer(t, SynthesizerConfig{Service: service, Voice: "alloy"}),
	})
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan engine.Event, 1000)
	watching := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for e := range c.Watch(ctx) {
			if _, first := e.Body.(engine.Snapshot); first {
				close(watching)
			}
			events <- e
		}
	})
	<-watching
	all.Go(func() {
		if err := c.Run(ctx, deaf{}, &instant{}); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); all.Wait() })
	return &holding{t: t, c: c, events: events}
}

// say says something and returns the reply's terminal event, and the tools that
// were used on the way.
func (h *holding) say(text string) (last engine.EventBody, used []string) {
	h.t.Helper()
	h.send(engine.Say{Text: text})
	return h.end()
}

func (h *holding) send(cmd engine.Command) {
	h.t.Helper()
	if err := h.c.Send(cmd); err != nil {
		h.t.Fatal(err)
	}
}

// heard waits until so much of the reply has been heard.
func (h *holding) heard(bytes int) {
	h.t.Helper()
	for {
		select {
		case e := <-h.events:
			if p, ok := e.Body.(engine.ReplyProgress); ok && p.To >= bytes {
				return
			}
		case <-time.After(10 * time.Second):
			h.t.Fatal("nothing is heard of the reply")
		}
	}
}

func (h *holding) end() (last engine.EventBody, used []string) {
	h.t.Helper()
	for {
		select {
		case e := <-h.events:
			switch body := e.Body.(type) {
			case engine.ToolUsed:
				used = append(used, body.Tool+": "+body.Result)
			case engine.ReplyDone, engine.ReplyInterrupted, engine.Error:
				return body, used
			}
		case <-time.After(10 * time.Second):
			h.t.Fatal("no end of the reply")
		}
	}
}

// TestConversation: the stages in a real conversation: speech, a tool that asks
// first, and what the model is told of it.
func TestConversation(t *testing.T) {
	chat := &chats{answers: []func(http.ResponseWriter){
		saying("Hello", " there. How", " are you?"),
		calling("delete_file", `{"path":"notes.txt"}`),
		saying("It is gone."),
		calling("remember", `{"fact":"no notes"}`),
		saying("I will remember."),
	}}
	box := &toolbox{tools: someTools}
	h := hold(t, chat, box)
	for _, step := range []struct {
		text, reply string
		used        []string
		called      int
	}{
		{"hello", "Hello there. How are you?", nil, 0},
		{"delete my notes", "Shall I use delete file, with path notes.txt?", nil, 0},
		{"yes", "It is gone.", []string{"delete_file: result of delete_file"}, 1},
		{"remember that", "I will remember.", []string{"remember: result of remember"}, 2},
	} {
		last, used := h.say(step.text)
		if last != (engine.ReplyDone{Text: step.reply, Heard: step.reply}) || !slices.Equal(used, step.used) || len(box.calls) != step.called {
			t.Fatalf("%q: %+v, used %q, calls %q", step.text, last, used, box.calls)
		}
	}
	if box.changed.Load() != 1 {
		t.Error("nothing was remembered")
	}
	asked := chat.requests()
	if m := asked[len(asked)-1].Messages; m[1].Content != "hello" || m[2].Content != "Hello there. How are you?" {
		t.Errorf("the model is told %+v", m)
	}
}

// TestConversationCut: stopping a reply closes the model's request within 50 ms, and
// the words that came before are what the next turn knows of.
func TestConversationCut(t *testing.T) {
	atOnce(t, "the request is closed", func(t *testing.T) time.Duration {
		spoken, gone := make(chan struct{}), make(chan time.Time, 1)
		var n atomic.Int32
		second := &chats{answers: []func(http.ResponseWriter){saying("All right.")}}
		h := hold(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) > 1 {
				second.ServeHTTP(w, r)
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			streamed(w)
			event(w, `{"content":"Gravity pulls. And then"}`, "")
			close(spoken)
			<-r.Context().Done()
			gone <- time.Now()
		}), nil)
		h.send(engine.Say{Text: "what is gravity"})
		<-spoken
		h.heard(len("Gravity pulls."))
		cut := time.Now()
		h.send(engine.Interrupt{})
		took := (<-gone).Sub(cut)
		last, _ := h.end()
		if got, ok := last.(engine.ReplyInterrupted); !ok || got.Heard != "Gravity pulls." {
			t.Fatalf("%+v", last)
		}
		if last, _ = h.say("go on"); last != (engine.ReplyDone{Text: "All right.", Heard: "All right."}) {
			t.Fatalf("%+v", last)
		}
		m := second.requests()[0].Messages
		if m[2].Content != "Gravity pulls." || !strings.HasPrefix(m[3].Content, "["+cutNote+"]") {
			t.Errorf("the model is told %+v", m)
		}
		return took
	})
}

// TestConversationFailure: what the user sees of a service that fails is one
// sentence, and the conversation goes on.
func TestConversationFailure(t *testing.T) {
	chat := &chats{answers: []func(http.ResponseWriter){
		func(w http.ResponseWriter) { status(401, `{"error":{"message":"bad key `+testKey+`"}}`)(w, nil) },
		saying("Now it works."),
	}}
	h := hold(t, chat, nil)
	last, _ := h.say("hello")
	failed, ok := last.(engine.Error)
	if !ok || failed.Stage != "responder" || !strings.HasSuffix(failed.Message, " does not accept the key; check it in the settings") {
		t.Fatalf("%+v", last)
	}
	if last, _ = h.say("hello"); last != (engine.ReplyDone{Text: "Now it works.", Heard: "Now it works."}) {
		t.Errorf("%+v", last)
	}
}
