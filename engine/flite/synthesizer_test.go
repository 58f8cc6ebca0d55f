package flite

import (
	"context"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func voice(t testing.TB, name string) *Synthesizer {
	t.Helper()
	s, err := New(Options{Voice: name})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// say collects a sentence and checks what holds for each.
func say(t testing.TB, s *Synthesizer, text string) ([]int16, []engine.Word) {
	t.Helper()
	var sound []int16
	var words []engine.Word
	for sp, err := range s.Synthesize(context.Background(), text) {
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if sp.Frame.Rate != pcm.Rate16k || len(sp.Frame.Samples) == 0 || sp.Frame.Duration() > 20*time.Millisecond {
			t.Fatalf("%q: frame of %d samples at %d Hz", text, len(sp.Frame.Samples), sp.Frame.Rate)
		}
		words = append(words, sp.Words...)
		sound = append(sound, sp.Frame.Samples...)
	}
	fields := strings.Fields(text)
	if len(words) != len(fields) {
		t.Fatalf("%q: %d words, want %d", text, len(words), len(fields))
	}
	var before time.Duration
	for i, w := range words {
		if text[w.From:w.To] != fields[i] {
			t.Errorf("%q: word %d is %q, want %q", text, i, text[w.From:w.To], fields[i])
		}
		if w.Start < before || w.End < w.Start {
			t.Errorf("%q: %q from %v to %v, after %v", text, fields[i], w.Start, w.End, before)
		}
		before = w.End
	}
	if d := pcm.Rate16k.Duration(len(sound)); before > d {
		t.Errorf("%q: last word ends at %v of %v", text, before, d)
	}
	return sound, words
}

func TestEveryWordIsTimed(t *testing.T) {
	texts := []string{
		"Hello, world.", "What is 3.5 plus $20 in 2026?", "It’s “really” — well — 20°C… 😀 done 😀", "50% of 1,234 (maybe)",
		"e.g. Dr. Smith http://foo.bar/x a@b.c x_y 12:30 5/6 -5 5-3 #1 C++ <b> a=b", "😀", "...", "— 😀", "é", "A.", "( ) [ ] \"",
		"IV XII 3rd 1st 2nd 100000000000000000000 0.0.0.0 +1-555-123-4567 00:00:00 1/2/2026 $1.5 $ % &", "你好 world",
		strings.Repeat("abc", 40), "a " + strings.Repeat("x", 100) + " b", strings.Repeat("one, two ", 12),
	}
	for _, v := range []string{"rms", "kal16"} { // one of each of flite's two methods
		s := voice(t, v)
		for _, text := range texts {
			if sound, _ := say(t, s, text); len(sound) == 0 {
				t.Errorf("%s says nothing for %q", v, text)
			}
		}
		for _, text := range []string{"", " \n"} {
			if sound, words := say(t, s, text); len(sound)+len(words) != 0 {
				t.Errorf("%s: %q gave %d samples, %d words", v, text, len(sound), len(words))
			}
		}
	}
}

func TestTenKilobytesWithoutASpace(t *testing.T) {
	sound, words := say(t, voice(t, "kal16"), strings.Repeat("abcdefghij", 1000))
	if len(sound) == 0 || words[0].End < time.Minute {
		t.Errorf("%d samples, ends at %v", len(sound), words[0].End)
	}
}

func TestSoundBeginsAtOnceAndEndsWithAPause(t *testing.T) {
	for _, v := range Voices() {
		for _, text := range []string{"Hello, world.", "five", "she sells shells", "this is a test", "photosynthesis", "apples", "Hmm, what?"} {
			sound, words := say(t, voice(t, v), text)
			quiet := 0
			for quiet+window <= len(sound) && pcm.Level(sound[quiet:quiet+window]) < audible {
				quiet += window
			}
			if d := pcm.Rate16k.Duration(quiet); d > 20*time.Millisecond {
				t.Errorf("%s, %q: %v of silence before it", v, text, d)
			}
			tail := pcm.Rate16k.Duration(len(sound)) - words[len(words)-1].End
			if tail < 60*time.Millisecond || tail > 400*time.Millisecond {
				t.Errorf("%s, %q: pause of %v after it", v, text, tail)
			}
		}
	}
}

func TestSpeed(t *testing.T) {
	length := func(speed float64) int {
		s, err := New(Options{Speed: speed})
		if err != nil {
			t.Fatal(err)
		}
		sound, _ := say(t, s, "The quick brown fox jumps over the lazy dog.")
		return len(sound)
	}
	slow, normal, fast := length(0.5), length(0), length(2)
	if slow < normal*3/2 || fast > normal*3/4 {
		t.Errorf("samples at half, normal and double speed: %d, %d, %d", slow, normal, fast)
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Options{Voice: "hal"}); !errors.Is(err, ErrVoice) || !strings.Contains(err.Error(), "rms") {
		t.Errorf("voice: %v", err)
	}
	for _, speed := range []float64{-1, 0.1, 9} {
		if _, err := New(Options{Speed: speed}); !errors.Is(err, ErrSpeed) {
			t.Errorf("speed %g: %v", speed, err)
		}
	}
}

const long = "Gravity is the force of attraction between all masses in the universe; especially the attraction of the " +
	"earth's mass for bodies near its surface, which, as Newton described, explains why the planets stay in their orbits."

func TestEndingTheContextStopsAtOnce(t *testing.T) {
	s := voice(t, "rms")
	took := time.Hour // at its best: others use this machine too
	for range 5 {
		took = min(took, cancelled(t, s))
	}
	if took > 10*time.Millisecond {
		t.Errorf("took %v to stop", took)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range s.Synthesize(ended, long) {
		t.Error("speech after the context had ended")
	}
}

// cancelled ends the context at the first frame of a long sentence and returns
// how long it takes to stop.
func cancelled(t *testing.T, s *Synthesizer) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var at time.Time
	frames := 0
	for _, err := range s.Synthesize(ctx, long) {
		if err != nil {
			t.Fatal(err)
		}
		frames++
		at = time.Now()
		cancel()
	}
	if frames != 1 {
		t.Errorf("%d frames", frames)
	}
	return time.Since(at)
}

func TestManyAtOnce(t *testing.T) {
	want := map[string]int{}
	for _, v := range Voices() {
		sound, _ := say(t, voice(t, v), "Several speak at once.")
		want[v] = len(sound)
	}
	var wg sync.WaitGroup
	for range 5 {
		for _, v := range Voices() {
			wg.Go(func() {
				if sound, _ := say(t, voice(t, v), "Several speak at once."); max(len(sound)-want[v], want[v]-len(sound)) > 4000 {
					t.Errorf("%s: %d samples, want about %d", v, len(sound), want[v]) // awb's breath is random
				}
			})
		}
	}
	wg.Wait()
}

// resident is the memory of this process in RAM, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

func TestStoppingEarlyLeaksNothing(t *testing.T) {
	s := voice(t, "rms")
	stops := func(n int) {
		for range n {
			for range s.Synthesize(t.Context(), "Stop.") {
				break
			}
		}
	}
	// Memory in RAM also grows by what the race detector books and by what the
	// C library keeps for each new thread, some 10 to 45 MB over 1000 stops, but
	// not evenly. An utterance left behind each time is 60 kB: 15 MB in every round.
	const rounds, each, limit = 6, 250, 8 << 20
	least := math.MaxInt
	for range rounds {
		before := resident(t)
		stops(each)
		least = min(least, resident(t)-before)
	}
	if least > limit {
		t.Errorf("each %d early stops grow memory by %d kB and more", each, least>>10)
	}
}
