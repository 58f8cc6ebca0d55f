package engine

import (
	"context"
	"strings"
	"time"
)

// lessonInProgress is a lesson being written. It is nobody's reply: a barge-in
// does not end it, another lesson or conversation does.
type lessonInProgress struct {
	cancel   context.CancelFunc
	markdown strings.Builder
}

// writeLesson has a lesson written beside the conversation.
func (c *Conversation) writeLesson(id TurnID, topic string) {
	if c.cfg.Teacher == nil {
		return
	}
	c.dropLesson()
	ctx, cancel := context.WithCancel(c.ctx)
	l := &lessonInProgress{cancel: cancel}
	c.lesson = l
	c.all.Go(func() {
		defer cancel()
		for piece, err := range c.cfg.Teacher.Lesson(ctx, topic) {
			if err != nil {
				c.report(func() { c.lessonFailed(l, err) })
				return
			}
			c.report(func() { c.lessonGrew(l, id, piece) })
		}
		if ctx.Err() == nil {
			c.report(func() { c.lessonDone(l, id, topic) })
		}
	})
}

// dropLesson ends the writing of a lesson.
func (c *Conversation) dropLesson() {
	if c.lesson != nil {
		c.lesson.cancel()
		c.lesson = nil
	}
}

func (c *Conversation) lessonGrew(l *lessonInProgress, id TurnID, piece string) {
	if c.lesson != l {
		return
	}
	l.markdown.WriteString(piece)
	c.emit(id, LessonDelta{Markdown: piece})
}

// lessonFailed does not end the turn: the reply goes on.
func (c *Conversation) lessonFailed(l *lessonInProgress, err error) {
	if c.lesson == l {
		c.lesson = nil
		c.fail(0, stageLesson, err)
	}
}

func (c *Conversation) lessonDone(l *lessonInProgress, id TurnID, topic string) {
	if c.lesson != l {
		return
	}
	c.lesson = nil
	done := Lesson{Title: lessonTitle(l.markdown.String(), topic), Markdown: l.markdown.String()}
	if err := c.record.addLesson(done, time.Now()); err != nil {
		c.fail(0, stageLesson, err)
	}
	c.emit(id, LessonDone{done})
}

// lessonTitle is the lesson's heading of level 1, or else its topic.
func lessonTitle(markdown, topic string) string {
	first, _, _ := strings.Cut(markdown, "\n")
	if title, ok := strings.CutPrefix(first, "# "); ok && strings.TrimSpace(title) != "" {
		return strings.TrimSpace(title)
	}
	return topic
}
