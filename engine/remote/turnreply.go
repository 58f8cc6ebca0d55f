package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// Respond implements [engine.Responder]: by the answer that has been kept, if that is
// to this, else by a request of its own.
func (t *Turn) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		history := items(req.Turns)
		early := t.take(req, history)
		turn := &said{history: history, text: req.Text}
		t.mu.Lock()
		t.last = turn
		t.mu.Unlock()
		if early != nil {
			given, err := t.give(ctx, early, turn, yield)
			if what, _ := judge(err); err == nil || given || what != leave {
				fail(ctx, err, yield)
				return
			}
			// It broke before it was wanted: that says nothing about now.
		}
		_, err := t.give(ctx, t.exchange(turnRequest{Session: t.session(req.Instructions), History: history, Text: req.Text}), turn, yield)
		fail(ctx, err, yield)
	}
}

// fail ends a reply by an error, if there is one and somebody is still there.
func fail(ctx context.Context, err error, yield func(engine.Reply, error) bool) {
	if err != nil && ctx.Err() == nil {
		yield(nil, err)
	}
}

// give hands a reply on, and says whether any of it was. The error is nil also where
// nobody wants more.
func (t *Turn) give(ctx context.Context, e *exchange, turn *said, yield func(engine.Reply, error) bool) (given bool, err error) {
	defer e.finish()
	for {
		piece, ok, err := e.next(ctx)
		switch {
		case ctx.Err() != nil:
			return given, nil
		case !ok && err == nil:
			t.mu.Lock()
			turn.whole = true
			t.mu.Unlock()
			return given, nil
		case !ok:
			return given, err
		}
		given = true
		t.mu.Lock()
		switch piece := piece.(type) {
		case engine.Words:
			turn.reply.WriteString(piece.Text)
		case engine.Voiced:
			turn.reply.WriteString(piece.Text)
		}
		t.mu.Unlock()
		if !yield(piece, nil) {
			return true, nil
		}
	}
}

// Lesson implements [engine.Teacher]. What was said before does not go up.
func (t *Turn) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		resp, err := t.door.post(ctx, lessonPath, protocol.LessonParams{Topic: req.Topic, Level: req.Level, Goal: req.Goal}, "text/event-stream")
		if err != nil {
			yield(engine.LessonPiece{}, notThere(err))
			return
		}
		defer resp.Body.Close()
		some := false
		for data, err := range events(resp.Body) {
			var event protocol.ServerEvent
			if err == nil {
				event, err = decode(data)
			}
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				yield(engine.LessonPiece{}, err)
				return
			}
			piece, over, err := lessonPiece(event, some)
			if err != nil {
				yield(engine.LessonPiece{}, err)
				return
			}
			if (piece.Markdown != "" || piece.Plan != nil) && !yield(piece, nil) || over {
				return
			}
			some = some || piece.Markdown != ""
		}
		if ctx.Err() == nil {
			yield(engine.LessonPiece{}, fmt.Errorf("remote: %s stopped in the middle of the lesson: %w", t.door.base.Host, io.ErrUnexpectedEOF))
		}
	}
}

// lessonPiece is what an event has of a lesson, and whether it is the last. At the
// end the whole comes again, which is of use only if nothing has come before.
func lessonPiece(event protocol.ServerEvent, some bool) (piece engine.LessonPiece, over bool, err error) {
	l := event.Lesson
	switch {
	case event.Type == protocol.ErrorEvent:
		return piece, true, toldError(event.Error)
	case event.Type == protocol.ParleyLessonDelta && l != nil:
		piece.Markdown = l.Markdown
		return piece, false, nil
	case event.Type != protocol.ParleyLessonDone || l == nil:
		return piece, false, nil
	case l.Error != "":
		return piece, true, &protocol.Error{Type: protocol.ServerFault, Message: l.Error}
	}
	if !some {
		piece.Markdown = l.Markdown
	}
	if len(l.Plan) > 0 && string(l.Plan) != "null" {
		piece.Plan = new(engine.Plan)
		if err := json.Unmarshal(l.Plan, piece.Plan); err != nil {
			return piece, true, fmt.Errorf("remote: the lesson's plan cannot be read: %w", err)
		}
	}
	return piece, true, nil
}
