package engine

import (
	"context"
	"iter"
	"slices"
	"time"

	"parley/engine/turn"
)

// committed is a user's turn whose words are certain.
type committed struct {
	id            TurnID
	text          string
	before        string // the user's words before it, of which it is the rest
	confidence    float64
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
	c.abandon()
	c.interrupt(causeBargeIn)
	now := time.Now()
	c.commit(committed{id: c.nextTurn(), text: text, typed: true, began: now, lastVoice: now})
}

// commit makes a turn part of the conversation and has it answered.
func (c *Conversation) commit(t committed) {
	c.emit(t.id, TranscriptFinal{Text: t.text, Typed: t.typed})
	if t.text == "" {
		c.dropDraft()
		c.showState()
		return
	}
	asked := c.whole(t.before, t.text)
	teaching := c.teachingIn(asked)
	before := c.record.turns
	c.keep(Turn{ID: t.id, Who: User, At: t.began, Text: t.text, Heard: t.text, Typed: t.typed, Teaching: teaching})
	if teaching.Kind != "" {
		c.emit(t.id, TeachingDetected{teaching})
	}
	switch {
	case isStop(t.text): // silence is the answer
		c.dropDraft()
	case c.hearing != nil || len(c.pending) > 0: // the user has gone on speaking and wants no answer yet
		c.dropDraft()
	default:
		c.begin(t, asked, teaching, before)
	}
	c.showState()
}

// whole is what a user has said who was answered too soon: his words with those
// before, unless they are a sentence by themselves.
func (c *Conversation) whole(before, text string) string {
	if before == "" || text == "" || c.detector.Config().Sense(text) == turn.Complete {
		return text
	}
	return before + " " + text
}

// begin has a committed turn answered: by what was prepared, or anew. asked is
// the turn with what it is the rest of.
func (c *Conversation) begin(t committed, asked string, teaching Teaching, before []Turn) {
	if teaching.Kind == TeachLesson {
		c.writeLesson(t.id, LessonRequest{Topic: teaching.Topic, Turns: slices.Clip(before)})
	}
	if c.release(t, asked) {
		return
	}
	r := &reply{asked: asked, teaching: teaching}
	c.install(r, t)
	c.start(r, c.answer(asked, t.confidence, teaching, before))
}

// teachingIn is what a turn's text has to do with teaching.
func (c *Conversation) teachingIn(text string) Teaching {
	if c.cfg.Detector == nil {
		return Teaching{}
	}
	found, ok := c.cfg.Detector.Detect(text)
	if !ok {
		return Teaching{}
	}
	return found
}

// answer asks the responder.
func (c *Conversation) answer(text string, confidence float64, teaching Teaching, before []Turn) func(context.Context) iter.Seq2[Reply, error] {
	req := Request{
		Text: text, Turns: slices.Clip(before), Teaching: teaching, At: time.Now(), Confidence: confidence,
		Lesson: c.currentLesson(), Conversation: c.record.info.ID,
	}
	return func(ctx context.Context) iter.Seq2[Reply, error] { return c.cfg.Responder.Respond(ctx, req) }
}

// keep makes a finished turn part of the conversation.
func (c *Conversation) keep(t Turn) {
	if err := c.record.add(t); err != nil {
		c.fail(0, stageHistory, err)
	}
	c.watchers.current(c.record.info)
	c.watchers.finished(t)
}
