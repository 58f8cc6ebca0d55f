package enginetest

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

const (
	samplesPerFrame = 160
	voiceLevel      = 3000 // amplitude of the user's voice
	roomLevel       = 12   // amplitude of the background
	lead            = 300 * time.Millisecond
	latency         = 30 * time.Millisecond // queued → leaves the loudspeaker
)

// microphone plays the score's lines. Each of its frames carries, in its second
// sample, which line it belongs to (from 1), so that the transcriber hears just
// those words whose sound reaches it.
type microphone struct{ score *Score }

// Frames implements [engine.Microphone].
func (m microphone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		start := time.Now()
		for n := range int64(1) << 62 {
			at := time.Duration(n) * pcm.FrameTime
			select {
			case <-time.After(time.Until(start.Add(at + pcm.FrameTime))):
			case <-ctx.Done():
				return
			}
			var err error
			var heard engine.Heard
			if m.score.lost("microphone", at) {
				err = fmt.Errorf("no microphone: plug one in: %w", engine.ErrNoSound)
			} else {
				heard = engine.Heard{Linear: m.score.sound(at), Reference: pcm.Silence, Echo: pcm.Silence, Settled: true}
			}
			if !yield(heard, err) {
				return
			}
		}
	}
}

// lost says whether a device is away.
func (s *Score) lost(device string, at time.Duration) bool {
	for _, l := range s.Losses {
		if l.Device == device && at >= l.From && at < l.To {
			return true
		}
	}
	return false
}

// sound is the frame that begins at that time.
func (s *Score) sound(at time.Duration) []int16 {
	amplitude, mark := int16(roomLevel), int16(0)
	for i, l := range s.Lines {
		if at >= l.From && at < l.To {
			amplitude, mark = voiceLevel, int16(i+1) //nolint:gosec // a score has a few lines
		}
	}
	frame := make([]int16, samplesPerFrame)
	for i := range frame {
		frame[i] = amplitude
		if i%2 == 1 {
			frame[i] = -amplitude
		}
	}
	frame[1] = mark
	return frame
}

// speaker is a loudspeaker that keeps exact books in virtual time. The samples
// of a frame all bear the number of the word they belong to.
type speaker struct {
	score *Score
	start time.Time

	mu     sync.Mutex
	queue  []segment // not yet all played, in order
	played time.Duration
	sounds map[int16]time.Duration // per word, how much of it was played
	last   map[int16]time.Time     // per word, when it was last heard
	wake   chan struct{}
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
	end := from.Add(f.Duration())
	s.queue = append(s.queue, segment{from: from, to: end, word: f.Samples[0]})
	s.mu.Unlock()
	return s.wait(ctx, end.Add(-lead))
}

// wait until a time, a flush, or the end of ctx.
func (s *speaker) wait(ctx context.Context, until time.Time) error {
	s.mu.Lock()
	wake := s.wake
	s.mu.Unlock()
	d := time.Until(until)
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return s.Err()
	case <-wake:
		return context.Cause(ctx)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Drain implements [engine.Speaker].
func (s *speaker) Drain(ctx context.Context) error {
	s.mu.Lock()
	s.settle()
	end := time.Now()
	if n := len(s.queue); n > 0 {
		end = s.queue[n-1].to
	}
	s.mu.Unlock()
	return s.wait(ctx, end)
}

// settle counts what has been played by now.
func (s *speaker) settle() {
	now := time.Now()
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

// cut stops at this moment.
func (s *speaker) cut() {
	s.settle()
	now := time.Now()
	for _, seg := range s.queue {
		if seg.from.Before(now) {
			s.count(seg, now)
		}
	}
	s.queue = nil
	close(s.wake)
	s.wake = make(chan struct{})
}

// Played implements [engine.Speaker].
func (s *speaker) Played() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	played := s.played
	if len(s.queue) > 0 {
		played += max(0, time.Since(s.queue[0].from))
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
