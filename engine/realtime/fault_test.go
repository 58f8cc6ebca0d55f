package realtime

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/realtime/protocol"
	"parley/engine/realtime/server"
)

// swallowed is a connection that, once it is half open, takes everything and gives
// nothing, as one of a network that has gone away.
type swallowed struct {
	net.Conn

	half *atomic.Bool
	end  chan struct{}
}

func (s *swallowed) Write(b []byte) (int, error) {
	if s.half.Load() {
		return len(b), nil
	}
	return s.Conn.Write(b)
}

func (s *swallowed) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	if s.half.Load() {
		<-s.end
		return 0, net.ErrClosed
	}
	return n, err
}

func (s *swallowed) Close() error {
	select {
	case <-s.end:
	default:
		close(s.end)
	}
	return s.Conn.Close()
}

// halfOpen is a wire whose first connection becomes half open when half says so.
func halfOpen(half *atomic.Bool) func() *wire {
	return func() *wire {
		w, n := newWire(), 0
		w.dial = func() (client, server net.Conn, err error) {
			client, server = net.Pipe()
			if n++; n == 1 {
				client = &swallowed{Conn: client, half: half, end: make(chan struct{})}
			}
			return client, server, nil
		}
		return w
	}
}

// A network that goes away without a word, in mid-turn: the turn is heard and answered
// over another connection.
func TestHalfOpenInMidTurn(t *testing.T) {
	for _, at := range []time.Duration{200 * time.Millisecond, 380 * time.Millisecond, 700 * time.Millisecond} {
		half := &atomic.Bool{}
		score := turnScore(t)
		score.Lines[1].From, score.Lines[1].To, score.End = 20*time.Second, 20200*time.Millisecond, 23*time.Second
		var p enginetest.Performance
		bubble(t, func() {
			p = enginetest.Perform(score, func(cfg engine.Config) engine.Session {
				d := newDesk(cfg, ours, func(s *socket) server.Conn { return s })
				d.wire.dial = halfOpen(half)().dial
				time.AfterFunc(at, func() { half.Store(true) })
				return d
			})
		})
		for _, w := range append(enginetest.Laws(p), enginetest.Wishes(p)...) {
			t.Errorf("at %v: %s\n%s", at, w, p.Log())
		}
	}
}

// A computer that slept wakes with connections that look open: the first thing asked
// for is answered over a new one, soon.
func TestSleptConnection(t *testing.T) {
	half := &atomic.Bool{}
	var handler *server.Handler // made within the bubble
	network := func() *wire {
		handler = server.NewHandler(server.Backend{
			Synthesizer: func(string, float64) engine.Synthesizer { return dumb{} },
			Mind:        func() server.Mind { return server.Mind{Responder: echo{}} },
		}, server.Config{})
		return halfOpen(half)()
	}
	serve := func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }
	over(t, Config{}, network, serve, func(ctx context.Context, c *Client) {
		half.Store(true)
		time.Sleep(time.Second) // less than a heartbeat: it still looks open
		start := time.Now()
		r := textOf(ctx, c, "are you there")
		if took := time.Since(start); r != "are you there" || took > 4*time.Second {
			t.Errorf("%q after %v", r, took)
		}
		_ = handler.Shutdown(ctx)
	})
}

// A host that takes the connection and says nothing.
func TestHandshakeThatHangs(t *testing.T) {
	over(t, Config{}, newWire, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(ctx context.Context, c *Client) {
		if err := c.Ready(ctx); !errors.Is(err, ErrTimeout) {
			t.Errorf("%v", err)
		}
		start := time.Now()
		if r := ask(ctx, c, "hello"); !errors.Is(r.err, ErrTimeout) || time.Since(start) > 8*time.Second {
			t.Errorf("%v after %v", r.err, time.Since(start))
		}
		if l := c.now(); l.Transport != "" || !strings.HasSuffix(l.Detail, ".") {
			t.Errorf("link %+v", l)
		}
	})
}

// Whatever ends a connection, the next one goes on: what was not begun is asked for
// again, what was is over.
func TestEndsOfConnections(t *testing.T) {
	for name, c := range map[string]struct {
		script func(*fake)
		want   error
	}{
		"20 MB": {func(f *fake) {
			f.until(protocol.ResponseCreate)
			f.send(`{"type":"response.output_audio.delta","delta":"` + strings.Repeat("A", 20<<20) + `"}`)
			f.rest()
		}, nil},
		"closed before the reply": {func(f *fake) { f.until(protocol.ResponseCreate) }, nil},
		"closed at once":          {func(*fake) {}, nil},
		"reset in mid-reply": {func(f *fake) {
			f.until(protocol.ResponseCreate)
			f.reply(strings.Join(strings.SplitAfter(usual, "\n")[:4], ""))
			time.Sleep(100 * time.Millisecond) // what is on its way when a connection is reset may be lost
		}, ErrCut},
		"expired in mid-reply": {func(f *fake) {
			f.until(protocol.ResponseCreate)
			f.reply(strings.Join(strings.SplitAfter(usual, "\n")[:4], "") + `{"type":"error","error":{"message":"over","code":"session_expired"}}`)
			f.rest()
		}, ErrCut},
	} {
		t.Run(name, func(t *testing.T) {
			against(t, Config{}, func(f *fake) {
				f.hello()
				if f.nth == 1 {
					c.script(f)
					return
				}
				for f.until(protocol.ResponseCreate) != nil {
					f.reply(usual)
				}
			}, func(ctx context.Context, client *Client) {
				r := ask(ctx, client, "hello")
				if !errors.Is(r.err, c.want) || c.want == nil && r.voiced != "It pulls you." {
					t.Errorf("%q, %v", r.voiced, r.err)
				}
				if c.want != nil && (r.voiced != "It pulls " || r.sound != 300*time.Millisecond) {
					t.Errorf("%q in %v came before", r.voiced, r.sound)
				}
				if r := ask(ctx, client, "hello"); r.voiced != "It pulls you." || r.err != nil {
					t.Errorf("then: %q, %v", r.voiced, r.err)
				}
			})
		})
	}
}

// A reply that never ends is cut, and nothing waits for it.
func TestEndlessReply(t *testing.T) {
	against(t, Config{}, func(f *fake) {
		f.hello()
		f.until(protocol.ResponseCreate)
		f.send(`{"type":"response.created","response":{"id":"r"}}`)
		for range 40 {
			f.send(`{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"` + silence(10*time.Second) + `"}`)
		}
		f.rest()
	}, func(ctx context.Context, c *Client) {
		var sound time.Duration
		var failed error
		for piece, err := range c.Respond(ctx, engine.Request{Text: "hello"}) {
			if v, ok := piece.(engine.Voiced); ok {
				sound += v.Frame.Duration()
				time.Sleep(v.Frame.Duration()) // as it is played
			}
			failed = err
		}
		if !errors.Is(failed, errEndless) || sound > soundMost+10*time.Second || sound < soundMost-10*time.Second {
			t.Errorf("%v of sound, %v", sound, failed)
		}
	})
}

// A session is renewed before it expires, while nothing is under way, and a short one
// not without end.
func TestRenewal(t *testing.T) {
	for length, most := range map[time.Duration]int64{10 * time.Minute: 5, 10 * time.Second: 300} {
		t.Run(length.String(), func(t *testing.T) { renewal(t, length, most) })
	}
}

func renewal(t *testing.T, length time.Duration, most int64) {
	var connections atomic.Int64
	over(t, Config{}, newWire, func(w http.ResponseWriter, r *http.Request) {
		connections.Add(1)
		script(w, r, func(f *fake) {
			f.send(fmt.Sprintf(`{"type":"session.created","session":{"id":"s","expires_at":%d}}`, time.Now().Add(length).Unix()))
			f.until(protocol.SessionUpdate)
			f.send(`{"type":"session.updated","session":{"id":"s"}}`)
			f.rest()
		})
	}, func(ctx context.Context, c *Client) {
		time.Sleep(30 * time.Minute)
		if n := connections.Load(); n < int64(30*time.Minute/length) || n > most {
			t.Errorf("%d connections in half an hour", n)
		}
		if err := c.Ready(ctx); err != nil {
			t.Error(err)
		}
		if err := c.Run(ctx); err == nil {
			t.Error("it runs twice")
		}
	})
}

// How often it is tried: soon at first, then seldom, and when the host says.
func TestBackoff(t *testing.T) {
	for _, c := range []struct {
		status      int
		least, most int64 // in ten minutes
	}{{0, 38, 60}, {404, 9, 12}, {503, 55, 63}} {
		var tries atomic.Int64
		over(t, Config{}, newWire, func(w http.ResponseWriter, _ *http.Request) {
			tries.Add(1)
			switch c.status {
			case 0:
				panic(http.ErrAbortHandler)
			case 503:
				w.Header().Set("Retry-After", "10")
			}
			w.WriteHeader(c.status)
		}, func(context.Context, *Client) { time.Sleep(10 * time.Minute) })
		if n := tries.Load(); n < c.least || n > c.most {
			t.Errorf("%d: tried %d times in ten minutes", c.status, n)
		}
	}
}

// The link is told as it changes.
func TestLinks(t *testing.T) {
	against(t, Config{}, func(f *fake) {
		f.hello()
		if f.nth == 1 {
			time.Sleep(time.Minute)
			return
		}
		f.rest()
	}, func(ctx context.Context, c *Client) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
		defer cancel()
		var seen []string
		for l := range c.Links(ctx) {
			if l.Backend != "backend" {
				t.Errorf("%+v", l)
			}
			if n := len(seen); n == 0 || seen[n-1] != l.Transport {
				seen = append(seen, l.Transport)
			}
		}
		if strings.Join(seen, ",") != "websocket,,websocket" {
			t.Errorf("seen %q", seen)
		}
	})
}
