package server

import (
	"context"
	"encoding/json"

	"parley/engine/realtime/protocol"
)

// link is a session's connection: it reads for the loop.
type link struct {
	conn     Conn
	messages chan []byte
	lost     chan error // the reader's last word
	cancel   context.CancelFunc
	ctx      context.Context //nolint:containedctx // of the reads and writes
	err      error           // why it ended; to be read when done is closed
	done     chan struct{}   // closed when the session has no more to do with it
	read     chan struct{}   // closed when nobody reads any more
}

func newLink(c Conn) *link {
	return &link{
		conn: c, messages: make(chan []byte), lost: make(chan error, 1),
		done: make(chan struct{}), read: make(chan struct{}),
	}
}

// begin starts to read. What ends ctx ends the link only by way of the loop, which
// may have more to say.
func (l *link) begin(ctx context.Context) {
	l.ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(l.read)
		for {
			m, err := l.conn.Read(l.ctx)
			if err != nil {
				l.lost <- err
				return
			}
			select {
			case l.messages <- m:
			case <-l.ctx.Done():
				return
			}
		}
	}()
}

// close ends the link and waits for its reader.
func (l *link) close(why error) {
	l.cancel()
	<-l.read
	l.err = why
	close(l.done)
}

// attach makes l the session's connection.
func (s *session) attach(ctx context.Context, l *link) {
	if s.link != nil {
		s.link.close(ErrTakenOver)
	}
	s.link = l
	l.begin(ctx)
}

// detach takes note that a connection has ended. A session that can be taken up again
// goes on for a while.
func (s *session) detach(l *link, why error) {
	if s.link != l {
		return
	}
	if s.keeps() && !s.draining {
		s.link = nil
		l.close(why)
		s.limit.Reset(s.limits.Kept)
		s.input.drop()
		s.abandon()
		return
	}
	s.end(why)
}

// send sends an event.
func (s *session) send(e protocol.ServerEvent) {
	e.EventID = s.nextEventID()
	b, err := json.Marshal(e)
	if err != nil {
		s.log.Error("an event cannot be written", "type", e.Type, "err", err)
		return
	}
	if s.keeps() {
		kept := sentEvent{id: s.sent, text: b}
		if e.Type == protocol.OutputAudioDelta {
			kept.sound = e.ResponseID
		}
		s.ring.put(kept, s.limits.Ring)
	}
	s.transmit(b)
}

// transmit sends an event's text, if there is a connection.
func (s *session) transmit(b []byte) {
	if s.link == nil {
		return
	}
	if err := s.link.conn.Write(s.link.ctx, b); err != nil {
		s.detach(s.link, err)
	}
}

// fail tells the client what is wrong with its event.
func (s *session) fail(e protocol.ClientEvent, err *protocol.Error) {
	err.EventID = e.EventID
	s.send(protocol.ServerEvent{Type: protocol.ErrorEvent, Error: err})
}

// refuse is fail for a value that is not allowed.
func (s *session) refuse(e protocol.ClientEvent, code, param, message string) {
	s.fail(e, &protocol.Error{Type: protocol.InvalidRequest, Code: code, Param: param, Message: message})
}
