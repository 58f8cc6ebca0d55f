package audio

import (
	"context"
	"iter"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gen2brain/malgo"

	"parley/audio/pcm"
	"parley/engine"
)

// How a lost device is noticed and sought again.
const (
	deviceSilence = time.Second // without a callback: it is gone, or a machine that is shared would seem to lose it now and then
	// An alarm that is so late rang on a machine that had stopped.
	machineStopped = 100 * time.Millisecond
	retryFirst     = 250 * time.Millisecond
	retryLast      = 2 * time.Second
	// captureDelay is about how long a sample has been on its way when its
	// callback comes.
	captureDelay = 2 * time.Millisecond
	// captureProof is how long a new device is watched before it is believed.
	captureProof = 30 * time.Millisecond
)

// microphone is the sound system's.
type microphone struct {
	name      string
	log       *slog.Logger
	ear       *ear
	recording *tap
}

// Frames implements [engine.Microphone].
func (m *microphone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		wait, lost := retryFirst, false
		for ctx.Err() == nil {
			heard, err := m.listen(ctx, yield)
			if err == nil {
				return
			}
			if heard {
				wait = retryFirst
			}
			if !lost || heard {
				lost = true
				m.log.Warn("microphone lost", "error", err)
				if !yield(engine.Heard{}, err) {
					return
				}
			}
			sleep(ctx, wait)
			wait = min(2*wait, retryLast)
		}
	}
}

// listen opens the device and yields what it hears. It returns nil when the
// listener has had enough, and an error when the device is gone; heard says
// whether it was there at all.
func (m *microphone) listen(ctx context.Context, yield func(engine.Heard, error) bool) (heard bool, err error) {
	frames := newTap(2 * time.Second)
	ready := make(chan struct{}, 1)
	clock := sampleClock{rate: pcm.Rate16k}
	count, began := int64(0), time.Now()
	var racing atomic.Bool // it hears more than there can be
	device, err := openStream(malgo.Capture, m.name, uint32(pcm.Rate16k), func(_, in []byte, _ uint32) {
		s := asSamples(in)
		count += int64(len(s))
		if pcm.Rate16k.Duration(int(count))-time.Since(began) > raceAhead {
			racing.Store(true)
			return
		}
		end := clock.mark(time.Now(), count)
		frames.offer(end.Add(-pcm.Rate16k.Duration(len(s))), pcm.Rate16k, s)
		select {
		case ready <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return false, err
	}
	defer device.close()
	m.ear.begin()

	alarm := time.NewTimer(deviceSilence)
	defer alarm.Stop()
	waiting := time.Now()
	for {
		select {
		case <-ctx.Done():
			return heard, nil
		case <-alarm.C:
			select {
			case <-ready: // it was we who were late
			default:
				if time.Since(waiting) > deviceSilence+machineStopped {
					break // and so, it may be, was the device: it gets as long again
				}
				return heard, lostMicrophone()
			}
		case <-ready:
		}
		if racing.Load() {
			return heard, lostToNothing("microphone hears")
		}
		alarm.Reset(deviceSilence)
		waiting = time.Now()
		if !heard && time.Since(began) < captureProof {
			continue
		}
		for b := range frames.all() {
			if ctx.Err() != nil {
				return heard, nil
			}
			m.recording.offer(b.at.Add(-captureDelay), b.rate, b.samples[:b.n])
			for h := range m.ear.hear(b) {
				if !heard {
					heard = true
					m.log.Info("microphone heard")
				}
				if !yield(h, nil) {
					return heard, nil
				}
			}
		}
	}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
