package remote

import (
	"context"
	"iter"
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// postsMost is how often what was said so far is posted in one turn: a user who
// pauses again and again is not finished, and somebody may be paying.
const postsMost = 3

// shortest is the least sound that is posted; nobody has use for less.
const shortest = 100 * time.Millisecond

// How sound after a soft end is told from the silence that goes on: by several frames
// in a row that are louder than what was heard right before it, when the user had
// already fallen silent.
const (
	quietTime    = 100 * time.Millisecond
	louderBy     = 9.0   // dB, as engine/turn has it
	faintest     = -55.0 // dBFS; below that nothing is speech
	framesInARow = 4
)

// Transcribe implements [engine.Transcriber]. It notices what has been answered as
// frames come, and so needs them to go on coming during a pause, as they do.
func (t *Turn) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		u := &utterance{t: t, history: t.before()}
		kept := false
		defer func() {
			if u.asked != nil && !kept {
				t.drop(u.asked, stopped)
			}
		}()
		for f := range frames {
			if ctx.Err() != nil {
				return
			}
			if len(f.Samples) == 0 {
				u.softEnd()
			} else {
				u.hear(f.Samples)
			}
			h, err := u.answer()
			if err != nil {
				yield(engine.Hypothesis{}, err)
				return
			}
			if h.Soft && !yield(h, nil) {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		if u.asked == nil && u.length() < shortest {
			yield(engine.Hypothesis{Final: true}, nil)
			return
		}
		if u.asked == nil {
			u.ask()
		}
		select {
		case <-u.asked.heard:
		case <-ctx.Done():
			return
		}
		h, err := u.asked.words()
		if err != nil {
			yield(engine.Hypothesis{}, err)
			return
		}
		kept = h.Text != ""
		h.Final = true
		yield(h, nil)
	}
}

// stopped gives up an answer at once.
func stopped(e *exchange) { e.cancel() }

// utterance is what is being said.
type utterance struct {
	t       *Turn
	history []protocol.Item
	samples []int16
	posts   int
	asked   *exchange // about all that was said; nil while more is being said
	told    bool      // … and its words have been handed on

	levels []float64 // of the newest frames before a soft end
	quiet  float64   // how loud it was then
	louder int       // frames in a row since
}

func (u *utterance) length() time.Duration { return pcm.Rate16k.Duration(len(u.samples)) }

// hear takes the next samples.
func (u *utterance) hear(samples []int16) {
	u.samples = append(u.samples, samples...)
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
		u.t.drop(u.asked, stopped)
		u.asked, u.told, u.louder, u.levels = nil, false, 0, nil
	}
}

// softEnd posts what was said so far, unless that has been done.
func (u *utterance) softEnd() {
	if u.asked != nil || u.posts == postsMost || u.length() < shortest {
		return
	}
	u.quiet, u.louder = pcm.Silence, 0
	if len(u.levels) > 0 {
		u.quiet = slices.Max(u.levels)
	}
	u.posts++
	u.ask()
}

// ask posts what was said so far. The reply that comes with the words is kept.
func (u *utterance) ask() {
	u.asked = u.t.exchange(turnRequest{
		Session: u.t.session(""), History: u.history,
		Audio: &turnAudio{Format: u.t.codec.Format(), Data: u.t.codec.Text(u.samples)},
	})
	u.t.keep(u.asked)
}

// answer is the answer to a soft end, once; without Soft there is none.
func (u *utterance) answer() (engine.Hypothesis, error) {
	if u.asked == nil || u.told {
		return engine.Hypothesis{}, nil
	}
	select {
	case <-u.asked.heard:
		u.told = true
		h, err := u.asked.words()
		h.Soft = err == nil
		return h, err
	default:
		return engine.Hypothesis{}, nil
	}
}
