package engine

import (
	"context"
	"iter"
	"time"
)

// committed is a user's turn whose words are certain.
type committed struct {
	id            TurnID
	text          string
	typed         bool
	began         time.Time
	lastVoice     time.Time // when the user fell silent, or the typed turn came
	endpoint, stt time.Duration
}

// nextTurn takes the next number.
func (c *Conversation) nextTurn() TurnID {
	c.lastTurn++
	return c.lastTurn
}

// typed: a turn by keyboard. It interrupts as a spoken one does.
func (c *Conversation) typed(text string) {
	c.interrupt(causeBargeIn)
	c.abandon()
	now := time.Now()
	c.commit(committed{id: c.nextTurn(), text: text, typed: true, began: now, lastVoice: now})
}

// commit makes a turn part of the conversation and has it answered.
func (c *Conversation) commit(t committed) {
	c.emit(t.id, TranscriptFinal{Text: t.text, Typed: t.typed})
	if t.text == "" {
		c.showState()
		return
	}
	var teaching Teaching
	if c.cfg.Detector != nil {
		if found, ok := c.cfg.Detector.Detect(t.text); ok {
			teaching = found
		}
	}
	before := c.record.turns
	c.keep(Turn{ID: t.id, Who: User, At: t.began, Text: t.text, Heard: t.text, Typed: t.typed, Teaching: teaching})
	if teaching.Kind != "" {
		c.emit(t.id, TeachingDetected{teaching})
	}
	switch {
	case isStop(t.text): // silence is the answer
	case c.hearing != nil || len(c.pending) > 0: // the user has gone on speaking and wants no answer yet
	default:
		c.begin(t, teaching, before)
	}
	c.showState()
}

// begin has a committed turn answered.
func (c *Conversation) begin(t committed, teaching Teaching, before []Turn) {
	if teaching.Kind == TeachLesson {
		c.writeLesson(t.id, teaching.Topic)
	}
	req := Request{Text: t.text, Turns: before[:len(before):len(before)], Teaching: teaching, At: time.Now()}
	r := &reply{id: t.id, teaching: teaching, lastVoice: t.lastVoice}
	r.timing = Timing{Endpoint: t.endpoint, STT: t.stt}
	c.give(r, func(ctx context.Context) iter.Seq2[Reply, error] { return c.cfg.Responder.Respond(ctx, req) })
}

// keep makes a finished turn part of the conversation.
func (c *Conversation) keep(t Turn) {
	if err := c.record.add(t); err != nil {
		c.fail(0, stageHistory, err)
	}
	c.watchers.current(c.record.info)
	c.watchers.finished(t)
}
