package engine

import (
	"context"
	"errors"
	"iter"
	"time"

	"parley/audio/pcm"
)

// How far stages run ahead of the one that takes from them: the next sentence
// is written while one is synthesized, and two seconds of sound are made while
// the speaker plays.
const (
	sentencesAhead = 2
	speechAhead    = 64 // pieces of 20 to 40 ms
)

// stageError says which stage failed.
type stageError struct {
	stage string
	err   error
}

func (e *stageError) Error() string { return e.err.Error() }
func (e *stageError) Unwrap() error { return e.err }

// speak carries a reply from its first words to the last sample played. When
// sound is lost on the way, the rest of the words are still taken, for the eye.
func (c *Conversation) speak(ctx context.Context, r *reply, words func(context.Context) iter.Seq2[Reply, error]) error {
	parts := ahead(ctx, sentencesAhead, func(ctx context.Context) iter.Seq2[part, error] {
		return c.parts(ctx, r, words)
	})
	if !r.speaker {
		for _, err := range parts {
			if err != nil {
				return err
			}
		}
		return r.allowed(ctx)
	}
	speech := ahead(ctx, speechAhead, func(ctx context.Context) iter.Seq2[spoken, error] {
		return c.synthesize(ctx, parts)
	})
	var start time.Duration
	var lost error
	for s, err := range speech {
		if err != nil {
			// What was queued before the failure is still said.
			if drained := r.spk.Drain(ctx); drained != nil {
				return drained
			}
			return err
		}
		if lost != nil {
			continue
		}
		r.synthesized()
		if err := r.allowed(ctx); err != nil {
			return err
		}
		if s.first {
			start = r.begin()
		}
		if s.voiced {
			lost = r.playVoiced(ctx, s.Frame)
		} else {
			lost = r.play(ctx, s.Speech, start, s.sentence.From)
		}
		if lost != nil && !errors.Is(lost, ErrNoSound) {
			return lost
		}
	}
	if lost != nil {
		return lost
	}
	if err := r.allowed(ctx); err != nil { // a reply without words may still do something
		return err
	}
	r.spoken()
	return r.spk.Drain(ctx)
}

// part is the next of a reply to be heard: a sentence that is still to be
// synthesized, or sound that came already spoken.
type part struct {
	sentence Sentence
	sound    pcm.Frame
}

// parts asks for the reply's words, tells the loop of them, and cuts them.
func (c *Conversation) parts(ctx context.Context, r *reply, words func(context.Context) iter.Seq2[Reply, error]) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		var cut Sentences
		for piece, err := range words(ctx) {
			if err != nil {
				yield(part{}, &stageError{stageResponder, err})
				return
			}
			switch piece := piece.(type) {
			case Words:
				r.write(piece.Text)
				c.report(func() { c.tell(r) })
				for s := range cut.Add(piece.Text) {
					if !yield(part{sentence: s}, nil) {
						return
					}
				}
			case Voiced:
				// What was to be synthesized comes first, though its end is not there.
				if s, ok := cut.Rest(); ok && !yield(part{sentence: s}, nil) {
					return
				}
				r.writeVoiced(piece)
				if piece.Text != "" {
					cut.Pass(len(piece.Text))
					c.report(func() { c.tell(r) })
				}
				if len(piece.Frame.Samples) > 0 && !yield(part{sound: piece.Frame}, nil) {
					return
				}
			default:
				if err := r.act(ctx, c.effectOf(r, piece)); err != nil {
					yield(part{}, &stageError{stageResponder, err})
					return
				}
			}
		}
		if s, ok := cut.Rest(); ok && ctx.Err() == nil {
			yield(part{sentence: s}, nil)
		}
	}
}

// effectOf is what a piece that is no words asks to have done.
func (c *Conversation) effectOf(r *reply, piece Reply) effect {
	tell := func(f func()) effect {
		return effect{do: func(context.Context) error { c.report(f); return nil }, apart: true}
	}
	switch piece := piece.(type) {
	case Effect:
		return effect{do: piece.Do, changes: true, apart: piece.Apart}
	case Used:
		return tell(func() { c.used(r, piece.ToolUse) })
	case Teach:
		return tell(func() { c.teach(r, piece.LessonRequest) })
	case Studied:
		return tell(func() { c.studied(r, piece.Progress) })
	}
	return tell(func() {})
}

// act does what a reply asks for: at once, or, of a reply that is still being
// prepared, when it may be given.
func (r *reply) act(ctx context.Context, one effect) error {
	if one.apart && r.prepared != nil && r.effects.putOff(one) {
		return nil
	}
	if err := r.allowed(ctx); err != nil {
		return err
	}
	return r.effects.do(ctx, one)
}

// spoken is a piece of a sentence's speech.
type spoken struct {
	Speech
	sentence Sentence
	first    bool // of its sentence
	voiced   bool // it is of no sentence
}

// synthesize speaks sentence after sentence.
func (c *Conversation) synthesize(ctx context.Context, parts iter.Seq2[part, error]) iter.Seq2[spoken, error] {
	return func(yield func(spoken, error) bool) {
		for p, err := range parts {
			if err != nil {
				yield(spoken{}, err)
				return
			}
			if len(p.sound.Samples) > 0 {
				if !yield(spoken{Speech: Speech{Frame: p.sound}, voiced: true}, nil) {
					return
				}
				continue
			}
			s := p.sentence
			first, timed, length := true, false, time.Duration(0)
			for piece, err := range c.cfg.Synthesizer.Synthesize(ctx, s.Text) {
				if err != nil {
					yield(spoken{}, &stageError{stageSynthesizer, err})
					return
				}
				timed = timed || len(piece.Words) > 0
				length += piece.Frame.Duration()
				if !yield(spoken{Speech: piece, sentence: s, first: first}, nil) {
					return
				}
				first = false
			}
			if ctx.Err() != nil {
				return
			}
			if !timed && length > 0 { // no word times: the sentence is heard whole or not at all
				if !yield(spoken{Speech: Speech{Words: []Word{{To: len(s.Text), End: length}}}, sentence: s}, nil) {
					return
				}
			}
		}
	}
}
