package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// tone is speech, as far as a level can tell: 10 ms of it.
func tone(dB float64) pcm.Frame {
	f := pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)}
	peak := 32767 * math.Pow(10, dB/20) * math.Sqrt2
	for i := range f.Samples {
		f.Samples[i] = int16(peak * math.Sin(2*math.Pi*float64(i)/16))
	}
	return f
}

const softEnd = "soft end"

// heardSound yields frames as a script has it: a level in dBFS for 300 ms of
// sound, softEnd, or a func to be called.
func heardSound(script ...any) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for _, step := range script {
			switch step := step.(type) {
			case float64:
				for range 30 {
					if !yield(tone(step)) {
						return
					}
				}
			case string:
				if !yield(pcm.Frame{Rate: pcm.Rate16k}) {
					return
				}
			case func():
				step()
			}
		}
	}
}

// listener is a server that transcribes: it says how long the sound was that it
// was sent.
type listener struct {
	t     *testing.T
	delay time.Duration
	gone  atomic.Int32 // requests that the client ended
	asked atomic.Int32
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil || r.URL.Path != "/v1/audio/transcriptions" || r.FormValue("model") != "test-model" || r.FormValue("language") != "en" || !strings.HasSuffix(header.Filename, ".wav") {
		l.t.Errorf("request %s %v: %v", r.URL.Path, r.Form, err)
		return
	}
	l.asked.Add(1) // and not before: who goes away earlier has not asked
	sound, err := pcm.ReadWAV(file)
	if err != nil || sound.Rate != pcm.Rate16k {
		l.t.Errorf("the file is no WAV of 16 kHz: %v", err)
		return
	}
	select {
	case <-r.Context().Done():
		l.gone.Add(1)
		return
	case <-time.After(l.delay):
	}
	status(200, fmt.Sprintf(`{"text":" %d ms "}`, sound.Duration().Milliseconds()))(w, r)
}

func (l *listener) transcriber(partials engine.Transcriber) *Transcriber {
	tr, err := NewTranscriber(TranscriberConfig{Service: serve(l.t, l.ServeHTTP), Language: "en", Partials: partials})
	if err != nil {
		l.t.Fatal(err)
	}
	return tr
}

// hypotheses is all that a transcriber yields, as one line.
func hypotheses(t *testing.T, tr *Transcriber, frames iter.Seq[pcm.Frame]) string {
	t.Helper()
	var all []string
	for h, err := range tr.Transcribe(t.Context(), frames) {
		switch {
		case err != nil:
			all = append(all, "error")
		case h.Final:
			all = append(all, "final "+h.Text)
		case h.Soft:
			all = append(all, "soft "+h.Text)
		default:
			all = append(all, "partial "+h.Text)
		}
	}
	return strings.Join(all, ", ")
}

func pause(d time.Duration) func() { return func() { time.Sleep(d) } }

func TestTranscriber(t *testing.T) {
	const speech, silence = -20.0, -70.0
	for _, c := range []struct {
		name   string
		script []any
		delay  time.Duration
		want   string
		asked  int32
	}{
		{"no pause", []any{speech, speech}, 0, "final 600 ms", 1},
		{"a pause, then the end", []any{speech, silence, softEnd, silence, pause(400 * time.Millisecond), silence}, 0, "soft 600 ms, final 600 ms", 1},
		{"the end before the answer", []any{speech, silence, softEnd, silence}, 100 * time.Millisecond, "final 600 ms", 1},
		{"the user goes on after the answer", []any{speech, silence, softEnd, pause(400 * time.Millisecond), silence, speech}, 0, "soft 600 ms, final 1200 ms", 2},
		{"two pauses", []any{speech, silence, softEnd, pause(400 * time.Millisecond), silence, speech, silence, softEnd, pause(400 * time.Millisecond), silence}, 0,
			"soft 600 ms, soft 1500 ms, final 1500 ms", 2},
		{"asked twice in one pause", []any{speech, silence, softEnd, softEnd, pause(400 * time.Millisecond), softEnd, silence}, 0, "soft 600 ms, final 600 ms", 1},
		{"noise all the time", []any{-40.0, softEnd, pause(400 * time.Millisecond), -40.0, -38.0}, 0, "soft 300 ms, final 300 ms", 1},
		{"nothing", nil, 0, "final ", 0},
		{"only soft ends", []any{softEnd, pause(100 * time.Millisecond), softEnd}, 0, "soft , final ", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := &listener{t: t, delay: c.delay}
			got := hypotheses(t, l.transcriber(nil), heardSound(c.script...))
			if got != c.want || l.asked.Load() != c.asked {
				t.Errorf("got %q from %d requests, want %q from %d", got, l.asked.Load(), c.want, c.asked)
			}
		})
	}
}

// TestTranscriberDrops: when the user goes on, the request about what he had said
// is ended.
func TestTranscriberDrops(t *testing.T) {
	l := &listener{t: t, delay: 600 * time.Millisecond}
	arrived := func() {
		for l.asked.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	got := hypotheses(t, l.transcriber(nil), heardSound(-20.0, -70.0, softEnd, -70.0, arrived, -20.0, -70.0, softEnd, pause(1500*time.Millisecond), -70.0))
	if got != "soft 1500 ms, final 1500 ms" || l.gone.Load() != 1 {
		t.Errorf("%q, %d requests ended", got, l.gone.Load())
	}
}

func TestTranscriberCancel(t *testing.T) {
	atOnce(t, "the request is closed", func(t *testing.T) time.Duration {
		gone, cut := make(chan time.Time, 1), make(chan time.Time, 1)
		s := serve(t, func(_ http.ResponseWriter, r *http.Request) { until(r); gone <- time.Now() })
		tr, err := NewTranscriber(TranscriberConfig{Service: s})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(100*time.Millisecond, func() { cut <- time.Now(); cancel() })
		for h, err := range tr.Transcribe(ctx, heardSound(-20.0)) {
			t.Errorf("yielded %v, %v", h, err)
		}
		returned, was := time.Now(), <-cut
		return max(returned.Sub(was), (<-gone).Sub(was))
	})
}

func TestTranscriberFailures(t *testing.T) {
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		kind  error
	}{
		"half a JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"text": "what is gr`)
		}, ErrCut},
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `what is gravity`)
		}, ErrFormat},
		"HTML":      {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html></html>") }, ErrFormat},
		"wrong key": {status(401, `{}`), ErrKey},
		"silent":    {func(_ http.ResponseWriter, r *http.Request) { until(r) }, ErrSlow},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.serve)
			if s.FirstToken = patience; errors.Is(c.kind, ErrSlow) {
				s.FirstToken = 500 * time.Millisecond
			}
			tr, err := NewTranscriber(TranscriberConfig{Service: s})
			if err != nil {
				t.Fatal(err)
			}
			// The failure of the answer to a soft end is told at the end, once.
			n := 0
			for _, err := range tr.Transcribe(t.Context(), heardSound(-20.0, -70.0, softEnd, pause(700*time.Millisecond), -70.0)) {
				n++
				if !errors.Is(err, c.kind) {
					t.Errorf("error %v, want %v", err, c.kind)
				}
			}
			if n != 1 {
				t.Errorf("%d things yielded", n)
			}
		})
	}
}

// counter is a transcriber that says how many frames it has heard, and counts what
// it was not meant to be given.
type counter struct{ soft atomic.Int32 }

func (c *counter) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		n := 0
		for f := range frames {
			if len(f.Samples) == 0 {
				c.soft.Add(1)
				continue
			}
			if n++; n%10 == 0 && !yield(engine.Hypothesis{Text: fmt.Sprint(n), Stable: 1, Soft: n%20 == 0, Confidence: 1}, nil) {
				return
			}
		}
		if ctx.Err() == nil {
			yield(engine.Hypothesis{Text: fmt.Sprint(n), Final: true}, nil)
		}
	}
}

// TestPartials: the other transcriber shows what it hears meanwhile, and nothing
// but that.
func TestPartials(t *testing.T) {
	l := &listener{t: t}
	c := &counter{}
	ms := pause(30 * time.Millisecond)
	got := hypotheses(t, l.transcriber(c), heardSound(-20.0, ms, -20.0, ms, -70.0, softEnd, pause(200*time.Millisecond), -70.0, ms, -70.0))
	parts := strings.Split(got, ", ")
	last := parts[max(0, len(parts)-2):]
	if !slices.Equal(last, []string{"soft 900 ms", "final 900 ms"}) || len(parts) < 4 || c.soft.Load() != 0 {
		t.Errorf("%q, %d soft ends handed on", got, c.soft.Load())
	}
	for _, p := range parts[:len(parts)-2] {
		if !strings.HasPrefix(p, "partial ") {
			t.Errorf("%q before the soft end", p)
		}
	}
}

// TestStandIn: where the service fails the other transcriber's words are taken, if
// that is wanted.
func TestStandIn(t *testing.T) {
	service := serve(t, status(401, `{}`))
	for _, wanted := range []bool{true, false} {
		var told error
		cfg := TranscriberConfig{Service: service, Partials: &counter{}}
		if wanted {
			cfg.StandIn = func(err error) { told = err }
		}
		tr, err := NewTranscriber(cfg)
		if err != nil {
			t.Fatal(err)
		}
		got := hypotheses(t, tr, heardSound(-20.0))
		if want := map[bool]string{true: "final 30", false: "error"}[wanted]; !strings.HasSuffix(got, want) || errors.Is(told, ErrKey) != wanted {
			t.Errorf("stand-in wanted %v: %q, told %v", wanted, got, told)
		}
	}
}

// TestWAV: what is sent is a file that others can read.
func TestWAV(t *testing.T) {
	want := []int16{0, 1, -1, math.MaxInt16, math.MinInt16}
	got, err := pcm.ReadWAV(bytes.NewReader(wav(want)))
	if err != nil || got.Rate != pcm.Rate16k || !slices.Equal(got.Samples, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := pcm.ReadWAV(io.LimitReader(bytes.NewReader(wav(nil)), 44)); err != nil {
		t.Error(err)
	}
}
