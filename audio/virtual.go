package audio

import (
	"context"
	"fmt"
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

// NullSpeaker plays into nothing, in real time, and knows to the nanosecond how
// far it is.
type NullSpeaker struct {
	recording *tap

	playing sync.Mutex // one Play or Drain at a time
	mu      sync.Mutex
	queued  time.Duration // since the last Flush
	end     time.Time     // when all that is queued will have been played
	pending []block       // not yet heard, for the recording and the level
	level   float64
	changed chan struct{} // closed by Flush
}

// NewNullSpeaker makes one; rec, if not nil, records what it plays.
func NewNullSpeaker(rec *Recorder) *NullSpeaker {
	return &NullSpeaker{recording: rec.speaker(), changed: make(chan struct{})}
}

// Play implements [engine.Speaker].
func (s *NullSpeaker) Play(ctx context.Context, f pcm.Frame) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if f.Rate < pcm.MinRate || f.Rate > pcm.MaxRate {
		return fmt.Errorf("audio: speaker: cannot play at %d Hz", f.Rate)
	}
	s.mu.Lock()
	now := time.Now()
	s.advance(now)
	if s.end.Before(now) {
		s.end = now
	}
	for rest, at := f.Samples, s.end; len(rest) > 0; {
		b := block{at: at, rate: f.Rate}
		b.n = copy(b.samples[:], rest)
		s.pending = append(s.pending, b)
		rest = rest[b.n:]
		at = at.Add(f.Rate.Duration(b.n))
	}
	s.queued += f.Duration()
	s.end = s.end.Add(f.Duration())
	s.mu.Unlock()
	return s.wait(ctx, speakerLead)
}

// Drain implements [engine.Speaker].
func (s *NullSpeaker) Drain(ctx context.Context) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	return s.wait(ctx, 0)
}

// wait returns when no more than lead is left to be played. It does not sleep
// for long, so that the recording and the level keep up.
func (s *NullSpeaker) wait(ctx context.Context, lead time.Duration) error {
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	for {
		s.mu.Lock()
		now := time.Now()
		s.advance(now)
		left, flushed := s.end.Sub(now)-lead, s.changed != changed
		s.mu.Unlock()
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if left <= 0 || flushed {
			return nil
		}
		if err := pause(ctx, changed, left); err != nil {
			return err
		}
	}
}

// advance gives what has been heard by now to the recording. It is called with
// mu held.
func (s *NullSpeaker) advance(now time.Time) {
	s.level = pcm.Silence
	i := 0
	for ; i < len(s.pending); i++ {
		b := &s.pending[i]
		if b.at.After(now) {
			break
		}
		s.level = pcm.Level(b.samples[:b.n])
		if b.at.Add(b.rate.Duration(b.n)).After(now) {
			break
		}
		s.recording.offer(b.at, b.rate, b.samples[:b.n])
	}
	if i == len(s.pending) {
		s.level = pcm.Silence
	}
	s.pending = append(s.pending[:0], s.pending[i:]...)
}

// Played implements [engine.Speaker].
func (s *NullSpeaker) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.advance(now)
	return s.queued - max(0, s.end.Sub(now))
}

// Flush implements [engine.Speaker].
func (s *NullSpeaker) Flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.advance(now)
	heard := s.queued - max(0, s.end.Sub(now))
	s.queued, s.end, s.pending, s.level = 0, now, nil, pcm.Silence
	close(s.changed)
	s.changed = make(chan struct{})
	return heard
}

// Err implements [engine.Speaker]: there is always nothing to play on.
func (s *NullSpeaker) Err() error { return nil }

// Level is how loud what is being played now is, in dBFS.
func (s *NullSpeaker) Level() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance(time.Now())
	return s.level
}
