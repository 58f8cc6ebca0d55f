package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/pocketsphinx"
	"parley/engine/turn"
	"parley/engine/tutor"
)

// ClipReport is what became of one turn.
type ClipReport struct {
	Name   string  `json:"name"`
	CutOff bool    `json:"cut_off"`           // the turn was judged over before its end
	Ended  bool    `json:"ended"`             // it was judged over at all
	Delay  float64 `json:"delay_ms,omitzero"` // real end → judged over; of turns not cut off
	Early  float64 `json:"early_ms,omitzero"` // judged over → real end; of turns cut off
	Heard  string  `json:"heard"`             // the words of the first turn it made

	FalseStart bool `json:"false_start,omitzero"` // a turn was over before the voice began; it does not count
}

// Around a recording.
const (
	before = 700 * time.Millisecond // in which the background is learnt
	after  = 4 * time.Second        // within which the turn must be judged over
	grace  = 10 * time.Second       // how much longer a busy machine may take for it
	// signalToNoise is the least there is, in dB: a recording without quiet moments
	// does not tell its noise.
	signalToNoise = 30.0
)

// listener is one of those who listen to turns, one after the other.
type listener struct {
	transcriber *pocketsphinx.Transcriber
	known       func(string) bool
	voice       *flite.Synthesizer
}

// newListener makes one. Its transcriber gets to know voices as in one long
// conversation.
func newListener(ctx context.Context) (*listener, error) {
	voice, err := flite.New(flite.Options{})
	if err != nil {
		return nil, err
	}
	options := hearing.Options("", hearing.Offline()...)
	l := &listener{transcriber: pocketsphinx.New(options), known: options.Known, voice: voice}
	if err := l.transcriber.Complete(ctx); err != nil {
		return nil, errors.Join(err, l.transcriber.Close())
	}
	return l, nil
}

// conversation is the program's own, but for the devices, the history and the
// lessons.
func (l *listener) conversation(patience turn.Patience) *engine.Conversation {
	return engine.New(engine.Config{
		Transcriber: l.transcriber,
		Responder:   tutor.New(tutor.Options{}),
		Synthesizer: l.voice,
		Turns:       turn.Config{Patience: patience, Known: l.known},
	})
}

// timedMicrophone is a file's microphone that notes when its first frame came,
// which is the file's first.
type timedMicrophone struct {
	*audio.FileMicrophone
	mu    sync.Mutex
	began time.Time
}

// Frames implements [engine.Microphone].
func (m *timedMicrophone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		for h, err := range m.FileMicrophone.Frames(ctx) {
			m.mu.Lock()
			if m.began.IsZero() {
				m.began = time.Now().Add(-pcm.FrameTime)
			}
			m.mu.Unlock()
			if !yield(h, err) {
				return
			}
		}
	}
}

// at is where in the file a time lies.
func (m *timedMicrophone) at(t time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return t.Sub(m.began)
}

// surround puts a recording's own hiss before and after it: as loud as the sound
// in its quietest moments, where it has quiet ones.
func surround(sound pcm.Frame) pcm.Frame {
	width := max(2, math.Sqrt(3)*amplitude(noise(sound))) // half of a uniform distribution's
	random := rand.New(rand.NewPCG(1, 2))
	hiss := func(d time.Duration) []int16 {
		samples := make([]int16, sound.Rate.Samples(d))
		for i := range samples {
			samples[i] = int16(width * (2*random.Float64() - 1))
		}
		return samples
	}
	return pcm.Frame{Rate: sound.Rate, Samples: slices.Concat(hiss(before), sound.Samples, hiss(after))}
}

// noise is the level of a recording's quiet moments: those within 6 dB of the
// twentieth part of it that is quietest.
func noise(sound pcm.Frame) float64 {
	all := slices.Sorted(slices.Values(levels(sound)))
	if len(all) == 0 {
		return pcm.Silence
	}
	power, n := 0.0, 0
	for _, level := range all {
		if level <= all[len(all)/20]+6 {
			power += math.Pow(10, level/10)
			n++
		}
	}
	return min(10*math.Log10(power/float64(n)), all[len(all)*9/10]-signalToNoise)
}

// hear has a conversation hear one turn, until it is first judged over.
func (l *listener) hear(ctx context.Context, c clip, patience turn.Patience) (ClipReport, error) {
	file, err := audio.NewFileMicrophone(surround(c.sound), nil)
	if err != nil {
		return ClipReport{}, fmt.Errorf("%s: %w", c.name, err)
	}
	mic := &timedMicrophone{FileMicrophone: file}
	file.Start()
	talk := l.conversation(patience)
	voice, _ := voiceSpan(c.sound) // where none is found, all of it counts
	ctx, end := context.WithTimeout(ctx, before+c.sound.Duration()+after+grace)
	defer end()
	var (
		all      sync.WaitGroup
		over     time.Duration // in the file
		heard    string
		mistaken bool // noise made a turn
		failed   error
		watching = make(chan struct{})
	)
	all.Go(func() {
		defer end()
		for ev := range talk.Watch(ctx) {
			switch body := ev.Body.(type) {
			case engine.Snapshot:
				close(watching)
			case engine.SpeechStopped:
				if at := mic.at(ev.At); at < before+voice.from {
					mistaken = true
				} else {
					over = cmp.Or(over, at)
				}
			case engine.TranscriptFinal:
				if heard = body.Text; over > 0 {
					return
				}
			case engine.Error:
				failed = fmt.Errorf("%s: %s", body.Stage, body.Message)
				return
			}
		}
	})
	<-watching
	err = talk.Run(ctx, mic, audio.NewNullSpeaker(nil))
	end()
	all.Wait()
	if err := errors.Join(err, failed); err != nil {
		return ClipReport{}, fmt.Errorf("%s: %w", c.name, err)
	}
	r := judgeClip(c, over-before, heard)
	r.FalseStart = mistaken
	return r, nil
}

// judgeClip says what became of a turn that was judged over at a time of its
// file, which -before means it never was.
func judgeClip(c clip, over time.Duration, heard string) ClipReport {
	r := ClipReport{Name: c.name, Heard: heard, Ended: over > -before}
	switch {
	case !r.Ended:
	case over < c.end:
		r.CutOff, r.Early = true, inMS(c.end-over)
	default:
		r.Delay = inMS(over - c.end)
	}
	return r
}

// hearAll has every turn heard, by all listeners at once.
func hearAll(ctx context.Context, list []clip, patience turn.Patience, listeners []*listener, told func()) ([]ClipReport, error) {
	reports := make([]ClipReport, len(list))
	failed := make([]error, len(listeners))
	some, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	for k, l := range listeners {
		all.Go(func() {
			for i := k; i < len(list) && some.Err() == nil; i += len(listeners) {
				if reports[i], failed[k] = l.hear(some, list[i], patience); failed[k] != nil {
					cancel()
					return
				}
				told()
			}
		})
	}
	all.Wait()
	return reports, errors.Join(errors.Join(failed...), context.Cause(ctx))
}
