package openai

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// How sound after a soft end is told from the silence that goes on: by several
// frames in a row that are louder than what was heard right before it, when the user
// had already fallen silent.
const (
	quietTime    = 100 * time.Millisecond
	louderBy     = 9.0   // dB, as engine/turn has it
	faintest     = -55.0 // dBFS; below that nothing is speech
	framesInARow = 4
)

// utterance is what is being transcribed.
type utterance struct {
	t     *Transcriber
	all   sync.WaitGroup
	sound sound
	last  chan engine.Hypothesis // of Partials; nil where there are none
	asked *request               // about all that was said; nil while more is being said
	told  bool                   // … and its answer has been handed on

	levels []float64 // of the newest frames before a soft end
	quiet  float64   // how loud it was then
	louder int       // frames in a row since
}

// request is one transcription on its way. What it found may be read once done is
// closed.
type request struct {
	cancel context.CancelFunc
	done   chan struct{}
	text   string
	err    error
}

// hear takes the next samples.
func (u *utterance) hear(samples []int16) {
	u.sound.add(samples)
	level := pcm.Level(samples)
	if u.asked == nil {
		if u.levels = append(u.levels, level); len(u.levels) > int(quietTime/pcm.FrameTime) {
			u.levels = u.levels[1:]
		}
		return
	}
	if level < max(u.quiet+louderBy, faintest) {
		u.louder = 0
		return
	}
	if u.louder++; u.louder == framesInARow { // the user goes on
		u.drop()
	}
}

// softEnd asks for what there is so far, unless that is being done.
func (u *utterance) softEnd(ctx context.Context) {
	if u.asked != nil {
		return
	}
	u.quiet, u.louder = pcm.Silence, 0
	if len(u.levels) > 0 {
		u.quiet = slices.Max(u.levels)
	}
	u.asked = u.ask(ctx)
}

// drop ends the request about what is no longer all.
func (u *utterance) drop() {
	u.asked.cancel()
	u.asked, u.told, u.louder, u.levels = nil, false, 0, nil
}

// ask has what there is transcribed.
func (u *utterance) ask(ctx context.Context) *request {
	ctx, cancel := context.WithCancel(ctx)
	r := &request{cancel: cancel, done: make(chan struct{})}
	samples := u.sound.whole()
	u.all.Go(func() {
		defer close(r.done)
		defer cancel()
		r.text, r.err = u.t.transcribe(ctx, samples)
	})
	return r
}

// tell hands on what is there: the answer to a soft end, or else a partial
// hypothesis. It says whether more is wanted.
func (u *utterance) tell(partials <-chan engine.Hypothesis, yield func(engine.Hypothesis, error) bool) bool {
	if u.asked != nil && !u.told {
		select {
		case <-u.asked.done:
			u.told = true
			if u.asked.err == nil {
				return yield(engine.Hypothesis{Text: u.asked.text, Stable: len(strings.Fields(u.asked.text)), Soft: true}, nil)
			}
		default:
		}
	}
	select {
	case h := <-partials:
		return u.told || yield(h, nil)
	default:
		return true
	}
}

// preview has the transcriber for partial hypotheses listen, if there is one. Of
// what it finds the newest is kept.
func (u *utterance) preview(ctx context.Context) <-chan engine.Hypothesis {
	if u.t.cfg.Partials == nil {
		return nil
	}
	newest := make(chan engine.Hypothesis, 1)
	u.last = make(chan engine.Hypothesis, 1)
	u.sound.wake = make(chan struct{}, 1)
	u.all.Go(func() {
		defer close(u.last)
		for h, err := range u.t.cfg.Partials.Transcribe(ctx, u.sound.frames(ctx)) {
			if err != nil { // the service's answer is what counts
				u.t.cfg.log().Warn("no partial hypotheses", "err", err)
				return
			}
			if h.Final {
				u.last <- h
				return
			}
			if h.Text == "" {
				continue
			}
			select {
			case <-newest:
			default:
			}
			newest <- engine.Hypothesis{Text: h.Text, Stable: h.Stable}
		}
	})
	return newest
}

// standIn ends an utterance that the service has failed with: by what the other
// transcriber has understood, if it may stand in and has.
func (u *utterance) standIn(ctx context.Context, failed error, yield func(engine.Hypothesis, error) bool) {
	if u.last != nil && u.t.cfg.StandIn != nil {
		select {
		case h, ok := <-u.last:
			if ok {
				u.t.cfg.StandIn(failed)
				yield(h, nil)
				return
			}
		case <-ctx.Done():
			return
		}
	}
	yield(engine.Hypothesis{}, failed)
}

// sound is the samples of an utterance, read by one while another adds to them.
type sound struct {
	mu      sync.Mutex
	samples []int16
	over    bool
	wake    chan struct{} // nil where nobody reads
}

func (s *sound) add(samples []int16) {
	s.mu.Lock()
	s.samples = append(s.samples, samples...)
	s.mu.Unlock()
	s.signal()
}

func (s *sound) close() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.signal()
}

func (s *sound) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// whole is all samples so far; they do not change.
func (s *sound) whole() []int16 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.samples[:len(s.samples):len(s.samples)]
}

// frames yields the samples as they come until close, or until ctx ends.
func (s *sound) frames(ctx context.Context) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for at := 0; ; {
			s.mu.Lock()
			next, over := slices.Clone(s.samples[at:]), s.over
			s.mu.Unlock()
			at += len(next)
			for piece := range slices.Chunk(next, pcm.Rate16k.Samples(pcm.FrameTime)) {
				if ctx.Err() != nil || !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: piece}) {
					return
				}
			}
			if over {
				return
			}
			select {
			case <-s.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}
