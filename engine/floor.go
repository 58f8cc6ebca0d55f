package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/audio/pcm"
	"parley/engine/turn"
)

const (
	// duckBy is how much softer a reply is while it is not known whether the user
	// interrupts it, in dB.
	duckBy = 12
	// goesOn is how soon after his turn was judged over a user who speaks again was
	// cut off: he has not yet heard an answer that he could mean.
	goesOn = 600 * time.Millisecond
	// lastWordAfter is how long nothing is heard before the transcriber is asked for
	// its last word about a voice over a reply.
	lastWordAfter = 500 * time.Millisecond
	// handPreRoll is how much sound before the key was pressed belongs to a turn by
	// hand: people begin to speak as they press it.
	handPreRoll = 200 * time.Millisecond
)

// onSound takes 10 ms from the microphone.
func (c *Conversation) onSound(s heardOrErr) {
	if s.err != nil {
		c.onMicrophoneLost(s.err)
		return
	}
	if c.micErr != nil || !c.micKnown {
		c.micErr, c.micKnown = nil, true
		c.showState()
	}
	h := s.heard
	frame := turn.Frame{
		Linear:    pcm.Level(h.Linear),
		Reference: h.Reference,
		Echo:      h.Echo,
		Settled:   h.Settled,
		Speaking:  c.reply != nil && c.reply.started(),
	}
	frame.Clean = frame.Linear
	if h.Clean != nil {
		frame.Clean = pcm.Level(h.Clean)
	}
	if level, ok := c.levels.step(frame.Linear, frame.Reference); ok {
		c.emit(0, level)
	}
	byHand := c.hearing != nil && c.hearing.byHand
	if c.muted && !byHand {
		return
	}
	c.recent.put(h.Linear)
	if c.hearing != nil {
		c.hearing.feed.Push(h.Linear)
	}
	decision := c.detector.Step(frame)
	if c.manual && !byHand {
		c.detector.Reset()
		return
	}
	c.decided(decision)
	if u := c.hearing; u != nil && u.tentative {
		c.weigh(u)
	}
}

// decided does what the detector's decision asks for.
func (c *Conversation) decided(d turn.Decision) {
	u := c.hearing
	switch {
	case d == turn.Onset && u == nil:
		c.beginUtterance(c.detector.Since(), c.detector.Since()+preRollTime)
	case u == nil:
	case u.closed, d == turn.End && u.tentative:
	case d == turn.Pause:
		u.feed.SoftEnd(u.revision)
	case d == turn.Resume, d == turn.Onset: // by hand, an onset may follow a long silence
		c.resumed(u)
	case d == turn.End && !u.byHand:
		c.endUtterance()
	}
}

// onMicrophoneLost: sound has gone, or the microphone has failed for good.
func (c *Conversation) onMicrophoneLost(err error) {
	if c.micErr != nil && c.micErr.Error() == err.Error() {
		return
	}
	c.micErr, c.micKnown = err, true
	c.abandon()
	c.fail(0, stageMicrophone, err)
	c.showState()
}

// beginUtterance: the user begins to speak, since so long ago, and has been
// heard for that long. Over a reply it is not yet sure that he takes the floor:
// the reply becomes softer.
func (c *Conversation) beginUtterance(since, heard time.Duration) {
	ctx, cancel := context.WithCancel(c.ctx)
	u := &utterance{cancel: cancel, feed: NewFeed[int](), began: time.Now().Add(-since)}
	for samples := range c.recent.last(heard) {
		u.feed.Push(samples)
	}
	c.hearing = u
	if r := c.reply; r != nil && r.started() {
		u.tentative = true
		how := c.detector.Config()
		u.weighing.Language, u.weighing.BargeIn = how.Language, how.BargeIn
		c.spk.Duck(duckBy)
		c.emit(r.id, ReplyDucked{})
	} else {
		c.takeFloor(u)
	}
	c.all.Go(func() { c.transcribe(ctx, u) })
}

// takeFloor: it is sure that the user speaks. A reply falls silent first.
func (c *Conversation) takeFloor(u *utterance) {
	u.tentative = false
	if r := c.reply; r != nil && u.began.Sub(r.began) < goesOn && !r.effects.any() {
		u.before = r.asked
	}
	c.interrupt(causeBargeIn)
	u.id = c.nextTurn()
	c.emit(u.id, SpeechStarted{})
	if u.Text != "" {
		c.emit(u.id, TranscriptPartial{Text: u.Text, Stable: u.Stable})
	}
	c.showState()
}

// weigh decides about a voice over a reply.
func (c *Conversation) weigh(u *utterance) {
	// Silent for long, and still not weighed: a transcriber that knows no soft ends
	// must say now what it was.
	if !u.closed && (!c.detector.InTurn() || c.detector.Silence() >= lastWordAfter) {
		u.closed = true
		u.feed.End()
	}
	switch u.weighing.Step(c.detector.Voice(), u.words()) {
	case turn.Take:
		c.takeFloor(u)
		again := u.closed && c.detector.InTurn()
		if u.closed || !c.detector.InTurn() {
			c.endUtterance()
		}
		if again {
			c.beginUtterance(c.detector.Since(), c.detector.Since()+preRollTime)
		}
	case turn.Hold:
		if !u.held {
			u.held = true
			c.spk.Hold(true)
		}
	case turn.Forgive:
		c.forgive(u)
	case turn.Undecided:
	}
}

// forgive: it was nothing. The reply goes on as if nothing had been.
func (c *Conversation) forgive(u *utterance) {
	u.cancel()
	c.hearing = nil
	c.detector.Reset()
	c.spk.Hold(false)
	c.spk.Duck(0)
	c.emit(c.reply.id, ReplyResumed{})
}

// resumed: the user goes on after a pause. What was prepared is for nothing.
func (c *Conversation) resumed(u *utterance) {
	u.revision++
	u.settled = false
	c.dropDraft()
	c.detector.Hear(u.words())
}

// endUtterance: the user's turn is over; what was said is known, or still being
// worked out.
func (c *Conversation) endUtterance() {
	u := c.hearing
	if u == nil {
		return
	}
	u.ended = time.Now()
	u.lastVoice = u.ended
	if !u.byHand || c.detector.InTurn() {
		u.lastVoice = u.ended.Add(-c.detector.Silence())
	}
	c.hearing = nil
	c.pending = append(c.pending, u)
	u.feed.End()
	c.emit(u.id, SpeechStopped{})
	switch {
	case u.outcome != nil:
		u.outcome()
	case u.settled:
		c.understood(u, u.Hypothesis)
	}
	c.showState()
}

// abandon forgets what the user is saying: he muted, typed instead, or the
// microphone is gone. Its turn ends without words.
func (c *Conversation) abandon() {
	c.detector.Reset()
	c.dropDraft()
	if u := c.hearing; u != nil && u.tentative {
		c.forgive(u)
	}
	dropped := c.pending
	if c.hearing != nil {
		c.emit(c.hearing.id, SpeechStopped{})
		dropped = append(dropped, c.hearing)
	}
	c.hearing, c.pending = nil, nil
	for _, u := range dropped {
		u.cancel()
		c.emit(u.id, TranscriptFinal{})
	}
}

// talk: the key for turns by hand has been pressed, or let go.
func (c *Conversation) talk(on bool) {
	u := c.hearing
	switch {
	case on && u == nil:
		c.interrupt(causeBargeIn)
		c.detector.Reset()
		c.beginUtterance(0, handPreRoll)
		c.hearing.byHand = true
	case on:
		u.byHand = true
		if u.tentative {
			c.takeFloor(u)
		}
	case u != nil && u.byHand:
		c.endUtterance()
		c.detector.Reset()
	}
}

// takes removes u from the utterances whose words are awaited and says whether
// it was one. If the user is still speaking, what is to be done waits for the
// end of the turn.
func (c *Conversation) takes(u *utterance, then func()) bool {
	if c.hearing == u {
		u.outcome = then
		return false
	}
	i := slices.Index(c.pending, u)
	if i < 0 {
		return false
	}
	c.pending = slices.Delete(c.pending, i, i+1)
	return true
}

// guessed: a partial hypothesis.
func (c *Conversation) guessed(u *utterance, h Hypothesis) {
	if c.hearing == u {
		if u.settled { // a better one is known
			return
		}
		u.Hypothesis = h
		c.detector.Hear(u.words())
	}
	if (c.hearing == u || len(c.pending) > 0 && c.pending[len(c.pending)-1] == u) && !u.tentative {
		c.emit(u.id, TranscriptPartial{Text: h.Text, Stable: h.Stable})
	}
}

// supposed: the answer to a soft end. Unless the user has gone on since, it is
// what he has said; the reply to it is prepared.
func (c *Conversation) supposed(u *utterance, h Hypothesis, revision int) {
	h.Text = strings.TrimSpace(h.Text)
	if revision != u.revision {
		c.guessed(u, h)
		return
	}
	if c.hearing != u {
		c.understood(u, h)
		return
	}
	told := u.Text
	u.Hypothesis, u.settled = h, true
	if !u.tentative && h.Text != told {
		c.emit(u.id, TranscriptPartial{Text: h.Text, Stable: h.Stable})
	}
	c.detector.Hear(u.words())
	if !u.tentative {
		c.prepare(u)
	}
}

// misheard: the transcriber failed; the turn is over.
func (c *Conversation) misheard(u *utterance, err error) {
	if u.tentative && c.hearing == u {
		c.takeFloor(u)
	}
	if c.takes(u, func() { c.misheard(u, err) }) {
		c.fail(u.id, stageTranscriber, err)
		c.showState()
	}
}

// understood: the words are certain; the turn is committed.
func (c *Conversation) understood(u *utterance, h Hypothesis) {
	if c.hearing == u && u.tentative { // it is weighed by them
		u.Hypothesis, u.settled = h, true
		return
	}
	if !c.takes(u, func() { c.understood(u, h) }) {
		return
	}
	c.commit(committed{
		id: u.id, text: strings.TrimSpace(h.Text), before: u.before, confidence: h.Confidence, began: u.began, lastVoice: u.lastVoice,
		endpoint: u.ended.Sub(u.lastVoice), stt: time.Since(u.ended),
	})
}
