package remote

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errReset = errors.New("test: connection reset by peer")

// status is a refusal as another room's rung may have it.
type status struct {
	code  int
	after time.Duration
	page  bool
}

func (s status) Error() string             { return fmt.Sprintf("test: %d %s", s.code, http.StatusText(s.code)) }
func (s status) HTTPStatus() int           { return s.code }
func (s status) RetryAfter() time.Duration { return s.after }
func (s status) ProxyPage() bool           { return s.page }

// fake is a rung that does as it is told, and counts.
type fake struct {
	name string

	mu     sync.Mutex
	fails  error // before anything
	breaks error // after the first piece
	hangs  bool  // calls
	probe  error
	deaf   bool // to probes
	asked  []time.Time
	calls  int
	heard  []string
	slow   time.Duration // before the first piece
}

func (f *fake) Name() string { return f.name }

func (f *fake) Stages() Stages {
	return Stages{Transcriber: listener{f}, Responder: f, Synthesizer: f, Teacher: f}
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fake) get() (calls, probes int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls, len(f.asked)
}

func (f *fake) Probe(ctx context.Context) error {
	f.mu.Lock()
	f.asked = append(f.asked, time.Now())
	err, deaf := f.probe, f.deaf
	f.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return err
}

func (f *fake) RTT() time.Duration { return 7 * time.Millisecond }

// perform gives the pieces as f does.
func perform[T any](ctx context.Context, f *fake, pieces ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f.mu.Lock()
		f.calls++
		fails, breaks, hangs, slow := f.fails, f.breaks, f.hangs, f.slow
		f.mu.Unlock()
		if fails != nil {
			yield(none, fails)
			return
		}
		if hangs {
			<-ctx.Done()
		}
		if slow > 0 {
			select {
			case <-time.After(slow):
			case <-ctx.Done():
			}
		}
		for _, p := range pieces {
			if ctx.Err() != nil {
				yield(none, context.Cause(ctx))
				return
			}
			if !yield(p, nil) {
				return
			}
			if breaks != nil {
				yield(none, breaks)
				return
			}
		}
	}
}

func (f *fake) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return perform[engine.Reply](ctx, f, engine.Words{Text: f.name + " answers "}, engine.Words{Text: req.Text})
}

func (f *fake) Synthesize(ctx context.Context, _ string) iter.Seq2[engine.Speech, error] {
	return perform(ctx, f, engine.Speech{Frame: pcm.Frame{Rate: pcm.Rate16k, Samples: []int16{1}}})
}

func (f *fake) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return perform(ctx, f, engine.LessonPiece{Markdown: "# " + req.Topic}, engine.LessonPiece{Markdown: "\n" + f.name})
}

// listener is the fake's transcriber: it counts what it hears.
type listener struct{ f *fake }

func (l listener) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		text := ""
		for f := range frames {
			if len(f.Samples) > 0 {
				text += "."
			} else if text += "-"; !yield(engine.Hypothesis{Text: text, Soft: true}, nil) {
				return
			}
			l.f.mu.Lock()
			breaks := l.f.breaks
			l.f.mu.Unlock()
			if breaks != nil && len(text) == 2 {
				yield(engine.Hypothesis{}, breaks)
				return
			}
			if ctx.Err() != nil {
				return
			}
		}
		l.f.set(func(f *fake) { f.heard = append(f.heard, text) })
		for h, err := range perform(ctx, l.f, engine.Hypothesis{Text: l.f.name + text, Final: true}) {
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

// three is a ladder of three fakes.
func three(t *testing.T, o Options) (*Ladder, [3]*fake) {
	t.Helper()
	rungs := [3]*fake{{name: WebSocket}, {name: Stream}, {name: REST}}
	if o.URL == "" {
		o.URL = "host.example"
	}
	l, err := New(o, rungs[0], rungs[1], rungs[2])
	if err != nil {
		t.Fatal(err)
	}
	return l, rungs
}

// running runs a ladder until the test ends, or stop is called.
func running(t *testing.T, l *Ladder) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { l.Run(ctx) })
	return func() { cancel(); all.Wait() }
}

// replied is a reply's words, and how it ended.
func replied(seq iter.Seq2[engine.Reply, error]) (text string, err error) {
	for piece, err := range seq {
		if err != nil {
			return text, err
		}
		switch piece := piece.(type) {
		case engine.Words:
			text += piece.Text
		case engine.Voiced:
			text += piece.Text
		}
	}
	return text, nil
}

// ask is a turn that was typed.
func ask(t *testing.T, l *Ladder, text string) (string, error) {
	t.Helper()
	return replied(l.Respond(t.Context(), engine.Request{Text: text}))
}

// speech is frames of a score: a sample a ".", a soft end a "-".
func speech(score string) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for _, mark := range score {
			f := pcm.Frame{Rate: pcm.Rate16k}
			if mark == '.' {
				f.Samples = make([]int16, 160)
			}
			if !yield(f) {
				return
			}
		}
	}
}

// understood is the final hypothesis, and how it ended.
func understood(seq iter.Seq2[engine.Hypothesis, error]) (final string, finals int, err error) {
	for h, err := range seq {
		if err != nil {
			return final, finals, err
		}
		if h.Final {
			final = h.Text
			finals++
		}
	}
	return final, finals, nil
}

// link is what a ladder tells of itself now.
func link(t *testing.T, l *Ladder) engine.Link {
	t.Helper()
	for k := range l.Links(t.Context()) {
		return k
	}
	t.Fatal("no link")
	return engine.Link{}
}
