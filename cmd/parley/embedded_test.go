package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/settings"
)

// echoing answers with what it is asked.
type echoing struct{}

func (echoing) Respond(_ context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		yield(engine.Words{Text: "You say: " + req.Text + ". And more."}, nil)
	}
}

// A build without engines of its own holds a typed conversation: it says once what it
// cannot do, and each answer is there to be read, whole and without an error.
func TestTypingWithoutEngines(t *testing.T) {
	c := engine.New(engine.Config{Transcriber: deaf{}, Responder: echoing{}, Synthesizer: mute{}})
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var all sync.WaitGroup
	defer all.Wait()
	defer end()
	watched := make(chan struct{})
	var lost, wrong []string
	done := make(chan engine.ReplyDone, 2)
	all.Go(func() {
		for ev := range c.Watch(ctx) {
			switch b := ev.Body.(type) {
			case engine.Snapshot:
				close(watched)
			case engine.StateChanged:
				if b.State == engine.NoSound && !strings.Contains(strings.Join(lost, ""), b.Detail) {
					lost = append(lost, b.Detail)
				}
			case engine.Error:
				wrong = append(wrong, b.Stage)
			case engine.ReplyDone:
				done <- b
			}
		}
	})
	<-watched
	all.Go(func() {
		if err := c.Run(ctx, unheeded{}, audio.NewNullSpeaker(nil)); err != nil {
			t.Error(err)
		}
	})
	for _, said := range []string{"hello", "goodbye"} {
		if err := c.Send(engine.Say{Text: said}); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-done:
			if want := "You say: " + said + ". And more."; got.Text != want || got.Heard != want {
				t.Errorf("answered %+v", got)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("no answer")
		}
	}
	end()
	all.Wait()
	if len(lost) != 1 || !strings.HasPrefix(lost[0], "This build does not understand speech") {
		t.Errorf("it says it cannot hear: %q", lost)
	}
	for _, stage := range wrong {
		if stage != "microphone" {
			t.Errorf("%s failed", stage)
		}
	}
}

// What a build lacks is done by a service or another computer, where one is chosen.
func TestLacks(t *testing.T) {
	at := settings.Service{URL: "http://127.0.0.1:1/v1"}
	own, speaks := struct{ embeddedTranscriber }{deaf{}}, struct{ engine.Synthesizer }{mute{}} // anything but the stand-ins themselves
	for name, tt := range map[string]struct {
		transcriber      embeddedTranscriber
		voice            engine.Synthesizer
		chosen           settings.Settings
		upstairs         *upstairs
		hearing, talking error
	}{
		"everything built in": {transcriber: own, voice: speaks},
		"nothing":             {transcriber: deaf{}, voice: mute{}, hearing: errDeaf, talking: errMute},
		"services":            {transcriber: deaf{}, voice: mute{}, chosen: settings.Settings{Transcriber: at, Synthesizer: at}},
		"one service":         {transcriber: deaf{}, voice: mute{}, chosen: settings.Settings{Transcriber: at}, talking: errMute},
		"another computer":    {transcriber: deaf{}, voice: mute{}, upstairs: &upstairs{}},
	} {
		p := &pieces{transcriber: tt.transcriber, voice: tt.voice, settings: tt.chosen, upstairs: tt.upstairs}
		if h, s := p.lacks(); !errors.Is(h, tt.hearing) || !errors.Is(s, tt.talking) {
			t.Errorf("%s: %v, %v", name, h, s)
		}
	}
}

// A service that fails where nothing stands in for it says so, and promises nothing.
func TestServicesWithoutAStandIn(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	refusing := httptest.NewServer(http.NotFoundHandler())
	defer refusing.Close()
	chosen := settings.Default()
	chosen.Transcriber.URL, chosen.Synthesizer.URL = refusing.URL+"/v1", refusing.URL+"/v1"
	s, err := newServices(chosen, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	transcriber, err := s.transcriber(deaf{})
	if err != nil {
		t.Fatal(err)
	}
	second := func(yield func(pcm.Frame) bool) {
		yield(pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, pcm.Rate16k)})
	}
	failed := error(nil)
	for h, err := range transcriber.Transcribe(t.Context(), second) {
		if failed = err; err == nil {
			t.Errorf("understood %+v", h)
		}
	}
	if failed == nil || errors.Is(failed, errDeaf) {
		t.Errorf("the service failed, and it says %v", failed)
	}
	voice, err := s.synthesizer(mute{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, err := range voice.Synthesize(t.Context(), "Hello.") {
			t.Errorf("it speaks: %v", err)
		}
	}
	said := ""
	ctx, end := context.WithTimeout(t.Context(), 30*time.Second)
	defer end()
	for text := range s.notices.Announcements(ctx) {
		said += text
		end()
	}
	if !strings.Contains(said, "you have to read") {
		t.Errorf("of the voice it says %q", said)
	}
}
