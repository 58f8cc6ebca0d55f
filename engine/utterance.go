package engine

import (
	"context"
	"errors"
	"iter"
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

// utterance is what the user is saying, or has said, in one turn. The
// detector's longest turn bounds it.
type utterance struct {
	cancel context.CancelFunc
	feed   *Feed[int] // a soft end bears its revision

	// Of the loop.
	id        TurnID // 0 while tentative
	tentative bool   // it came over a reply, and may be nothing
	weighing  turn.Interruption
	held      bool // … the reply waits meanwhile
	closed    bool // … the transcriber was asked for its last word
	byHand    bool // it ends when the key is let go
	hypothesis
	before       string // what was answered too soon: this goes on from it
	revision     int    // how often the user went on after a pause
	drafts       int    // replies prepared for it
	began, ended time.Time
	lastVoice    time.Time
	outcome      func() // what to do at the end, if the transcriber did not wait for it
}

// hypothesis is what is known of an utterance's words.
type hypothesis struct {
	Hypothesis
	settled bool // they answer the soft end of the present pause
}

// words are what is known of an utterance's words, for who has the floor.
func (h hypothesis) words() turn.Words {
	return turn.Words{Text: h.Text, Confidence: h.Confidence, Settled: h.settled}
}

// transcribe runs the transcriber over one utterance.
func (c *Conversation) transcribe(ctx context.Context, u *utterance) {
	defer u.cancel()
	for h, err := range c.cfg.Transcriber.Transcribe(ctx, u.feed.Frames(ctx)) {
		switch {
		case err != nil:
			c.report(func() { c.misheard(u, err) })
			return
		case h.Final:
			c.report(func() { c.understood(u, h) })
			return
		case h.Soft:
			revision := u.feed.Reached()
			c.report(func() { c.supposed(u, h, revision) })
		default:
			c.report(func() { c.guessed(u, h) })
		}
	}
	if ctx.Err() == nil {
		c.report(func() { c.misheard(u, errors.New("engine: transcriber gave no final hypothesis")) })
	}
}
