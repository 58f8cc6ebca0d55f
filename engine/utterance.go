package engine

import (
	"context"
	"errors"
	"iter"
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
	cancel context.CancelFunc

	mu     sync.Mutex
	frames []queued
	over   bool
	wake   chan struct{}
	asked  int // revision of the soft end that the transcriber was last given

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

// queued is a frame, or, without samples, a soft end.
type queued struct {
	frame    pcm.Frame
	revision int
}

func (u *utterance) push(samples []int16) {
	u.put(queued{frame: pcm.Frame{Rate: pcm.Rate16k, Samples: samples}})
}

// ask gives the transcriber a soft end.
func (u *utterance) ask() { u.put(queued{frame: pcm.Frame{Rate: pcm.Rate16k}, revision: u.revision}) }

func (u *utterance) put(q queued) {
	u.mu.Lock()
	u.frames = append(u.frames, q)
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
			for _, q := range frames {
				if len(q.frame.Samples) == 0 {
					u.mu.Lock()
					u.asked = q.revision
					u.mu.Unlock()
				}
				if ctx.Err() != nil || !yield(q.frame) {
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

// answering is the revision of the soft end that is being answered.
func (u *utterance) answering() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked
}

// transcribe runs the transcriber over one utterance.
func (c *Conversation) transcribe(ctx context.Context, u *utterance) {
	defer u.cancel()
	for h, err := range c.cfg.Transcriber.Transcribe(ctx, u.sound(ctx)) {
		switch {
		case err != nil:
			c.report(func() { c.misheard(u, err) })
			return
		case h.Final:
			c.report(func() { c.understood(u, h) })
			return
		case h.Soft:
			revision := u.answering()
			c.report(func() { c.supposed(u, h, revision) })
		default:
			c.report(func() { c.guessed(u, h) })
		}
	}
	if ctx.Err() == nil {
		c.report(func() { c.misheard(u, errors.New("engine: transcriber gave no final hypothesis")) })
	}
}
