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

	// block is how many frames of 10 ms the decoders are given at once. By
	// turns with single frames they would push one another out of the
	// processor's caches, at a cost of an eighth of their time.
	block = 5
)

// mostResumptions is how often an utterance is decoded again from its beginning
// because the user went on after a soft end. A soft end after that is answered
// with what the decoders say in passing.
const mostResumptions = 4

// utterance is one utterance being decoded.
type utterance struct {
	*Transcriber
	mean   *normalizer
	frames []float32 // all of it, as the front end made it
	fed    int       // how much of frames the decoders have
	normal []float32 // what they are being fed: without the mean

	unseen time.Duration // since the last look at the hypothesis
	shown  partials

	answer      *engine.Hypothesis // what the decoders said when they were ended; nil while they go on
	quiet       loudness
	loud        int // frames since the decoders were ended that may be speech
	resumptions int
}

// utterance decodes one utterance.
func (t *Transcriber) utterance(ctx context.Context, frames iter.Seq[pcm.Frame], yield func(engine.Hypothesis) bool) error {
	u := &utterance{Transcriber: t, mean: newNormalizer(t.prior)}
	if err := t.front.begin(); err != nil {
		return err
	}
	if err := u.begin(); err != nil {
		return err
	}
	for f := range frames {
		if ctx.Err() != nil {
			return nil
		}
		if len(f.Samples) > 0 && f.Rate != rate {
			return fmt.Errorf("pocketsphinx: sound at %d Hz: want %d", f.Rate, rate)
		}
		h, changed, err := u.hear(f.Samples)
		if err != nil {
			return err
		}
		if changed && !yield(h) {
			return nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	h, err := u.end()
	if err != nil {
		return err
	}
	h.Final = true
	if h.Text != "" { // else it was no speech: nothing to learn from
		u.mean.update()
		t.learn(u.mean.mean)
	}
	yield(h)
	return nil
}

// begin starts the decoders on the utterance, and gives them what there is of
// it.
func (u *utterance) begin() error {
	for _, d := range u.decoders() {
		if err := d.begin(); err != nil {
			return err
		}
	}
	u.fed, u.answer, u.loud = 0, nil, 0
	return u.feed()
}

// feed gives the decoders the frames that they don't have.
func (u *utterance) feed() error {
	u.normal = u.mean.normal(u.frames[u.fed:], u.normal[:0])
	u.fed = len(u.frames)
	for _, d := range u.decoders() {
		if err := d.hear(u.normal); err != nil {
			return err
		}
	}
	return nil
}

// hear takes the next samples, or, when there are none, the soft end. It returns
// a hypothesis if there is a new one.
func (u *utterance) hear(samples []int16) (h engine.Hypothesis, changed bool, err error) {
	if len(samples) == 0 {
		return u.softEnd()
	}
	old := len(u.frames)
	if u.frames, err = u.front.hear(samples, u.frames); err != nil {
		return h, false, err
	}
	u.mean.hear(u.frames[old:])
	if u.quiet.loud(samples) {
		u.loud++
	}
	switch {
	case u.answer == nil && len(u.frames)-u.fed >= block*len(u.mean.mean):
		err = u.feed()
	case u.answer == nil:
	case u.loud >= enough: // the user goes on after all
		u.resumptions++
		u.mean.update()
		err = u.begin()
	default:
		return h, false, nil
	}
	if u.unseen += rate.Duration(len(samples)); u.unseen < pace || err != nil {
		return h, false, err
	}
	u.unseen = 0
	u.mean.update()
	h, changed = u.shown.next(u.passing())
	return h, changed, nil
}

// softEnd answers a soft end.
func (u *utterance) softEnd() (h engine.Hypothesis, changed bool, err error) {
	if u.answer == nil && u.resumptions >= mostResumptions {
		h = hypothesis(u.passing())
	} else if h, err = u.end(); err != nil {
		return h, false, err
	}
	h.Soft = true
	return h, true, nil
}

// end finishes the decoders and finds the answer, unless they are finished and
// nothing was said since.
func (u *utterance) end() (engine.Hypothesis, error) {
	if u.answer == nil {
		if err := u.feed(); err != nil {
			return engine.Hypothesis{}, err
		}
		for _, d := range u.decoders() {
			if err := d.end(); err != nil {
				return engine.Hypothesis{}, err
			}
		}
		h := u.decide()
		u.answer, u.loud = &h, 0
	}
	return *u.answer, nil
}
