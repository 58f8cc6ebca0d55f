package remote

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// deed is what a moody rung does with a call or a probe.
type deed struct {
	Fails, Breaks error
	Hangs         bool
	Slow          time.Duration
}

// moody is a rung that does something else each time. It writes down which requests
// it has begun to answer.
type moody struct {
	name  string
	mu    sync.Mutex
	deeds []deed
	n     int
	begun func(what string)
}

func (m *moody) deed() deed {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n++
	return m.deeds[m.n%len(m.deeds)]
}

func (m *moody) Name() string       { return m.name }
func (m *moody) RTT() time.Duration { return time.Millisecond }
func (m *moody) Stages() Stages {
	return Stages{Transcriber: m, Responder: m, Synthesizer: m, Teacher: m}
}

func (m *moody) Probe(ctx context.Context) error {
	d := m.deed()
	if d.Hangs {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return d.Fails
}

func moodily[T any](ctx context.Context, m *moody, what string, pieces ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		d := m.deed()
		select {
		case <-time.After(d.Slow):
		case <-ctx.Done():
		}
		if d.Fails != nil {
			yield(none, d.Fails)
			return
		}
		if d.Hangs {
			<-ctx.Done()
		}
		for n, p := range pieces {
			if ctx.Err() != nil {
				return
			}
			if n == 0 {
				m.begun(what)
			}
			if n == 1 && d.Breaks != nil {
				yield(none, d.Breaks)
				return
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (m *moody) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return moodily[engine.Reply](ctx, m, req.Text, engine.Words{Text: "a"}, engine.Words{Text: "b"}, engine.Words{Text: "c"})
}

func (m *moody) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	f := pcm.Frame{Rate: pcm.Rate16k, Samples: []int16{1}}
	return moodily(ctx, m, sentence, engine.Speech{Frame: f}, engine.Speech{Frame: f}, engine.Speech{Frame: f})
}

func (m *moody) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return moodily(ctx, m, req.Topic, engine.LessonPiece{Markdown: "a"}, engine.LessonPiece{Markdown: "b"}, engine.LessonPiece{Markdown: "c"})
}

func (m *moody) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		n := 0
		for f := range frames {
			n += len(f.Samples)
			if ctx.Err() != nil {
				return
			}
		}
		text := fmt.Sprint(n)
		pass(moodily(ctx, m, "", engine.Hypothesis{Text: text, Soft: true}, engine.Hypothesis{Text: text}, engine.Hypothesis{Text: text, Final: true}), yield)
	}
}

// patience is how long somebody waits for an answer.
const patience = 2 * time.Minute

// ending is how a call ended.
type ending struct {
	pieces, errs int
	last         bool // nothing came after the error
}

func endOf[T any](seq iter.Seq2[T, error]) (e ending) {
	e.last = true
	for _, err := range seq {
		e.last = e.last && e.errs == 0
		if err != nil {
			e.errs++
		} else {
			e.pieces++
		}
	}
	return e
}

// Whatever the rungs do, a call ends with one result or one error, at once when nobody
// wants it any more, and nothing is begun twice.
func TestLaws(t *testing.T) {
	refusals := []error{errReset, &protocol.Error{Message: "?"}, fmt.Errorf("test: %w", ErrCredentials)}
	for _, code := range []int{200, 401, 403, 404, 413, 429, 500, 503} {
		refusals = append(refusals, status{code: code}, status{code: code, after: 3 * time.Second}, status{code: code, page: true})
	}
	aDeed := rapid.Custom(func(t *rapid.T) deed {
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return deed{Fails: rapid.SampledFrom(refusals).Draw(t, "refusal")}
		case 1:
			return deed{Breaks: rapid.SampledFrom(refusals).Draw(t, "breaks off")}
		case 2:
			return deed{Hangs: true}
		case 3:
			return deed{Slow: time.Duration(rapid.IntRange(0, 9000).Draw(t, "slow")) * time.Millisecond}
		}
		return deed{}
	})
	rapid.Check(t, func(rt *rapid.T) {
		deeds := rapid.SliceOfN(rapid.SliceOfN(aDeed, 1, 12), 1, 4).Draw(rt, "rungs")
		calls := rapid.SliceOfN(rapid.IntRange(0, 8), 1, 25).Draw(rt, "calls")
		var wrong []string
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			begun := map[string]int{}
			complain := func(format string, args ...any) {
				mu.Lock()
				defer mu.Unlock()
				wrong = append(wrong, fmt.Sprintf(format, args...))
			}
			var rungs []Rung
			for i, d := range deeds {
				rungs = append(rungs, &moody{name: fmt.Sprint("way ", i), deeds: d, begun: func(what string) {
					mu.Lock()
					defer mu.Unlock()
					begun[what]++
				}})
			}
			l, err := New(Options{URL: "host.example"}, rungs...)
			if err != nil {
				t.Fatal(err)
			}
			stop := running(t, l)
			var all sync.WaitGroup
			for n, kind := range calls {
				what := fmt.Sprint(n)
				one := func() {
					// A backend may think as long as it answers probes.
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					start := time.Now()
					var e ending
					whole := 3
					switch kind % 4 {
					case 0:
						e = endOf(l.Respond(ctx, engine.Request{Text: what}))
					case 1:
						e = endOf(l.Synthesize(ctx, what))
					case 2:
						e = endOf(l.Lesson(ctx, engine.LessonRequest{Topic: what}))
					case 3:
						final, finals, err := understood(l.Transcribe(ctx, speech("..-..")))
						if (finals == 1) == (err != nil) && ctx.Err() == nil || finals > 1 || finals == 1 && final != "640" {
							complain("call %d: %d finals %q and %v", n, finals, final, err)
						}
						e, whole = ending{pieces: finals, last: true}, finals
					}
					if e.errs > 1 || !e.last || e.errs == 0 && e.pieces != whole && ctx.Err() == nil || e.errs == 1 && e.pieces == whole {
						complain("call %d ended as %+v", n, e)
					}
					if took := time.Since(start); took > patience {
						complain("call %d took %v", n, took)
					}
				}
				if kind > 4 {
					all.Go(one)
				} else {
					one()
				}
				time.Sleep(time.Duration(kind*kind) * time.Second)
			}
			all.Wait()
			stop()
			delete(begun, "")
			for what, n := range begun {
				if n > 1 {
					complain("call %s was begun %d times", what, n)
				}
			}
		})
		slices.Sort(wrong)
		for _, w := range wrong {
			rt.Error(w)
		}
	})
}

// Errors are told apart also where they are wrapped.
func TestJudgeWrapped(t *testing.T) {
	for err, want := range map[error]verdict{
		errors.Join(errReset, status{code: 401}):                   stop,
		fmt.Errorf("a: %w", status{code: 429}):                     wait,
		fmt.Errorf("a: %w", &protocol.Error{Message: "?"}):         answered,
		fmt.Errorf("a: %w", status{code: 403, page: true}):         leave,
		fmt.Errorf("a: %w", errors.Join(errReset, ErrCredentials)): stop,
	} {
		if got, _ := judge(err); got != want {
			t.Errorf("%v is %v", err, got)
		}
	}
}
