package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// backend is a server of turns for tests: what each is answered with, and what came.
type backend struct {
	mu     sync.Mutex
	asked  []turnRequest
	aborts chan int // which request was ended by the client
	answer func(n int, req turnRequest, s *sender)
}

// sender sends events.
type sender struct {
	w http.ResponseWriter
	r *http.Request
}

func (s *sender) send(e protocol.ServerEvent) {
	text, err := json.Marshal(e)
	if err == nil {
		s.raw(": a comment\ndata: " + string(text) + "\n\n")
	}
}

func (s *sender) raw(text string) {
	_, _ = io.WriteString(s.w, text)
	_ = http.NewResponseController(s.w).Flush()
}

// heard tells the words.
func (s *sender) heard(text string, confidence float64) {
	s.send(protocol.ServerEvent{Type: protocol.ParleyHypothesis, Hypothesis: &protocol.Hypothesis{Text: text, Confidence: confidence}})
	s.send(protocol.ServerEvent{Type: protocol.TranscriptionCompleted, Transcript: &text})
}

// reply gives a spoken reply, a tenth of a second a word.
func (s *sender) reply(text string) {
	s.send(protocol.ServerEvent{Type: protocol.ResponseCreated, Response: &protocol.Response{}})
	s.send(protocol.ServerEvent{Type: protocol.OutputItemAdded, Item: &protocol.Item{}})
	codec, _ := protocol.NewCodec(&protocol.Format{Type: protocol.PCM, Rate: 16000})
	at := 0
	for i, word := range strings.SplitAfter(text, " ") {
		s.send(protocol.ServerEvent{Type: protocol.OutputAudioTranscriptDelta, Delta: word})
		s.send(protocol.ServerEvent{Type: protocol.ParleyWords, Words: []protocol.Word{{From: at, To: at + len(word), StartMS: 100 * i, EndMS: 100 * (i + 1)}}})
		s.send(protocol.ServerEvent{Type: protocol.OutputAudioDelta, Delta: codec.Text(make([]int16, 1600))})
		at += len(word)
	}
}

func (s *sender) done() {
	s.send(protocol.ServerEvent{Type: protocol.ResponseDone, Response: &protocol.Response{Status: "completed"}})
	s.send(protocol.ServerEvent{Type: protocol.RateLimitsUpdated})
}

// hang waits until the client ends the request.
func (s *sender) hang() { <-s.r.Context().Done() }

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req turnRequest
	if r.Method != http.MethodPost {
		http.Error(w, "no", http.StatusMethodNotAllowed)
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil || r.URL.Path != turnPath {
		http.Error(w, "no", http.StatusNotFound)
		return
	}
	b.mu.Lock()
	n := len(b.asked)
	b.asked = append(b.asked, req)
	b.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	b.answer(n, req, &sender{w, r})
	if r.Context().Err() != nil {
		b.aborts <- n
	}
}

func (b *backend) requests() []turnRequest {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// aborted waits for the client to end a request.
func (b *backend) aborted(t *testing.T) int {
	t.Helper()
	select {
	case n := <-b.aborts:
		return n
	case <-time.After(30 * time.Second):
		t.Fatal("no request was ended")
		return 0
	}
}

// serve starts a server on the loopback.
func serve(t testing.TB, h http.Handler) Backend {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return Backend{URL: server.URL + "/v1", Token: func() string { return "secret" }}
}

// turns starts a backend that answers so, and the rung to it.
func turns(t *testing.T, answer func(n int, req turnRequest, s *sender)) (*Turn, *backend) {
	t.Helper()
	b := &backend{answer: answer, aborts: make(chan int, 16)}
	rung, err := NewTurn(serve(t, b), TurnOptions{Model: "parley", Voice: "slt", Speed: 1.2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rung.Close)
	return rung, b
}

// voice is frames of a score: "." is loud, "_" silence, "-" a soft end, and "?"
// waits, in silence, until tell is received from.
func voice(score string, tell <-chan struct{}) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for _, mark := range score {
			f := pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)}
			switch mark {
			case '-':
				f.Samples = nil
			case '.':
				for i := range f.Samples {
					f.Samples[i] = int16(8000 * (1 - i%2*2))
				}
			case '?':
				for waiting := true; waiting; {
					select {
					case <-tell:
						waiting = false
					case <-time.After(time.Millisecond):
					}
					if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 160)}) {
						return
					}
				}
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}

const (
	loud   = "...................." // 200 ms
	silent = "____________"
)

// hear transcribes a score with one "?" that lasts until the soft hypothesis.
func hear(t *testing.T, rung engine.Transcriber, score string) (soft []string, final engine.Hypothesis) {
	t.Helper()
	tell := make(chan struct{}, 8)
	for h, err := range rung.Transcribe(t.Context(), voice(score, tell)) {
		if err != nil {
			t.Fatal(err)
		}
		if h.Soft {
			soft = append(soft, h.Text)
			tell <- struct{}{}
		}
		if h.Final {
			final = h
		}
	}
	return soft, final
}

func past(texts ...string) []engine.Turn {
	var all []engine.Turn
	for i, text := range texts {
		who := engine.User
		if i%2 == 1 {
			who = engine.Assistant
		}
		all = append(all, engine.Turn{Who: who, Text: text, Heard: text})
	}
	return all
}

// A spoken turn costs one request: the words answer the soft end, and the reply comes
// with them.
func TestTurnSpoken(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard(fmt.Sprintf(" what is  question %d ", n), 0.75)
		s.reply(fmt.Sprintf("The answer is %d.", n))
		s.done()
	})
	var history []engine.Turn
	for n := range 3 {
		words, answer := fmt.Sprintf("what is question %d", n), fmt.Sprintf("The answer is %d.", n)
		soft, final := hear(t, rung, silent+loud+silent+"-?"+silent)
		if !slices.Equal(soft, []string{words}) || final.Text != words || !final.Final || final.Soft || final.Confidence != 0.75 || final.Stable != 4 {
			t.Errorf("heard %q, %+v", soft, final)
		}
		var text string
		var sound time.Duration
		var times []engine.Word
		for piece, err := range rung.Respond(t.Context(), engine.Request{Text: words, Turns: history}) {
			v, ok := piece.(engine.Voiced)
			if err != nil || !ok {
				t.Fatalf("%#v, %v", piece, err)
			}
			text += v.Text
			sound += v.Frame.Duration()
			times = append(times, v.Words...)
		}
		if text != answer || sound != 400*time.Millisecond || len(times) != 4 || times[3] != (engine.Word{From: 14, To: 16, Start: 300 * time.Millisecond, End: 400 * time.Millisecond}) {
			t.Errorf("%q, %v, %v", text, sound, times)
		}
		history = append(history, past(words, answer)...)
	}
	asked := b.requests()
	if len(asked) != 3 {
		t.Fatalf("%d requests", len(asked))
	}
	last := asked[2]
	if len(last.History) != 4 || last.History[3].Role != "assistant" || last.History[3].Words() != "The answer is 1." || last.Text != "" ||
		last.Audio == nil || last.Audio.Format.Rate != 16000 || last.Session.Model != "parley" || last.Session.Audio.Output.Voice != "slt" || *last.Session.Audio.Output.Speed != 1.2 {
		t.Errorf("asked %+v", last)
	}
}

// The user goes on: what was posted is ended, and the whole is posted again, but not
// for every pause.
func TestTurnResumed(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard(fmt.Sprint("posted ", n), 0)
		if n < 3 {
			s.hang()
			return
		}
		s.reply("Yes.")
		s.done()
	})
	pause := silent + "-?" + loud
	soft, final := hear(t, rung, loud+pause+pause+pause+silent+"-"+loud+silent+"-"+silent)
	if !slices.Equal(soft, []string{"posted 0", "posted 1", "posted 2"}) || final.Text != "posted 3" {
		t.Errorf("heard %q, %+v", soft, final)
	}
	ended := []int{b.aborted(t), b.aborted(t), b.aborted(t)}
	slices.Sort(ended)
	if !slices.Equal(ended, []int{0, 1, 2}) {
		t.Errorf("ended %v", ended)
	}
	if text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "posted 3"})); err != nil || text != "Yes." {
		t.Errorf("%q, %v", text, err)
	}
	if n := len(b.requests()); n != 4 {
		t.Errorf("%d requests", n)
	}
}

// Asked for anything else than what the kept answer is to, it asks anew.
func TestTurnOther(t *testing.T) {
	for name, req := range map[string]engine.Request{
		"other words":     {Text: "what is that"},
		"another history": {Text: "what is this", Turns: past("Hello.", "Hi.")},
		"instructions":    {Text: "what is this", Instructions: "Be brief."},
	} {
		t.Run(name, func(t *testing.T) {
			rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
				if n == 0 {
					s.heard("what is this", 0)
					s.hang()
					return
				}
				s.reply("That.")
				s.done()
			})
			hear(t, rung, loud+silent+"-?")
			if text, err := replied(rung.Respond(t.Context(), req)); err != nil || text != "That." {
				t.Errorf("%q, %v", text, err)
			}
			if n := b.aborted(t); n != 0 {
				t.Errorf("ended %d", n)
			}
			asked := b.requests()
			if len(asked) != 2 || asked[1].Text != req.Text || len(asked[1].History) != len(req.Turns) || asked[1].Audio != nil {
				t.Errorf("asked %+v", asked)
			}
			if req.Instructions != "" && *asked[1].Session.Instructions != req.Instructions {
				t.Errorf("instructions %v", asked[1].Session)
			}
		})
	}
}

// What is kept and breaks before anything of it was wanted is asked for again.
func TestTurnKeptBreaks(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard("hello", 0)
		if n > 0 {
			s.reply("Hi.")
			s.done()
		}
	})
	hear(t, rung, loud+silent+"-?")
	if text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"})); err != nil || text != "Hi." || len(b.requests()) != 2 {
		t.Errorf("%q, %v, %d requests", text, err, len(b.requests()))
	}
}

// Of two utterances that are being transcribed each gets its words; the older's reply
// is not waited for.
func TestTurnTwoAtOnce(t *testing.T) {
	go1 := make(chan struct{})
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		if n == 0 {
			s.raw(": on its way\n\n")
			<-go1
		}
		s.heard(fmt.Sprint("words ", n), 0)
		s.hang()
	})
	var all sync.WaitGroup
	var first engine.Hypothesis
	all.Go(func() {
		for h := range rung.Transcribe(t.Context(), voice(loud, nil)) {
			first = h
		}
	})
	for len(b.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	_, second := hear(t, rung, loud)
	close(go1)
	all.Wait()
	if first.Text != "words 0" || second.Text != "words 1" {
		t.Errorf("%+v, %+v", first, second)
	}
	if n := b.aborted(t); n != 0 {
		t.Errorf("ended %d", n)
	}
}

// An utterance that is nothing costs nothing further.
func TestTurnDropped(t *testing.T) {
	rung, b := turns(t, func(_ int, _ turnRequest, s *sender) {
		s.raw(": on its way\n\n")
		s.hang()
	})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		for h, err := range rung.Transcribe(ctx, voice(loud+silent+"-"+silent, nil)) {
			t.Errorf("heard %+v, %v", h, err)
		}
	})
	for len(b.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	all.Wait()
	b.aborted(t)
	// Less than a syllable is not even posted.
	if _, final := hear(t, rung, "...-.."); final.Text != "" || !final.Final || len(b.requests()) != 1 {
		t.Errorf("heard %+v", final)
	}
}

// pipes is a listener on no network at all.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error { return nil }

func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p <- theirs
	return ours, nil
}

// wired starts a server in a bubble of synctest.
func wired(h http.Handler) (b Backend, stop func()) {
	wire := make(pipes)
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	var all sync.WaitGroup
	all.Go(func() { _ = server.Serve(wire) })
	transport := &http.Transport{DialContext: wire.dial}
	return Backend{URL: "http://host.example", HTTP: &http.Client{Transport: transport}}, func() {
		transport.CloseIdleConnections()
		close(wire)
		all.Wait()
		_ = server.Close()
	}
}

// Barge-in: the request is ended at once, wherever it is; at most 50 ms are allowed, of
// virtual time, which only what waits takes.
func TestTurnAbort(t *testing.T) {
	for _, where := range []string{"before the words", "in the reply"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &backend{aborts: make(chan int, 1), answer: func(_ int, _ turnRequest, s *sender) {
					s.raw(": on its way\n\n")
					if where == "in the reply" {
						s.reply("It goes on and")
					}
					s.hang()
				}}
				at, end := wired(b)
				defer end()
				rung, err := NewTurn(at, TurnOptions{})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				var stopped time.Time
				stop := func() { stopped = time.Now(); cancel() }
				if where == "before the words" {
					time.AfterFunc(time.Second, stop)
				}
				for _, err := range rung.Respond(ctx, engine.Request{Text: "hello"}) {
					if err != nil {
						t.Errorf("failed: %v", err)
					}
					if stopped.IsZero() {
						stop()
					}
				}
				<-b.aborts
				if took := time.Since(stopped); took > 50*time.Millisecond {
					t.Errorf("ended after %v", took)
				}
				rung.Close()
			})
		})
	}
}

// What the backend says, and how it breaks off, at each point of a turn.
func TestTurnFails(t *testing.T) {
	told := func(err error) bool { _, ok := errors.AsType[*protocol.Error](err); return ok }
	cut := func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
	for name, c := range map[string]struct {
		answer func(s *sender)
		is     func(error) bool
		text   string
	}{
		"at once":  {func(s *sender) { s.raw(": hello\n\n") }, cut, ""},
		"an error": {func(s *sender) { s.raw(`data: {"error":{"message":"no","type":"server_error"}}` + "\n\n") }, told, ""},
		"an event": {func(s *sender) {
			s.send(protocol.ServerEvent{Type: protocol.ErrorEvent, Error: &protocol.Error{Message: "no"}})
		}, told, ""},
		"garbage":       {func(s *sender) { s.raw("data: \x00\x01{{{\n\n") }, func(error) bool { return true }, ""},
		"no base64":     {func(s *sender) { s.send(protocol.ServerEvent{Type: protocol.OutputAudioDelta, Delta: "?!"}) }, func(error) bool { return true }, ""},
		"in the middle": {func(s *sender) { s.reply("It goes") }, cut, "It goes"},
		"response failed": {func(s *sender) {
			s.reply("It goes")
			s.send(protocol.ServerEvent{Type: protocol.ResponseDone, Response: &protocol.Response{Status: "failed"}})
		}, told, "It goes"},
		"cut by force": {func(s *sender) {
			s.reply("It goes")
			conn, _, err := http.NewResponseController(s.w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}, cut, "It goes"},
		"text only": {func(s *sender) {
			s.send(protocol.ServerEvent{Type: protocol.OutputTextDelta, Delta: "Only text"})
			s.done()
		}, nil, "Only text"},
	} {
		t.Run(name, func(t *testing.T) {
			rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) { c.answer(s) })
			text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"}))
			if text != c.text || (err != nil) != (c.is != nil) || err != nil && !c.is(err) {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	for name, answer := range map[string]func(s *sender){
		"nothing":        func(s *sender) { s.raw(": hello\n\n") },
		"failed":         func(s *sender) { s.send(protocol.ServerEvent{Type: protocol.TranscriptionFailed}) },
		"before all was": func(s *sender) { s.reply("Hm.") },
	} {
		t.Run("words: "+name, func(t *testing.T) {
			rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) { answer(s) })
			if h, n, err := understood(rung.Transcribe(t.Context(), voice(loud, nil))); err == nil || n != 0 {
				t.Errorf("%q, %d, %v", h, n, err)
			}
		})
	}
}

// The connection is kept from turn to turn.
func TestTurnKeepsConnection(t *testing.T) {
	var mu sync.Mutex
	from := map[string]bool{}
	rung, _ := turns(t, func(_ int, _ turnRequest, s *sender) {
		mu.Lock()
		from[s.r.RemoteAddr] = true
		mu.Unlock()
		s.reply("Yes.")
		s.done()
	})
	for range 5 {
		if _, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"})); err != nil {
			t.Fatal(err)
		}
		rung.mu.Lock()
		rung.all.Wait() // the answer's end has come
		rung.mu.Unlock()
	}
	if len(from) != 1 {
		t.Errorf("%d connections for five turns", len(from))
	}
}

func TestTurnInterruptedHistory(t *testing.T) {
	got := items([]engine.Turn{
		{Who: engine.User, Text: "Tell me.", Heard: "Tell me."},
		{Who: engine.Assistant, Text: "Once upon a time.", Heard: "Once upon", Interrupted: true},
		{Who: engine.Assistant, Text: "Unheard.", Interrupted: true},
		{Who: engine.Assistant, Text: "Only shown."},
	})
	if len(got) != 3 || got[1].Status != "incomplete" || got[1].Words() != "Once upon" || got[2].Words() != "Only shown." || same(got[1], message(engine.Assistant, "Once upon", false)) {
		t.Errorf("%+v", got)
	}
}
