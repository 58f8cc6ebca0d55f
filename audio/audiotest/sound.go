package audiotest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/audio/virtualdesk"
)

// SpeakerRate is the rate of a [Recording].
const SpeakerRate = virtualdesk.Rate

// Recording is what the virtual speaker plays or the virtual microphone hears,
// as it goes.
type Recording = virtualdesk.Recording

// PlayFile plays a WAV file into the virtual microphone and returns when it
// has been heard.
func (s *Server) PlayFile(wav string) {
	s.t.Helper()
	if err := s.desk.PlayFile(context.Background(), wav); err != nil {
		s.t.Fatal(err)
	}
}

// Play plays a frame into the virtual microphone and returns when it has been
// heard.
func (s *Server) Play(f pcm.Frame) {
	s.t.Helper()
	name := filepath.Join(s.t.TempDir(), "play.wav")
	WriteWAV(s.t, name, f)
	s.PlayFile(name)
}

// WriteWAV writes f as a WAV file.
func WriteWAV(t testing.TB, name string, f pcm.Frame) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := pcm.NewWAVWriter(file, f.Rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(f.Samples); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// Record records the virtual speaker until Stop. It returns when the recording
// has begun.
func (s *Server) Record() *Recording {
	s.t.Helper()
	return s.recording(s.desk.Record)
}

// RecordMicrophone records what the virtual microphone hears.
func (s *Server) RecordMicrophone() *Recording {
	s.t.Helper()
	return s.recording(s.desk.RecordMicrophone)
}

func (s *Server) recording(begin func(context.Context) (*Recording, error)) *Recording {
	s.t.Helper()
	r, err := begin(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { r.Stop() })
	return r
}

// Loopback lets the virtual microphone hear what programs play; see
// [virtualdesk.Server.Loopback].
func (s *Server) Loopback(gain float64, delay time.Duration) {
	s.t.Helper()
	if err := s.desk.Loopback(context.Background(), gain, delay); err != nil {
		s.t.Fatal(err)
	}
}
