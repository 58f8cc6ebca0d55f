package realtime

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/realtime/protocol"
	"parley/engine/realtime/server"
)

// scissors cut connections at the nth event that goes over any of them. Of the events
// that are 20 ms of the user's sound, which are all alike, they see every eighth.
type scissors struct {
	at      int64 // from 1
	arrives bool  // … which arrives before
	events  atomic.Int64
	sounds  atomic.Int64
	done    atomic.Bool
}

// cutSocket is a connection with scissors at it.
type cutSocket struct {
	*socket

	s *scissors
}

// cut says whether this is the event.
func (c cutSocket) cut(event []byte) bool {
	if strings.Contains(string(event[:min(len(event), 60)]), protocol.InputAppend) && c.s.sounds.Add(1)%8 != 0 {
		return false
	}
	return c.s.events.Add(1) == c.s.at && !c.s.done.Swap(true)
}

func (c cutSocket) Read(ctx context.Context) ([]byte, error) {
	m, err := c.socket.Read(ctx)
	if err != nil || !c.cut(m) {
		return m, err
	}
	_ = c.conn.CloseNow()
	if c.s.arrives {
		return m, nil
	}
	return nil, io.ErrUnexpectedEOF
}

func (c cutSocket) Write(ctx context.Context, event []byte) error {
	if !c.cut(event) {
		return c.socket.Write(ctx, event)
	}
	if c.s.arrives {
		_ = c.socket.Write(ctx, event)
	}
	_ = c.conn.CloseNow()
	return io.ErrUnexpectedEOF
}

// turnScore is a turn that is answered, and one after it.
func turnScore(t *testing.T) enginetest.Score {
	t.Helper()
	score, err := enginetest.Parse("cut", `
user 0.1s 0.4s gravity
answer gravity => It pulls. It holds.
user 2s 2.2s thanks
answer thanks => Well.
end 3.4s
said 1 gravity
said 2 thanks
heard 1 It pulls. It holds.
heard 2 Well.
never error
never reply.interrupted
`)
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// perform plays a score over connections that are cut, and returns what is wrong, and
// how many events there were.
func perform(t *testing.T, score enginetest.Score, extensions []string, s *scissors) (enginetest.Performance, []string) {
	t.Helper()
	var p enginetest.Performance
	synctest.Test(t, func(*testing.T) {
		p = enginetest.Perform(score, func(cfg engine.Config) engine.Session {
			return newDesk(cfg, extensions, func(one *socket) server.Conn { return cutSocket{one, s} })
		})
	})
	return p, append(enginetest.Laws(p), enginetest.Wishes(p)...)
}

// Wherever the connection is cut: a session that can be resumed loses nothing and says
// nothing twice.
func TestCutAtAnyEventIsResumed(t *testing.T) {
	score, whole := turnScore(t), &scissors{}
	if p, wrong := perform(t, score, ours, whole); len(wrong) > 0 {
		t.Fatalf("uncut: %s\n%s", wrong, p.Log())
	}
	n := whole.events.Load()
	for at := int64(1); at <= n; at++ {
		s := &scissors{at: at, arrives: at%2 == 0}
		if p, wrong := perform(t, score, ours, s); len(wrong) > 0 || !s.done.Load() && s.events.Load() >= at { // there may be an event less
			t.Errorf("cut at event %d of %d (arrives: %v): %s\n%s", at, n, s.arrives, wrong, p.Log())
			return
		}
	}
	t.Logf("cut at each of %d events", n)
}

// Where it cannot be resumed, an utterance is sent again and a reply of which nothing
// has come is asked for again; one that broke off says so, and the next is given.
func TestCutAtAnyEventWithoutResume(t *testing.T) {
	foreign := []string{protocol.Speculation1}
	score, whole := turnScore(t), &scissors{}
	if p, wrong := perform(t, score, foreign, whole); len(wrong) > 0 {
		t.Fatalf("uncut: %s\n%s", wrong, p.Log())
	}
	n, broke := whole.events.Load(), 0
	for at := int64(1); at <= n; at += 2 {
		s := &scissors{at: at}
		p, wrong := perform(t, score, foreign, s)
		for _, w := range wrong {
			if strings.HasPrefix(w, "law") || strings.Contains(w, "said") {
				t.Errorf("cut at event %d of %d: %s\n%s", at, n, w, p.Log())
				return
			}
		}
		failed := 0
		for _, ev := range p.Events {
			if e, ok := ev.Body.(engine.Error); ok {
				failed++
				if !strings.Contains(e.Message, "broke off") {
					t.Errorf("cut at event %d of %d: it says %q", at, n, e.Message)
				}
			}
		}
		if failed > 1 || failed == 0 && len(wrong) > 0 {
			t.Errorf("cut at event %d of %d: %d failures, %s\n%s", at, n, failed, wrong, p.Log())
			return
		}
		broke += failed
	}
	if broke == 0 || broke >= int(n/2) {
		t.Errorf("%d of %d cuts broke a reply", broke, n)
	}
	t.Logf("%d of %d cuts broke a reply", broke, n)
}
