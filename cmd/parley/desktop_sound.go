package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/turn"
	"parley/ui"
)

// ear stands before the microphone, so that a test can listen in the
// conversation's stead, which hears silence meanwhile.
type ear struct {
	mu     sync.Mutex
	test   chan<- engine.Heard // nil: there is none
	cancel context.CancelFunc  // ends the test
	busy   sync.Mutex          // held by the test
}

// before is a microphone that the ear stands before.
func (e *ear) before(m engine.Microphone) engine.Microphone { return earedMicrophone{e, m} }

type earedMicrophone struct {
	ear *ear
	mic engine.Microphone
}

// Frames implements [engine.Microphone].
func (m earedMicrophone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		for h, err := range m.mic.Frames(ctx) {
			if err == nil && m.ear.divert(h) {
				h = engine.Heard{Linear: make([]int16, len(h.Linear)), Reference: h.Reference, Echo: h.Echo, Settled: h.Settled}
			}
			if !yield(h, err) {
				return
			}
		}
	}
}

// divert gives h to the test, if there is one.
func (e *ear) divert(h engine.Heard) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.test == nil {
		return false
	}
	select {
	case e.test <- h:
	default: // it falls behind by seconds: it may miss some
	}
	return true
}

// begin has a test listen, until end is called or ctx, which it gives, has ended.
func (e *ear) begin(ctx context.Context) (_ context.Context, heard <-chan engine.Heard, end func()) {
	e.busy.Lock()
	frames := make(chan engine.Heard, 512)
	ctx, cancel := context.WithTimeout(ctx, testLength)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.test, e.cancel = frames, cancel
	return ctx, frames, func() {
		cancel()
		e.mu.Lock()
		e.test, e.cancel = nil, nil
		e.mu.Unlock()
		e.busy.Unlock()
	}
}

// stop ends the test there is and waits for it.
func (e *ear) stop() {
	e.mu.Lock()
	if e.cancel != nil {
		e.cancel()
	}
	e.mu.Unlock()
	e.busy.Lock()
	defer e.busy.Unlock()
}

// How a microphone is tested.
const (
	testLength  = 15 * time.Second
	silentAfter = 3 * time.Second // without a frame
	preRoll     = 30              // frames before a turn's onset
	showEvery   = 7               // frames
)

// errNoFrames says that the microphone gives nothing, not even silence.
var errNoFrames = errors.New("parley: the microphone gives no sound; plug it in again, or choose another one")

// soundCheck is the sound devices as the window wants them.
type soundCheck struct{ *live }

var _ ui.SoundCheck = soundCheck{}

// Devices implements [ui.SoundCheck].
func (soundCheck) Devices() (microphones, speakers []ui.SoundDevice, err error) {
	m, s, err := audio.List()
	names := func(devices []audio.Device) []ui.SoundDevice {
		list := make([]ui.SoundDevice, len(devices))
		for i, d := range devices {
			list[i] = ui.SoundDevice{Name: d.Name, Choice: d.Choice}
		}
		return list
	}
	return names(m), names(s), err
}

// Say implements [ui.SoundCheck]: the conversation says it as soon as nobody is
// speaking, in its own voice and by its own speaker.
func (c soundCheck) Say(sentence string) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	if now, _ := c.session(); now != nil {
		if _, mute := c.p.lacks(); mute != nil {
			return mute
		}
	}
	c.p.services.notices.Say(sentence)
	return nil
}

// Hear implements [ui.SoundCheck].
func (c soundCheck) Hear(ctx context.Context, show func(dbfs float64, text string)) (string, error) {
	if err := c.begun(ctx); err != nil {
		return "", err
	}
	transcriber, err := c.tested()
	if err != nil {
		return "", err
	}
	ctx, heard, end := c.ear.begin(ctx)
	defer end()
	return listen(ctx, transcriber, heard, show)
}

// tested is who hears what is said to try the microphone: the embedded transcriber,
// or, where this build has none, the one that is chosen.
func (c soundCheck) tested() (engine.Transcriber, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	if deaf, _ := c.p.lacks(); deaf != nil {
		return nil, deaf
	}
	if isDeaf(c.p.transcriber) {
		return c.p.understands, nil
	}
	return c.p.transcriber, nil
}

// listen has one utterance out of heard transcribed.
func listen(ctx context.Context, t engine.Transcriber, heard <-chan engine.Heard, show func(dbfs float64, text string)) (string, error) {
	var mu sync.Mutex // the frames may be taken by another goroutine than this
	var text string
	var dead bool
	frames := func(yield func(pcm.Frame) bool) {
		detector := turn.New(turn.Config{})
		var before [][]int16
		loud, speaking := pcm.Silence, false
		for n := 1; ; n++ {
			var h engine.Heard
			select {
			case <-ctx.Done():
				return
			case <-time.After(silentAfter):
				mu.Lock()
				dead = true
				mu.Unlock()
				return
			case h = <-heard:
			}
			decision, level := step(detector, h)
			if loud = max(loud, level); n%showEvery == 0 {
				mu.Lock()
				now := text
				mu.Unlock()
				show(loud, now)
				loud = pcm.Silence
			}
			switch before = append(before, h.Linear); {
			case decision == turn.End:
				return
			case decision == turn.Onset:
				speaking = true
			case !speaking && len(before) > preRoll:
				before = before[1:]
			}
			for ; speaking && len(before) > 0; before = before[1:] {
				if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: before[0]}) {
					return
				}
			}
		}
	}
	for h, err := range t.Transcribe(context.WithoutCancel(ctx), frames) {
		if err != nil {
			return "", err
		}
		mu.Lock()
		text = h.Text
		mu.Unlock()
	}
	mu.Lock()
	defer mu.Unlock()
	if dead {
		return "", errNoFrames
	}
	return text, nil
}

// step has the detector judge 10 ms, and says how loud they were.
func step(d *turn.Detector, h engine.Heard) (turn.Decision, float64) {
	linear := pcm.Level(h.Linear)
	clean := linear
	if h.Clean != nil {
		clean = pcm.Level(h.Clean)
	}
	return d.Step(turn.Frame{Linear: linear, Clean: clean, Reference: h.Reference, Echo: h.Echo, Settled: h.Settled}), linear
}
