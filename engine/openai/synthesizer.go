package openai

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"strconv"
	"strings"
	"time"
	"unicode"

	api "github.com/sashabaranov/go-openai"

	"parley/audio/pcm"
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

// playable says whether sound of that type is pcm or WAV, as far as the type can
// tell: servers call it many things.
func playable(mediaType string) bool {
	switch mediaType {
	case "audio/mpeg", "audio/mp3", "audio/ogg", "audio/opus", "audio/aac", "audio/flac", "audio/x-flac", "audio/webm", "audio/mp4":
		return false
	}
	return strings.HasPrefix(mediaType, "audio/") || mediaType == "application/octet-stream" || mediaType == "binary/octet-stream"
}

// voice is sound as it arrives.
type voice struct {
	rate pcm.Rate
	read func(dst []int16) (int, error)
}

// next is the next frame. Its error is io.EOF at the end.
func (v *voice) next() (pcm.Frame, error) {
	samples := make([]int16, v.rate.Samples(frameTime))
	n, err := v.read(samples)
	return pcm.Frame{Rate: v.rate, Samples: samples[:n]}, err
}

// voice finds out what kind of sound this is: raw pcm, as asked for, or a WAV
// file.
func (s *Synthesizer) voice(contentType string, body io.Reader) (*voice, error) {
	src := &source{Reader: body}
	start := make([]byte, 12)
	n, err := io.ReadFull(src, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || src.failed != nil {
		return nil, errors.Join(src.failed, err)
	}
	start = start[:n]
	src.Reader = io.MultiReader(bytes.NewReader(start), body)
	if bytes.HasPrefix(start, []byte("RIFF")) && bytes.HasSuffix(start, []byte("WAVE")) {
		file, err := pcm.NewWAVReader(src)
		if err != nil && src.failed == nil {
			return nil, &failure{kind: ErrFormat, text: s.cfg.host() + " sent a WAV file that cannot be read"}
		}
		if err != nil {
			return nil, src.failed
		}
		return &voice{rate: file.Rate(), read: func(dst []int16) (int, error) {
			n, err := file.Read(dst)
			if src.failed != nil {
				err = src.failed
			}
			return n, err
		}}, nil
	}
	if compressed(start) {
		return nil, &failure{kind: ErrFormat, text: s.cfg.host() + " sent compressed sound; it has to be able to send pcm or wav"}
	}
	return &voice{rate: pcmRate(contentType), read: rawSamples(src)}, nil
}

// source remembers why reading failed, which a reader of WAV files takes for the
// end.
type source struct {
	io.Reader
	failed error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}

// compressed says whether sound begins as MP3, Ogg or FLAC do.
func compressed(start []byte) bool {
	for _, mark := range []string{"ID3", "OggS", "fLaC", "\xff\xfb\x90", "\xff\xfb\xb0", "\xff\xf3\xc4", "\xff\xf3\xe4"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}

// pcmRate is the rate that a type names ("audio/pcm; rate=22050"), else the one
// that OpenAI has.
func pcmRate(contentType string) pcm.Rate {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return pcm.Rate24k
	}
	rate, err := strconv.Atoi(params["rate"])
	if err != nil || pcm.Rate(rate) < 8000 || pcm.Rate(rate) > pcm.Rate48k {
		return pcm.Rate24k
	}
	return pcm.Rate(rate)
}

// rawSamples reads samples of two bytes, the lower first. It fills dst, but for
// the end.
func rawSamples(src *source) func(dst []int16) (int, error) {
	var raw []byte
	return func(dst []int16) (int, error) {
		raw = append(raw[:0], make([]byte, 2*len(dst))...)
		n, err := io.ReadAtLeast(src, raw, len(raw))
		if src.failed != nil {
			err = src.failed
		} else if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		for i := range n / 2 {
			dst[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
		}
		return n / 2, err
	}
}
