package audiotest

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/audio/pcm"
)

// SpeakerRate is the rate of a [Recording].
const SpeakerRate = pcm.Rate48k

// PlayFile plays a WAV file into the virtual microphone and returns when it
// has been heard.
func (s *Server) PlayFile(wav string) {
	s.t.Helper()
	if out, err := s.command("paplay", "-d", "mic", wav).CombinedOutput(); err != nil {
		s.t.Fatalf("audiotest: paplay: %v: %s", err, out)
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

// Recording is what the virtual speaker plays or the virtual microphone hears,
// as it goes.
type Recording struct {
	process *exec.Cmd
	done    chan struct{}

	mu      sync.Mutex
	samples []int16
	began   time.Time // when the first sample was heard
}

// Record records the virtual speaker until Stop. It returns when the recording
// has begun.
func (s *Server) Record() *Recording {
	s.t.Helper()
	return s.record("spk.monitor")
}

// RecordMicrophone records what the virtual microphone hears.
func (s *Server) RecordMicrophone() *Recording {
	s.t.Helper()
	return s.record("mic.monitor")
}

func (s *Server) record(source string) *Recording {
	s.t.Helper()
	cmd := s.command("parec", "-d", source, "--latency-msec=5", "--raw",
		"--format=s16le", "--channels=1", fmt.Sprintf("--rate=%d", SpeakerRate))
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("audiotest: parec: %v", err)
	}
	r := &Recording{process: cmd, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.read(out)
	}()
	s.t.Cleanup(func() { r.Stop() })
	for deadline := time.Now().Add(5 * time.Second); r.Duration() == 0; {
		if time.Now().After(deadline) {
			s.t.Fatal("audiotest: parec records nothing")
		}
		time.Sleep(5 * time.Millisecond)
	}
	return r
}

func (r *Recording) read(out io.Reader) {
	buf := make([]byte, 1<<14)
	rest := 0
	for {
		n, err := out.Read(buf[rest:])
		now := time.Now()
		n += rest
		r.mu.Lock()
		for i := 0; i+1 < n; i += 2 {
			r.samples = append(r.samples, int16(binary.LittleEndian.Uint16(buf[i:])))
		}
		// The pipe is never early: the least of these is the true beginning.
		if began := now.Add(-SpeakerRate.Duration(len(r.samples))); len(r.samples) > 0 && (r.began.IsZero() || began.Before(r.began)) {
			r.began = began
		}
		r.mu.Unlock()
		rest = n & 1
		if rest == 1 {
			buf[0] = buf[n-1]
		}
		if err != nil {
			return
		}
	}
}

// Duration is how much has been recorded.
func (r *Recording) Duration() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return SpeakerRate.Duration(len(r.samples))
}

// Began is when the first sample was heard, to some milliseconds.
func (r *Recording) Began() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.began
}

// Sound is what has been recorded up to now.
func (r *Recording) Sound() pcm.Frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pcm.Frame{Rate: SpeakerRate, Samples: append([]int16(nil), r.samples...)}
}

// Stop ends the recording and returns it.
func (r *Recording) Stop() pcm.Frame {
	_ = r.process.Process.Kill()
	<-r.done
	_ = r.process.Wait() // it was killed
	return r.Sound()
}

// Loopback lets the virtual microphone hear what programs play, as an open
// loudspeaker on the same desk would, until the server ends: gain dB louder
// (negative: softer) and delay later (up to 5 s). It returns when the speaker is
// the default. The delay is a filter in the server (LADSPA's delay), exact to the
// sample, as air is: module-loopback moves the echo by 35 ms whenever the machine
// is busy. The speaker is not to be recorded by [Server.Record] then.
func (s *Server) Loopback(gain float64, delay time.Duration) {
	s.t.Helper()
	s.pactl("load-module", "module-remap-sink", "sink_name=air", "master=mic", "remix=no")
	softer := false
	for line := range strings.Lines(s.pactl("list", "short", "sink-inputs")) {
		if f := strings.Fields(line); len(f) > 3 && strings.HasPrefix(f[3], "module-remap-sink") {
			s.pactl("set-sink-input-volume", f[0], fmt.Sprintf("%.1fdB", gain))
			softer = true
		}
	}
	if !softer {
		s.t.Fatal("audiotest: the sound server has no loopback")
	}
	s.pactl("load-module", "module-ladspa-sink", "sink_name=desk", "master=air", "plugin=delay", "label=delay_5s",
		fmt.Sprintf("control=%.4f,1", delay.Seconds())) // from Debian's ladspa-sdk
	s.pactl("set-default-sink", "desk")
}

func (s *Server) pactl(args ...string) string {
	s.t.Helper()
	out, err := s.command("pactl", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("audiotest: pactl %s: %v: %s", args[0], err, out)
	}
	return string(out)
}
