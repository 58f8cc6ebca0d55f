package remote

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/faulty"
)

// A rung that is back before anybody misses it is not left.
func TestBlip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		defer running(t, l)()
		synctest.Wait()
		rungs[0].set(func(f *fake) { f.slow, f.probe = 2500*time.Millisecond, errReset })
		l.Lost(WebSocket, time.Minute) // it is asked for that at once
		time.AfterFunc(2*time.Second, func() { rungs[0].set(func(f *fake) { f.probe = nil }) })
		if text, err := ask(t, l, "hello"); err != nil || text != WebSocket+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
		if k := link(t, l); k.Transport != WebSocket || k.Detail != "" {
			t.Errorf("link %+v", k)
		}
	})
}

// stalling says half and then nothing.
type stalling struct{ *fake }

func (s stalling) Stages() Stages { return Stages{Responder: s} }

func (s stalling) Respond(ctx context.Context, _ engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		if yield(engine.Words{Text: "half"}, nil) {
			<-ctx.Done()
			yield(nil, context.Cause(ctx))
		}
	}
}

// A reply that has stopped in its middle because nobody is there any more ends, and
// is not begun again elsewhere.
func TestStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := &fake{name: WebSocket, deaf: true}, &fake{name: Stream}
		l, err := New(Options{URL: "host.example"}, stalling{first}, second)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		text, err := ask(t, l, "hello")
		if took := time.Since(start); text != "half" || !errors.Is(err, ErrSilent) || took != stalled+due {
			t.Errorf("%q, %v after %v", text, err, took)
		}
		if calls, _ := second.get(); calls != 0 {
			t.Error("it was begun again")
		}
	})
}

// through is a rung whose way to b leads through a bad network.
func through(t testing.TB, b *backend, c faulty.Conditions) (*Turn, *faulty.Proxy) {
	t.Helper()
	at := serve(t, b)
	proxy, err := faulty.Listen(t.Context(), strings.TrimSuffix(strings.TrimPrefix(at.URL, "http://"), "/v1"), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	rung, err := NewTurn(Backend{URL: "http://" + proxy.Address()}, TurnOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rung.Close)
	return rung, proxy
}

// Cut wherever it may be: what came is the beginning of the reply, and the end is an
// error, unless all had come. The next turn is well.
func TestCutAnywhere(t *testing.T) {
	b := &backend{aborts: make(chan int, 1000), answer: func(_ int, _ turnRequest, s *sender) {
		s.reply("One two three.")
		s.done()
	}}
	rung, proxy := through(t, b, faulty.Conditions{})
	const whole = "One two three."
	cuts, last := 0, false
	for n := int64(1); !last; n += 997 {
		for _, c := range []faulty.Conditions{{CutDown: n}, {CutUp: min(n, 200)}} {
			proxy.Set(c)
			proxy.Drop()
			rung.door.close()
			text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"}))
			if !strings.HasPrefix(whole, text) || err == nil && text != whole {
				t.Errorf("cut after %d bytes: %q, %v", n, text, err)
			}
			if err != nil {
				cuts++
				if what, _ := judge(err); what != leave {
					t.Errorf("cut after %d bytes: %v is %v", n, err, what)
				}
			} else if c.CutDown > 0 {
				last = true
			}
		}
	}
	if cuts < 10 {
		t.Errorf("only %d cuts", cuts)
	}
	proxy.Set(faulty.Conditions{})
	rung.door.close()
	if text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"})); err != nil || text != whole {
		t.Errorf("afterwards: %q, %v", text, err)
	}
}

// A network that swallows everything: the ladder goes on, and comes back.
func TestHole(t *testing.T) {
	b := &backend{aborts: make(chan int, 1000), answer: func(_ int, _ turnRequest, s *sender) {
		s.reply("A turn.")
		s.done()
	}}
	rung, proxy := through(t, b, faulty.Conditions{Hole: true})
	l, err := New(Options{URL: "host.example"}, rung, &fake{name: REST})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := ask(t, l, "hello"); err != nil || text != REST+" answers hello" {
		t.Errorf("%q, %v", text, err)
	}
	proxy.Set(faulty.Conditions{})
	defer running(t, l)()
	l.Again()
	for k := range l.Links(t.Context()) {
		if strings.Contains(k.Detail, "is used from your next turn") {
			break
		}
	}
	for text := ""; text != "A turn."; { // a busy machine may look gone once more
		time.Sleep(10 * time.Millisecond)
		if text, err = ask(t, l, "hello"); err != nil {
			t.Fatal(err)
		}
	}
}

// What a turn costs over a network that takes its time: from the soft end to its
// words, from those to the reply's first piece (it has come with them), and from a
// typed turn to its reply's first piece.
func BenchmarkTurn(b *testing.B) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(delay.String(), func(b *testing.B) {
			there := &backend{aborts: make(chan int, 1000), answer: func(_ int, req turnRequest, s *sender) {
				if req.Audio != nil {
					s.heard("hello", 0)
				}
				s.reply("A turn.")
				s.done()
			}}
			rung, _ := through(b, there, faulty.Conditions{Delay: delay})
			var heard, spoken, typed time.Duration
			for b.Loop() {
				var asked time.Time
				tell := make(chan struct{}, 1)
				for h, err := range rung.Transcribe(b.Context(), func(yield func(pcm.Frame) bool) {
					for f := range voice(strings.Repeat(loud, 10)+silent+"-?", tell) {
						if len(f.Samples) == 0 {
							asked = time.Now()
						}
						if !yield(f) {
							return
						}
					}
				}) {
					if err != nil {
						b.Fatal(err)
					}
					if h.Soft {
						heard += time.Since(asked)
						tell <- struct{}{}
					}
				}
				for _, sum := range []*time.Duration{&spoken, &typed} {
					asked = time.Now()
					for _, err := range rung.Respond(b.Context(), engine.Request{Text: "hello"}) {
						if err != nil {
							b.Fatal(err)
						}
						*sum += time.Since(asked)
						break
					}
				}
			}
			for name, sum := range map[string]time.Duration{"ms/words": heard, "ms/spoken": spoken, "ms/typed": typed} {
				b.ReportMetric(float64(sum.Microseconds())/1000/float64(b.N), name)
			}
		})
	}
}
