package openai

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// raw is samples of a tone as a server sends them.
func raw(d time.Duration) []byte {
	var out []byte
	for i := range pcm.Rate24k.Samples(d) {
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(8000*((i/12)%2*2-1))))
	}
	return out
}

// sounding answers with sound of a type.
func sounding(contentType string, sound []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(sound)
	}
}

func synthesizer(t testing.TB, cfg SynthesizerConfig) *Synthesizer {
	t.Helper()
	s, err := NewSynthesizer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// spoken is all that a synthesizer yields.
func spoken(t testing.TB, s *Synthesizer, sentence string) (length time.Duration, rate pcm.Rate, words []engine.Word, err error) {
	t.Helper()
	for speech, failed := range s.Synthesize(t.Context(), sentence) {
		if err = failed; err != nil {
			return length, rate, words, err
		}
		if d := speech.Frame.Duration(); d > 40*time.Millisecond {
			t.Errorf("a frame of %v", d)
		}
		if len(speech.Frame.Samples) > 0 {
			rate = speech.Frame.Rate
		}
		length += speech.Frame.Duration()
		words = append(words, speech.Words...)
	}
	return length, rate, words, nil
}

func TestSynthesizer(t *testing.T) {
	sound := raw(330 * time.Millisecond)
	file := wav(make([]int16, 1600)) // 100 ms at 16 kHz
	endless := slices.Clone(file)
	for _, at := range []int{4, 40} {
		binary.LittleEndian.PutUint32(endless[at:], 0xffffffff)
	}
	for _, c := range []struct {
		name   string
		serve  http.HandlerFunc
		length time.Duration
		rate   pcm.Rate
		kind   error
	}{
		{"pcm", sounding("audio/pcm", sound), 330 * time.Millisecond, 24000, nil},
		{"pcm of no type", sounding("application/octet-stream", sound), 330 * time.Millisecond, 24000, nil},
		{"pcm of another rate", sounding("audio/pcm;rate=48000", sound), 165 * time.Millisecond, 48000, nil},
		{"half a sample", sounding("audio/pcm", append(slices.Clone(sound), 1)), 330 * time.Millisecond, 24000, nil},
		{"wav", sounding("audio/wav", file), 100 * time.Millisecond, 16000, nil},
		{"wav without a length", sounding("audio/x-wav", endless), 100 * time.Millisecond, 16000, nil},
		{"wav called pcm", sounding("audio/pcm", file), 100 * time.Millisecond, 16000, nil},
		{"broken wav", sounding("audio/wav", file[:30]), 0, 0, ErrFormat},
		{"mp3", sounding("audio/mpeg", []byte("ID3xxxxxxxxxxxx")), 0, 0, ErrFormat},
		{"mp3 called pcm", sounding("audio/pcm", []byte("ID3xxxxxxxxxxxx")), 0, 0, ErrFormat},
		{"HTML", sounding("text/html", []byte("<html>")), 0, 0, ErrFormat},
		{"nothing", sounding("audio/pcm", nil), 0, 0, ErrEmpty},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/pcm")
			_, _ = w.Write(sound[:9600])
			flush(w)
			panic(http.ErrAbortHandler)
		}, 200 * time.Millisecond, 24000, ErrCut},
		{"wav that is cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			_, _ = w.Write(file[:44+1280])
			flush(w)
			panic(http.ErrAbortHandler)
		}, 40 * time.Millisecond, 16000, ErrCut},
		{"pauses", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/pcm")
			_, _ = w.Write(sound[:9600])
			flush(w)
			until(r)
		}, 200 * time.Millisecond, 24000, ErrCut},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { until(r) }, 0, 0, ErrSlow},
		{"unknown voice", status(400, `{"detail":"voice nobody is not known"}`), 0, 0, ErrRequest},
		{"unknown model", status(404, `{"detail":"Model 'test-model' is not installed locally."}`), 0, 0, ErrModel},
	} {
		t.Run(c.name, func(t *testing.T) {
			service := serve(t, c.serve)
			if service.FirstToken = patience; errors.Is(c.kind, ErrSlow) {
				service.FirstToken = 500 * time.Millisecond
			}
			s := synthesizer(t, SynthesizerConfig{Service: service, Voice: "alloy"})
			length, rate, words, err := spoken(t, s, "Gravity pulls things.")
			if length != c.length || rate != c.rate || !errors.Is(err, c.kind) || (err == nil) != (c.kind == nil) {
				t.Errorf("%v at %d Hz, %v; want %v at %d, %v", length, rate, err, c.length, c.rate, c.kind)
			}
			if err == nil && len(words) != 3 {
				t.Errorf("words %+v", words)
			}
		})
	}
}

func TestSpeechRequest(t *testing.T) {
	var got map[string]any
	asked := 0
	service := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(body, &got); err != nil || r.URL.Path != "/v1/audio/speech" {
			t.Errorf("%s: %s", r.URL.Path, body)
		}
		sounding("audio/pcm", raw(20*time.Millisecond))(w, r)
	})
	s := synthesizer(t, SynthesizerConfig{Service: service, Voice: "alloy", Speed: 1.5, Instructions: "Calmly."})
	if _, _, _, err := spoken(t, s, "Hello."); err != nil {
		t.Fatal(err)
	}
	want := "map[input:Hello. instructions:Calmly. model:test-model response_format:pcm speed:1.5 voice:alloy]"
	if fmt.Sprint(got) != want {
		t.Errorf("asked for %v, want %v", got, want)
	}
	if length, _, _, err := spoken(t, s, " … — "); length != 0 || err != nil || asked != 1 {
		t.Errorf("of no words: %v, %v, %d requests", length, err, asked)
	}
	for _, speed := range []float64{-1, 0.1, 5} {
		if _, err := NewSynthesizer(SynthesizerConfig{Service: service, Speed: speed}); !errors.Is(err, ErrSpeed) {
			t.Errorf("speed %v: %v", speed, err)
		}
	}
}

// TestSpeechStreams: the first frame is there while the server is still speaking,
// and who ends the iteration ends the request within 50 ms.
func TestSpeechStreams(t *testing.T) {
	atOnce(t, "the request is closed", func(t *testing.T) time.Duration {
		gone, cut := make(chan time.Time, 1), make(chan time.Time, 1)
		service := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/pcm")
			_, _ = w.Write(raw(20 * time.Millisecond))
			flush(w)
			until(r)
			gone <- time.Now()
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for speech, err := range synthesizer(t, SynthesizerConfig{Service: service}).Synthesize(ctx, "Gravity pulls things.") {
			if err != nil || speech.Frame.Duration() != 20*time.Millisecond {
				t.Fatalf("%v, %v", speech.Frame.Duration(), err)
			}
			time.AfterFunc(50*time.Millisecond, func() { cut <- time.Now(); cancel() })
		}
		returned, was := time.Now(), <-cut
		return max(returned.Sub(was), (<-gone).Sub(was))
	})
}

// TestWordTimes: the words share the time between the first and the last sound, in
// order and without overlap, by their length and the pauses between.
func TestWordTimes(t *testing.T) {
	silence := pcm.Frame{Rate: pcm.Rate24k, Samples: make([]int16, 2400)} // 100 ms
	loud := pcm.Frame{Rate: pcm.Rate24k, Samples: make([]int16, 24000)}
	for i := range loud.Samples {
		loud.Samples[i] = int16(5000 * (i%2*2 - 1))
	}
	var e extent
	e.add(silence)
	e.add(loud)
	e.add(silence)
	const sentence = "  Well, gravity pulls 42 things — “always”. "
	words := e.words(sentence)
	var texts []string
	before := 100 * time.Millisecond
	for _, w := range words {
		texts = append(texts, sentence[w.From:w.To])
		if w.Start < before || w.End <= w.Start && w.To-w.From > 3 {
			t.Errorf("%q from %v to %v, the one before ended at %v", sentence[w.From:w.To], w.Start, w.End, before)
		}
		before = w.End
	}
	if got := strings.Join(texts, "|"); got != "Well,|gravity|pulls|42|things|—|“always”." {
		t.Errorf("words %q", got)
	}
	if words[0].Start != 100*time.Millisecond || before != 1100*time.Millisecond {
		t.Errorf("from %v to %v", words[0].Start, before)
	}
	if pause := words[1].Start - words[0].End; pause < 20*time.Millisecond {
		t.Errorf("a pause of %v at the comma", pause)
	}
	var mute extent
	mute.add(silence)
	if got := mute.words("Hello there."); len(got) != 2 || got[1].End != 100*time.Millisecond {
		t.Errorf("of silence: %+v", got)
	}
	if got := e.words(" "); got != nil {
		t.Errorf("of no words: %+v", got)
	}
}
