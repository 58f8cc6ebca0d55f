package virtualdesk

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func started(t *testing.T, layout Layout) *Server {
	t.Helper()
	s, err := NewServer(layout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// writeTone writes 200 ms of a tone.
func writeTone(t *testing.T, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := pcm.NewWAVWriter(file, Rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	tone := make([]int16, Rate/5)
	for i := range tone {
		tone[i] = int16(12000 * math.Sin(2*math.Pi*440*float64(i)/float64(Rate)))
	}
	if err := errors.Join(w.Write(tone), w.Close()); err != nil {
		t.Fatal(err)
	}
}

// length is how much of a recording's sound is not silence.
func length(f pcm.Frame) time.Duration {
	n := 0
	for i := 0; i+48 <= len(f.Samples); i += 48 {
		if pcm.Level(f.Samples[i:i+48]) > -30 {
			n += 48
		}
	}
	return Rate.Duration(n)
}

// Each side is recorded on its own channel, and both last as long.
func TestBothSidesOnOneClock(t *testing.T) {
	s := started(t, OneClock)
	both, err := s.RecordBoth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wav := filepath.Join(s.Dir(), "tone.wav")
	writeTone(t, wav)
	if err := s.PlayFile(t.Context(), wav); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if l, r := length(both.Stop()), length(both.Right()); l < 100*time.Millisecond || l > 400*time.Millisecond || r != 0 {
		t.Errorf("the microphone's side has %v of sound, the speaker's %v", l, r)
	}
	if l, r := both.Sound(), both.Right(); len(l.Samples) != len(r.Samples) || both.Duration() != l.Duration() || time.Since(both.Began()) < both.Duration() {
		t.Errorf("%d and %d samples, %v since %v", len(l.Samples), len(r.Samples), both.Duration(), both.Began())
	}
}

func TestWhatALayoutCannotDo(t *testing.T) {
	s := started(t, Separate)
	if _, err := s.RecordBoth(t.Context()); err == nil {
		t.Error("separate devices were recorded on one clock")
	}
	if err := s.Start(t.Context()); err == nil {
		t.Error("a running server was started")
	}
	one, err := s.Record(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.Kill() // ends what it records
	one.Stop()
	if n := len(one.Right().Samples); n != 0 {
		t.Errorf("%d samples on the right of one channel", n)
	}
	if _, err := s.RecordMicrophone(t.Context()); err == nil {
		t.Error("a dead server was recorded")
	}
	if err := (&Server{layout: OneClock}).Loopback(t.Context(), 0, 0); err == nil {
		t.Error("a loopback on one device")
	}
}

func TestAMissingProgramNamesItsPackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s, err := NewServer(Separate)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Start(t.Context())
	if !errors.Is(err, ErrMissing) || !strings.HasSuffix(err.Error(), "apt-get install pulseaudio") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}
