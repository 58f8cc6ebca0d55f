package remote

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
)

// It goes up again: from the next turn on, not within one.
func TestClimb(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		rungs[0].fails, rungs[0].probe = status{code: 404}, status{code: 404}
		defer running(t, l)()
		synctest.Wait()
		if k := link(t, l); k.Transport != Stream || k.RTT != 7*time.Millisecond || !strings.Contains(k.Detail, "WebSocket doesn't work here: the host answered 404") {
			t.Errorf("begins with %+v", k)
		}
		begun := time.Now()
		time.Sleep(time.Hour)
		rungs[0].set(func(f *fake) {
			f.fails, f.probe = nil, nil
			for i, want := range []time.Duration{0, 10 * time.Second, 40 * time.Second, 100 * time.Second, 220 * time.Second, 520 * time.Second, 1120 * time.Second} {
				if got := f.asked[i].Sub(begun); got < want*8/10 || got > want*12/10 {
					t.Errorf("asked %v after the beginning for the %d. time", got, i+1)
				}
			}
		})
		// Within a turn that is being heard it stays.
		frames := func(yield func(pcm.Frame) bool) {
			_ = yield(pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)})
			time.Sleep(20 * time.Minute)
			_ = yield(pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)})
		}
		final, _, err := understood(l.Transcribe(t.Context(), frames))
		if err != nil || final != Stream+".." {
			t.Errorf("%q, %v", final, err)
		}
		if k := link(t, l); k.Transport != Stream || !strings.Contains(k.Detail, "WebSocket works and is used from your next turn") {
			t.Errorf("link %+v", k)
		}
		if text, err := ask(t, l, "heard"); err != nil || text != Stream+" answers heard" {
			t.Errorf("%q, %v", text, err)
		}
		if text, err := ask(t, l, "typed"); err != nil || text != WebSocket+" answers typed" {
			t.Errorf("%q, %v", text, err)
		}
		if k := link(t, l); k.Transport != WebSocket || k.Detail != "" {
			t.Errorf("link %+v", k)
		}
	})
}

// A backend that comes back is found within seconds, and Again finds it at once.
func TestBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		for _, r := range rungs {
			r.probe, r.fails = errReset, errReset
		}
		defer running(t, l)()
		time.Sleep(time.Hour)
		if _, err := ask(t, l, "hello"); !errors.Is(err, ErrAway) {
			t.Errorf("%v", err)
		}
		rungs[1].set(func(f *fake) { f.probe, f.fails = nil, nil })
		time.Sleep(13 * time.Second)
		if text, err := ask(t, l, "hello"); err != nil || text != Stream+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
		rungs[0].set(func(f *fake) { f.probe, f.fails = nil, nil })
		l.Again()
		synctest.Wait()
		if text, err := ask(t, l, "hello"); err != nil || text != WebSocket+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
	})
}

// A backend that goes is known before somebody speaks.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		defer running(t, l)()
		time.Sleep(time.Second)
		for _, r := range rungs {
			r.set(func(f *fake) { f.deaf = true })
		}
		time.Sleep(lookEvery + 4*probeTime)
		if k := link(t, l); k.Transport != "" || !strings.Contains(k.Detail, "there was no answer in time") {
			t.Errorf("link %+v", k)
		}
	})
}

func TestCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		rungs[0].probe, rungs[0].fails = status{code: 401}, status{code: 401}
		defer running(t, l)()
		time.Sleep(time.Hour)
		if _, err := ask(t, l, "hello"); !errors.Is(err, ErrCredentials) {
			t.Errorf("%v", err)
		}
		calls, probes := rungs[0].get()
		if below, _ := rungs[1].get(); below != 0 || calls != 0 || probes > 12 {
			t.Errorf("%d calls, %d probes, %d calls below", calls, probes, below)
		}
		if k := link(t, l); k.Transport != "" || k.Detail != "host.example refuses the key; check it in the settings." {
			t.Errorf("link %+v", k)
		}
		rungs[0].set(func(f *fake) { f.probe, f.fails = nil, nil })
		l.Again()
		synctest.Wait()
		if text, err := ask(t, l, "hello"); err != nil || text != WebSocket+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
	})
}

func TestLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		rungs[0].fails = status{code: 503, after: 20 * time.Second}
		if _, err := ask(t, l, "hello"); !errors.Is(err, ErrLater) {
			t.Errorf("%v", err)
		}
		rungs[0].fails = nil
		time.Sleep(19 * time.Second)
		if _, err := ask(t, l, "hello"); !errors.Is(err, ErrLater) {
			t.Errorf("%v", err)
		}
		if k := link(t, l); k.Transport != WebSocket || !strings.Contains(k.Detail, "asks to wait") {
			t.Errorf("link %+v", k)
		}
		time.Sleep(2 * time.Second)
		if text, err := ask(t, l, "hello"); err != nil || text != WebSocket+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
	})
}

// notebook is a memory.
type notebook struct {
	mu   sync.Mutex
	rung string
	at   time.Time
}

func (n *notebook) Recall(host string) (string, time.Time, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rung, n.at, host == "host.example" && n.rung != ""
}

func (n *notebook) Remember(_, rung string, at time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.rung, n.at = rung, at
}

func TestRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n notebook
		l, rungs := three(t, Options{Memory: &n})
		rungs[0].probe = errReset
		stop := running(t, l)
		time.Sleep(probeTime)
		stop()
		if n.rung != Stream {
			t.Fatalf("remembered %q", n.rung)
		}
		time.Sleep(23 * time.Hour)
		l, rungs = three(t, Options{Memory: &n, URL: "wss://host.example/v1/realtime"})
		stop = running(t, l)
		synctest.Wait()
		if text, err := ask(t, l, "hello"); err != nil || text != Stream+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
		if _, probes := rungs[0].get(); probes != 0 {
			t.Error("what did not work yesterday was begun with")
		}
		time.Sleep(13 * time.Second)
		if text, err := ask(t, l, "hello"); err != nil || text != WebSocket+" answers hello" {
			t.Errorf("%q, %v", text, err)
		}
		stop()
		n.at = time.Now().Add(-25 * time.Hour)
		l, _ = three(t, Options{Memory: &n})
		if got := link(t, l).Transport; got != WebSocket {
			t.Errorf("after a day: %q", got)
		}
	})
}

func TestLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		var got []string
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			for k := range l.Links(ctx) {
				got = append(got, k.Transport)
			}
		})
		for _, r := range rungs {
			synctest.Wait()
			r.fails = errReset
			_, _ = ask(t, l, "hello")
		}
		synctest.Wait()
		cancel()
		all.Wait()
		if strings.Join(got, ",") != "websocket,sse,rest," {
			t.Errorf("links %q", got)
		}
	})
}
