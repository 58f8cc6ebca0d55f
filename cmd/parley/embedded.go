package main

import (
	"context"
	"iter"

	"parley/audio/pcm"
	"parley/engine"
	"parley/ui"
)

// Not every build has the embedded engines: they are C libraries of Debian's. What
// one brings itself is said in embedded_unix.go and embedded_windows.go alone, by
// openTranscriber, openVoice and openWordNet; where it lacks something they give the
// stand-ins below, and everything else goes by those.

// embeddedTranscriber is the one that this build brings.
type embeddedTranscriber interface {
	engine.Transcriber
	// Complete waits until it has loaded and says whether that went well.
	Complete(ctx context.Context) error
	// Mean is what it has learnt of the voice and the room.
	Mean() []float64
	Close() error
}

// lack is that this build does not bring an engine. Conversations show what wraps
// [engine.ErrNoSound] for as long as it lasts, which this does.
type lack string

// Error implements the error interface.
func (l lack) Error() string { return "parley: " + string(l) }

// Unwrap makes it the lack of sound that it comes to.
func (lack) Unwrap() error { return engine.ErrNoSound }

// What this build may lack, and what to do.
var (
	errDeaf error = lack("this build does not understand speech by itself: type, or choose a service for it in the settings, or a Parley on another computer")
	errMute error = lack("this build has no voice of its own: read, or choose a service for it in the settings, or a Parley on another computer")
)

// deaf is the embedded transcriber of a build that has none.
type deaf struct{}

// Transcribe implements [engine.Transcriber].
func (deaf) Transcribe(context.Context, iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) { yield(engine.Hypothesis{}, errDeaf) }
}

// Complete implements embeddedTranscriber.
func (deaf) Complete(context.Context) error { return errDeaf }

// Mean implements embeddedTranscriber.
func (deaf) Mean() []float64 { return nil }

// Close implements embeddedTranscriber.
func (deaf) Close() error { return nil }

// isDeaf says whether t is the stand-in.
func isDeaf(t engine.Transcriber) bool { _, is := t.(deaf); return is }

// mute is the embedded synthesizer of a build that has none: replies are read.
type mute struct{}

// Synthesize implements [engine.Synthesizer]; it gives no sound.
func (mute) Synthesize(context.Context, string) iter.Seq2[engine.Speech, error] {
	return func(func(engine.Speech, error) bool) {}
}

// isMute says whether s is the stand-in.
func isMute(s engine.Synthesizer) bool { _, is := s.(mute); return is }

// unheeded is the microphone where nothing understands speech. It is not opened, and
// says why.
type unheeded struct{}

// Frames implements [engine.Microphone].
func (unheeded) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		if yield(engine.Heard{}, errDeaf) {
			<-ctx.Done()
		}
	}
}

// lacks says what keeps the conversation from being held by voice: nil where each
// stage has an embedded engine, or a service or another computer in its place.
func (p *pieces) lacks() (hearing, speaking error) {
	if isDeaf(p.transcriber) && p.settings.Transcriber.URL == "" && p.upstairs == nil {
		hearing = errDeaf
	}
	if isMute(p.voice) && p.settings.Synthesizer.URL == "" && p.upstairs == nil {
		speaking = errMute
	}
	return hearing, speaking
}

// absent are the stages that this build has no engine for, as the window calls them.
func absent() []ui.Stage {
	if ownSpeech {
		return nil
	}
	return []ui.Stage{ui.Understanding, ui.Voicing}
}
