package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errPlanned = errors.New("planned: secret-host.example refused")

// soon is how long a test waits for what has to happen, on the busiest machine.
const soon = 30 * time.Second

// ear is a transcriber that understands what the function says of the samples.
type ear func(samples []int16) (engine.Hypothesis, error)

// Transcribe implements [engine.Transcriber].
func (e ear) Transcribe(_ context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		var all []int16
		for f := range frames {
			all = append(all, f.Samples...)
		}
		h, err := e(all)
		h.Final = err == nil
		yield(h, err)
	}
}

// tone understands as many words as there are tenths of a second of loud sound.
func tone(samples []int16) (engine.Hypothesis, error) {
	loud := 0
	for _, s := range samples {
		if s > 1000 || s < -1000 {
			loud++
		}
	}
	words := slices.Repeat([]string{"la"}, int(pcm.Rate16k.Duration(loud)/(100*time.Millisecond)))
	return engine.Hypothesis{Text: strings.Join(words, " "), Confidence: 0.5}, nil
}

// square is so much loud sound.
func square(rate pcm.Rate, d time.Duration) []int16 {
	samples := make([]int16, rate.Samples(d))
	for i := range samples {
		samples[i] = 8000
		if i*800/int(rate)%2 == 0 { // 400 Hz
			samples[i] = -8000
		}
	}
	return samples
}

// mouth is a responder.
type mouth func(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error]

// Respond implements [engine.Responder].
func (m mouth) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return m(ctx, req)
}

// says is a responder that answers with these pieces, an error among them.
func says(pieces ...any) mouth {
	return func(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
		return func(yield func(engine.Reply, error) bool) {
			for _, p := range pieces {
				ok := false
				switch p := p.(type) {
				case string:
					ok = yield(engine.Words{Text: p}, nil)
				case error:
					yield(nil, p)
				case engine.Reply:
					ok = yield(p, nil)
				}
				if !ok {
					return
				}
			}
		}
	}
}

// echo answers with the user's words.
func echo(_ context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		_ = yield(engine.Words{Text: "You said "}, nil) && yield(engine.Words{Text: req.Text + "."}, nil)
	}
}

// voiceBox speaks a frame of 20 ms at the rate for every word.
type voiceBox struct {
	rate pcm.Rate
	fail string // the word at which it fails
}

// Synthesize implements [engine.Synthesizer].
func (v voiceBox) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		for word := range strings.FieldsSeq(sentence) {
			if strings.Trim(word, ".") == v.fail {
				yield(engine.Speech{}, errPlanned)
				return
			}
			f := pcm.Frame{Rate: v.rate, Samples: square(v.rate, 20*time.Millisecond)}
			if ctx.Err() != nil || !yield(engine.Speech{Frame: f}, nil) {
				return
			}
		}
	}
}

// board is a teacher that writes two pieces, or fails after the first.
type board struct{ err error }

// Lesson implements [engine.Teacher].
func (b board) Lesson(_ context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		if !yield(engine.LessonPiece{Markdown: "# " + req.Topic + "\n"}, nil) {
			return
		}
		if b.err != nil {
			yield(engine.LessonPiece{}, b.err)
			return
		}
		yield(engine.LessonPiece{Markdown: "For " + req.Level + ", " + req.Goal + ".\n", Plan: &engine.Plan{Title: req.Topic}}, nil)
	}
}

// pupil finds "teach me about …".
type pupil struct{}

// Detect implements [engine.TeachingDetector].
func (pupil) Detect(text string) (engine.Teaching, bool) {
	topic, ok := strings.CutPrefix(text, "teach me about ")
	return engine.Teaching{Kind: engine.TeachLesson, Topic: topic, Confidence: 1}, ok
}

// bench is a backend of fakes, and what was asked of it.
type bench struct {
	server.Backend
	opened, closed atomic.Int64 // minds

	mu    sync.Mutex
	asked []engine.Request
	voice string
	speed float64
}

func newBench(answer mouth) *bench {
	b := &bench{}
	b.Backend = server.Backend{
		Model: "parley", Transcriber: ear(tone), Detector: pupil{},
		Synthesizer: func(voice string, speed float64) engine.Synthesizer {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.voice, b.speed = voice, speed
			if voice == "nobody" {
				return nil
			}
			return voiceBox{rate: pcm.Rate16k, fail: "fail"}
		},
		Mind: func() server.Mind {
			b.opened.Add(1)
			return server.Mind{
				Responder: mouth(func(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
					b.mu.Lock()
					b.asked = append(b.asked, req)
					b.mu.Unlock()
					return answer(ctx, req)
				}),
				Teacher: board{},
				Close:   func() { b.closed.Add(1) },
			}
		},
	}
	return b
}

// last is the newest request.
func (b *bench) last(t *testing.T) engine.Request {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return b.asked[len(b.asked)-1]
}

// serve serves b, and sees at the end that each mind was closed.
func (b *bench) serve(t *testing.T, o Options) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(New(b.Backend, o))
	t.Cleanup(func() {
		s.Client().CloseIdleConnections()
		s.Close()
		if b.opened.Load() != b.closed.Load() {
			t.Errorf("%d minds were made and %d closed", b.opened.Load(), b.closed.Load())
		}
	})
	return s
}

// reply is an answer, read.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// post sends a body and reads the answer.
func post(t *testing.T, s *httptest.Server, path, kind string, body io.Reader) reply {
	t.Helper()
	return do(t, s, "POST", path, kind, body)
}

func do(t *testing.T, s *httptest.Server, method, path, kind string, body io.Reader) reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{a.StatusCode, a.Header, b}
}

// asJSON posts JSON.
func asJSON(t *testing.T, s *httptest.Server, path, body string) reply {
	t.Helper()
	return post(t, s, path, "application/json", strings.NewReader(body))
}

// events are the data of a stream's events.
func (r reply) events(t *testing.T) []string {
	t.Helper()
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %s: %.300s", r.status, r.header.Get("Content-Type"), r.body)
	}
	return dataOf(t, r.body)
}

func dataOf(t *testing.T, stream []byte) []string {
	t.Helper()
	var all []string
	for event := range bytes.SplitSeq(stream, []byte("\n\n")) {
		if len(event) == 0 || event[0] == ':' {
			continue
		}
		data, ok := bytes.CutPrefix(event, []byte("data: "))
		if !ok || bytes.ContainsRune(data, '\n') {
			t.Errorf("not an event of one line of data: %.200q", event)
		}
		all = append(all, string(data))
	}
	return all
}

// wav is a WAV file of samples.
func wav(rate pcm.Rate, channels int, samples []int16) []byte {
	f := &file{}
	w, err := pcm.NewWAVWriter(f, rate, channels)
	if err == nil {
		err = errors.Join(w.Write(samples), w.Close())
	}
	if err != nil {
		panic(err)
	}
	return f.b
}

// file is a file in memory.
type file struct {
	b  []byte
	at int
}

func (f *file) Write(p []byte) (int, error) {
	f.b = append(f.b[:f.at:max(f.at, len(f.b))], append(slices.Clone(p), f.b[min(len(f.b), f.at+len(p)):]...)...)
	f.at += len(p)
	return len(p), nil
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset > int64(len(f.b)) {
		return 0, fmt.Errorf("seek %d %d", offset, whence)
	}
	f.at = int(offset)
	return offset, nil
}
