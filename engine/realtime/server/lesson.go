package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// lessonsMost is how many lessons are written at a time in a session.
const lessonsMost = 2

// lessonInProgress is a lesson being written. It is nobody's reply: a barge-in does
// not end it.
type lessonInProgress struct {
	id       string // the client's; empty: no client asked for it or sees it
	topic    string
	cancel   context.CancelFunc
	markdown strings.Builder
	plan     *engine.Plan
}

// lookAt has a user's words looked at for teaching, and tells of it once.
func (s *session) lookAt(i *item) (engine.Teaching, bool) {
	if s.backend.Detector == nil || i.pending {
		return engine.Teaching{}, false
	}
	found, ok := s.backend.Detector.Detect(i.Words())
	if !ok || i.looked {
		i.looked = true
		return found, ok
	}
	i.looked = true
	if s.has(protocol.Teaching1) {
		s.send(protocol.ServerEvent{Type: protocol.ParleyTeaching, ItemID: i.ID, Teaching: &protocol.Teaching{
			Kind: string(found.Kind), Topic: found.Topic, Confidence: found.Confidence,
		}})
	} else if found.Kind == engine.TeachLesson {
		s.writeUnseen(engine.LessonRequest{Topic: found.Topic})
	}
	return found, ok
}

// teach: a response wants a lesson written. A client of the extension asks for it.
func (s *session) teach(r *response, req engine.LessonRequest) {
	switch {
	case r.done:
	case s.has(protocol.Teaching1):
		s.send(protocol.ServerEvent{Type: protocol.ParleyTeaching, ResponseID: r.id, Teaching: &protocol.Teaching{
			Kind: string(engine.TeachLesson), Topic: req.Topic, Level: req.Level, Goal: req.Goal,
		}})
	default:
		s.writeUnseen(req)
	}
}

// usedTool: a tool of the server's own was called for a response.
func (s *session) usedTool(r *response, use engine.ToolUse) {
	if r.done || !s.has(protocol.Speculation1) {
		return
	}
	s.send(protocol.ServerEvent{Type: protocol.ParleyTool, ResponseID: r.id, Tool: &protocol.ToolCall{
		Name: use.Tool, Input: use.Arguments, Result: use.Result, Failed: use.Failed,
	}})
}

// writeUnseen writes the lesson that a client without the extension was promised: it
// cannot be shown, but it can be studied by voice.
func (s *session) writeUnseen(req engine.LessonRequest) {
	if s.mind.Teacher == nil || !s.mayWork() {
		return
	}
	if old := s.lessons[""]; old != nil {
		old.cancel()
	}
	s.writeLesson("", req)
}

// createLesson is x_parley.lesson.create.
func (s *session) createLesson(e protocol.ClientEvent) {
	p := e.Lesson
	switch {
	case p == nil || p.ID == "" || len(p.ID) > 100 || p.Topic == "":
		s.refuse(e, protocol.CodeInvalidValue, "lesson", "A lesson needs an id of 1 to 100 bytes and a topic.")
	case len(p.Topic)+len(p.Level)+len(p.Goal) > 4096:
		s.refuse(e, protocol.CodeInvalidValue, "lesson", "What a lesson is asked for with may have 4096 bytes at most.")
	case s.lessons[p.ID] != nil:
		s.refuse(e, protocol.CodeInvalidValue, "lesson.id", fmt.Sprintf("The lesson %.100q is being written already.", p.ID))
	case !s.mayWork():
		s.busy(e)
	case len(s.lessons) >= lessonsMost:
		s.refuse(e, protocol.CodeRateLimitExceeded, "lesson", fmt.Sprintf("There may be %d lessons being written at a time.", lessonsMost))
	case s.mind.Teacher == nil:
		s.send(protocol.ServerEvent{Type: protocol.ParleyLessonDone, Lesson: &protocol.Lesson{ID: p.ID, Error: "This server writes no lessons."}})
	default:
		s.writeLesson(p.ID, engine.LessonRequest{Topic: p.Topic, Level: p.Level, Goal: p.Goal})
	}
}

// cancelLesson is x_parley.lesson.cancel.
func (s *session) cancelLesson(e protocol.ClientEvent) {
	if e.Lesson == nil || e.Lesson.ID == "" || s.lessons[e.Lesson.ID] == nil {
		s.refuse(e, protocol.CodeInvalidValue, "lesson.id", "No such lesson is being written.")
		return
	}
	s.endLesson(s.lessons[e.Lesson.ID], "It was cancelled.")
}

// writeLesson has a lesson written beside the conversation.
func (s *session) writeLesson(id string, req engine.LessonRequest) {
	if req.Turns == nil {
		req.Turns = requestOf(s.items.list, "").Turns
	}
	ctx, cancel := context.WithCancel(s.ctx)
	l := &lessonInProgress{id: id, topic: req.Topic, cancel: cancel}
	if s.lessons == nil {
		s.lessons = make(map[string]*lessonInProgress)
	}
	s.lessons[id] = l
	s.work(func() {
		defer cancel()
		for piece, err := range s.mind.Teacher.Lesson(ctx, req) {
			if err != nil {
				s.stage(ctx, func() { s.endLesson(l, forPerson(err)) })
				return
			}
			s.stage(ctx, func() { s.lessonGrew(l, piece) })
		}
		s.stage(ctx, func() { s.endLesson(l, "") })
	})
}

func (s *session) lessonGrew(l *lessonInProgress, piece engine.LessonPiece) {
	if s.lessons[l.id] != l {
		return
	}
	if piece.Plan != nil {
		l.plan = piece.Plan
	}
	if l.markdown.Len()+len(piece.Markdown) > s.limits.Text {
		l.cancel()
		s.endLesson(l, "It grew longer than a lesson may.")
		return
	}
	l.markdown.WriteString(piece.Markdown)
	s.lesson = engine.Lesson{Markdown: l.markdown.String()}
	if l.id != "" && piece.Markdown != "" {
		s.send(protocol.ServerEvent{Type: protocol.ParleyLessonDelta, Lesson: &protocol.Lesson{ID: l.id, Markdown: piece.Markdown}})
	}
}

// endLesson ends the writing of a lesson: it is whole, unless why says something.
func (s *session) endLesson(l *lessonInProgress, why string) {
	if s.lessons[l.id] != l {
		return
	}
	l.cancel()
	delete(s.lessons, l.id)
	told := &protocol.Lesson{ID: l.id, Error: why}
	if why == "" {
		text := l.markdown.String()
		s.lesson = engine.Lesson{Title: titleOf(text, l.topic), Markdown: text, Plan: l.plan}
		if l.plan != nil {
			if plan, err := json.Marshal(l.plan); err == nil {
				told.Plan = plan
			}
		}
	}
	if l.id != "" {
		s.send(protocol.ServerEvent{Type: protocol.ParleyLessonDone, Lesson: told})
	}
}

// titleOf is a lesson's heading of level 1, or else its topic.
func titleOf(markdown, topic string) string {
	first, _, _ := strings.Cut(markdown, "\n")
	if title, ok := strings.CutPrefix(first, "# "); ok && strings.TrimSpace(title) != "" {
		return strings.TrimSpace(title)
	}
	return topic
}
