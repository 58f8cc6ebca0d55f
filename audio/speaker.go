package audio

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/audio/pcm"
)

const (
	// speakerLead is how much sound Play queues before it blocks.
	speakerLead = 300 * time.Millisecond
	// speakerPoll bounds how late a waiting Play or Drain sees a lost device.
	speakerPoll = 50 * time.Millisecond
	// watchEvery is how often the device is looked after.
	watchEvery = 50 * time.Millisecond
	// speakerSilence without a callback, and the device is gone. It is longer than
	// the microphone's: a false alarm costs a reply.
	speakerSilence = time.Second
	// holdLatency is how long a device goes on after it was held: what it has
	// taken it plays.
	holdLatency = 20 * time.Millisecond
)

// speaker plays through oto, and through malgo where oto has no device any
// more. It is opened, watched and opened again by its own goroutine.
type speaker struct {
	name  string
	log   *slog.Logger
	mixer *mixer

	playing sync.Mutex // one Play or Drain at a time

	mu      sync.Mutex
	device  output // nil while there is none
	lost    error  // what Err says
	changed chan struct{}
	rate    pcm.Rate
	resamp  *pcm.Resampler
	held    bool          // the resampler holds samples back
	queued  time.Duration // of frames since base
	base    uint64        // position in the mixer's queue where queued began
	carried time.Duration // played since the last Flush, before base
	shown   time.Duration // what Played has said
	loud    float64       // a factor: how much it is ducked
	paused  time.Time     // held since then; zero: it is not
}

func newSpeaker(name string, log *slog.Logger, reference, recording *tap) *speaker {
	return &speaker{
		name:    name,
		log:     log,
		mixer:   newMixer(reference, recording),
		changed: make(chan struct{}),
		loud:    1,
	}
}

// Play implements [engine.Speaker].
func (s *speaker) Play(ctx context.Context, f pcm.Frame) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	s.mu.Lock()
	changed := s.changed
	rest, err := s.convert(ctx, f)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	for {
		s.mu.Lock()
		if s.changed != changed {
			defer s.mu.Unlock()
			return s.lost // nil after a Flush: what it dropped was queued
		}
		rest = rest[s.mixer.queue.Write(rest):]
		s.mu.Unlock()
		excess := deviceRate.Duration(s.mixer.queue.Len()) - speakerLead
		if len(rest) == 0 && excess < 0 {
			return nil
		}
		if err := pause(ctx, changed, max(time.Millisecond, excess)); err != nil {
			return err
		}
	}
}

// convert makes device samples of f. It is called with mu held.
func (s *speaker) convert(ctx context.Context, f pcm.Frame) ([]int16, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if s.lost != nil {
		return nil, s.lost
	}
	var out []int16
	if f.Rate != s.rate {
		r, err := pcm.NewResampler(f.Rate, deviceRate)
		if err != nil {
			return nil, fmt.Errorf("audio: speaker: %w", err)
		}
		out = s.finish(out)
		s.resamp, s.rate = r, f.Rate
	}
	s.queued += f.Duration()
	s.held = true
	return s.resamp.Append(out, f.Samples), nil
}

// finish takes out what the resampler holds back. It is called with mu held.
func (s *speaker) finish(out []int16) []int16 {
	if s.held {
		out = s.resamp.Finish(out)
		s.held = false
	}
	return out
}

// pause waits for d, at most speakerPoll.
func pause(ctx context.Context, changed <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(min(d, speakerPoll))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-changed:
	case <-t.C:
	}
	return nil
}

// Drain implements [engine.Speaker].
func (s *speaker) Drain(ctx context.Context) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	s.mu.Lock()
	changed := s.changed
	rest := s.finish(nil)
	s.mu.Unlock()
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		lost := s.lost
		if s.changed != changed || lost != nil {
			s.mu.Unlock()
			return lost
		}
		rest = rest[s.mixer.queue.Write(rest):]
		left := s.left(s.now())
		s.mu.Unlock()
		if len(rest) == 0 && left <= 0 {
			return nil
		}
		if err := pause(ctx, changed, max(time.Millisecond, deviceRate.Duration(left))); err != nil {
			return err
		}
	}
}

// left is how many queued samples have not been heard. It is called with mu held.
func (s *speaker) left(now time.Time) int {
	return int(int64(s.mixer.queue.Written()) - int64(max(s.base, s.mixer.position(now))))
}

// Played implements [engine.Speaker].
func (s *speaker) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.played(s.now())
}

func (s *speaker) played(now time.Time) time.Duration {
	heard := deviceRate.Duration(int(max(s.base, s.mixer.position(now)) - s.base))
	if s.left(now) <= 0 && !s.held {
		heard = s.queued // to the last fraction of a sample
	}
	s.shown = max(s.shown, s.carried+min(heard, s.queued))
	return s.shown
}

// Flush implements [engine.Speaker].
func (s *speaker) Flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	heard := s.played(now)
	sounding := s.left(now) > 0
	s.forget()
	s.carried, s.shown = 0, 0
	if sounding && s.device != nil {
		s.device.flush()
	}
	s.duck(1)
	s.hold(false)
	return heard
}

// Duck implements [engine.Speaker].
func (s *speaker) Duck(dB float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duck(factor(dB))
}

// duck is called with mu held.
func (s *speaker) duck(factor float64) {
	if s.loud = factor; s.device != nil {
		s.device.duck(factor)
	}
}

// Hold implements [engine.Speaker].
func (s *speaker) Hold(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold(on)
}

// hold is called with mu held.
func (s *speaker) hold(on bool) {
	if on != s.paused.IsZero() {
		return
	}
	s.paused = time.Time{}
	if on {
		s.paused = time.Now()
	}
	if s.device != nil {
		s.device.hold(on)
	}
}

// now is the time, or until when there was sound, if that is held. It is called
// with mu held.
func (s *speaker) now() time.Time {
	now := time.Now()
	if !s.paused.IsZero() {
		if end := s.paused.Add(holdLatency); end.Before(now) {
			return end
		}
	}
	return now
}

// forget drops what is queued and wakes who waits for it. It is called with mu
// held.
func (s *speaker) forget() {
	s.mixer.queue.Clear()
	s.base, s.queued = s.mixer.queue.Written(), 0
	if s.resamp != nil {
		s.resamp.Reset()
	}
	s.held = false
	close(s.changed)
	s.changed = make(chan struct{})
}

// Err implements [engine.Speaker].
func (s *speaker) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// known says whether the speaker has been opened or has failed to.
func (s *speaker) known() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.device != nil || s.lost != nil
}

// Level is how loud what is being heard now is, in dBFS.
func (s *speaker) Level() float64 { return s.mixer.level(time.Now()) }
