package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"unicode/utf8"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// What OpenAI lets be spoken at once, and how fast.
const (
	longestInput = 4096 // characters
	slowest      = 0.25
	fastest      = 4.0
)

// speechRequest is the body of audio/speech, as far as it makes a difference.
type speechRequest struct {
	Input  string   `json:"input"`
	Voice  voice    `json:"voice"`
	Speed  *float64 `json:"speed"`
	Format string   `json:"response_format"`
	Stream string   `json:"stream_format"`
}

// voice is a voice's name, or an object with one as its id.
type voice string

// UnmarshalJSON implements [json.Unmarshaler].
func (v *voice) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, (*string)(v)) == nil {
		return nil
	}
	var named struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(b, &named) != nil || named.ID == "" {
		return invalid("voice", "voice has to be a string or an object with an id")
	}
	*v = voice(named.ID)
	return nil
}

// check puts in what is left out.
func (s *speechRequest) check() error {
	s.Format, s.Stream = cmp.Or(s.Format, "wav"), cmp.Or(s.Stream, "audio")
	if s.Speed == nil {
		s.Speed = new(1.0)
	}
	switch n := utf8.RuneCountInString(s.Input); {
	case strings.TrimSpace(s.Input) == "":
		return invalid("input", "input is missing: the text to speak")
	case n > longestInput:
		return invalid("input", "input has %d characters; up to %d can be spoken at once", n, longestInput)
	case !(*s.Speed >= slowest && *s.Speed <= fastest):
		return invalid("speed", "speed is %g; it has to be %g to %g", *s.Speed, slowest, fastest)
	case speechTypes[s.Format] == "":
		return invalid("response_format", "response_format cannot be %.40q; there are wav and pcm (24 kHz, 16 bit, mono)", s.Format)
	case s.Stream != "audio" && s.Stream != "sse":
		return invalid("stream_format", "stream_format cannot be %.40q; there are audio and sse", s.Stream)
	}
	return nil
}

func (h *routes) speech(w http.ResponseWriter, r *http.Request) error {
	var asked speechRequest
	if err := readJSON(w, r, h.limits.JSON, &asked); err != nil {
		return err
	}
	if err := asked.check(); err != nil {
		return err
	}
	synthesizer := h.backend.Synthesizer(string(asked.Voice), *asked.Speed)
	if synthesizer == nil {
		return invalid("voice", "there is no voice %.80q", string(asked.Voice))
	}
	if asked.Stream == "sse" {
		h.stream(w, r, func(ctx context.Context, s *stream) error {
			return speechEvents(ctx, s, synthesizer, asked)
		})
		return nil
	}
	return h.speechBytes(w, r, synthesizer, asked)
}

// speechEvents gives speech as events.
func speechEvents(ctx context.Context, s *stream, synthesizer engine.Synthesizer, asked speechRequest) error {
	length := 0
	for b, err := range spoken(ctx, synthesizer, asked) {
		if err != nil {
			return err
		}
		length += len(b)
		if err := s.send(struct {
			Type  string `json:"type"`
			Audio []byte `json:"audio"` // base64
		}{"speech.audio.delta", b}); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	in := tokens(len(asked.Input))
	out := int(protocol.WireRate.Duration(length/2).Seconds() * audioTokens)
	return s.send(map[string]any{"type": "speech.audio.done", "usage": map[string]int{
		"input_tokens": in, "output_tokens": out, "total_tokens": in + out,
	}})
}

// audioTokens is how many tokens a second of spoken output is at OpenAI.
const audioTokens = 20

// speechBytes gives speech as sound. When it fails halfway the connection is cut,
// so that nobody takes what came for the whole.
func (h *routes) speechBytes(w http.ResponseWriter, r *http.Request, synthesizer engine.Synthesizer, asked speechRequest) error {
	control := http.NewResponseController(w)
	begun := false
	for b, err := range spoken(r.Context(), synthesizer, asked) {
		switch {
		case err != nil && !begun:
			return err
		case err != nil:
			_ = h.told(r, err) // only the log hears of it
			return cut(control)
		case !begun:
			begun = true
			w.Header().Set("Content-Type", speechTypes[asked.Format])
			w.WriteHeader(http.StatusOK)
		}
		if err := push(w, control, b, h.limits.Write); err != nil {
			return cut(control)
		}
	}
	switch {
	case r.Context().Err() != nil:
		return cut(control)
	case !begun:
		return invalid("input", "input has nothing that could be spoken")
	}
	atLeisure(control)
	return nil
}

// speechTypes are the types of what is spoken, by response_format.
var speechTypes = map[string]string{"wav": "audio/wav", "pcm": "audio/pcm;rate=24000"}

// spoken is the sound of the whole input, as bytes of its format: some 100 ms each,
// but the first as soon as there is any.
func spoken(ctx context.Context, synthesizer engine.Synthesizer, asked speechRequest) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		codec, err := protocol.NewCodec(nil)
		if err != nil {
			yield(nil, err)
			return
		}
		var ready []byte
		enough, whole := 1, 2*int(protocol.WireRate)/10
		for samples, err := range samplesOf(ctx, synthesizer, asked.Input) {
			if err != nil {
				yield(nil, failed("synthesizer", err))
				return
			}
			ready = append(ready, codec.Bytes(samples)...)
			if len(ready) < enough {
				continue
			}
			if enough != whole && asked.Format == "wav" {
				ready = append(wavHead(), ready...)
			}
			if !yield(ready, nil) {
				return
			}
			ready, enough = nil, whole
		}
		if len(ready) > 0 {
			yield(ready, nil)
		}
	}
}

// samplesOf is what is spoken, sentence after sentence, at 24 kHz.
func samplesOf(ctx context.Context, synthesizer engine.Synthesizer, input string) iter.Seq2[[]int16, error] {
	return func(yield func([]int16, error) bool) {
		var rate pcm.Rate
		var resampler *pcm.Resampler
		for sentence := range sentences(input) {
			for piece, err := range synthesizer.Synthesize(ctx, sentence.Text) {
				if err == nil && len(piece.Frame.Samples) > 0 && piece.Frame.Rate != rate {
					if resampler != nil && !yield(resampler.Finish(nil), nil) {
						return
					}
					rate = piece.Frame.Rate
					resampler, err = pcm.NewResampler(rate, protocol.WireRate)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if len(piece.Frame.Samples) > 0 && !yield(resampler.Append(nil, piece.Frame.Samples), nil) {
					return
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
		if resampler != nil {
			yield(resampler.Finish(nil), nil)
		}
	}
}

// sentences cuts a whole text as a synthesizer wants it.
func sentences(text string) iter.Seq[engine.Sentence] {
	return func(yield func(engine.Sentence) bool) {
		var cut engine.Sentences
		for one := range cut.Add(text) {
			if !yield(one) {
				return
			}
		}
		if last, ok := cut.Rest(); ok {
			yield(last)
		}
	}
}
