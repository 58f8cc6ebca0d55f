package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"parley/engine/realtime/protocol"
)

// Resumable keeps sessions whose connection was lost, for as long as their limits
// say, so that another connection takes them up: by the header X-Parley-Resume, whose
// token x_parley.resume told. The zero value is ready.
//
// The other connection first gets session.created with the same session, under the
// event_id that it named as its last, and then all that came after that one. A reply
// goes on being made meanwhile. Sound that was appended and not committed is forgotten:
// the client appends it again, unless input_audio_buffer.committed is among what it
// gets. Where a session is no more, or more was sent than is kept, a new one begins,
// with another id.
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

// takeUp carries on a session over another connection. taken is false if that cannot
// be: then a new one is to begin.
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
	answer := make(chan bool, 1)
	s.report(func() { answer <- s.resume(ctx, l, last) })
	select {
	case taken = <-answer:
	case <-s.ended:
	}
	if !taken {
		return false, nil
	}
	s.watch(ctx, l, o.Drained)
	return true, s.leftBy(l)
}

// resume makes l the connection if everything after the event last is still there.
func (s *session) resume(ctx context.Context, l *link, last string) bool {
	seq, err := strconv.Atoi(strings.TrimPrefix(last, s.mark))
	if err != nil || seq < s.ring.gone || seq > s.sent || s.result != nil {
		return false
	}
	s.attach(ctx, l)
	s.limit.Stop()
	now := s.cfg
	again, err := json.Marshal(protocol.ServerEvent{Type: protocol.SessionCreated, EventID: last, Session: &now})
	if err != nil { // which it did not before
		s.end(err)
		return true
	}
	s.transmit(again)
	for _, e := range s.ring.events {
		if e.id > seq && s.link == l {
			s.transmit(e.text)
		}
	}
	return true
}

// keeps says whether the session can be taken up again.
func (s *session) keeps() bool { return s.token != "" }

// tellToken tells what the session is taken up again by.
func (s *session) tellToken() {
	s.send(protocol.ServerEvent{Type: protocol.ParleyResume, Resume: &protocol.Resume{
		Token: s.token, TTL: int(s.limits.Kept.Seconds()), Seq: s.sent + 1,
	}})
}

// ring is what was sent last, in case it did not arrive.
type ring struct {
	events []sentEvent
	bytes  int
	gone   int // the number of the last event that is not kept
}

// sentEvent is an event as it was sent.
type sentEvent struct {
	id    int
	text  []byte
	sound string // of this response; empty: no sound
}

// ringMost is how many events are kept.
const ringMost = 4000

// put keeps an event, and forgets the oldest where there is too much.
func (r *ring) put(e sentEvent, most int) {
	r.events = append(r.events, e)
	r.bytes += len(e.text)
	n := 0
	for n < len(r.events)-1 && (len(r.events)-n > ringMost || r.bytes > most) {
		r.bytes -= len(r.events[n].text)
		r.gone = r.events[n].id
		r.events[n] = sentEvent{}
		n++
	}
	r.events = r.events[n:]
}

// silence forgets the sound of a response: nobody wants to hear it any more.
func (r *ring) silence(response string) {
	r.events = slices.DeleteFunc(r.events, func(e sentEvent) bool {
		if e.sound == response {
			r.bytes -= len(e.text)
		}
		return e.sound == response
	})
}
