package main

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/flite"
	"parley/engine/realtime/server"
)

// said is a responder's answer.
func said(t *testing.T, m server.Mind, text string) string {
	t.Helper()
	var words strings.Builder
	for piece, err := range m.Responder.Respond(t.Context(), engine.Request{Text: text, At: time.Now()}) {
		if err != nil {
			t.Fatal(err)
		}
		switch piece := piece.(type) {
		case engine.Words:
			words.WriteString(piece.Text)
		case engine.Effect:
			if err := piece.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return words.String()
}

// Each session has a mind of its own; none promises a timer that nobody would hear.
func TestMinds(t *testing.T) {
	books := openLibrary(slog.New(slog.DiscardHandler))
	defer books.Close()
	minds, err := books.minds(options{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	mine, other := minds(), minds()
	if got := said(t, mine, "what is two plus two"); !strings.Contains(got, "4") && !strings.Contains(got, "four") {
		t.Errorf("two plus two: %q", got)
	}
	if got := said(t, mine, "remember that my keys are upstairs"); got == "" {
		t.Error("nothing is said to a fact")
	}
	if got := said(t, mine, "where are my keys"); !strings.Contains(got, "upstairs") {
		t.Errorf("where the keys are: %q", got)
	}
	if got := said(t, other, "where are my keys"); strings.Contains(got, "upstairs") {
		t.Errorf("another session knows: %q", got)
	}
	for text, refused := range map[string]bool{
		"set a timer for ten minutes": true, "remind me to call mom in an hour": true, "wake me up at seven": true, "cancel the timer": true,
		"what is a timer": false, "define alarm": false, "what time is it": false,
	} {
		if got := said(t, mine, text); (got == noTimers) != refused {
			t.Errorf("%q: %q", text, got)
		}
	}
	if mine.Teacher == nil {
		t.Error("nobody writes lessons")
	}
}

// A language model answers where one was chosen, with its key; a wrong address is
// told at start.
func TestModel(t *testing.T) {
	var key string
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key = r.Header.Get("Authorization")
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello from the model.\"}}]}\n\n"+
			"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	}))
	defer model.Close()
	defer http.DefaultClient.CloseIdleConnections()
	books := openLibrary(slog.New(slog.DiscardHandler))
	defer books.Close()
	log := slog.New(slog.DiscardHandler)
	minds, err := books.minds(options{responderURL: model.URL + "/v1", responderModel: "m", responderKey: "k"}, log)
	if err != nil {
		t.Fatal(err)
	}
	m := minds()
	if got := said(t, m, "hi"); !strings.Contains(got, "Hello from the model.") || key != "Bearer k" {
		t.Errorf("answered %q, with %q", got, key)
	}
	m.Close()
	if _, err := books.minds(options{responderURL: "::"}, log); err == nil {
		t.Error("a wrong address is taken")
	}
}

func TestVoices(t *testing.T) {
	v, err := newVoices("slt")
	if err != nil {
		t.Fatal(err)
	}
	usual := v.voice("", 0)
	if v.voice("marin", 1) != usual || v.voice("slt", 1) != usual {
		t.Error("a voice that is not there is not the usual one")
	}
	if v.voice("rms", 1) == usual || v.voice("slt", 1.2) == usual {
		t.Error("another voice or speed is the usual one")
	}
	if v.voice("slt", 0.25) != v.voice("slt", flite.MinSpeed) {
		t.Error("a speed that is too slow is not the slowest")
	}
	if _, err := newVoices("bob"); !errors.Is(err, flite.ErrVoice) {
		t.Errorf("a usual voice that is not there: %v", err)
	}
}
