package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/history"
	"parley/engine/localservers"
	"parley/engine/settings"
	"parley/ui"
)

// alive is an engine under no window, with whatever sound this machine has.
func alive(t *testing.T) *live {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	p, err := gather(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l := newLive(p, console{io.Discard, io.Discard})
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := l.run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		end()
		running.Wait()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// stored waits until the conversation is kept, and gives its number.
func stored(t *testing.T, l *live) engine.ConversationID {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		now, _ := l.session()
		if id := snapshot(ctx, now).Conversation.ID; id != 0 {
			return id
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the conversation is not kept")
	return 0
}

// A setting that the engine is made by is applied while a conversation is held,
// which goes on; the watchers see one session.
func TestSettingsAreAppliedAtOnce(t *testing.T) {
	l := alive(t)
	if err := l.Send(engine.Say{Text: "what is two plus two"}); err != nil {
		t.Fatal(err)
	}
	id := stored(t, l)
	before, transcriber := l.p.conversation, l.p.transcriber
	watched := make(chan engine.ConversationID, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var watching sync.WaitGroup
	began := make(chan struct{})
	watching.Go(func() {
		defer close(watched)
		first := true
		for ev := range l.Watch(ctx) {
			switch b := ev.Body.(type) {
			case engine.Snapshot:
				if first {
					close(began)
				} else if b.Conversation.ID != 0 {
					watched <- b.Conversation.ID
					return
				}
				first = false
			case engine.ConversationChanged:
				if b.Conversation.ID != 0 {
					watched <- b.Conversation.ID
					return
				}
			}
		}
	})
	<-began
	now, note, err := l.Change(func(s *settings.Settings) {
		s.Voice, s.Patience, s.Theme = settings.SLT, settings.Patient, settings.Dark
	})
	if err != nil || note != "" || now.Voice != settings.SLT || l.p.settings.Voice != settings.SLT {
		t.Fatalf("changed to %+v, %q, %v", now, note, err)
	}
	if got := <-watched; got != id {
		t.Errorf("conversation %d goes on as %d", id, got)
	}
	watching.Wait()
	if l.p.conversation == before || l.p.transcriber != transcriber {
		t.Error("want another conversation over the same transcriber")
	}
	kept, _, err := settings.Load(l.p.settingsPath)
	if err != nil || kept != now {
		t.Errorf("kept %+v, %v", kept, err)
	}

	held := l.p.conversation
	if _, _, err := l.Change(func(s *settings.Settings) { s.TextSize, s.Keep, s.BargeIn = 150, settings.KeptNever, settings.Insist }); err != nil {
		t.Fatal(err)
	}
	if l.p.conversation != held {
		t.Error("a new conversation for what the old one can be told")
	}
}

// What is not allowed changes nothing, and says so in one line.
func TestRefusedSettingChangesNothing(t *testing.T) {
	l := alive(t)
	before := l.p.conversation
	now, _, err := l.Change(func(s *settings.Settings) { s.Responder.URL = "api.openai.com" })
	if err == nil || strings.Contains(err.Error(), "\n") || now.Responder.URL != "" || l.p.conversation != before {
		t.Errorf("changed to %q, %v", now.Responder.URL, err)
	}
}

// What is said is gone when everything is cleared.
func TestClear(t *testing.T) {
	l := alive(t)
	if err := l.p.store.Facts().Remember(t.Context(), history.Fact{Subject: "exam", Text: "your exam is on Friday", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := l.clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if facts, err := (remembered{l.p}).Facts(); err != nil || len(facts) != 0 {
		t.Errorf("after everything was cleared: %+v, %v", facts, err)
	}
}

// When everything was cleared, the data folder has an empty history and no more, also
// after the end, which keeps what was learnt.
func TestClearLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	data := filepath.Join(dir, "data", "parley")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		learntName: `{"cepstral_mean":[1.5,-2],"pauses_ns":[900000000]}`, learntName + unfinished: "{",
		waysName: `{"desk.example.org":{"way":"websocket"}}`, waysName + unfinished: "{",
		"history.db.damaged-20260101-000000": "x",
	} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := gather(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.transcriber.Mean()) == 0 || len(p.conversation.Pauses()) == 0 {
		t.Error("nothing was learnt before")
	}
	l := newLive(p, console{io.Discard, io.Discard})
	if err := l.clear(t.Context()); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range left {
		if !strings.HasPrefix(file.Name(), "history.db") || strings.Contains(file.Name(), "damaged") {
			t.Errorf("%s is left", file.Name())
		}
	}
}

// scribe yields what it was given, word for word, when the sound ends.
type scribe struct {
	heard int // samples
	err   error
}

func (s *scribe) Transcribe(_ context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		for f := range frames {
			if s.heard += len(f.Samples); s.heard == 160 && !yield(engine.Hypothesis{Text: "hello"}, nil) {
				return
			}
		}
		yield(engine.Hypothesis{Text: "hello there", Final: true}, s.err)
	}
}

// frame is 10 ms at a level that is loud or not.
func frame(loud bool) engine.Heard {
	h := engine.Heard{Linear: make([]int16, 160), Reference: pcm.Silence, Echo: pcm.Silence, Settled: true}
	for i := range h.Linear {
		if h.Linear[i] = int16(i%2*4 - 2); loud {
			h.Linear[i] = int16((i*7919)%16001 - 8000)
		}
	}
	return h
}

// A test of the microphone hears one utterance in the conversation's stead.
func TestListen(t *testing.T) {
	heard := make(chan engine.Heard, 1000)
	for i := range 500 {
		heard <- frame(i >= 100 && i < 200)
	}
	shown, loudest := 0, pcm.Silence
	s := &scribe{}
	text, err := listen(t.Context(), s, heard, func(dbfs float64, _ string) { shown++; loudest = max(loudest, dbfs) })
	if text != "hello there" || err != nil || shown == 0 || loudest < -20 || s.heard == 0 {
		t.Errorf("heard %q, %v; shown %d times, at most %v dBFS; %d samples", text, err, shown, loudest, s.heard)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := listen(ctx, &scribe{}, make(chan engine.Heard), func(float64, string) {}); err != nil {
		t.Errorf("stopped by the user: %v", err)
	}
	lost := errors.New("lost")
	if _, err := listen(ctx, &scribe{err: lost}, make(chan engine.Heard), func(float64, string) {}); !errors.Is(err, lost) {
		t.Errorf("got %v, want %v", err, lost)
	}
	if _, err := listen(t.Context(), &scribe{}, make(chan engine.Heard), func(float64, string) {}); !errors.Is(err, errNoFrames) {
		t.Errorf("a dead microphone: %v", err)
	}
}

// While a test listens, the conversation hears silence.
func TestEar(t *testing.T) {
	var e ear
	m := e.before(microphone(func() engine.Heard { return frame(true) }))
	next := func() float64 {
		for h, err := range m.Frames(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			return pcm.Level(h.Linear)
		}
		return 0
	}
	if next() < -30 {
		t.Error("the conversation hears nothing")
	}
	ctx, heard, end := e.begin(t.Context())
	if got := next(); got != pcm.Silence {
		t.Errorf("the conversation hears %v dBFS during a test", got)
	}
	if h := <-heard; pcm.Level(h.Linear) < -30 {
		t.Error("the test hears nothing")
	}
	var stopping sync.WaitGroup
	stopping.Go(e.stop)
	<-ctx.Done()
	end()
	stopping.Wait()
	if next() < -30 {
		t.Error("the conversation hears nothing after the test")
	}
}

type microphone func() engine.Heard

func (m microphone) Frames(context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		for yield(m(), nil) {
		}
	}
}

func TestOffers(t *testing.T) {
	got := offers([]localservers.Server{
		{Name: "ollama", URL: "http://a", Models: []localservers.Model{{ID: "llama3.2"}, {ID: "pictures", Task: "text-to-image"}}},
		{Name: "speaches", URL: "http://b", Models: []localservers.Model{{ID: "whisper", Task: "automatic-speech-recognition"}, {ID: "kokoro", Task: "text-to-speech"}}},
		{Name: "whisper.cpp", URL: "http://c"},
	})
	want := []ui.Offer{
		{Name: "Ollama", URL: "http://a", Model: "llama3.2"},
		{Name: "Speaches", URL: "http://b", Model: "whisper", For: ui.Understanding},
		{Name: "Speaches", URL: "http://b", Model: "kokoro", For: ui.Voicing},
		{Name: "Whisper.cpp", URL: "http://c", For: ui.Understanding},
	}
	if len(got) != len(want) {
		t.Fatalf("offered %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("offered %+v, want %+v", got[i], want[i])
		}
	}
}

// A service is tried as it is typed, and every answer is one line.
func TestTryAService(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"small"},{"id":"large"}]}`))
	}))
	defer s.Close()
	e := engines{alive(t)}
	for _, tt := range []struct {
		service settings.Service
		want    string
		failed  bool
	}{
		{settings.Service{URL: s.URL}, "It works, with large, small. Choose one of them.", false},
		{settings.Service{URL: s.URL, Model: "small"}, "It works, with small.", false},
		{settings.Service{URL: s.URL, Model: "huge"}, `parley: it answers, but has no model "huge"; it has large, small`, true},
		{settings.Service{}, "parley: enter an address first, such as https://api.openai.com/v1", true},
	} {
		got, err := e.Try(t.Context(), ui.Answering, tt.service)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want || (err != nil) != tt.failed {
			t.Errorf("%+v: %q, %v, want %q", tt.service, got, err, tt.want)
		}
	}
	if _, err := e.Try(t.Context(), ui.Answering, settings.Service{URL: "http://127.0.0.1:1/v1"}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := e.KeepKey(t.Context(), "", "sk-x"); err == nil {
		t.Error("a key is kept for nobody")
	}
}
