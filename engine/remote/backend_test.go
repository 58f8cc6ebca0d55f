package remote

import (
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
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
