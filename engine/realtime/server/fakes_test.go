package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wire is both ends of a connection in memory.
type wire struct {
	up     chan []byte
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	events []protocol.ServerEvent
	raw    [][]byte
	wrong  []string
	grew   chan struct{}
}

func newWire() *wire {
	return &wire{up: make(chan []byte), closed: make(chan struct{}), grew: make(chan struct{}, 1)}
}

func (w *wire) Read(ctx context.Context) ([]byte, error) {
	select {
	case m := <-w.up:
		return m, nil
	case <-w.closed:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (w *wire) Write(_ context.Context, b []byte) error {
	select {
	case <-w.closed:
		return io.EOF
	default:
	}
	missing, err := protocol.Missing(b)
	e, err2 := protocol.DecodeServer(b)
	w.mu.Lock()
	if err != nil || err2 != nil || len(missing) > 0 {
		w.wrong = append(w.wrong, string(b)+" lacks "+strings.Join(missing, ", "))
	}
	w.events = append(w.events, e)
	w.raw = append(w.raw, bytes.Clone(b))
	w.mu.Unlock()
	select {
	case w.grew <- struct{}{}:
	default:
	}
	return nil
}

func (w *wire) close() { w.once.Do(func() { close(w.closed) }) }

// all is what has come so far.
func (w *wire) all() []protocol.ServerEvent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

// client is a client in a test.
type client struct {
	*wire
	t    testing.TB
	end  chan error
	seen int // events that wait has passed
}

// connect begins a session.
func connect(t testing.TB, b Backend, o Options) *client {
	c := &client{wire: newWire(), t: t, end: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { c.end <- Serve(ctx, b, c.wire, o) }()
	t.Cleanup(func() {
		c.close()
		cancel()
		select {
		case err := <-c.end:
			c.end <- err
		case <-time.After(30 * time.Second):
			t.Error("the session does not end")
		}
		for _, wrong := range c.wrong {
			t.Error(wrong)
		}
	})
	return c
}

func (c *client) send(events ...string) {
	c.t.Helper()
	for _, e := range events {
		select {
		case c.up <- []byte(e):
		case <-time.After(30 * time.Second):
			c.t.Fatal("the session does not read ", e)
		}
	}
}

// wait returns the next event of a type, from where the last wait ended.
func (c *client) wait(kind string) protocol.ServerEvent {
	c.t.Helper()
	late := time.After(30 * time.Second)
	for {
		all := c.all()
		for n, e := range all[c.seen:] {
			if e.Type == kind {
				c.seen += n + 1
				return e
			}
		}
		select {
		case <-c.grew:
		case <-late:
			c.t.Fatalf("no %s comes; the last were %v", kind, order(all[max(0, len(all)-30):]))
		}
	}
}

func types(all []protocol.ServerEvent) []string {
	var names []string
	for _, e := range all {
		names = append(names, e.Type)
	}
	return names
}

// order are the types of what came, without repetitions in a row.
func order(all []protocol.ServerEvent) []string { return slices.Compact(types(all)) }

// hearer hears words where the samples of a frame say so: the value of a sample over
// 1000 is the number of a word.
type hearer struct {
	words []string
	fail  bool
}

func (h hearer) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		sound := 0
		text := func() string {
			if sound == 0 {
				return ""
			}
			return strings.Join(h.words[:min(len(h.words), 1+sound/1600)], " ")
		}
		told := ""
		for f := range frames {
			if len(f.Samples) == 0 {
				if !yield(engine.Hypothesis{Text: text(), Soft: true, Confidence: .9}, nil) {
					return
				}
				continue
			}
			if pcm.Level(f.Samples) > -40 {
				sound += len(f.Samples)
			}
			if now := text(); now != told {
				told = now
				if !yield(engine.Hypothesis{Text: now, Stable: 1}, nil) {
					return
				}
			}
		}
		if ctx.Err() != nil {
			return
		}
		if h.fail {
			yield(engine.Hypothesis{}, errors.New("hearer: it is too loud here"))
			return
		}
		yield(engine.Hypothesis{Text: text(), Final: true, Confidence: .9}, nil)
	}
}

// answerer answers by a function.
type answerer func(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool)

func (a answerer) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) { a(ctx, req, yield) }
}

// echoes says what it was told.
func echoes(_ context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
	for _, text := range []string{"You said ", req.Text, ". That is all."} {
		if !yield(engine.Words{Text: text}, nil) {
			return
		}
	}
}

// speaker says each word in 100 ms.
type speaker struct{}

func (speaker) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		at, from := time.Duration(0), 0
		for word := range strings.FieldsSeq(sentence) {
			from += strings.Index(sentence[from:], word)
			end := at + 100*time.Millisecond
			one := engine.Speech{Words: []engine.Word{{From: from, To: from + len(word), Start: at, End: end}}}
			for range 5 {
				one.Frame = pcm.Frame{Rate: pcm.Rate16k, Samples: tone(320)}
				if ctx.Err() != nil || !yield(one, nil) {
					return
				}
				one.Words = nil
			}
			at, from = end, from+len(word)
		}
	}
}

func tone(n int) []int16 {
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = int16(8000 * (1 - 2*(i/8%2)))
	}
	return samples
}

// detector finds a lesson where somebody says "teach me".
type detector struct{}

func (detector) Detect(text string) (engine.Teaching, bool) {
	_, topic, ok := strings.Cut(text, "teach me ")
	return engine.Teaching{Kind: engine.TeachLesson, Topic: topic, Confidence: 1}, ok
}

// teacher writes a lesson of two pieces.
type teacher struct{}

func (teacher) Lesson(_ context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		_ = yield(engine.LessonPiece{Markdown: "# " + req.Topic + "\n"}, nil) &&
			yield(engine.LessonPiece{Markdown: "It is easy.", Plan: &engine.Plan{Title: req.Topic}}, nil)
	}
}

// backend is one of fakes that answers so.
func backend(a answerer) Backend {
	return Backend{
		Model: "parley", Transcriber: hearer{words: strings.Fields("what is the time of the day in this place")},
		Synthesizer: func(string, float64) engine.Synthesizer { return speaker{} },
		Mind:        func() Mind { return Mind{Responder: a, Teacher: teacher{}} },
		Detector:    detector{},
	}
}

const noTurns = `{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}`

// says is a user's item of text.
func says(text string) string {
	b, _ := json.Marshal(text)
	return `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":` + string(b) + `}]}}`
}

// sound is an append of samples at 24 kHz.
func sound(samples []int16) string {
	codec, _ := protocol.NewCodec(nil)
	return `{"type":"input_audio_buffer.append","audio":"` + codec.Text(samples) + `"}`
}

// counted counts what it observes.
type counted struct {
	mu    sync.Mutex
	drops map[string]int
	ends  map[string]int
}

func (c *counted) Stage(string, time.Duration) {}

func (c *counted) Response(status string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ends == nil {
		c.ends = make(map[string]int)
	}
	c.ends[status]++
}

func (c *counted) Dropped(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops == nil {
		c.drops = make(map[string]int)
	}
	c.drops[what]++
}

func (c *counted) dropped(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drops[what]
}
