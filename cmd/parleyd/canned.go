package main

import (
	"context"
	"iter"
	"math"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/server"
	"parley/engine/turn"
)

// The canned stages cost nothing and know nothing: what a load test with them
// measures is the server alone.
const (
	cannedQuestion = "what time is it"
	cannedAnswer   = "This is a canned answer."
	cannedLength   = time.Second
)

// cannedBackend answers whatever is said with a fixed text and tone.
func cannedBackend() server.Backend {
	tone := newTone()
	return server.Backend{
		Model:       "parley-canned",
		Transcriber: cannedTranscriber{},
		Synthesizer: func(string, float64) engine.Synthesizer { return tone },
		Mind:        func() server.Mind { return server.Mind{Responder: cannedResponder{}, Teacher: cannedTeacher{}} },
		Turns:       turn.Config{Known: func(string) bool { return true }},
	}
}

type cannedTranscriber struct{}

// Transcribe implements [engine.Transcriber].
func (cannedTranscriber) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	words := engine.Hypothesis{Text: cannedQuestion, Stable: 4, Confidence: 1}
	return func(yield func(engine.Hypothesis, error) bool) {
		told := false
		for f := range frames {
			if soft := len(f.Samples) == 0; soft || !told {
				told = true
				h := words
				h.Soft = soft
				if !yield(h, nil) {
					return
				}
			}
		}
		if ctx.Err() == nil {
			words.Final = true
			yield(words, nil)
		}
	}
}

type cannedResponder struct{}

// Respond implements [engine.Responder].
func (cannedResponder) Respond(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) { yield(engine.Words{Text: cannedAnswer}, nil) }
}

type cannedTeacher struct{}

// Lesson implements [engine.Teacher].
func (cannedTeacher) Lesson(context.Context, engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		yield(engine.LessonPiece{Markdown: "# Canned\n\nA canned lesson.\n"}, nil)
	}
}

// tone speaks everything as one second of a tone, in frames of 20 ms.
type tone []engine.Speech

const (
	cannedRate  = pcm.Rate(16000)
	cannedPitch = 440.0 // Hz
	cannedLevel = 8000.0
	cannedFrame = 20 * time.Millisecond
)

func newTone() tone {
	var all tone
	n := cannedRate.Samples(cannedFrame)
	for at := 0; at < cannedRate.Samples(cannedLength); at += n {
		samples := make([]int16, n)
		for i := range samples {
			samples[i] = int16(cannedLevel * math.Sin(2*math.Pi*cannedPitch*float64(at+i)/float64(cannedRate)))
		}
		all = append(all, engine.Speech{Frame: pcm.Frame{Rate: cannedRate, Samples: samples}})
	}
	return all
}

// Synthesize implements [engine.Synthesizer].
func (t tone) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		for i, s := range t {
			if ctx.Err() != nil {
				return
			}
			if i == 0 {
				s.Words = []engine.Word{{From: 0, To: len(sentence), End: cannedLength}}
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}
