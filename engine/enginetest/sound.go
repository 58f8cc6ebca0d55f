package enginetest

import (
	"context"
	"fmt"
	"iter"
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
