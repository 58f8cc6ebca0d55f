package remote

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
