package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// The slowest and the fastest that services speak.
const (
	MinSpeed = 0.25
	MaxSpeed = 4.0
)

// ErrSpeed is wrapped by NewSynthesizer's error about a speed out of range.
var ErrSpeed = errors.New("openai: speed out of range")

// SynthesizerConfig says how to speak. A Service and a Voice are needed.
type SynthesizerConfig struct {
	Service
	Voice        string  // the service's name for it: "alloy", "af_heart"
	Speed        float64 // 1 is normal; MinSpeed to MaxSpeed; 0 is 1
	Instructions string  // how to speak, for models that take such; empty: none
}

// Synthesizer is an [engine.Synthesizer] that has a service speak. It may be used
// by several goroutines.
//
// Services tell nothing of when which word is spoken. Its words' times are
// estimated, once a sentence's real length is known: the time between the first
// and the last sound is spread over the words by their letters and the pauses
// that punctuation makes. They are right to a word or two, and come with the end
// of the sentence's sound, which services deliver faster than it is played.
type Synthesizer struct{ cfg SynthesizerConfig }

var _ engine.Synthesizer = (*Synthesizer)(nil)

// NewSynthesizer makes a synthesizer. Its error wraps [ErrAddress] if the base URL
// is none, or [ErrSpeed].
func NewSynthesizer(cfg SynthesizerConfig) (*Synthesizer, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Speed == 0 {
		cfg.Speed = 1
	}
	if !(cfg.Speed >= MinSpeed && cfg.Speed <= MaxSpeed) {
		return nil, fmt.Errorf("%w: %g; choose %g to %g", ErrSpeed, cfg.Speed, MinSpeed, MaxSpeed)
	}
	return &Synthesizer{cfg: cfg}, nil
}

// frameTime is the length of the frames that sound is handed on in.
const frameTime = 20 * time.Millisecond

// Synthesize implements [engine.Synthesizer]: frames of at most 20 ms as they
// arrive. A sentence of no letters and no digits is nothing.
func (s *Synthesizer) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		if !strings.ContainsFunc(sentence, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			return
		}
		w := s.cfg.watch(ctx)
		defer w.end()
		stopped := false
		err := w.try(func(ctx context.Context) error {
			began := false
			for speech, err := range s.attempt(ctx, w, sentence) {
				if err != nil {
					return onlyOnce(s.cfg.explain(ctx, err), began)
				}
				began = true
				if !yield(speech, nil) {
					stopped = true
					return nil
				}
			}
			return nil
		})
		if err != nil && !stopped && ctx.Err() == nil {
			yield(engine.Speech{}, err)
		}
	}
}

// attempt asks once.
func (s *Synthesizer) attempt(ctx context.Context, w *watch, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		c := &call{takes: playable}
		req := api.CreateSpeechRequest{
			Model: api.SpeechModel(s.cfg.Model), Input: sentence, Voice: api.SpeechVoice(s.cfg.Voice),
			Instructions: s.cfg.Instructions, ResponseFormat: api.SpeechResponseFormatPcm,
		}
		if s.cfg.Speed != 1 {
			req.Speed = s.cfg.Speed
		}
		body, err := s.cfg.client(c).CreateSpeech(ctx, req)
		if err != nil {
			yield(engine.Speech{}, err)
			return
		}
		defer body.Close()
		voice, err := s.voice(c.header.Get("Content-Type"), body)
		if err != nil {
			yield(engine.Speech{}, err)
			return
		}
		var extent extent
		for {
			frame, err := voice.next()
			if len(frame.Samples) > 0 {
				extent.add(frame)
				w.hold()
				if !yield(engine.Speech{Frame: frame}, nil) {
					return
				}
				w.came()
			}
			switch {
			case errors.Is(err, io.EOF) && extent.length == 0:
				yield(engine.Speech{}, &failure{kind: ErrEmpty, text: s.cfg.host() + " sent no sound; another voice may do better"})
				return
			case errors.Is(err, io.EOF):
				yield(engine.Speech{Words: extent.words(sentence)}, nil)
				return
			case err != nil:
				yield(engine.Speech{}, err)
				return
			}
		}
	}
}
