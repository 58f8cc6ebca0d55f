package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
)

// hearSlack is how much of a word's end may be missing for the word to count as
// heard: the device's own idea of its position is no finer.
const hearSlack = 20 * time.Millisecond

// playback is one reply on its way out of the speaker: which of its words are
// queued, and when each is heard. The reply's goroutine queues, the loop asks
// and stops.
type playback struct {
	spk Speaker

	// gate is held while a frame is handed to the speaker, so that nothing can
	// be queued once stop has it.
	gate    sync.Mutex
	stopped bool // guarded by gate

	mu     sync.Mutex
	closed bool            // nothing more is written
	text   strings.Builder // all of the reply so far
	words  []playedWord
	voice  voice // what came already spoken
	queued time.Duration
	sent   int // frames queued

	written, made time.Time // when the first words and the first sample came
}

// playedWord is a word of the reply on the speaker's clock.
type playedWord struct {
	from, to   int // bytes of the reply
	start, end time.Duration
}

var errStopped = errors.New("engine: reply was stopped")

// write appends to the reply's text.
func (p *playback) write(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.add(text)
	}
}

// add is write with mu held.
func (p *playback) add(text string) {
	if p.written.IsZero() {
		p.written = time.Now()
	}
	p.text.WriteString(text)
}

// synthesized notes that there is sound.
func (p *playback) synthesized() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.made.IsZero() {
		p.made = time.Now()
	}
}

// firsts is when the first words and the first sample came; zero if they have
// not.
func (p *playback) firsts() (written, made time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.written, p.made
}

// begin returns where on the speaker's clock the next sentence begins.
func (p *playback) begin() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.queued
}

// play queues a piece of a sentence that began at start on the speaker's clock
// and at byte from of the reply.
func (p *playback) play(ctx context.Context, s Speech, start time.Duration, from int) error {
	p.gate.Lock()
	defer p.gate.Unlock()
	if p.stopped {
		return errStopped
	}
	p.mu.Lock()
	for _, w := range s.Words {
		p.words = append(p.words, playedWord{from: from + w.From, to: from + w.To, start: start + w.Start, end: start + w.End})
	}
	p.count(s.Frame)
	p.mu.Unlock()
	if len(s.Frame.Samples) == 0 {
		return nil
	}
	return p.spk.Play(ctx, s.Frame)
}

// count notes that a frame is queued. To be called with mu held.
func (p *playback) count(f pcm.Frame) {
	if len(f.Samples) > 0 {
		p.queued += f.Duration()
		p.sent++
	}
}

// stop silences the speaker and returns the words that were heard. The reply's
// context must have been cancelled: that is what makes a waiting Play let go of
// the gate.
func (p *playback) stop() (text, heard string) {
	p.gate.Lock()
	p.stopped = true
	played := p.spk.Flush()
	p.gate.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	text = p.text.String()
	end := 0
	for _, w := range p.timed() {
		if w.end > played+hearSlack {
			break
		}
		end = w.to
	}
	return text, text[:min(end, len(text))]
}

// at is the word being spoken when played has left the loudspeaker; ok is false
// before the first.
func (p *playback) at(played time.Duration) (word playedWord, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range slices.Backward(p.timed()) {
		if w.start <= played {
			return w, true
		}
	}
	return playedWord{}, false
}

// started says whether anything has been queued.
func (p *playback) started() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent > 0
}

// whole is the text so far.
func (p *playback) whole() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}
