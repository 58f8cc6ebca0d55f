package openai

import (
	"bytes"
	"context"
	"encoding/binary"
	"iter"
	"strings"
	"time"

	api "github.com/sashabaranov/go-openai"

	"parley/audio/pcm"
	"parley/engine"
)

// TranscriberConfig says how a Transcriber works. Only a Service is needed.
type TranscriberConfig struct {
	Service
	Language string // ISO 639-1, "en"; empty: the service finds out
	Prompt   string // names and words that may come up; empty: none

	// Partials shows hypotheses while the user is speaking, which the service has
	// none of; nil shows none.
	Partials engine.Transcriber

	// StandIn, where it and Partials are there, is told of the service's failure, and
	// the utterance's words are those that Partials has understood. Nil: the failure
	// ends the utterance.
	StandIn func(error)
}

// shortest is the least sound that is sent; a service has no use for less.
const shortest = 100 * time.Millisecond

// Transcriber is an [engine.Transcriber] that sends each utterance to a service,
// whole: at a soft end what there is so far, and at the end again only if
// something was said since. It may be used by several goroutines.
type Transcriber struct{ cfg TranscriberConfig }

var _ engine.Transcriber = (*Transcriber)(nil)

// NewTranscriber makes a transcriber. Its error wraps [ErrAddress] if the base URL
// is none.
func NewTranscriber(cfg TranscriberConfig) (*Transcriber, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return &Transcriber{cfg: cfg}, nil
}

// Transcribe implements [engine.Transcriber]. It asks for its results as frames
// come, and so needs them to go on coming during a pause, as they do. A failure is
// yielded only when frames has ended.
func (t *Transcriber) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		u := &utterance{t: t}
		defer u.all.Wait()
		defer cancel()
		partials := u.preview(ctx)
		for f := range frames {
			if ctx.Err() != nil {
				return
			}
			if len(f.Samples) == 0 {
				u.softEnd(ctx)
			} else {
				u.hear(f.Samples)
			}
			if !u.tell(partials, yield) {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		u.sound.close()
		r := u.asked
		if r == nil {
			r = u.ask(ctx)
		}
		for {
			select {
			case <-ctx.Done():
				return
			case h := <-partials:
				if !u.told && !yield(h, nil) {
					return
				}
				continue
			case <-r.done:
			}
			break
		}
		if ctx.Err() != nil {
			return
		}
		if r.err != nil {
			u.standIn(ctx, r.err, yield)
			return
		}
		yield(engine.Hypothesis{Text: r.text, Stable: len(strings.Fields(r.text)), Final: true}, nil)
	}
}

// transcribe has sound transcribed.
func (t *Transcriber) transcribe(ctx context.Context, samples []int16) (string, error) {
	if pcm.Rate16k.Duration(len(samples)) < shortest {
		return "", nil
	}
	file := wav(samples)
	w := t.cfg.watch(ctx)
	defer w.end()
	var got api.AudioResponse
	err := w.try(func(ctx context.Context) (err error) {
		got, err = t.cfg.client(&call{}).CreateTranscription(ctx, api.AudioRequest{
			Model: t.cfg.Model, FilePath: "utterance.wav", Reader: bytes.NewReader(file),
			Prompt: t.cfg.Prompt, Language: t.cfg.Language, Format: api.AudioResponseFormatJSON,
		})
		return err
	})
	return strings.Join(strings.Fields(got.Text), " "), err
}

// wav is a whole file of 16 kHz, mono, 16 bit.
func wav(samples []int16) []byte {
	const header, bytesPerSample = 44, 2
	n := uint32(len(samples) * bytesPerSample)
	rate := uint32(pcm.Rate16k)
	file := make([]byte, 0, header+int(n))
	file = append(file, "RIFF"...)
	file = binary.LittleEndian.AppendUint32(file, header-8+n)
	file = append(file, "WAVEfmt "...)
	file = binary.LittleEndian.AppendUint32(file, 16) // of the format
	file = binary.LittleEndian.AppendUint16(file, 1)  // PCM
	file = binary.LittleEndian.AppendUint16(file, 1)  // channel
	file = binary.LittleEndian.AppendUint32(file, rate)
	file = binary.LittleEndian.AppendUint32(file, rate*bytesPerSample)
	file = binary.LittleEndian.AppendUint16(file, bytesPerSample)
	file = binary.LittleEndian.AppendUint16(file, bytesPerSample*8)
	file = append(file, "data"...)
	file = binary.LittleEndian.AppendUint32(file, n)
	for _, s := range samples {
		file = binary.LittleEndian.AppendUint16(file, uint16(s))
	}
	return file
}
