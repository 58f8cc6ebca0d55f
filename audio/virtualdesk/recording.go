package virtualdesk

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"parley/audio/pcm"
)

// Rate is the rate of a [Recording].
const Rate = pcm.Rate48k

// recordWithin is how long a recording may take to begin.
const recordWithin = 15 * time.Second

// PlayFile plays a WAV file into the virtual microphone and returns when it has
// been heard.
func (s *Server) PlayFile(ctx context.Context, wav string) error {
	cmd, err := s.Command(ctx, "paplay", "-d", "mic", wav)
	if err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("virtualdesk: paplay: %w: %s", err, out)
	}
	return nil
}

// Recording is what the virtual devices play and hear, as it goes.
type Recording struct {
	process  *exec.Cmd
	channels int
	done     chan struct{}

	mu      sync.Mutex
	samples []int16   // interleaved
	began   time.Time // when the first sample was heard
}

// Record records the virtual speaker until Stop or the end of ctx. It returns
// when the recording has begun.
func (s *Server) Record(ctx context.Context) (*Recording, error) {
	return s.record(ctx, "spk.monitor", 1)
}

// RecordMicrophone records what the virtual microphone hears.
func (s *Server) RecordMicrophone(ctx context.Context) (*Recording, error) {
	return s.record(ctx, "mic.monitor", 1)
}

// RecordBoth records what the virtual microphone hears on the left and what the
// virtual speaker plays on the right, on one clock. The layout must be OneClock.
func (s *Server) RecordBoth(ctx context.Context) (*Recording, error) {
	if s.layout != OneClock {
		return nil, errors.New("virtualdesk: the two devices have no clock in common")
	}
	return s.record(ctx, "both.monitor", 2)
}

func (s *Server) record(ctx context.Context, source string, channels int) (*Recording, error) {
	cmd, err := s.Command(ctx, "parec", "-d", source, "--latency-msec=5", "--raw",
		"--format=s16le", fmt.Sprintf("--channels=%d", channels), fmt.Sprintf("--rate=%d", Rate))
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("virtualdesk: parec: %w", err)
	}
	r := &Recording{process: cmd, channels: channels, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.read(out)
		_ = cmd.Wait() // it is killed
	}()
	for deadline := time.Now().Add(recordWithin); r.Duration() == 0; {
		select {
		case <-r.done:
			return nil, errors.New("virtualdesk: parec has ended")
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			r.Stop()
			return nil, errors.New("virtualdesk: parec records nothing")
		}
	}
	return r, nil
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
		if began := now.Add(-r.duration()); len(r.samples) > 0 && (r.began.IsZero() || began.Before(r.began)) {
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

// duration is called with mu held.
func (r *Recording) duration() time.Duration { return Rate.Duration(len(r.samples) / r.channels) }

// Duration is how much has been recorded.
func (r *Recording) Duration() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.duration()
}

// Began is when the first sample was heard, to some milliseconds.
func (r *Recording) Began() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.began
}

// Sound is what has been recorded up to now; of two channels the left.
func (r *Recording) Sound() pcm.Frame { return r.channel(0) }

// Right is the right channel of what has been recorded up to now. It is empty
// where there is only one.
func (r *Recording) Right() pcm.Frame { return r.channel(1) }

func (r *Recording) channel(i int) pcm.Frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := pcm.Frame{Rate: Rate}
	if i >= r.channels {
		return f
	}
	f.Samples = make([]int16, 0, len(r.samples)/r.channels+1)
	for ; i < len(r.samples); i += r.channels {
		f.Samples = append(f.Samples, r.samples[i])
	}
	return f
}

// Stop ends the recording and returns it, as Sound does.
func (r *Recording) Stop() pcm.Frame {
	_ = r.process.Process.Kill() // fails where it has ended already
	<-r.done
	return r.Sound()
}
