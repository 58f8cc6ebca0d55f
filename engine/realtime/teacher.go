package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// lesson is one being written at the backend. It is guarded by the client's mu.
type lesson struct {
	asked  string // event id of our request
	begun  bool   // something of it has come
	done   bool
	lost   bool
	err    error
	pieces []engine.LessonPiece
}

func (l *lesson) fail(err error) { l.err, l.done = err, true }

// Lesson implements [engine.Teacher]: [ErrNoLessons] where the backend does not teach.
// A cut that cannot be resumed has a lesson begin anew of which nothing has come, and
// ends any other with an [ErrCut].
func (c *Client) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		defer c.work()()
		for n := 1; ; n++ {
			err := c.teach(ctx, req, yield)
			switch {
			case err == nil || ctx.Err() != nil:
				return
			case errors.Is(err, errAgain) && n < askedMost:
			default:
				yield(engine.LessonPiece{}, err)
				return
			}
		}
	}
}

// teach asks for a lesson and yields it.
func (c *Client) teach(ctx context.Context, req engine.LessonRequest, yield func(engine.LessonPiece, error) bool) error {
	conn, err := c.connected(ctx)
	if err != nil {
		return err
	}
	if !conn.has(protocol.Teaching1) {
		return ErrNoLessons
	}
	l, id := &lesson{asked: c.event()}, c.event()
	c.mu.Lock()
	if c.link != conn {
		c.mu.Unlock()
		return errAgain
	}
	c.session.lessons[id] = l
	c.mu.Unlock()
	defer c.untaught(id, l)
	// Whether it came there is found out when it is connected again.
	_ = conn.send(protocol.ClientEvent{
		Type: protocol.ParleyLesson, EventID: l.asked,
		Lesson: &protocol.LessonParams{ID: id, Topic: req.Topic, Level: req.Level, Goal: req.Goal},
	})
	for {
		var pieces []engine.LessonPiece
		var over bool
		err := c.await(ctx, answerTime, func() (bool, error) {
			pieces, l.pieces = l.pieces, nil
			over = l.done || l.lost
			if over || len(pieces) > 0 {
				return true, nil
			}
			return false, c.away()
		})
		if errors.Is(err, errLate) {
			err = fmt.Errorf("%w: the lesson does not go on", ErrTimeout)
		}
		if err != nil {
			return err
		}
		for _, piece := range pieces {
			if !yield(piece, nil) {
				return nil
			}
		}
		if over {
			return l.end(c)
		}
	}
}

// end is what became of a lesson that is over.
func (l *lesson) end(c *Client) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case l.done:
		return l.err
	case l.begun:
		return fmt.Errorf("%w in the middle of the lesson", ErrCut)
	}
	return errAgain
}

// untaught forgets a lesson; one that is still being written is not wanted any more.
func (c *Client) untaught(id string, l *lesson) {
	c.mu.Lock()
	conn, open := c.link, !l.done && !l.lost && c.session.lessons[id] == l
	delete(c.session.lessons, id)
	c.mu.Unlock()
	if conn != nil && open {
		_ = conn.send(protocol.ClientEvent{Type: protocol.ParleyLessonCancel, EventID: c.event(), Lesson: &protocol.LessonParams{ID: id}})
	}
}

// taught: the next of a lesson, or its end.
func (s *session) taught(ev protocol.ServerEvent) {
	if ev.Lesson == nil {
		return
	}
	l := s.lessons[ev.Lesson.ID]
	if l == nil || l.done {
		return
	}
	l.begun = true
	piece := engine.LessonPiece{}
	if ev.Type == protocol.ParleyLessonDelta {
		piece.Markdown = ev.Lesson.Markdown
	} else {
		l.done = true
		if ev.Lesson.Error != "" {
			l.err = fmt.Errorf("realtime: no lesson: %w", said(&protocol.Error{Message: ev.Lesson.Error}))
		}
	}
	if len(ev.Lesson.Plan) > 0 {
		plan := new(engine.Plan)
		if json.Unmarshal(ev.Lesson.Plan, plan) == nil && string(ev.Lesson.Plan) != "null" { // without it there is still the text
			piece.Plan = plan
		}
	}
	if piece != (engine.LessonPiece{}) {
		l.pieces = append(l.pieces, piece)
	}
}
