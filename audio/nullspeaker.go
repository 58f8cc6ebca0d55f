package audio

import (
	"context"
	"fmt"
	"sync"
	"time"

	"parley/audio/pcm"
)

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
	gain    float64       // as a factor
	held    time.Time     // since when; zero: it is not
	changed chan struct{} // closed by Flush
}

// NewNullSpeaker makes one; rec, if not nil, records what it plays.
func NewNullSpeaker(rec *Recorder) *NullSpeaker {
	return &NullSpeaker{recording: rec.speaker(), gain: 1, changed: make(chan struct{})}
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
	now := s.now()
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
		now := s.now()
		s.advance(now)
		left, flushed := s.end.Sub(now)-lead, s.changed != changed
		s.mu.Unlock()
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if left <= 0 || flushed {
			return nil
		}
		if err := pause(ctx, changed, max(time.Millisecond, left)); err != nil {
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
		scale(b.samples[:b.n], s.gain, s.gain)
		s.recording.offer(b.at, b.rate, b.samples[:b.n])
	}
	if i == len(s.pending) {
		s.level = pcm.Silence
	}
	s.pending = append(s.pending[:0], s.pending[i:]...)
}

// now is the time, or when the speaker was held. It is called with mu held.
func (s *NullSpeaker) now() time.Time {
	if !s.held.IsZero() {
		return s.held
	}
	return time.Now()
}

// Duck implements [engine.Speaker].
func (s *NullSpeaker) Duck(dB float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance(s.now())
	s.gain = factor(dB)
}

// Hold implements [engine.Speaker].
func (s *NullSpeaker) Hold(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on != s.held.IsZero() {
		return
	}
	if on {
		s.held = time.Now()
		return
	}
	late := time.Since(s.held)
	s.held = time.Time{}
	s.end = s.end.Add(late)
	for i := range s.pending {
		s.pending[i].at = s.pending[i].at.Add(late)
	}
}

// Played implements [engine.Speaker].
func (s *NullSpeaker) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.advance(now)
	return s.queued - max(0, s.end.Sub(now))
}

// Flush implements [engine.Speaker].
func (s *NullSpeaker) Flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.advance(now)
	heard := s.queued - max(0, s.end.Sub(now))
	s.queued, s.end, s.pending, s.level = 0, now, nil, pcm.Silence
	s.gain, s.held = 1, time.Time{}
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
	s.advance(s.now())
	return s.level
}
