package rest

import (
	"context"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"parley/audio/pcm"
	"parley/engine"
)

// transcriptionRequest is a form as far as it makes a difference. Language, prompt
// and model are taken and change nothing: the transcriber is the backend's.
type transcriptionRequest struct {
	samples     []int16 // of 16 kHz; nil: no file came
	format      string
	language    string
	temperature float64
	stream      bool
}

// written are the words of a segment.
type written struct {
	segment
	engine.Hypothesis
}

func (h *routes) transcriptions(w http.ResponseWriter, r *http.Request) error {
	asked := transcriptionRequest{format: "json"}
	if err := h.form(w, r, func(part *multipart.Part) error { return asked.take(part, h.limits) }); err != nil {
		return err
	}
	write, known := transcriptFormats[asked.format]
	switch {
	case asked.samples == nil:
		return invalid("file", "there is no sound: put it into the field file")
	case !known:
		return invalid("response_format", "response_format cannot be %.40q; there are json, text, verbose_json, srt and vtt", asked.format)
	case asked.stream:
		h.stream(w, r, func(ctx context.Context, s *stream) error { return h.transcriptStream(ctx, s, asked) })
		return nil
	}
	var all []written
	if err := h.transcribe(r.Context(), asked.samples, func(one written) error {
		all = append(all, one)
		return nil
	}); err != nil {
		return err
	}
	write(w, asked, all)
	return nil
}

// take takes a part of the form.
func (t *transcriptionRequest) take(part *multipart.Part, limits Limits) error {
	name := part.FormName()
	if name == "file" {
		s, err := openSound(part, part.Header.Get("Content-Type"))
		if err != nil {
			return err
		}
		samples, err := s.all(pcm.Rate16k, limits.Length)
		if err != nil {
			return err
		}
		if len(samples) == 0 {
			return invalid("file", "the sound in the field file is empty")
		}
		t.samples = samples
		return nil
	}
	b, err := field(part, fieldBytes)
	if err != nil {
		return err
	}
	value := string(b)
	switch name {
	case "response_format":
		t.format = value
	case "language":
		t.language = value
	case "temperature":
		if t.temperature, err = strconv.ParseFloat(value, 64); err != nil || !(t.temperature >= 0 && t.temperature <= 1) {
			return invalid(name, "temperature is %.20q; it has to be a number from 0 to 1", value)
		}
	case "stream":
		if t.stream, err = strconv.ParseBool(value); err != nil {
			return invalid(name, "stream is %.20q; it has to be true or false", value)
		}
	case "timestamp_granularities[]", "timestamp_granularities":
		if value != "segment" && value != "word" {
			return invalid("timestamp_granularities", "timestamp_granularities cannot be %.40q; there are segment and word", value)
		}
	}
	return nil
}

// transcribe tells of each segment's words, in order. A segment of none is left out.
func (h *routes) transcribe(ctx context.Context, samples []int16, tell func(written) error) error {
	for _, s := range segments(samples) {
		words, err := h.words(ctx, samples[s.from:s.to])
		if err != nil {
			return err
		}
		if words.Text = strings.TrimSpace(words.Text); words.Text == "" {
			continue
		}
		if err := tell(written{s, words}); err != nil {
			return err
		}
	}
	return nil
}

// words are what was said in an utterance.
func (h *routes) words(ctx context.Context, samples []int16) (engine.Hypothesis, error) {
	for hyp, err := range h.backend.Transcriber.Transcribe(ctx, frames(samples)) {
		if err != nil {
			return engine.Hypothesis{}, failed("transcriber", err)
		}
		if hyp.Final {
			return hyp, nil
		}
	}
	return engine.Hypothesis{}, context.Cause(ctx)
}

// joined is all that was said.
func joined(all []written) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = one.Text
	}
	return strings.Join(words, " ")
}

// transcriptStream gives a segment's words as soon as they are known. The deltas
// joined are the text.
func (h *routes) transcriptStream(ctx context.Context, s *stream, asked transcriptionRequest) error {
	var all []written
	if err := h.transcribe(ctx, asked.samples, func(one written) error {
		delta := one.Text
		if len(all) > 0 {
			delta = " " + delta
		}
		all = append(all, one)
		return s.send(map[string]string{"type": "transcript.text.delta", "delta": delta})
	}); err != nil {
		return err
	}
	return s.send(map[string]any{"type": "transcript.text.done", "text": joined(all), "usage": heard(asked.samples)})
}

// duration is how a transcription's cost is counted.
type duration struct {
	Type    string  `json:"type"` // duration
	Seconds float64 `json:"seconds"`
}

func heard(samples []int16) duration {
	return duration{"duration", pcm.Rate16k.Duration(len(samples)).Seconds()}
}
