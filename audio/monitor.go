package audio

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gen2brain/malgo"

	"parley/audio/pcm"
)

const (
	// A monitor that has been silent for so many frames in which we were loud
	// hears another device than the one we play on: the default has changed.
	strayFrames = 100
	strayLoud   = -40.0 // dBFS, ours
	// A default that has changed is followed at once; a monitor that never hears
	// us, as where ALSA has a device of its own, is tried more and more seldom.
	strayLast = time.Minute
)

// monitor listens to what the sound server plays on the speaker, at 16 kHz: all
// programs' sound, and with the gaps that a busy machine makes in it, just as
// the loudspeaker will play it. Where there is no sound server, or its monitor
// hears nothing of us, it is not live, and what we handed over must do.
type monitor struct {
	speaker string // name of the speaker; "" for the system's default
	log     *slog.Logger
	heard   *tap
	live    atomic.Bool
	stray   chan struct{} // the ear has noticed that it hears another device
}

func newMonitor(speaker string, log *slog.Logger) *monitor {
	return &monitor{speaker: speaker, log: log, heard: newTap(time.Second), stray: make(chan struct{}, 1)}
}

// run keeps the monitor open until ctx ends.
func (m *monitor) run(ctx context.Context) {
	wait, strayed := retryFirst, retryFirst
	for ctx.Err() == nil {
		lived, stray := m.listen(ctx)
		m.live.Store(false)
		if lived > 2*deviceSilence {
			wait = retryFirst
		}
		pause := wait
		wait = min(2*wait, retryLast)
		if stray {
			pause = strayed
			strayed = min(4*strayed, strayLast)
		}
		sleep(ctx, pause)
	}
}

// listen opens the monitor and passes on what it hears, until it is gone.
func (m *monitor) listen(ctx context.Context) (lived time.Duration, stray bool) {
	var last atomic.Int64 // when something was heard, after began
	began := time.Now()
	stream, err := openMonitor(m.speaker, uint32(pcm.Rate16k), func(_, in []byte, _ uint32) {
		last.Store(int64(time.Since(began)))
		m.heard.offer(time.Time{}, pcm.Rate16k, asSamples(in))
		m.live.Store(true)
	})
	if err != nil {
		m.log.Debug("speaker has no monitor", "error", err)
		return 0, false
	}
	defer stream.close()
	select {
	case <-m.stray: // said of the one before
	default:
	}
	check := time.NewTicker(watchEvery)
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return time.Since(began), false
		case <-m.stray:
			m.log.Debug("monitor hears another speaker")
			return time.Since(began), true
		case <-check.C:
			if time.Since(began)-time.Duration(last.Load()) > deviceSilence {
				m.log.Debug("monitor has gone silent")
				return time.Since(began), false
			}
		}
	}
}

// strayed is for the ear: the monitor hears nothing of what we play.
func (m *monitor) strayed() {
	m.live.Store(false)
	select {
	case m.stray <- struct{}{}:
	default:
	}
}

// openMonitor opens the monitor of the speaker of that name, or of the default.
// It fails where there is no PulseAudio, nor PipeWire in its place.
func openMonitor(speaker string, rate uint32, callback malgo.DataProc) (*stream, error) {
	if !pulseAnswers() {
		return nil, lostSystem(nil)
	}
	ctx, err := malgo.InitContext([]malgo.Backend{malgo.BackendPulseaudio}, malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, lostSystem(err)
	}
	// Names of the server's own: "@DEFAULT_MONITOR@", or the sink's and ".monitor".
	var id malgo.DeviceID
	if sink := find(ctx, malgo.Playback, speaker); sink != nil {
		copy(id[:len(id)-1], sinkName(sink)+".monitor")
	} else {
		copy(id[:], "@DEFAULT_MONITOR@")
	}
	return startStream(ctx, malgo.Capture, &id, rate, callback)
}

// sinkName is the server's name of a sink.
func sinkName(id *malgo.DeviceID) string {
	for i, b := range id {
		if b == 0 {
			return string(id[:i])
		}
	}
	return string(id[:])
}
