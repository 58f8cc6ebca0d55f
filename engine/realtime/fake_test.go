package realtime

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// fake is a backend that follows a script: one connection of it.
type fake struct {
	conn   *websocket.Conn
	nth    int // connection, from 1
	header http.Header
	sound  int      // bytes of sound that were appended, as base64
	got    []string // types of the events that came, but for sound
}

// send sends events as they are written.
func (f *fake) send(events ...string) {
	for _, ev := range events {
		_ = f.conn.Write(context.Background(), websocket.MessageText, []byte(ev)) // whoever cuts the connection knows
	}
}

// until reads events up to one of that type, nil if the connection ends before.
func (f *fake) until(kind string) map[string]any {
	for {
		_, text, err := f.conn.Read(context.Background())
		if err != nil {
			return nil
		}
		var ev map[string]any
		if json.Unmarshal(text, &ev) != nil {
			return nil
		}
		if audio, ok := ev["audio"].(string); ok && ev["type"] == protocol.InputAppend {
			f.sound += len(audio)
		} else {
			f.got = append(f.got, ev["type"].(string))
		}
		if ev["type"] == kind {
			return ev
		}
	}
}

// rest reads until the connection ends.
func (f *fake) rest() { f.until("nothing is called so") }

// against runs a client against a script, in virtual time: use is called when there
// is a connection, or could have been.
func against(t *testing.T, cfg Config, script func(*fake), use func(context.Context, *Client)) {
	t.Helper()
	nth := 0
	over(t, cfg, newWire, func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		nth++
		script(&fake{conn: conn, nth: nth, header: r.Header})
	}, use)
}

// over is against for any server.
func over(t *testing.T, cfg Config, network func() *wire, handler http.HandlerFunc, use func(context.Context, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := network()
		server := &http.Server{Handler: handler}
		var all sync.WaitGroup
		all.Go(func() { _ = server.Serve(w) })
		if cfg.URL == "" {
			cfg.URL = "ws://backend/v1/realtime"
		}
		cfg.HTTPClient = w.client()
		c, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() { _ = c.Run(ctx) })
		_ = c.Ready(ctx)
		use(ctx, c)
		cancel()
		_ = w.Close()
		_ = server.Close()
		all.Wait()
		cfg.HTTPClient.CloseIdleConnections()
	})
}

// spokenFor is an utterance of that length, frame by frame, as a microphone has it.
func spokenFor(d time.Duration) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for range d / pcm.FrameTime {
			time.Sleep(pcm.FrameTime)
			if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)}) {
				return
			}
		}
	}
}

// transcript is the final hypothesis of an utterance.
func transcript(ctx context.Context, c *Client) (string, error) {
	for h, err := range c.Transcribe(ctx, spokenFor(300*time.Millisecond)) {
		if err != nil || h.Final {
			return h.Text, err
		}
	}
	return "", nil
}

// heardReply is what a reply comes to.
type heardReply struct {
	voiced, words string
	sound         time.Duration
	times         []engine.Word
	err           error
}

func ask(ctx context.Context, c *Client, text string, before ...engine.Turn) heardReply {
	var r heardReply
	for piece, err := range c.Respond(ctx, engine.Request{Text: text, Turns: before}) {
		switch piece := piece.(type) {
		case engine.Voiced:
			r.voiced += piece.Text
			r.sound += piece.Frame.Duration()
			r.times = append(r.times, piece.Words...)
		case engine.Words:
			r.words += piece.Text
		}
		r.err = err
	}
	return r
}

// silence is that much sound as a backend sends it, at 24 kHz.
func silence(d time.Duration) string {
	c, _ := protocol.NewCodec(nil)
	return c.Text(make([]int16, c.Rate().Samples(d)))
}

// hello greets, and takes what the client wishes.
func (f *fake) hello() map[string]any {
	f.send(`{"type":"session.created","event_id":"e","session":{"id":"s"}}`)
	ev := f.until(protocol.SessionUpdate)
	f.send(`{"type":"session.updated","event_id":"e","session":{"id":"s"}}`)
	return ev
}

const usual = `{"type":"response.created","event_id":"e","response":{"id":"r"}}
{"type":"response.output_item.added","event_id":"e","response_id":"r","item":{"id":"i","type":"message","role":"assistant"}}
{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"r","item_id":"i","delta":"It pulls "}
{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","delta":"SOUND"}
{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"r","item_id":"i","delta":"you."}
{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","delta":"SOUND"}
{"type":"response.output_audio.done","event_id":"e","response_id":"r","item_id":"i"}
{"type":"response.output_audio_transcript.done","event_id":"e","response_id":"r","item_id":"i","transcript":"It pulls you."}
{"type":"response.done","event_id":"e","response":{"id":"r","status":"completed"}}`

// reply gives the usual reply, or another, to response.create.
func (f *fake) reply(text string) {
	for line := range strings.Lines(strings.ReplaceAll(text, "SOUND", silence(300*time.Millisecond))) {
		f.send(strings.TrimSpace(line))
	}
}

// script follows a script over a connection.
func script(w http.ResponseWriter, r *http.Request, follow func(*fake)) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	follow(&fake{conn: conn, nth: 1, header: r.Header})
}

// bubble runs f in virtual time.
func bubble(t *testing.T, f func()) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { f() })
}

// echo answers in text with what it was asked.
type echo struct{}

// Respond implements [engine.Responder].
func (echo) Respond(_ context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) { yield(engine.Words{Text: req.Text}, nil) }
}

// textOf is what a reply says, however.
func textOf(ctx context.Context, c *Client, text string) string {
	r := ask(ctx, c, text)
	if r.err != nil {
		return r.err.Error()
	}
	return r.voiced + r.words
}

// dumb makes no sound.
type dumb struct{}

// Synthesize implements [engine.Synthesizer].
func (dumb) Synthesize(context.Context, string) iter.Seq2[engine.Speech, error] {
	return func(func(engine.Speech, error) bool) {}
}
