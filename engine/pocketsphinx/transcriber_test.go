package pocketsphinx

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"os"
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
