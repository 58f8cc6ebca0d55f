package standby

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"
	"unicode"

	"parley/engine"
)

// hardlyBegun is how much of a sentence may have been given for Second to say it
// anew: less than a syllable.
const hardlyBegun = 100 * time.Millisecond

// errNoSpeech: a synthesizer said nothing at all.
var errNoSpeech = errors.New("standby: the synthesizer gave no sound")

// Synthesizer speaks with First, and with Second where First gives no sound in
// time, fails before it has said anything to speak of, or is resting after that.
// Where First fails or stalls in mid-sentence, the sentence ends there: it is not
// said twice. The user is told once, by Notices.
type Synthesizer struct {
	First, Second engine.Synthesizer
	Options

	outage outage
}

// Synthesize implements [engine.Synthesizer].
func (s *Synthesizer) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		if s.outage.resting() {
			pass(s.Second.Synthesize(ctx, sentence), yield)
			return
		}
		given, err := s.first(ctx, sentence, yield)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.outage.failed(&s.Options, "synthesizer", err)
		if s.Notices != nil && s.outage.tell() {
			s.Notices.Say(s.sentence(capital(s.who("the voice service"))+" isn't answering", err) + " I'm using my own voice for now.")
		}
		if given.length < hardlyBegun {
			pass(given.anew(s.Second.Synthesize(ctx, sentence)), yield)
		}
	}
}

// speakable: a sentence without any of these may well be silent.
func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// given is what has been given of a sentence.
type given struct {
	length time.Duration
	to     int // where the last word ends whose time was told, in bytes
}

// first speaks with First, as far as it comes. Its error says why no further.
func (s *Synthesizer) first(ctx context.Context, sentence string, yield func(engine.Speech, error) bool) (given, error) {
	first := try(ctx, func(ctx context.Context) iter.Seq2[engine.Speech, error] {
		return s.First.Synthesize(ctx, sentence)
	})
	defer first.wait()
	timer := time.NewTimer(s.within())
	defer timer.Stop()
	var g given
	for {
		piece, ok, err := first.next(ctx, timer.C)
		switch {
		case ctx.Err() != nil:
			return g, nil
		case err != nil:
			return g, slow(err, s.within())
		case !ok && g.length == 0 && strings.ContainsFunc(sentence, speakable):
			return g, errNoSpeech
		case !ok:
			s.outage.well(&s.Options, "synthesizer")
			return g, nil
		}
		g.length += piece.Frame.Duration()
		for _, w := range piece.Words {
			g.to = max(g.to, w.To)
		}
		if !yield(piece, nil) {
			return g, nil
		}
		if g.length > 0 { // every further piece has its own time; the speaker's was not First's
			timer.Reset(s.within())
		}
	}
}

// anew is a sentence begun again after what was given of it: its words are later
// by that, and none is told twice.
func (g given) anew(speech iter.Seq2[engine.Speech, error]) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		for piece, err := range speech {
			var words []engine.Word
			for _, w := range piece.Words {
				if w.From >= g.to {
					w.Start, w.End = w.Start+g.length, w.End+g.length
					words = append(words, w)
				}
			}
			piece.Words = words
			if !yield(piece, err) || err != nil {
				return
			}
		}
	}
}
