package engine

import (
	"context"
	"slices"
	"strings"
	"time"
)

// lessonInProgress is a lesson being written. It is nobody's reply: a barge-in
// does not end it, another lesson or conversation does.
type lessonInProgress struct {
	cancel   context.CancelFunc
	topic    string
	markdown strings.Builder
	plan     *Plan
}

// writeLesson has a lesson written beside the conversation.
func (c *Conversation) writeLesson(id TurnID, req LessonRequest) {
	if c.cfg.Teacher == nil {
		return
	}
	c.dropLesson()
	ctx, cancel := context.WithCancel(c.ctx)
	l := &lessonInProgress{cancel: cancel, topic: req.Topic}
	c.lesson = l
	c.all.Go(func() {
		defer cancel()
		for piece, err := range c.cfg.Teacher.Lesson(ctx, req) {
			if err != nil {
				c.report(func() { c.lessonFailed(l, err) })
				return
			}
			c.report(func() { c.lessonGrew(l, id, piece) })
		}
		if ctx.Err() == nil {
			c.report(func() { c.lessonDone(l, id) })
		}
	})
}

// teach: the reply r wants a lesson written.
func (c *Conversation) teach(r *reply, req LessonRequest) {
	if c.reply == r {
		if req.Turns == nil {
			req.Turns = slices.Clip(c.record.turns)
		}
		c.writeLesson(r.id, req)
	}
}

// studied: with the reply r the learner has come so far.
func (c *Conversation) studied(r *reply, p Progress) {
	if c.reply == r {
		c.emit(r.id, LessonProgress{p})
	}
}

// dropLesson ends the writing of a lesson.
func (c *Conversation) dropLesson() {
	if c.lesson != nil {
		c.lesson.cancel()
		c.lesson = nil
	}
}

func (c *Conversation) lessonGrew(l *lessonInProgress, id TurnID, piece LessonPiece) {
	if c.lesson != l {
		return
	}
	l.markdown.WriteString(piece.Markdown)
	if piece.Plan != nil {
		l.plan = piece.Plan
	}
	if piece.Markdown != "" {
		c.emit(id, LessonDelta{Markdown: piece.Markdown})
	}
}

// lessonFailed does not end the turn: the reply goes on.
func (c *Conversation) lessonFailed(l *lessonInProgress, err error) {
	if c.lesson == l {
		c.lesson = nil
		c.fail(0, stageLesson, err)
	}
}

func (c *Conversation) lessonDone(l *lessonInProgress, id TurnID) {
	if c.lesson != l {
		return
	}
	c.lesson = nil
	text := l.markdown.String()
	done, err := c.record.addLesson(Lesson{Title: lessonTitle(text, l.topic), Markdown: text, Plan: l.plan}, time.Now())
	if err != nil {
		c.fail(0, stageLesson, err)
	}
	c.emit(id, LessonDone{done})
}

// currentLesson is the conversation's last lesson, as far as it is written.
func (c *Conversation) currentLesson() Lesson {
	if c.lesson != nil {
		return Lesson{Markdown: c.lesson.markdown.String()}
	}
	return c.record.last
}

// lessonTitle is the lesson's heading of level 1, or else its topic.
func lessonTitle(markdown, topic string) string {
	first, _, _ := strings.Cut(markdown, "\n")
	if title, ok := strings.CutPrefix(first, "# "); ok && strings.TrimSpace(title) != "" {
		return strings.TrimSpace(title)
	}
	return topic
}
