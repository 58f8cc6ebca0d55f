package backend

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/openai"
	"parley/engine/remote"
)

// The models that are asked for over REST: a Parley takes any name, OpenAI these.
const (
	answering = "gpt-4.1-mini"
	hearing   = "whisper-1"
	speaking  = "tts-1"
	voice     = "alloy"
)

// rest is the rung of three requests a turn: transcription, chat, speech.
type rest struct {
	transcriber *openai.Transcriber
	responder   *openai.Responder
	synthesizer *openai.Synthesizer

	client *http.Client
	base   string
	token  func() string
	rtt    atomic.Int64 // ns
	model  atomic.Bool  // a language model answers there, and no Parley
}

var _ remote.Rung = (*rest)(nil)

func newREST(cfg Config, base *url.URL, client *http.Client) (*rest, error) {
	r := &rest{client: client, base: base.JoinPath("v1").String(), token: cfg.Token}
	service := func(model string) openai.Service {
		return openai.Service{BaseURL: r.base, Model: model, Key: cfg.Token, HTTP: client, Log: cfg.Log}
	}
	var err error
	if r.transcriber, err = openai.NewTranscriber(openai.TranscriberConfig{Service: service(hearing), Language: "en"}); err != nil {
		return nil, err
	}
	named := cfg.Voice
	if named == "" {
		named = voice
	}
	if r.synthesizer, err = openai.NewSynthesizer(openai.SynthesizerConfig{Service: service(speaking), Voice: named, Speed: cfg.Speed}); err != nil {
		return nil, err
	}
	if r.responder, err = openai.NewResponder(openai.ResponderConfig{Service: service(answering)}); err != nil {
		return nil, err
	}
	return r, nil
}

// Name implements [remote.Rung].
func (*rest) Name() string { return remote.REST }

// Stages implements [remote.Rung].
func (r *rest) Stages() remote.Stages {
	return remote.Stages{Transcriber: r, Responder: r, Synthesizer: r}
}

// Probe implements [remote.Rung].
func (r *rest) Probe(ctx context.Context) error {
	began := time.Now()
	models, err := openai.Models(ctx, r.client, r.base, r.token())
	if err != nil {
		return spoken(err)
	}
	r.rtt.Store(int64(time.Since(began)))
	r.model.Store(slices.Contains(models, answering) && !slices.Contains(models, "parley"))
	if len(models) > 0 && !slices.Contains(models, answering) && !slices.Contains(models, "parley") {
		return errors.New("backend: it has no model that is known here")
	}
	return nil
}

// RTT implements [remote.Rung].
func (r *rest) RTT() time.Duration { return time.Duration(r.rtt.Load()) }

// Transcribe implements [engine.Transcriber].
func (r *rest) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return asSpoken(r.transcriber.Transcribe(ctx, frames))
}

// Respond implements [engine.Responder]. What a language model is told beside the
// words, in brackets before them, a Parley would take for words.
func (r *rest) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	if !r.model.Load() {
		req = engine.Request{Text: req.Text, Turns: req.Turns, Instructions: req.Instructions}
	}
	return asSpoken(r.responder.Respond(ctx, req))
}

// Synthesize implements [engine.Synthesizer].
func (r *rest) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return asSpoken(r.synthesizer.Synthesize(ctx, sentence))
}

// asSpoken gives a sequence's errors as a ladder tells them apart.
func asSpoken[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if !yield(v, spoken(err)) {
				return
			}
		}
	}
}

// busy is that a service asks to be asked less.
type busy struct{ error }

// Unwrap gives what the service said.
func (b busy) Unwrap() error { return b.error }

// HTTPStatus implements [remote.Refusal].
func (busy) HTTPStatus() int { return http.StatusTooManyRequests }

// RetryAfter implements [remote.Refusal].
func (busy) RetryAfter() time.Duration { return 0 }

// spoken is an error of a service's as a ladder tells it apart.
func spoken(err error) error {
	switch {
	case errors.Is(err, openai.ErrKey), errors.Is(err, openai.ErrForbidden):
		return fmt.Errorf("%w: %w", remote.ErrCredentials, err)
	case errors.Is(err, openai.ErrRate):
		return busy{err}
	case errors.Is(err, openai.ErrSlow):
		return fmt.Errorf("%w: %w", remote.ErrSilent, err)
	}
	return err
}
