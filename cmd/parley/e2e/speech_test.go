package e2e

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"parley/audio/pcm"
	"parley/engine/flite"
	"parley/engine/pocketsphinx"
)

// userVoice is what the user speaks with: not the assistant's rms.
const userVoice = "awb"

// speak makes the sound of a sentence, with half a second of silence behind it.
func speak(t *testing.T, text string) pcm.Frame {
	t.Helper()
	voice, err := flite.New(flite.Options{Voice: userVoice})
	if err != nil {
		t.Fatal(err)
	}
	f := pcm.Frame{Rate: pcm.Rate16k}
	for piece, err := range voice.Synthesize(t.Context(), text) {
		if err != nil {
			t.Fatal(err)
		}
		f.Samples = append(f.Samples, piece.Frame.Samples...)
	}
	f.Samples = append(f.Samples, make([]int16, pcm.Rate16k/2)...)
	return f
}

// recogniser is shared by the tests; it takes one recording at a time.
var recogniser = sync.OnceValue(func() *pocketsphinx.Transcriber { return pocketsphinx.New(pocketsphinx.Options{}) })

// recognise writes down what a recording says.
func recognise(t *testing.T, f pcm.Frame) string {
	t.Helper()
	f, err := pcm.Resample(f, pcm.Rate16k)
	if err != nil {
		t.Fatal(err)
	}
	frames := func(yield func(pcm.Frame) bool) {
		for part := range slices.Chunk(f.Samples, pcm.Rate16k.Samples(pcm.FrameTime)) {
			if !yield(pcm.Frame{Rate: f.Rate, Samples: part}) {
				return
			}
		}
	}
	text := ""
	for h, err := range recogniser().Transcribe(t.Context(), frames) {
		if err != nil {
			t.Fatal(err)
		}
		text = h.Text
	}
	return text
}

// wordsOf is a text's words in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
}

// share is how many of want's words are among got's, 0 to 1.
func share(got, want string) float64 {
	words, there := wordsOf(want), wordsOf(got)
	n := 0
	for _, w := range words {
		if i := slices.Index(there, w); i >= 0 {
			there = slices.Delete(there, i, i+1)
			n++
		}
	}
	return float64(n) / math.Max(1, float64(len(words)))
}

// Sound on a recording is audible above this level, in dBFS over 10 ms.
const audible = -50.0

// sounding is when a stretch of a recording first and last is audible.
func sounding(f pcm.Frame, from, to time.Duration) (first, last time.Duration, ok bool) {
	step := f.Rate.Samples(pcm.FrameTime)
	end := min(len(f.Samples), f.Rate.Samples(to))
	for at := f.Rate.Samples(from); at+step <= end; at += step {
		if pcm.Level(f.Samples[at:at+step]) > audible {
			if !ok {
				first, ok = f.Rate.Duration(at), true
			}
			last = f.Rate.Duration(at + step)
		}
	}
	return first, last, ok
}

// audibleFor is how much of a recording is audible.
func audibleFor(f pcm.Frame) time.Duration {
	n := 0
	for part := range slices.Chunk(f.Samples, f.Rate.Samples(pcm.FrameTime)) {
		if pcm.Level(part) > audible {
			n += len(part)
		}
	}
	return f.Rate.Duration(n)
}

// spokenFor is how long the assistant's voice takes for the beginning of a sentence,
// to the end of its last word.
func spokenFor(t *testing.T, sentence, beginning string) (end time.Duration) {
	t.Helper()
	voice, err := flite.New(flite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for piece, err := range voice.Synthesize(t.Context(), sentence) {
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range piece.Words {
			if w.To <= len(beginning) {
				end = w.End
			}
		}
	}
	return end
}

// percentile is the value below which a share p of the values lies (nearest rank).
func percentile(values []time.Duration, p float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}
