package pocketsphinx

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

const (
	rate = pcm.Rate16k
	pace = 100 * time.Millisecond // of sound between looks at the hypothesis

	frameTime = 10 * time.Millisecond // of the front end's frames

	// block is how many frames of 10 ms the decoders are given at once. By
	// turns with single frames they would push one another out of the
	// processor's caches, at a cost of an eighth of their time.
	block = 5
)

const (
	// mostAgain and longestAgain bound how often, and how much of, an utterance
	// is decoded again from its beginning because the user went on after a soft
	// end: it takes a third of the time that the sound took. Beyond them what was
	// said so far stays as it was understood, and the rest is decoded by itself.
	mostAgain    = 3
	longestAgain = 4 * time.Second

	// overlap is how much of the pause is given to both.
	overlap = 100 * time.Millisecond
)

// utterance is one utterance being decoded.
type utterance struct {
	*Transcriber
	mean   *normalizer
	frames []float32 // all of it, as the front end made it
	from   int       // where in frames the part that is being decoded begins
	fed    int       // how much of frames the decoders have
	normal []float32 // what they are being fed: without the mean

	unseen time.Duration // since the last look at the hypothesis
	shown  partials

	ended  bool       // the decoders are, and part is what they said
	part   hypothesis // of the part that is being decoded
	before hypothesis // of the parts before it
	quiet  loudness
	loud   int // frames since the decoders were ended that may be speech
	again  int // how often they began again
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
	u.fed, u.ended, u.loud = u.from, false, 0
	return u.feed()
}

// feed gives the decoders the frames that they don't have.
func (u *utterance) feed() error {
	u.normal = u.mean.normal(u.frames[u.fed:], u.normal[:0])
	u.fed = len(u.frames)
	return u.together(func(d *decoder) error { return d.hear(u.normal) })
}

// together has every decoder do something, each on a processor of its own if there
// is one: they share nothing, and whoever waits for the words waits half as long.
func (u *utterance) together(do func(*decoder) error) error {
	all := u.decoders()
	errs := make([]error, len(all))
	var others sync.WaitGroup
	for i, d := range all[1:] {
		others.Go(func() { errs[i+1] = do(d) })
	}
	errs[0] = do(all[0])
	others.Wait()
	return errors.Join(errs...)
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
	case !u.ended && len(u.frames)-u.fed >= block*len(u.mean.mean):
		err = u.feed()
	case !u.ended:
	case u.loud >= enough: // the user goes on after all
		err = u.resume()
	default:
		return h, false, nil
	}
	if u.unseen += rate.Duration(len(samples)); u.unseen < pace || err != nil {
		return h, false, err
	}
	u.unseen = 0
	u.mean.update()
	h, changed = u.shown.next(u.before.then(hypothesis{words: u.passing()}).words)
	return h, changed, nil
}

// resume goes on after a soft end.
func (u *utterance) resume() error {
	width := len(u.mean.mean)
	if u.again++; u.again > mostAgain || (u.fed-u.from)/width > int(longestAgain/frameTime) {
		u.before = u.before.then(u.part)
		u.from = max(u.from, u.fed-int(overlap/frameTime)*width)
	}
	u.mean.update()
	return u.begin()
}

// softEnd answers a soft end.
func (u *utterance) softEnd() (engine.Hypothesis, bool, error) {
	h, err := u.end()
	h.Soft = true
	return h, err == nil, err
}

// end finishes the decoders and finds the answer, unless they are finished and
// nothing was said since.
func (u *utterance) end() (engine.Hypothesis, error) {
	if !u.ended {
		if err := u.feed(); err != nil {
			return engine.Hypothesis{}, err
		}
		if err := u.together((*decoder).end); err != nil {
			return engine.Hypothesis{}, err
		}
		u.part, u.ended, u.loud = u.decide(), true, 0
	}
	return u.before.then(u.part).whole(), nil
}
