package server

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"

	"parley/engine/realtime/protocol"
)

// Resumable keeps sessions whose connection was lost, for as long as their limits
// say, so that another connection takes them up. The zero value is ready.
type Resumable struct {
	mu       sync.Mutex
	sessions map[string]*session // by token
	closed   bool
	all      sync.WaitGroup
}

// keptMost is how many sessions without a connection there may be.
const keptMost = 10000

// Close ends the sessions that have no connection and returns when all have ended;
// those that have one end when that does, so drain them first.
func (r *Resumable) Close() {
	r.mu.Lock()
	r.closed = true
	kept := make([]*session, 0, len(r.sessions))
	for _, s := range r.sessions {
		kept = append(kept, s)
	}
	r.mu.Unlock()
	for _, s := range kept {
		s.report(func() {
			if s.token = ""; s.link == nil {
				s.end(ErrDraining)
			}
		})
	}
	r.all.Wait()
}

// begin carries a new session, of which c is the first connection.
func (r *Resumable) begin(ctx context.Context, s *session, c Conn, drained <-chan struct{}) error {
	s.token = newID("")
	l := newLink(c)
	s.attach(ctx, l)
	token := s.token
	r.mu.Lock()
	if r.sessions == nil {
		r.sessions = make(map[string]*session)
	}
	if r.closed || len(r.sessions) >= keptMost {
		s.token = ""
	} else {
		r.sessions[token] = s
	}
	r.mu.Unlock()
	r.all.Go(func() {
		s.run(context.WithoutCancel(ctx))
		r.mu.Lock()
		delete(r.sessions, token)
		r.mu.Unlock()
	})
	s.watch(ctx, l, drained)
	return s.leftBy(l)
}

// leftBy is what became of the session's connection l, which has ended.
func (s *session) leftBy(l *link) error {
	if errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}

// takeUp carries on a session over another connection. taken is false if there is no
// such session any more: the client, which sees another id, begins a new one.
func (r *Resumable) takeUp(ctx context.Context, c Conn, o Options) (taken bool, err error) {
	token, rest, _ := strings.Cut(o.Resume, ";")
	last, _ := strings.CutPrefix(strings.TrimSpace(rest), "last=")
	r.mu.Lock()
	s := r.sessions[strings.TrimSpace(token)]
	r.mu.Unlock()
	if s == nil {
		return false, nil
	}
	l := newLink(c)
	attached := make(chan struct{})
	s.report(func() {
		s.attach(ctx, l)
		s.limit.Stop()
		s.replay(last)
		close(attached)
	})
	select {
	case <-attached:
	case <-s.ended:
		return false, nil
	}
	s.watch(ctx, l, o.Drained)
	return true, s.leftBy(l)
}

// keeps says whether the session can be taken up again.
func (s *session) keeps() bool { return s.token != "" }

// tellToken tells what the session is taken up again by.
func (s *session) tellToken() {
	s.send(protocol.ServerEvent{Type: protocol.ParleyResume, Resume: &protocol.Resume{
		Token: s.token, TTL: int(s.limits.Kept.Seconds()), Seq: s.sent + 1,
	}})
}

// replay sends what came after the event last, as far as it was kept. A client that
// names none, or one that is no longer there, gets all that was kept.
func (s *session) replay(last string) {
	seq, _ := strconv.Atoi(strings.TrimPrefix(last, s.mark))
	l := s.link
	for _, e := range s.ring.events {
		if e.id > seq && s.link == l {
			s.transmit(e.text)
		}
	}
}

// ring is what was sent last, in case it did not arrive.
type ring struct {
	events []sentEvent
	bytes  int
}

// sentEvent is an event as it was sent.
type sentEvent struct {
	id   int
	text []byte
}

// ringMost is how many events are kept.
const ringMost = 2000

// put keeps an event, and forgets the oldest where there is too much.
func (r *ring) put(e sentEvent, most int) {
	r.events = append(r.events, e)
	r.bytes += len(e.text)
	n := 0
	for n < len(r.events)-1 && (len(r.events)-n > ringMost || r.bytes > most) {
		r.bytes -= len(r.events[n].text)
		r.events[n] = sentEvent{}
		n++
	}
	r.events = r.events[n:]
}
