package standby

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// listener writes down what it hears, "." a frame and "-" a soft end, and ends as
// it is told to.
type listener struct {
	failAt int // frames after which it fails; 0: it does not
	err    error
	hang   bool // at the end
	heard  []string
}

func (l *listener) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		text := ""
		defer func() { l.heard = append(l.heard, text) }()
		for f := range frames {
			if len(f.Samples) > 0 {
				text += "."
			} else if text += "-"; !yield(engine.Hypothesis{Text: text, Soft: true}, nil) {
				return
			}
			if len(text) == l.failAt {
				yield(engine.Hypothesis{}, l.err)
				return
			}
		}
		if l.hang {
			<-ctx.Done()
		}
		switch {
		case ctx.Err() != nil:
		case l.failAt > 0 || l.err == nil:
			yield(engine.Hypothesis{Text: text, Final: true}, nil)
		case !errors.Is(l.err, errNoFinal):
			yield(engine.Hypothesis{}, l.err)
		}
	}
}

// speech is frames, one every 10 ms, as the score says.
func speech(ctx context.Context, score string) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for _, mark := range score {
			select {
			case <-time.After(pcm.FrameTime):
			case <-ctx.Done():
				return
			}
			f := pcm.Frame{Rate: pcm.Rate16k}
			if mark == '.' {
				f.Samples = make([]int16, 160)
			}
			if !yield(f) {
				return
			}
		}
	}
}

func TestTranscribe(t *testing.T) {
	for name, c := range map[string]struct {
		first *listener
		want  []string // soft and final hypotheses
		notes []string
		after time.Duration
	}{
		"answers":       {&listener{}, []string{"..-", "..-...-", "..-...-."}, nil, 80 * time.Millisecond},
		"fails at once": {&listener{failAt: 1, err: errKey}, []string{"..-", "..-...-", "..-...-."}, []string{"The speech recognition service isn't answering: its key was refused. I'm listening by myself for now."}, 80 * time.Millisecond},
		// The pause that had been answered is past; the last is not.
		"fails later":      {&listener{failAt: 5, err: errKey}, []string{"..-", ".....-", ".....-."}, []string{"The speech recognition service isn't answering: its key was refused. I'm listening by myself for now."}, 80 * time.Millisecond},
		"fails in a pause": {&listener{failAt: 7, err: errors.New("?")}, []string{"..-", "..-...-", ".....-", ".....-."}, []string{"The speech recognition service isn't answering. I'm listening by myself for now."}, 80 * time.Millisecond},
		"fails at the end": {&listener{err: errKey}, []string{"..-", "..-...-", "......"}, []string{"The speech recognition service isn't answering: its key was refused. I'm listening by myself for now."}, 80 * time.Millisecond},
		"ends wordless":    {&listener{err: errNoFinal}, []string{"..-", "..-...-", "......"}, []string{"The speech recognition service isn't answering. I'm listening by myself for now."}, 80 * time.Millisecond},
		"hangs":            {&listener{hang: true}, []string{"..-", "..-...-", "......"}, []string{"The speech recognition service isn't answering. I'm listening by myself for now."}, 80*time.Millisecond + DefaultWithin},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var notices Notices
				tr := &Transcriber{First: c.first, Second: &listener{}, Options: explained(&notices)}
				start := time.Now()
				got := hear(t, tr, "..-...-.")
				if !slices.Equal(got, c.want) || time.Since(start) != c.after {
					t.Errorf("after %v: %q; want after %v: %q", time.Since(start), got, c.after, c.want)
				}
				if notes := notices.take(); !slices.Equal(notes, c.notes) {
					t.Errorf("announced %q", notes)
				}
				// The next utterance is Second's alone, and nothing is said again.
				if c.notes != nil {
					calls := len(c.first.heard)
					if got := hear(t, tr, "..-."); !slices.Equal(got, []string{"..-", "..-."}) || len(c.first.heard) != calls {
						t.Errorf("while resting: %q", got)
					}
					if notes := notices.take(); notes != nil {
						t.Errorf("announced again: %q", notes)
					}
				}
			})
		})
	}
}

func hear(t *testing.T, tr engine.Transcriber, score string) (got []string) {
	t.Helper()
	for h, err := range tr.Transcribe(t.Context(), speech(t.Context(), score)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.Text)
	}
	return got
}

func TestTranscribeBothFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &Transcriber{First: &listener{err: errKey}, Second: &listener{err: errNoFinal, failAt: 2}}
		var last error
		for _, err := range tr.Transcribe(t.Context(), speech(t.Context(), "...")) {
			last = err
		}
		if !errors.Is(last, errNoFinal) {
			t.Errorf("got %v", last)
		}
	})
}

func TestTranscribeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{15 * time.Millisecond, time.Second} { // in mid-utterance, and after it
			var notices Notices
			second := &listener{}
			tr := &Transcriber{First: &listener{hang: true}, Second: second, Options: explained(&notices)}
			ctx, cancel := context.WithTimeout(t.Context(), after)
			start := time.Now()
			for h, err := range tr.Transcribe(ctx, speech(ctx, "...")) {
				t.Errorf("got %v, %v", h, err)
			}
			if time.Since(start) != after || second.heard != nil || notices.take() != nil || tr.outage.resting() {
				t.Errorf("after %v: %q", time.Since(start), second.heard)
			}
			cancel()
		}
	})
}

// A consumer may stop at any hypothesis.
func TestTranscribeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for stop := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			tr := &Transcriber{First: &listener{failAt: 5, err: errKey}, Second: &listener{}}
			n := 0
			for range tr.Transcribe(ctx, speech(ctx, "..-...-.")) {
				if n++; n > stop {
					break
				}
			}
			if want := fmt.Sprint(stop > 0); fmt.Sprint(tr.outage.resting()) != want {
				t.Errorf("stopped after %d: resting is not %s", n, want)
			}
			cancel()
		}
	})
}
