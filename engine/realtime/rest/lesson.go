package rest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// lesson writes one, as the events it is written with over WebSocket.
func (h *routes) lesson(w http.ResponseWriter, r *http.Request) error {
	var asked protocol.LessonParams
	if err := readJSON(w, r, h.limits.JSON, &asked); err != nil {
		return err
	}
	if strings.TrimSpace(asked.Topic) == "" {
		return invalid("topic", "topic is missing: what the lesson is to be about")
	}
	if asked.ID == "" {
		asked.ID = "lesson_" + rand.Text()
	}
	m, forget := h.mind()
	defer forget()
	if m.Teacher == nil {
		return &httpError{status: http.StatusNotImplemented, code: "no_teacher", message: "this backend writes no lessons"}
	}
	h.stream(w, r, func(ctx context.Context, s *stream) error { return teach(ctx, s, m.Teacher, asked) })
	return nil
}

// teach sends a lesson as it is written. What fails halfway ends it with what is
// there.
func teach(ctx context.Context, s *stream, teacher engine.Teacher, asked protocol.LessonParams) error {
	send := func(kind string, l protocol.Lesson) error {
		return s.send(protocol.ServerEvent{Type: kind, EventID: "event_" + rand.Text(), Lesson: &l})
	}
	done := protocol.Lesson{ID: asked.ID}
	var whole strings.Builder
	for piece, err := range teacher.Lesson(ctx, engine.LessonRequest{Topic: asked.Topic, Level: asked.Level, Goal: asked.Goal}) {
		if err != nil {
			err = failed("teacher", err)
			if whole.Len() == 0 {
				return err
			}
			done.Error = s.h.told(s.r, err).message
			break
		}
		whole.WriteString(piece.Markdown)
		if piece.Plan != nil {
			if done.Plan, err = json.Marshal(piece.Plan); err != nil {
				return failed("teacher", err)
			}
		}
		if piece.Markdown == "" {
			continue
		}
		if err := send(protocol.ParleyLessonDelta, protocol.Lesson{ID: asked.ID, Markdown: piece.Markdown}); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	done.Markdown = whole.String()
	return send(protocol.ParleyLessonDone, done)
}
