package e2e

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	mock "parley/engine/aimocktest"
)

// chosen writes settings that choose services at this address.
func (h home) chosen(t *testing.T, at string, stages ...string) {
	t.Helper()
	dir := filepath.Join(h.dir, "config", "parley")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, s := range stages {
		fmt.Fprintf(&text, "%s_url = %q\n%s_model = \"mock\"\n", s, at, s)
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.toml"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A language model answers, calls the skills as its tools, and where it fails the
// embedded engine says so and goes on.
func TestALanguageModelAnswers(t *testing.T) {
	t.Parallel()
	at := mock.Start(t,
		mock.Chat("capital", "It is Paris, on the Seine. Ask me about its history."),
		mock.ToolCall("product", "calculate", map[string]string{"expression": "123 times 7"}),
		mock.AfterTool("861", "That makes eight hundred and sixty one."),
		mock.Refusal("gravity", http.StatusTooManyRequests, "insufficient_quota", "You exceeded your current quota."),
	)
	server, h := audiotest.StartServer(t), newHome(t)
	h.chosen(t, at, "responder")
	a := talk(t, h, server)
	time.Sleep(time.Second)

	server.Play(speak(t, "what is the capital of france"))
	if done := a.waitType(0, "reply.done", answeredWithin); !strings.Contains(done.Text, "on the Seine") || done.Heard != done.Text {
		t.Errorf("answered %q, heard %q", done.Text, done.Heard)
	}

	mark := a.mark()
	a.typed("give me the product of 123 and 7")
	if used := a.waitType(mark, "tool.used", understoodWithin); used.Tool != "calculate" || used.Failed || !strings.Contains(used.Result, "861") {
		t.Errorf("used %+v", used)
	}
	if done := a.waitType(mark, "reply.done", answeredWithin); !strings.Contains(done.Text, "eight hundred and sixty one") {
		t.Errorf("answered %q", done.Text)
	}

	mark = a.mark()
	a.typed("what is gravity")
	done := a.waitType(mark, "reply.done", answeredWithin)
	if !strings.Contains(done.Text, "credit") || !strings.Contains(strings.ToLower(done.Text), "force") {
		t.Errorf("where the model fails the answer is %q", done.Text)
	}
}

// A service transcribes and another speaks: what is heard is their work.
func TestServicesHearAndSpeak(t *testing.T) {
	t.Parallel()
	said, err := pcm.Resample(speak(t, "good morning to you"), pcm.Rate24k)
	if err != nil {
		t.Fatal(err)
	}
	var sound bytes.Buffer
	if err := binary.Write(&sound, binary.LittleEndian, said.Samples); err != nil {
		t.Fatal(err)
	}
	at := mock.Start(t, mock.Transcription("What is the capital of France?"), mock.Speech("pcm", sound.Bytes()))
	server, h := audiotest.StartServer(t), newHome(t)
	h.chosen(t, at, "transcriber", "synthesizer")
	recording := server.Record()
	a := talk(t, h, server)
	time.Sleep(time.Second)
	server.Play(speak(t, "tell me about something"))
	if final := a.waitType(0, "transcript.final", understoodWithin); final.Text != "What is the capital of France?" {
		t.Errorf("understood %q", final.Text)
	}
	if done := a.waitType(0, "reply.done", answeredWithin); !strings.Contains(done.Text, "Paris") {
		t.Errorf("answered %q", done.Text)
	}
	time.Sleep(300 * time.Millisecond)
	if heard := recognise(t, recording.Stop()); share(heard, "good morning to you") < 0.75 {
		t.Errorf("the speaker said %q", heard)
	}
}

// A lesson is asked for, and its quiz taken, by voice.
func TestAQuizByVoice(t *testing.T) {
	t.Parallel()
	server, _, a := conversation(t)
	server.Play(speak(t, "teach me about photosynthesis"))
	a.waitType(0, "lesson.done", understoodWithin)
	a.waitType(0, "reply.done", answeredWithin)
	time.Sleep(500 * time.Millisecond)

	mark := a.mark()
	server.Play(speak(t, "quiz me"))
	asked := a.waitType(mark, "lesson.progress", understoodWithin)
	if asked.Question != 1 || asked.Questions < 2 {
		t.Errorf("the quiz is at %+v", asked)
	}
	question := a.waitType(mark, "reply.done", answeredWithin)
	if !strings.Contains(question.Text, "?") {
		t.Errorf("asked %q", question.Text)
	}
	time.Sleep(500 * time.Millisecond)

	mark = a.mark()
	server.Play(speak(t, "i don't know"))
	told := a.waitType(mark, "reply.done", answeredWithin)
	if told.Text == "" || told.Text == question.Text {
		t.Errorf("who does not know hears %q", told.Text)
	}
}

// Our own share of the time to the first sound with a language model: what a turn
// takes, less what the model's server takes to begin when it is asked directly.
func TestOwnShareWithAModel(t *testing.T) {
	at := mock.Start(t, mock.Chat("", "Because air scatters blue light more than red. So it comes from everywhere."))
	server, h := audiotest.StartServer(t), newHome(t)
	h.chosen(t, at, "responder")
	a := talk(t, h, server)
	time.Sleep(time.Second)
	const n = 20
	var own, heard []float64
	for range n {
		theirs := firstToken(t, at)
		mark := a.mark()
		a.typed("why is the sky blue")
		timing := a.waitType(mark, "timing", answeredWithin)
		own = append(own, max(0, timing.TTFTMS-theirs)+timing.TTFBMS)
		heard = append(heard, max(0, timing.VoiceMS-theirs))
		time.Sleep(300 * time.Millisecond)
	}
	slices.Sort(own)
	slices.Sort(heard)
	t.Logf("measured: own share with a language model, to the first sample made: p50 %.0f ms, p95 %.0f ms (goal 60); heard at the speaker: p50 %.0f, p95 %.0f; N = %d",
		own[n/2], own[n*95/100-1], heard[n/2], heard[n*95/100-1], n)
	if own[n/2] > 600 { // a busy machine is no failure, a wait that nobody needs is
		t.Errorf("half of the turns take %.0f ms of our own", own[n/2])
	}
}

// firstToken is how long the mock takes from a request to its first piece, in ms.
func firstToken(t *testing.T, at string) float64 {
	t.Helper()
	body, err := json.Marshal(map[string]any{"model": "mock", "stream": true, "messages": []map[string]string{{"role": "user", "content": "why is the sky blue"}}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	took := float64(time.Since(began)) / float64(time.Millisecond)
	_, _ = io.Copy(io.Discard, resp.Body)
	return took
}
