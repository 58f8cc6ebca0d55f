package pocketsphinx

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// goForward is "go forward ten meters", of Debian's pocketsphinx-testdata: raw
// samples at 16 kHz.
const goForward = "/usr/share/pocketsphinx/test/data/goforward.raw"

func recording(t testing.TB) []int16 {
	t.Helper()
	b, err := os.ReadFile(goForward)
	if err != nil {
		t.Fatalf("%v: install the package pocketsphinx-testdata", err)
	}
	samples := make([]int16, len(b)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return samples
}

// frames are samples as a microphone delivers them.
func frames(samples []int16) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for f := range slices.Chunk(samples, 160) {
			if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: f}) {
				return
			}
		}
	}
}

func open(t testing.TB, o Options) *Transcriber {
	t.Helper()
	tr := New(o)
	t.Cleanup(func() {
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	})
	return tr
}

// transcribe collects the hypotheses of an utterance.
func transcribe(t testing.TB, tr *Transcriber, samples []int16) []engine.Hypothesis {
	t.Helper()
	var hs []engine.Hypothesis
	for h, err := range tr.Transcribe(context.Background(), frames(samples)) {
		if err != nil {
			t.Fatal(err)
		}
		hs = append(hs, h)
	}
	for i, h := range hs {
		if h.Final != (i == len(hs)-1) || h.Stable < 0 || h.Stable > len(strings.Fields(h.Text)) {
			t.Errorf("hypothesis %d of %d: %+v", i, len(hs), h)
		}
	}
	if len(hs) == 0 {
		t.Fatal("no final hypothesis")
	}
	return hs
}

func TestSpeech(t *testing.T) {
	tr := open(t, Options{})
	if tr.Mean() != nil {
		t.Error("a mean before anything was heard")
	}
	speech := recording(t)
	hs := transcribe(t, tr, speech)
	if got := hs[len(hs)-1].Text; got != "go forward ten meters" {
		t.Errorf("understood %q", got)
	}
	if len(hs) < 4 || hs[0].Text == "" {
		t.Errorf("partials: %+v", hs)
	}
	mean := tr.Mean()
	if len(mean) != 13 {
		t.Fatalf("mean %v", mean)
	}

	if hs := transcribe(t, tr, nil); len(hs) != 1 || hs[0].Text != "" {
		t.Errorf("nothing was understood as %+v", hs)
	}
	if hs := transcribe(t, tr, make([]int16, 16000)); hs[len(hs)-1].Text != "" {
		t.Errorf("silence was understood as %+v", hs)
	}
	if !slices.Equal(tr.Mean(), mean) {
		t.Error("silence changed the mean")
	}

	again := open(t, Options{Mean: mean})
	if got := again.Mean(); !slices.Equal(got, mean) {
		t.Errorf("mean %v, want %v", got, mean)
	}
	hs = transcribe(t, again, speech)
	if got := hs[len(hs)-1].Text; got != "go forward ten meters" {
		t.Errorf("with the mean of before: understood %q", got)
	}
}

// withSoftEnds are frames with a soft end before each of these.
func withSoftEnds(samples []int16, before ...int) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		n := 0
		for f := range frames(samples) {
			if slices.Contains(before, n) && !yield(pcm.Frame{Rate: pcm.Rate16k}) {
				return
			}
			if n++; !yield(f) {
				return
			}
		}
	}
}

func TestSoftEnds(t *testing.T) {
	tr := open(t, Options{})
	speech := append(recording(t), make([]int16, 8000)...)
	last := len(speech)/160 - 20
	for name, c := range map[string]struct {
		before []int
		want   string // "" where the pieces are too short to be understood
	}{
		"at the end":         {[]int{last}, "go forward ten meters"},
		"in the middle":      {[]int{90, last}, "go forward ten meters"},
		"again and again":    {[]int{80, 90, 100, 110, 120, 130, 140, last}, ""},
		"twice in silence":   {[]int{last, last + 10}, "go forward ten meters"},
		"with the last word": {[]int{len(speech)/160 - 1}, "go forward ten meters"},
	} {
		var softs []engine.Hypothesis
		var end engine.Hypothesis
		for h, err := range tr.Transcribe(t.Context(), withSoftEnds(speech, c.before...)) {
			switch {
			case err != nil:
				t.Fatal(err)
			case h.Soft:
				softs = append(softs, h)
			case h.Final:
				end = h
			}
		}
		if len(softs) != len(c.before) || end.Text != softs[len(softs)-1].Text || end.Soft || !strings.HasPrefix(end.Text, "go ") {
			t.Errorf("%s: %+v, then %+v", name, softs, end)
		}
		if c.want != "" && end.Text != c.want {
			t.Errorf("%s: %q", name, end.Text)
		}
	}

	for h, err := range tr.Transcribe(t.Context(), withSoftEnds(nil)) {
		if err != nil || h.Text != "" || !h.Final {
			t.Errorf("nothing: %+v, %v", h, err)
		}
	}
}

// withDomain makes a model that knows one sentence.
func withDomain(t *testing.T) Domain {
	t.Helper()
	dir := t.TempDir()
	d := Domain{LM: filepath.Join(dir, "lm"), Dict: filepath.Join(dir, "dict")}
	for name, text := range map[string]string{
		d.Dict: "go G OW\nforward F AO R W ER D\nten T EH N\nmeters M IY T ER Z\n",
		d.LM: "\\data\\\nngram 1=6\nngram 2=5\n\n\\1-grams:\n-99 <s> -1\n-1 </s> 0\n-1 go -1\n-1 forward -1\n-1 ten -1\n-1 meters -1\n\n" +
			"\\2-grams:\n-0.1 <s> go\n-0.1 go forward\n-0.1 forward ten\n-0.1 ten meters\n-0.1 meters </s>\n\n\\end\\\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestDomain(t *testing.T) {
	want := withDomain(t)
	for name, o := range map[string]Options{
		"there":   {Domain: want},
		"made":    {MakeDomain: func() (Domain, error) { return want, nil }},
		"known":   {Domain: want, Known: func(text string) bool { return text == "go forward ten meters" }},
		"missing": {MakeDomain: func() (Domain, error) { return Domain{}, errors.New("no") }},
		"broken":  {Domain: Domain{LM: want.Dict, Dict: want.Dict}},
	} {
		tr := open(t, o)
		if err := tr.Complete(t.Context()); err != nil {
			t.Fatal(err)
		}
		hs := transcribe(t, tr, recording(t))
		h := hs[len(hs)-1]
		alone := name == "missing" || name == "broken"
		if h.Text != "go forward ten meters" || (h.Confidence > 0.7) == alone || name == "known" && h.Confidence < 0.9 {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestBetter(t *testing.T) {
	for name, c := range map[string]struct {
		domain, general opinion
		want            bool
	}{
		"higher":            {opinion{score: -100}, opinion{score: -200}, true},
		"lower":             {opinion{score: -300}, opinion{score: -200}, false},
		"lower but known":   {opinion{score: -300, known: true}, opinion{score: -200}, true},
		"far lower, known":  {opinion{score: -900, known: true}, opinion{score: -200}, false},
		"both known":        {opinion{score: -300, known: true}, opinion{score: -200, known: true}, false},
		"only general does": {opinion{score: -100}, opinion{score: -200, known: true}, false},
	} {
		if got, _ := better(c.domain, c.general); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestConfidence(t *testing.T) {
	words := strings.Fields("what time is it")
	all := confidence(opinion{words: words, known: true}, opinion{words: words}, sure)
	some := confidence(opinion{words: words}, opinion{words: words[:2]}, sure)
	none := confidence(opinion{words: words}, opinion{}, 0)
	if all != 1 || some >= all || none >= some || none <= 0 || confidence(opinion{}, opinion{words: words}, sure) != 0 {
		t.Errorf("%v, %v, %v", all, some, none)
	}
}

func TestLoudness(t *testing.T) {
	tone := func(amplitude int16) []int16 {
		s := make([]int16, 160)
		for i := range s {
			s[i] = amplitude * int16(1-2*(i%2))
		}
		return s
	}
	var l loudness
	for i, step := range []struct {
		amplitude int16
		want      bool
	}{{0, false}, {10, true}, {5000, true}, {3000, true}, {20, false}, {0, false}, {2000, true}} {
		if got := l.loud(tone(step.amplitude)); got != step.want {
			t.Errorf("step %d: %v", i, got)
		}
	}
}

func TestNormalizer(t *testing.T) {
	n := newNormalizer([]float32{10, 2})
	n.hear([]float32{20, 4, -1, 99}) // the second is digital silence
	if got := n.normal([]float32{20, 4}, nil); !slices.Equal(got, []float32{10, 2}) {
		t.Errorf("before the update: %v", got)
	}
	n.update()
	want := float32((10*memory + 20.) / (memory + 1))
	if n.mean[0] != want {
		t.Errorf("mean %v, want %v", n.mean[0], want)
	}
}

func TestUtterancesWaitForOneAnother(t *testing.T) {
	tr := open(t, Options{})
	speech := recording(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			hs := transcribe(t, tr, speech)
			if got := hs[len(hs)-1].Text; got != "go forward ten meters" {
				t.Errorf("understood %q", got)
			}
		})
	}
	wg.Wait()
}

func TestStoppingEarly(t *testing.T) {
	tr := open(t, Options{})
	speech := recording(t)
	transcribe(t, tr, speech)
	mean := tr.Mean()

	took := time.Hour // at its best: others use this machine too
	for range 5 {
		took = min(took, cancelled(t, tr, speech))
	}
	if took > 10*time.Millisecond {
		t.Errorf("took %v to stop", took)
	}

	for range tr.Transcribe(t.Context(), frames(speech)) {
		break
	}
	if !slices.Equal(tr.Mean(), mean) {
		t.Error("half an utterance changed the mean")
	}
	hs := transcribe(t, tr, speech)
	if got := hs[len(hs)-1].Text; got != "go forward ten meters" {
		t.Errorf("understood %q", got)
	}
}

// cancelled ends the context at the hundredth frame of speech and returns how
// long it takes to stop.
func cancelled(t *testing.T, tr *Transcriber, speech []int16) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var at time.Time
	n := 0
	for h, err := range tr.Transcribe(ctx, func(yield func(pcm.Frame) bool) {
		for f := range frames(speech) {
			if n++; n == 100 {
				at = time.Now()
				cancel()
			}
			if !yield(f) {
				return
			}
		}
	}) {
		if err != nil || n >= 100 {
			t.Errorf("after %d frames: %+v, %v", n, h, err)
		}
	}
	if n != 100 {
		t.Errorf("%d frames taken", n)
	}
	return time.Since(at)
}

// failure is the error that an utterance ends with.
func failure(tr *Transcriber, frames iter.Seq[pcm.Frame]) error {
	var last error
	for _, err := range tr.Transcribe(context.Background(), frames) {
		last = err
	}
	return last
}

func TestFailures(t *testing.T) {
	missing := open(t, Options{ModelDir: t.TempDir()})
	if err := missing.Ready(t.Context()); !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), "pocketsphinx-en-us") {
		t.Errorf("missing model: %v", err)
	}
	if err := failure(missing, frames(nil)); !errors.Is(err, ErrModel) {
		t.Errorf("missing model: %v", err)
	}

	tr := open(t, Options{})
	wrong := func(yield func(pcm.Frame) bool) { yield(pcm.Frame{Rate: pcm.Rate48k, Samples: make([]int16, 480)}) }
	if err := failure(tr, wrong); err == nil || !strings.Contains(err.Error(), "48000") {
		t.Errorf("wrong rate: %v", err)
	}
	if err := tr.Close(); err != nil {
		t.Error(err)
	}
	if err := failure(tr, frames(nil)); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	loading := open(t, Options{})
	if err := loading.Ready(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("ready with an ended context: %v", err)
	}
}
