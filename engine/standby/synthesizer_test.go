package standby

import (
	"context"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

type speaker struct {
	calls int
	steps []step[engine.Speech]
}

func (s *speaker) Synthesize(ctx context.Context, _ string) iter.Seq2[engine.Speech, error] {
	s.calls++
	return perform(ctx, s.steps)
}

// sound is speech of that length, with words.
func sound(length time.Duration, words ...engine.Word) engine.Speech {
	return engine.Speech{Frame: pcm.Frame{Rate: pcm.Rate24k, Samples: make([]int16, pcm.Rate24k.Samples(length))}, Words: words}
}

func TestSynthesize(t *testing.T) {
	const ms = time.Millisecond
	hello, there := engine.Word{From: 0, To: 5, End: 300 * ms}, engine.Word{From: 6, To: 12, Start: 300 * ms, End: 600 * ms}
	later := func(w engine.Word, by time.Duration) engine.Word {
		w.Start, w.End = w.Start+by, w.End+by
		return w
	}
	const notice, why = "The voice service isn't answering. I'm using my own voice for now.", "The voice service isn't answering: its key was refused. I'm using my own voice for now."
	for name, c := range map[string]struct {
		steps  []step[engine.Speech]
		length time.Duration
		words  []engine.Word
		notes  []string
	}{
		"speaks":         {[]step[engine.Speech]{{value: sound(250*ms, hello)}, {after: time.Second, value: sound(250*ms, there)}}, 500 * ms, []engine.Word{hello, there}, nil},
		"fails":          {[]step[engine.Speech]{{err: errKey}}, 600 * ms, []engine.Word{hello, there}, []string{why}},
		"hangs":          {[]step[engine.Speech]{{hang: true}}, 600 * ms, []engine.Word{hello, there}, []string{notice}},
		"says nothing":   {nil, 600 * ms, []engine.Word{hello, there}, []string{notice}},
		"hardly begins":  {[]step[engine.Speech]{{value: sound(80 * ms)}, {err: errKey}}, 680 * ms, []engine.Word{later(hello, 80*ms), later(there, 80*ms)}, []string{why}},
		"tells a word":   {[]step[engine.Speech]{{value: sound(80*ms, hello)}, {err: errKey}}, 680 * ms, []engine.Word{hello, later(there, 80*ms)}, []string{why}},
		"breaks off":     {[]step[engine.Speech]{{value: sound(200*ms, hello)}, {err: errKey}}, 200 * ms, []engine.Word{hello}, []string{why}},
		"stalls halfway": {[]step[engine.Speech]{{value: sound(200*ms, hello)}, {hang: true}}, 200 * ms, []engine.Word{hello}, []string{notice}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var notices Notices
				first := &speaker{steps: c.steps}
				second := &speaker{steps: []step[engine.Speech]{{value: sound(300*ms, hello)}, {value: sound(300*ms, there)}}}
				s := &Synthesizer{First: first, Second: second, Options: explained(&notices)}
				length, words := speak(t, s)
				if length != c.length || !slices.Equal(words, c.words) {
					t.Errorf("got %v, %v\nwant %v, %v", length, words, c.length, c.words)
				}
				if notes := notices.take(); !slices.Equal(notes, c.notes) {
					t.Errorf("announced %q", notes)
				}
				if c.notes == nil {
					return
				}
				if length, words := speak(t, s); length != 600*ms || !slices.Equal(words, []engine.Word{hello, there}) || first.calls != 1 || notices.take() != nil {
					t.Errorf("while resting: %v, %v, %d calls", length, words, first.calls)
				}
			})
		})
	}
}

func speak(t *testing.T, s engine.Synthesizer) (length time.Duration, words []engine.Word) {
	t.Helper()
	for piece, err := range s.Synthesize(t.Context(), "Hello there.") {
		if err != nil {
			t.Fatal(err)
		}
		length += piece.Frame.Duration()
		words = append(words, piece.Words...)
	}
	return length, words
}

// What has no sound of its own is no failure, and neither is a speaker that takes
// its time over what it was given.
func TestSynthesizeWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Synthesizer{First: &speaker{}, Second: &speaker{}}
		for range s.Synthesize(t.Context(), "…") {
			t.Error("a sound")
		}
		s.First = &speaker{steps: []step[engine.Speech]{{value: sound(time.Second)}, {after: time.Second, value: sound(time.Second)}}}
		n := 0
		for _, err := range s.Synthesize(t.Context(), "Hello.") {
			if err != nil {
				t.Error(err)
			}
			n++
			time.Sleep(time.Minute)
		}
		if s.outage.err != nil || n != 2 {
			t.Errorf("%d pieces; counted as a failure: %v", n, s.outage.err)
		}
	})
}

func TestSynthesizeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := &speaker{}
		s := &Synthesizer{First: &speaker{steps: []step[engine.Speech]{{hang: true}}}, Second: second}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range s.Synthesize(ctx, "Hello.") {
			t.Error("a sound")
		}
		if second.calls != 0 || s.outage.err != nil {
			t.Errorf("%d calls, %v", second.calls, s.outage.err)
		}
	})
}
