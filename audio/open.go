package audio

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
)

// Options say how [Open] opens the sound.
type Options struct {
	Microphone string       // name as [List] gives it; "" for the system's default
	Speaker    string       // likewise
	EchoCancel bool         // take the speaker out of what the microphone hears
	Recorder   *Recorder    // nil: nothing is recorded
	Log        *slog.Logger // nil: nothing is logged
}

// Devices are an open microphone and speaker that know of each other.
type Devices struct {
	microphone *microphone
	speaker    *speaker
	stop       context.CancelFunc
	work       sync.WaitGroup

	mu     sync.Mutex
	notice error
}

// Open opens the speaker; the microphone is open while its frames are asked
// for. It returns at once: where there is no sound, the devices say so by
// errors that wrap [engine.ErrNoSound], go on trying, and recover by themselves.
// It fails only where there is no memory for the echo canceller.
func Open(o Options) (*Devices, error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	var reference *tap
	if o.EchoCancel {
		reference = newTap(time.Second)
	}
	monitor := newMonitor(o.Speaker, log)
	ear, err := newEar(o.EchoCancel, reference, monitor)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Devices{
		microphone: &microphone{
			name: o.Microphone, log: log, ear: ear, recording: o.Recorder.microphone(),
		},
		speaker: newSpeaker(o.Speaker, log, reference, o.Recorder.speaker()),
		stop:    stop,
	}
	d.work.Go(func() { d.speaker.run(ctx) })
	if o.EchoCancel {
		d.work.Go(func() { monitor.run(ctx) })
	}
	if o.Microphone != "" || o.Speaker != "" {
		d.work.Go(func() { d.check(o, log) })
	}
	return d, nil
}

// check notes whether the devices asked for by name exist.
func (d *Devices) check(o Options, log *slog.Logger) {
	microphones, speakers, err := List()
	if err != nil {
		return // the devices themselves say that there is no sound
	}
	_, noMicrophone := Choose(o.Microphone, microphones)
	_, noSpeaker := Choose(o.Speaker, speakers)
	if err := join(noMicrophone, noSpeaker); err != nil {
		log.Warn("chosen device missing", "error", err)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.notice = err
	}
}

// join makes one line of two errors, either of which may be nil.
func join(a, b error) error {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	default:
		return fmt.Errorf("%w; %w", a, b)
	}
}

// Mic is the microphone.
func (d *Devices) Mic() engine.Microphone { return d.microphone }

// Speaker is the speaker. It also has the method Level() float64: how loud what
// is being heard of it is, in dBFS.
func (d *Devices) Speaker() engine.Speaker { return d.speaker }

// Ready waits until it is known whether there is a speaker (some 100 ms after
// Open) and returns what its Err does then, or the cause of ctx's end.
func (d *Devices) Ready(ctx context.Context) error {
	for !d.speaker.known() {
		if err := pause(ctx, nil, speakerPoll/10); err != nil {
			return err
		}
	}
	return d.speaker.Err()
}

// Level is how loud the speaker is now, in dBFS.
func (d *Devices) Level() float64 { return d.speaker.Level() }

// Notice is nil, or says which chosen device was not found when these were
// opened, so that the default is used; it then wraps [ErrUnknownDevice]. It is
// known some 100 ms after Open.
func (d *Devices) Notice() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.notice
}

// Close closes the speaker and frees what the microphone needs. The microphone's
// frames must not be asked for any more. It is to be called once.
func (d *Devices) Close() error {
	d.stop()
	d.work.Wait()
	d.microphone.ear.close()
	return nil
}
