package remote

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// What each refusal leads to: who answers, and which rung is in use then.
func TestRefused(t *testing.T) {
	type outcome struct {
		by, use string
		is      error
	}
	next := outcome{by: Stream, use: Stream}
	cases := map[string]struct {
		err  error
		want outcome
	}{
		"401":                  {status{code: 401}, outcome{is: ErrCredentials}},
		"403":                  {status{code: 403}, outcome{is: ErrCredentials}},
		"credentials":          {fmt.Errorf("test: %w", ErrCredentials), outcome{is: ErrCredentials}},
		"403, a proxy's page":  {status{code: 403, page: true}, next},
		"407":                  {status{code: 407}, next},
		"429":                  {status{code: 429}, outcome{is: ErrLater, use: WebSocket}},
		"429, Retry-After":     {status{code: 429, after: time.Minute}, outcome{is: ErrLater, use: WebSocket}},
		"503, Retry-After":     {status{code: 503, after: time.Minute}, outcome{is: ErrLater, use: WebSocket}},
		"503":                  {status{code: 503}, next},
		"504":                  {status{code: 504}, next},
		"413":                  {status{code: 413}, outcome{by: Stream, use: WebSocket}},
		"reset":                {errReset, next},
		"silent":               {fmt.Errorf("test: %w", ErrSilent), next},
		"the backend's error":  {&protocol.Error{Message: "no model"}, outcome{is: &protocol.Error{}, use: WebSocket}},
		"the backend is asked": {&protocol.Error{Code: protocol.CodeRateLimitExceeded}, outcome{is: ErrLater, use: WebSocket}},
	}
	for _, code := range []int{200, 301, 400, 404, 405, 426, 500, 501, 502} {
		cases[fmt.Sprint(code)] = struct {
			err  error
			want outcome
		}{status{code: code}, next}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l, rungs := three(t, Options{})
			rungs[0].fails = c.err
			text, err := ask(t, l, "hello")
			var told *protocol.Error
			switch {
			case c.want.is == nil && err != nil, c.want.is != nil && err == nil:
				t.Errorf("ended with %v", err)
			case errors.As(c.want.is, &told):
				if !errors.As(err, &told) {
					t.Errorf("ended with %v", err)
				}
			case !errors.Is(err, c.want.is):
				t.Errorf("ended with %v", err)
			}
			if c.want.by != "" && text != c.want.by+" answers hello" || c.want.by == "" && text != "" {
				t.Errorf("said %q", text)
			}
			if got := link(t, l).Transport; got != c.want.use {
				t.Errorf("uses %q", got)
			}
			if Explain(c.err) == "" || strings.HasSuffix(Explain(c.err), ".") {
				t.Errorf("explained as %q", Explain(c.err))
			}
		})
	}
}

// Each rung below takes over, in the same call; where none is left it is an error, at
// once from then on.
func TestFallToTheBottom(t *testing.T) {
	l, rungs := three(t, Options{Own: Stages{}})
	for i, r := range rungs {
		want := [...]string{WebSocket, Stream, REST}[i]
		if text, err := ask(t, l, "one"); err != nil || text != want+" answers one" {
			t.Errorf("%q, %v", text, err)
		}
		r.set(func(f *fake) { f.fails = status{code: 502} })
	}
	for range 3 {
		if text, err := ask(t, l, "one"); !errors.Is(err, ErrAway) || text != "" || Explain(err) == "" {
			t.Errorf("%q, %v", text, err)
		}
	}
	if calls, _ := rungs[2].get(); calls != 2 {
		t.Errorf("%d calls", calls)
	}
	if k := link(t, l); k.Transport != "" || !strings.Contains(k.Detail, "host.example isn't answering: the host answered 502") {
		t.Errorf("link %+v", k)
	}
}

// What was begun is not begun again elsewhere.
func TestBreaksOff(t *testing.T) {
	l, rungs := three(t, Options{})
	rungs[0].breaks = errReset
	for n := range 3 {
		if text, err := ask(t, l, "hello"); !errors.Is(err, errReset) || text != WebSocket+" answers " {
			t.Errorf("%d: %q, %v", n, text, err)
		}
	}
	if text, err := ask(t, l, "hello"); err != nil || text != Stream+" answers hello" {
		t.Errorf("after three times: %q, %v", text, err)
	}
}

func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		defer running(t, l)()
		for range 9 {
			l.Lost(WebSocket, time.Hour)
			l.Lost("?", 0)
			l.Lost(WebSocket, time.Minute)
			time.Sleep(6 * time.Minute)
		}
		if got := link(t, l).Transport; got != WebSocket {
			t.Fatalf("now and then it is cut, and left: %q", got)
		}
		for range 2 {
			l.Lost(WebSocket, time.Minute)
			time.Sleep(time.Minute)
		}
		l.Lost(WebSocket, time.Minute)
		if k := link(t, l); k.Transport != Stream || !strings.Contains(k.Detail, "WebSocket doesn't work here: the connection is closed again and again") {
			t.Errorf("uses %+v", k)
		}
		_, before := rungs[0].get()
		time.Sleep(7 * time.Minute)
		if _, after := rungs[0].get(); after != before {
			t.Error("it is asked soon: it would be well, and then not")
		}
		time.Sleep(6 * time.Minute)
		if _, after := rungs[0].get(); after == before {
			t.Error("it is never asked again")
		}
	})
}

// cuts is a link that is lost after each of these times.
type cuts []time.Duration

func (c cuts) Links(context.Context) iter.Seq[engine.Link] {
	return func(yield func(engine.Link) bool) {
		for _, lasts := range c {
			_ = yield(engine.Link{Transport: "websocket"}) && yield(engine.Link{Transport: "websocket", RTT: 1})
			time.Sleep(lasts)
			_ = yield(engine.Link{}) && yield(engine.Link{Detail: "Connecting…"})
		}
	}
}

// A proxy that closes after a minute, whatever comes.
func TestFollow(t *testing.T) {
	for _, c := range []struct {
		lost cuts
		use  string
	}{
		{cuts{time.Minute, time.Minute, time.Minute}, Stream},
		{cuts{time.Minute, time.Minute, 20 * time.Minute, time.Minute, time.Minute}, WebSocket},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, _ := three(t, Options{})
			l.Follow(t.Context(), WebSocket, c.lost)
			if got := link(t, l).Transport; got != c.use {
				t.Errorf("after %v: %q", c.lost, got)
			}
		})
	}
}

// A rung without a word is left after three seconds; one that thinks is not.
func TestSilence(t *testing.T) {
	for _, c := range []struct {
		deaf  bool
		slow  time.Duration
		after time.Duration
		by    string
	}{
		{true, 0, 3 * time.Second, Stream},
		{false, 20 * time.Second, 20 * time.Second, WebSocket},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, rungs := three(t, Options{})
			rungs[0].deaf, rungs[0].hangs, rungs[0].slow = c.deaf, c.deaf, c.slow
			start := time.Now()
			text, err := ask(t, l, "hello")
			if took := time.Since(start); err != nil || text != c.by+" answers hello" || took != c.after {
				t.Errorf("%q, %v after %v", text, err, took)
			}
			rungs[1].slow = 0
			start = time.Now()
			final, n, err := understood(l.Transcribe(t.Context(), speech("...-")))
			if took := time.Since(start); err != nil || n != 1 || final != c.by+"...-" || took != c.slow {
				t.Errorf("%q, %d, %v after %v", final, n, err, took)
			}
		})
	}
}

// The utterance is heard from its beginning, whenever its rung fails.
func TestHeardAgain(t *testing.T) {
	for name, fail := range map[string]func(*fake){
		"in its middle": func(f *fake) { f.breaks = errReset },
		"at its end":    func(f *fake) { f.fails = errReset },
	} {
		t.Run(name, func(t *testing.T) {
			l, rungs := three(t, Options{})
			fail(rungs[0])
			final, n, err := understood(l.Transcribe(t.Context(), speech("..-...-.")))
			if err != nil || n != 1 || strings.ReplaceAll(final, "-", "") != Stream+"......" {
				t.Errorf("%q, %d, %v", final, n, err)
			}
		})
	}
}

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

// Cancelled is no failure.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, rungs := three(t, Options{})
		rungs[0].hangs = true
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		start := time.Now()
		for piece, err := range l.Respond(ctx, engine.Request{Text: "hello"}) {
			t.Error(piece, err)
		}
		if took := time.Since(start); took != 500*time.Millisecond || link(t, l).Transport != WebSocket {
			t.Errorf("after %v: %+v", took, link(t, l))
		}
	})
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"voice.example.com":               "https://voice.example.com",
		" wss://a.example/v1/realtime ":   "https://a.example",
		"ws://127.0.0.1:8765":             "http://127.0.0.1:8765",
		"http://a.example/base/v1/":       "http://a.example/base",
		"HTTPS://user:pw@a.example?x=1#y": "https://a.example",
		"":                                "", "ftp://a.example": "", "https://": "", "a b": "", "mailto:a": "",
	} {
		u, err := parse(in)
		if (err == nil) != (want != "") || err == nil && u.String() != want {
			t.Errorf("%q is %v, %v", in, u, err)
		}
	}
	if _, err := New(Options{URL: "?"}, &fake{}); err == nil {
		t.Error("no address")
	}
	if _, err := New(Options{URL: "host.example"}); err == nil {
		t.Error("no rung")
	}
}
