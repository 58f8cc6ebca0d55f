package enginetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// speaker is a loudspeaker that keeps exact books in virtual time. The samples
// of a frame all bear the number of the word they belong to.
type speaker struct {
	score *Score
	start time.Time

	mu      sync.Mutex
	queue   []segment // not yet all played, in order
	played  time.Duration
	held    time.Time // since when; zero: it is not
	flushes int
	sounds  map[int16]time.Duration // per word, how much of it was played
	last    map[int16]time.Time     // per word, when it was last heard
	wake    chan struct{}           // closed by a flush, a hold and its end
}

type segment struct {
	from, to time.Time
	word     int16
}

func newSpeaker(score *Score) *speaker {
	return &speaker{score: score, start: time.Now(), sounds: map[int16]time.Duration{}, last: map[int16]time.Time{}, wake: make(chan struct{})}
}

// Play implements [engine.Speaker].
func (s *speaker) Play(ctx context.Context, f pcm.Frame) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if err := s.Err(); err != nil {
		s.mu.Lock()
		s.cut()
		s.mu.Unlock()
		return err
	}
	s.mu.Lock()
	s.settle()
	from := time.Now().Add(latency)
	if n := len(s.queue); n > 0 && s.queue[n-1].to.After(from) {
		from = s.queue[n-1].to
	}
	s.queue = append(s.queue, segment{from: from, to: from.Add(f.Duration()), word: f.Samples[0]})
	s.mu.Unlock()
	return s.wait(ctx, lead)
}

// Drain implements [engine.Speaker].
func (s *speaker) Drain(ctx context.Context) error { return s.wait(ctx, 0) }

// wait until no more than left is queued, or for a flush or the end of ctx.
func (s *speaker) wait(ctx context.Context, left time.Duration) error {
	s.mu.Lock()
	flushes := s.flushes
	for {
		s.settle()
		n, held, wake := len(s.queue), !s.held.IsZero(), s.wake
		if n == 0 || s.flushes != flushes {
			s.mu.Unlock()
			return context.Cause(ctx)
		}
		d := time.Until(s.queue[n-1].to.Add(-left))
		s.mu.Unlock()
		if d <= 0 && !held {
			return s.Err()
		}
		timer := time.NewTimer(d)
		if held {
			timer.Stop()
		}
		select {
		case <-timer.C:
		case <-wake:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		timer.Stop()
		if err := s.Err(); err != nil {
			return err
		}
		s.mu.Lock()
	}
}

// now is the time, or when it was held.
func (s *speaker) now() time.Time {
	if !s.held.IsZero() {
		return s.held
	}
	return time.Now()
}

// settle counts what has been played by now.
func (s *speaker) settle() {
	now := s.now()
	rest := s.queue[:0]
	for _, seg := range s.queue {
		if seg.to.After(now) {
			rest = append(rest, seg)
			continue
		}
		s.count(seg, seg.to)
	}
	s.queue = rest
}

func (s *speaker) count(seg segment, until time.Time) {
	d := until.Sub(seg.from)
	s.played += d
	s.sounds[seg.word] += d
	s.last[seg.word] = until
}

// split counts what has been played of the segment in progress.
func (s *speaker) split() {
	s.settle()
	now := s.now()
	if len(s.queue) > 0 && s.queue[0].from.Before(now) {
		s.count(s.queue[0], now)
		s.queue[0].from = now
	}
}

func (s *speaker) signal() {
	close(s.wake)
	s.wake = make(chan struct{})
}

// cut stops at this moment.
func (s *speaker) cut() {
	s.split()
	s.queue, s.held = nil, time.Time{}
	s.flushes++
	s.signal()
}

// Duck implements [engine.Speaker]. The books know no loudness.
func (s *speaker) Duck(float64) {}

// Hold implements [engine.Speaker].
func (s *speaker) Hold(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on != s.held.IsZero() {
		return
	}
	s.split()
	if on {
		s.held = time.Now()
	} else {
		late := time.Since(s.held)
		for i := range s.queue {
			s.queue[i].from, s.queue[i].to = s.queue[i].from.Add(late), s.queue[i].to.Add(late)
		}
		s.held = time.Time{}
	}
	s.signal()
}

// Played implements [engine.Speaker].
func (s *speaker) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	played := s.played
	if len(s.queue) > 0 {
		played += max(0, s.now().Sub(s.queue[0].from))
	}
	return played
}

// Flush implements [engine.Speaker].
func (s *speaker) Flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut()
	played := s.played
	s.played = 0
	return played
}

// Err implements [engine.Speaker].
func (s *speaker) Err() error {
	if s.score.lost("speaker", time.Since(s.start)) {
		return fmt.Errorf("no speaker: plug one in: %w", engine.ErrNoSound)
	}
	return nil
}
