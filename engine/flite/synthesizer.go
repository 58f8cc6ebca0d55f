package flite

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"parley/engine"
)

// voiceNames are the voices, in the order of the shim's.
var voiceNames = []string{"rms", "slt", "awb", "kal16"}

// Voices lists the voices: rms (a man, the default and the easiest to
// understand), slt (a woman), awb (a Scotsman) and kal16 (a man, plainly a
// machine).
func Voices() []string { return slices.Clone(voiceNames) }

// The fastest and the slowest that a voice can still be understood.
const (
	MinSpeed = 0.5
	MaxSpeed = 2.0
)

// What New may refuse.
var (
	ErrVoice = errors.New("flite: no such voice")
	ErrSpeed = errors.New("flite: speed out of range")
)

// Options say how to speak. The zero value is a good choice.
type Options struct {
	Voice string  // one of Voices; empty means rms
	Speed float64 // 1 is normal, 2 twice as fast; from MinSpeed to MaxSpeed; 0 means 1
}

// Synthesizer is an engine.Synthesizer. It may be used by several goroutines at
// once; flite itself works on one sentence at a time.
type Synthesizer struct {
	voice   int
	stretch float64
}

var _ engine.Synthesizer = (*Synthesizer)(nil)

// New makes a synthesizer. Its error wraps [ErrVoice] or [ErrSpeed].
func New(o Options) (*Synthesizer, error) {
	if o.Voice == "" {
		o.Voice = voiceNames[0]
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	voice := slices.Index(voiceNames, o.Voice)
	if voice < 0 {
		return nil, fmt.Errorf("%w: %q; choose one of %s", ErrVoice, o.Voice, strings.Join(voiceNames, ", "))
	}
	if !(o.Speed >= MinSpeed && o.Speed <= MaxSpeed) {
		return nil, fmt.Errorf("%w: %g; choose %g to %g", ErrSpeed, o.Speed, MinSpeed, MaxSpeed)
	}
	return &Synthesizer{voice: voice, stretch: 1 / o.Speed}, nil
}

// Synthesize yields the sound of sentence in frames of at most 20 ms, and each
// word with or before the frame in which it starts. The sound begins within
// 20 ms of its first frame and ends with a short pause. Where nothing can be
// said (no text, only emoji) it is one silent frame with the words there are, or
// nothing.
func (s *Synthesizer) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		q := newQueue()
		go s.say(q, sentence)
		// Flite notices after the next buffer (20 ms of sound, 0.3 ms of
		// work) or, before a piece's first, within 50 ms.
		defer q.stopAndWait()
		for {
			speech, ok, err := q.next(ctx)
			if !ok || !yield(speech, err) {
				return
			}
		}
	}
}

// say fills q with the sentence's speech.
func (s *Synthesizer) say(q *queue, sentence string) {
	words, pieces := script(sentence)
	n := narrator{out: q, words: words}
	for _, p := range pieces {
		if !q.wanted() {
			break
		}
		n.begin(p)
		err := speak(s.voice, p.text, s.stretch, &n, q.stop)
		if q.stopped() {
			err = nil
		}
		n.end()
		if err != nil {
			q.close(err)
			return
		}
	}
	n.finish()
	q.close(nil)
}
