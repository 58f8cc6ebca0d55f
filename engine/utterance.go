package engine

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine/turn"
)

// preRollTime is how much sound before the onset belongs to an utterance, so
// that the first word is never clipped.
const preRollTime = 300 * time.Millisecond

// preRoll keeps the last frames heard: the pre-roll, and the time that an onset
// takes to be sure.
type preRoll struct {
	frames [128][]int16
	n      int // frames ever put in
}

func (p *preRoll) put(samples []int16) {
	p.frames[p.n%len(p.frames)] = samples
	p.n++
}

// last yields the newest frames that cover d, oldest first.
func (p *preRoll) last(d time.Duration) iter.Seq[[]int16] {
	want := min(int(d/pcm.FrameTime), p.n, len(p.frames))
	return func(yield func([]int16) bool) {
		for i := p.n - want; i < p.n; i++ {
			if !yield(p.frames[i%len(p.frames)]) {
				return
			}
		}
	}
}

// utterance is what the user is saying, or has said, in one turn: a queue of
// frames between the loop and the transcriber. It never makes the loop wait;
// the detector's longest turn bounds it.
type utterance struct {
	id     TurnID
	cancel context.CancelFunc

	mu     sync.Mutex
	frames []pcm.Frame
	over   bool
	wake   chan struct{}

	// Of the loop.
	began, ended time.Time
	lastVoice    time.Time
	outcome      func() // what to do at the end, if the transcriber did not wait for it
}

func (u *utterance) push(samples []int16) {
	u.mu.Lock()
	u.frames = append(u.frames, pcm.Frame{Rate: pcm.Rate16k, Samples: samples})
	u.mu.Unlock()
	u.signal()
}

// end says that no more frames will come.
func (u *utterance) end() {
	u.mu.Lock()
	u.over = true
	u.mu.Unlock()
	u.signal()
}

func (u *utterance) signal() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

// sound yields the frames as they come until end.
func (u *utterance) sound(ctx context.Context) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for {
			u.mu.Lock()
			frames, over := u.frames, u.over
			u.frames = nil
			u.mu.Unlock()
			for _, f := range frames {
				if ctx.Err() != nil || !yield(f) {
					return
				}
			}
			if over {
				return
			}
			select {
			case <-u.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}

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
	if c.muted {
		return
	}
	c.recent.put(h.Linear)
	if c.hearing != nil {
		c.hearing.push(h.Linear)
	}
	switch c.detector.Step(frame) {
	case turn.Onset, turn.BargeIn:
		c.beginUtterance()
	case turn.End:
		c.endUtterance()
	case turn.None:
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

// beginUtterance: the user takes the floor. A reply falls silent first.
func (c *Conversation) beginUtterance() {
	c.interrupt(causeBargeIn)
	since := c.detector.Since()
	ctx, cancel := context.WithCancel(c.ctx)
	u := &utterance{id: c.nextTurn(), cancel: cancel, wake: make(chan struct{}, 1), began: time.Now().Add(-since)}
	for samples := range c.recent.last(since + preRollTime) {
		u.push(samples)
	}
	c.hearing = u
	c.emit(u.id, SpeechStarted{})
	c.showState()
	c.all.Go(func() { c.transcribe(ctx, u) })
}

// endUtterance: the user's turn is over; what was said is still being worked out.
func (c *Conversation) endUtterance() {
	u := c.hearing
	if u == nil {
		return
	}
	u.ended = time.Now()
	u.lastVoice = u.ended.Add(-c.detector.Silence())
	c.hearing = nil
	c.pending = append(c.pending, u)
	u.end()
	c.emit(u.id, SpeechStopped{})
	if u.outcome != nil {
		u.outcome()
	}
	c.showState()
}

// abandon forgets what the user is saying: he muted, typed instead, or the
// microphone is gone. Its turn ends without words.
func (c *Conversation) abandon() {
	c.detector.Reset()
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

// transcribe runs the transcriber over one utterance.
func (c *Conversation) transcribe(ctx context.Context, u *utterance) {
	defer u.cancel()
	final := false
	for h, err := range c.cfg.Transcriber.Transcribe(ctx, u.sound(ctx)) {
		if err != nil {
			c.report(func() { c.misheard(u, err) })
			return
		}
		if final = h.Final; final {
			c.report(func() { c.understood(u, h) })
			return
		}
		c.report(func() { c.guessed(u, h) })
	}
	if ctx.Err() == nil {
		c.report(func() { c.misheard(u, errors.New("engine: transcriber gave no final hypothesis")) })
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
	if c.hearing == u || len(c.pending) > 0 && c.pending[len(c.pending)-1] == u {
		c.emit(u.id, TranscriptPartial{Text: h.Text, Stable: h.Stable})
	}
}

// misheard: the transcriber failed; the turn is over.
func (c *Conversation) misheard(u *utterance, err error) {
	if c.takes(u, func() { c.misheard(u, err) }) {
		c.fail(u.id, stageTranscriber, err)
		c.showState()
	}
}

// understood: the final hypothesis commits the turn.
func (c *Conversation) understood(u *utterance, h Hypothesis) {
	if !c.takes(u, func() { c.understood(u, h) }) {
		return
	}
	c.commit(committed{
		id: u.id, text: strings.TrimSpace(h.Text), began: u.began, lastVoice: u.lastVoice,
		endpoint: u.ended.Sub(u.lastVoice), stt: time.Since(u.ended),
	})
}
