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

// memory is what the mean of earlier utterances counts for, in frames of 10 ms,
// when this utterance is averaged in. PocketSphinx would have 500, and wait for
// the utterance's end.
const memory = 100

// opening is how much of an utterance is decoded a second time, once its sound
// is known: the first words would suffer from a mean that belongs to another
// voice or room. It costs 80 ms, which the decoder makes up for before most
// utterances end.
const opening = 800 * time.Millisecond

// utterance decodes one utterance.
func (t *Transcriber) utterance(ctx context.Context, frames iter.Seq[pcm.Frame], yield func(engine.Hypothesis) bool) error {
	d := t.decoder
	if err := d.begin(); err != nil {
		return err
	}
	d.setMean(t.prior, memory)

	var begun []int16 // the sound so far, until it has been heard again
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
		if len(begun) < rate.Samples(opening) {
			begun = append(begun, f.Samples...)
			if len(begun) >= rate.Samples(opening) {
				if err := d.again(begun); err != nil {
					return err
				}
			}
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
	t.prior = mean
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mean = mean
}
