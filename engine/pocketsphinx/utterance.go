package pocketsphinx

import (
	"context"
	"fmt"
	"iter"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

const (
	rate = pcm.Rate16k
	pace = 100 * time.Millisecond // of sound between looks at the hypothesis
)

// What the mean at the beginning of an utterance counts for, in frames of 10 ms,
// when the utterance itself is averaged in. PocketSphinx would have 500 and wait
// for the utterance's end.
const (
	memory = 100 // it comes from utterances before
	doubt  = 30  // it is only the model's: the voice and the room are unknown
)

// utterance decodes one utterance.
func (t *Transcriber) utterance(ctx context.Context, frames iter.Seq[pcm.Frame], yield func(engine.Hypothesis) bool) error {
	d := t.decoder
	if err := d.begin(); err != nil {
		return err
	}
	if t.known {
		d.setMean(t.prior, memory)
	} else {
		d.setMean(t.prior, doubt)
	}

	var p partials
	var unseen time.Duration
	for f := range frames {
		if ctx.Err() != nil {
			return nil
		}
		if f.Rate != rate {
			return fmt.Errorf("pocketsphinx: sound at %d Hz: want %d", f.Rate, rate)
		}
		if err := d.hear(f.Samples); err != nil {
			return err
		}
		if unseen += f.Duration(); unseen < pace {
			continue
		}
		unseen = 0
		d.updateMean()
		if h, changed := p.next(d.text()); changed && !yield(h) {
			return nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	if err := d.end(); err != nil {
		return err
	}
	h := final(d.text())
	if h.Text != "" { // else it was no speech: nothing to learn from
		t.learn(d.mean())
	}
	yield(h)
	return nil
}

// learn keeps the mean for the utterances that follow.
func (t *Transcriber) learn(mean []float64) {
	t.prior, t.known = mean, true
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mean = mean
}
