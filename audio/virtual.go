package audio

import (
	"context"
	"iter"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// pace yields the time of the end of every frame from start on, when it has
// come, until ctx ends. It does not drift.
func pace(ctx context.Context, start time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		t := time.NewTimer(0)
		defer t.Stop()
		<-t.C
		for end := start.Add(pcm.FrameTime); ; end = end.Add(pcm.FrameTime) {
			t.Reset(time.Until(end))
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			if ctx.Err() != nil || !yield(end) {
				return
			}
		}
	}
}

// FileMicrophone hears a recording in real time, and then silence.
type FileMicrophone struct {
	samples   []int16 // 16 kHz
	recording *tap
	start     chan struct{}
	once      sync.Once
	ended     chan struct{}
	over      sync.Once
}

// NewFileMicrophone makes a microphone that hears f, of any rate, once Start
// has been called, and silence before and after. rec, if not nil, records what
// it hears.
func NewFileMicrophone(f pcm.Frame, rec *Recorder) (*FileMicrophone, error) {
	f, err := pcm.Resample(f, pcm.Rate16k)
	if err != nil {
		return nil, err
	}
	return &FileMicrophone{
		samples:   f.Samples,
		recording: rec.microphone(),
		start:     make(chan struct{}),
		ended:     make(chan struct{}),
	}, nil
}

// Start lets the recording begin, with the next frame. More calls do nothing.
func (m *FileMicrophone) Start() { m.once.Do(func() { close(m.start) }) }

// Ended is closed when the last sample of the recording has been heard.
func (m *FileMicrophone) Ended() <-chan struct{} { return m.ended }

// Frames implements [engine.Microphone]. The recording goes on where a former
// call left off.
func (m *FileMicrophone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		for end := range pace(ctx, time.Now()) {
			frame := make([]int16, frameSamples)
			select {
			case <-m.start:
				m.samples = m.samples[copy(frame, m.samples):]
				if len(m.samples) == 0 {
					m.over.Do(func() { close(m.ended) })
				}
			default:
			}
			m.recording.offer(end.Add(-pcm.FrameTime), pcm.Rate16k, frame)
			if !yield(engine.Heard{Linear: frame, Reference: pcm.Silence, Echo: pcm.Silence, Settled: true}, nil) {
				return
			}
		}
	}
}

// SilentMicrophone hears nothing, in real time.
type SilentMicrophone struct{}

// Frames implements [engine.Microphone].
func (SilentMicrophone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		for range pace(ctx, time.Now()) {
			if !yield(engine.Heard{Linear: make([]int16, frameSamples), Reference: pcm.Silence, Echo: pcm.Silence, Settled: true}, nil) {
				return
			}
		}
	}
}
