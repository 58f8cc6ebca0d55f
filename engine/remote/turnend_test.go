package remote

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// pipes is a listener on no network at all.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error { return nil }

func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p <- theirs
	return ours, nil
}

// wired starts a server in a bubble of synctest.
func wired(h http.Handler) (b Backend, stop func()) {
	wire := make(pipes)
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	var all sync.WaitGroup
	all.Go(func() { _ = server.Serve(wire) })
	transport := &http.Transport{DialContext: wire.dial}
	return Backend{URL: "http://host.example", HTTP: &http.Client{Transport: transport}}, func() {
		transport.CloseIdleConnections()
		close(wire)
		all.Wait()
		_ = server.Close()
	}
}

// Barge-in: the request is ended at once, wherever it is; at most 50 ms are allowed, of
// virtual time, which only what waits takes.
func TestTurnAbort(t *testing.T) {
	for _, where := range []string{"before the words", "in the reply"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &backend{aborts: make(chan int, 1), answer: func(_ int, _ turnRequest, s *sender) {
					s.raw(": on its way\n\n")
					if where == "in the reply" {
						s.reply("It goes on and")
					}
					s.hang()
				}}
				at, end := wired(b)
				defer end()
				rung, err := NewTurn(at, TurnOptions{})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				var stopped time.Time
				stop := func() { stopped = time.Now(); cancel() }
				if where == "before the words" {
					time.AfterFunc(time.Second, stop)
				}
				for _, err := range rung.Respond(ctx, engine.Request{Text: "hello"}) {
					if err != nil {
						t.Errorf("failed: %v", err)
					}
					if stopped.IsZero() {
						stop()
					}
				}
				<-b.aborts
				if took := time.Since(stopped); took > 50*time.Millisecond {
					t.Errorf("ended after %v", took)
				}
				rung.Close()
			})
		})
	}
}

// What the backend says, and how it breaks off, at each point of a turn.
func TestTurnFails(t *testing.T) {
	told := func(err error) bool { _, ok := errors.AsType[*protocol.Error](err); return ok }
	cut := func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
	for name, c := range map[string]struct {
		answer func(s *sender)
		is     func(error) bool
		text   string
	}{
		"at once":  {func(s *sender) { s.raw(": hello\n\n") }, cut, ""},
		"an error": {func(s *sender) { s.raw(`data: {"error":{"message":"no","type":"server_error"}}` + "\n\n") }, told, ""},
		"an event": {func(s *sender) {
			s.send(protocol.ServerEvent{Type: protocol.ErrorEvent, Error: &protocol.Error{Message: "no"}})
		}, told, ""},
		"garbage":       {func(s *sender) { s.raw("data: \x00\x01{{{\n\n") }, func(error) bool { return true }, ""},
		"no base64":     {func(s *sender) { s.send(protocol.ServerEvent{Type: protocol.OutputAudioDelta, Delta: "?!"}) }, func(error) bool { return true }, ""},
		"in the middle": {func(s *sender) { s.reply("It goes") }, cut, "It goes"},
		"response failed": {func(s *sender) {
			s.reply("It goes")
			s.send(protocol.ServerEvent{Type: protocol.ResponseDone, Response: &protocol.Response{Status: "failed"}})
		}, told, "It goes"},
		"cut by force": {func(s *sender) {
			s.reply("It goes")
			conn, _, err := http.NewResponseController(s.w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}, cut, "It goes"},
		"text only": {func(s *sender) {
			s.send(protocol.ServerEvent{Type: protocol.OutputTextDelta, Delta: "Only text"})
			s.done()
		}, nil, "Only text"},
	} {
		t.Run(name, func(t *testing.T) {
			rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) { c.answer(s) })
			text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"}))
			if text != c.text || (err != nil) != (c.is != nil) || err != nil && !c.is(err) {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	for name, answer := range map[string]func(s *sender){
		"nothing":        func(s *sender) { s.raw(": hello\n\n") },
		"failed":         func(s *sender) { s.send(protocol.ServerEvent{Type: protocol.TranscriptionFailed}) },
		"before all was": func(s *sender) { s.reply("Hm.") },
	} {
		t.Run("words: "+name, func(t *testing.T) {
			rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) { answer(s) })
			if h, n, err := understood(rung.Transcribe(t.Context(), voice(loud, nil))); err == nil || n != 0 {
				t.Errorf("%q, %d, %v", h, n, err)
			}
		})
	}
}

// The connection is kept from turn to turn.
func TestTurnKeepsConnection(t *testing.T) {
	var mu sync.Mutex
	from := map[string]bool{}
	rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) {
		mu.Lock()
		from[s.r.RemoteAddr] = true
		mu.Unlock()
		s.reply("Yes.")
		s.done()
	})
	for range 5 {
		if _, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"})); err != nil {
			t.Fatal(err)
		}
		rung.mu.Lock()
		rung.all.Wait() // the answer's end has come
		rung.mu.Unlock()
	}
	if len(from) != 1 {
		t.Errorf("%d connections for five turns", len(from))
	}
}
