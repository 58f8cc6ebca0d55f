package standby

import (
	"context"
	"errors"
	"iter"

	"parley/audio/pcm"
	"parley/engine"
)

// errNoFinal: a transcriber ended without its last word.
var errNoFinal = errors.New("standby: the transcriber gave no final hypothesis")

// Transcriber hears with First, and with Second, from the utterance's beginning,
// where First fails, has no final hypothesis within Within of the utterance's end, or
// is resting after that. The user is told once, by Notices.
type Transcriber struct {
	First, Second engine.Transcriber
	Options

	outage outage
}

// Transcribe implements [engine.Transcriber].
func (t *Transcriber) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		if t.outage.resting() {
			pass(t.Second.Transcribe(ctx, frames), yield)
			return
		}
		tape := newTape(frames, t.within())
		defer tape.close()
		err := t.first(ctx, tape, yield)
		if err == nil || ctx.Err() != nil {
			return
		}
		t.outage.failed(&t.Options, "transcriber", err)
		if t.Notices != nil && t.outage.tell() {
			t.Notices.Say(t.sentence(capital(t.who("the speech recognition service"))+" isn't answering", err) + " I'm listening by myself for now.")
		}
		pass(t.Second.Transcribe(ctx, tape.again()), yield)
	}
}

// first hears with First. Its error says why Second has to.
func (t *Transcriber) first(ctx context.Context, tape *tape, yield func(engine.Hypothesis, error) bool) error {
	first := try(ctx, func(ctx context.Context) iter.Seq2[engine.Hypothesis, error] {
		return t.First.Transcribe(ctx, tape.record())
	})
	defer first.wait()
	for {
		h, ok, err := first.next(ctx, tape.late)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return slow(err, t.within())
		case !ok:
			return errNoFinal
		}
		if !yield(h, nil) {
			return nil
		}
		if h.Final {
			t.outage.well(&t.Options, "transcriber")
			return nil
		}
	}
}

// pass hands on what seq yields, up to its first error.
func pass[T any](seq iter.Seq2[T, error], yield func(T, error) bool) {
	for v, err := range seq {
		if !yield(v, err) || err != nil {
			return
		}
	}
}
