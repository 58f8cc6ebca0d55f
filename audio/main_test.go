package audio

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	"parley/engine"
)

// childEnv makes the test binary a program under test: oto allows one context in
// the life of a process, so every test that needs oto has a process of its own.
const childEnv = "PARLEY_AUDIO_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		runChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// report is one line that the child writes.
type report struct {
	At    int64         // nanoseconds since 1970
	What  string        // opened, heard, lost, speaker, play, spoken, flush, closed
	Value time.Duration // how long opening took, or what was played
	Text  string        // of an error
}

// runChild opens the default devices and does what it is told, line by line:
// "tone MS", "speak FILE", "duck", "hold", "release", "flush". It reports when the
// microphone is heard for the first time, lost and heard again.
func runChild() {
	var mu sync.Mutex
	out := json.NewEncoder(os.Stdout)
	say := func(what string, value time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		r := report{At: time.Now().UnixNano(), What: what, Value: value}
		if err != nil {
			r.Text = err.Error()
			if !errors.Is(err, engine.ErrNoSound) {
				r.Text = "NOT ErrNoSound: " + r.Text
			}
		}
		_ = out.Encode(r)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	began := time.Now()
	file, err := os.Create(filepath.Join(os.Getenv(childEnv), "out.wav"))
	if err != nil {
		panic(err)
	}
	rec, err := NewRecorder(file, began)
	if err != nil {
		panic(err)
	}
	devices, err := Open(Options{EchoCancel: true, Recorder: rec, Log: log})
	if err != nil {
		panic(err)
	}
	say("opened", time.Since(began), nil)
	hearing := newHearing(os.Getenv(childEnv))
	ctx, stop := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		hears := false
		for h, err := range devices.Mic().Frames(ctx) {
			hearing.add(h)
			if err != nil {
				hears = false
				say("lost", 0, err)
			} else if !hears {
				hears = true
				say("heard", 0, nil)
			}
		}
	})
	work.Go(func() {
		was := error(nil)
		for ctx.Err() == nil {
			if err := devices.Speaker().Err(); (err == nil) != (was == nil) {
				was = err
				say("speaker", 0, err)
			}
			sleep(ctx, 5*time.Millisecond)
		}
	})
	speaker := devices.Speaker()
	cancel := context.CancelFunc(func() {})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		verb, arg, _ := strings.Cut(lines.Text(), " ")
		switch verb {
		case "tone": // comes back at once; the sound goes on
			var ms int
			fmt.Sscan(arg, &ms)
			f := tone(pcm.Rate16k, 440, time.Duration(ms)*time.Millisecond)
			var playing context.Context
			playing, cancel = context.WithCancel(ctx)
			work.Go(func() {
				for len(f.Samples) > 0 {
					n := min(len(f.Samples), 800)
					if err := speaker.Play(playing, pcm.Frame{Rate: f.Rate, Samples: f.Samples[:n]}); err != nil {
						say("play", speaker.Played(), err)
						return
					}
					f.Samples = f.Samples[n:]
				}
				say("play", speaker.Played(), speaker.Drain(playing))
			})
		case "speak": // a file, and comes back when it has been heard
			b, err := os.Open(arg)
			if err != nil {
				panic(err)
			}
			f, err := pcm.ReadWAV(b)
			if err != nil {
				panic(err)
			}
			for part := range slices.Chunk(f.Samples, 800) {
				if err = speaker.Play(ctx, pcm.Frame{Rate: f.Rate, Samples: part}); err != nil {
					break
				}
			}
			say("spoken", 0, errors.Join(err, speaker.Drain(ctx)))
		case "duck", "hold", "release":
			at := time.Now().UnixNano()
			switch verb {
			case "duck":
				speaker.Duck(12)
			case "hold":
				speaker.Hold(true)
			case "release":
				speaker.Hold(false)
				speaker.Duck(0)
			}
			mu.Lock()
			_ = out.Encode(report{At: at, What: verb, Value: speaker.Played()})
			mu.Unlock()
		case "flush":
			cancel()
			at := time.Now().UnixNano()
			d := speaker.Flush()
			mu.Lock()
			_ = out.Encode(report{At: at, What: "flush", Value: d})
			mu.Unlock()
		}
	}
	stop()
	cancel()
	work.Wait()
	say("closed", 0, errors.Join(devices.Close(), rec.Close(), file.Close(), hearing.close()))
}

// hearing keeps what the child's microphone yields: left linear, right clean.
type hearing struct {
	file *os.File
	wav  *pcm.WAVWriter
	both []int16
}

func newHearing(dir string) *hearing {
	file, err := os.Create(filepath.Join(dir, "heard.wav"))
	if err != nil {
		panic(err)
	}
	wav, err := pcm.NewWAVWriter(file, pcm.Rate16k, 2)
	if err != nil {
		panic(err)
	}
	return &hearing{file: file, wav: wav}
}

func (h *hearing) add(frame engine.Heard) {
	h.both = h.both[:0]
	for i, s := range frame.Linear {
		h.both = append(h.both, s, frame.Clean[i])
	}
	if err := h.wav.Write(h.both); err != nil {
		panic(err)
	}
}

func (h *hearing) close() error { return errors.Join(h.wav.Close(), h.file.Close()) }

// child is the program under test. It leaves out.wav (the recording) and
// heard.wav (what its microphone yielded) in dir.
type child struct {
	t       *testing.T
	dir     string
	done    chan struct{}
	in      io.WriteCloser
	process *exec.Cmd
	reports chan report
}

// startChild starts the program under test, first in line for the processor
// where what it does is measured.
func startChild(t *testing.T, env []string, first bool) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	if first {
		cmd = audiotest.First(os.Args[0])
	}
	dir := t.TempDir()
	cmd.Env = append(append(os.Environ(), env...), childEnv+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, dir: dir, done: make(chan struct{}), in: in, process: cmd, reports: make(chan report, 1000)}
	go func() {
		defer close(c.done)
		defer close(c.reports)
		for d := json.NewDecoder(out); ; {
			var r report
			if d.Decode(&r) != nil {
				return
			}
			c.reports <- r
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		late := time.AfterFunc(30*time.Second, func() {
			t.Error("the program does not end")
			_ = cmd.Process.Signal(syscall.SIGQUIT)
		})
		<-c.done
		err := cmd.Wait()
		late.Stop()
		if err != nil {
			t.Errorf("the program: %v", err)
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", stderr.String())
		}
	})
	return c
}

func (c *child) tell(line string) {
	c.t.Helper()
	if _, err := fmt.Fprintln(c.in, line); err != nil {
		c.t.Fatal(err)
	}
}

// end lets the program end.
func (c *child) end() {
	_ = c.in.Close()
	<-c.done
}

// await returns the next report of that kind.
func (c *child) await(what string, within time.Duration) report {
	c.t.Helper()
	for deadline := time.Now().Add(within); ; {
		if r := c.next(time.Until(deadline)); r.What == what {
			return r
		}
	}
}

// next returns the next report of any kind.
func (c *child) next(within time.Duration) report {
	c.t.Helper()
	select {
	case r, ok := <-c.reports:
		if !ok {
			c.t.Fatal("the program has ended")
		}
		return r
	case <-time.After(within):
		c.t.Fatal("the program does not report")
		return report{}
	}
}

func tone(rate pcm.Rate, hz float64, d time.Duration) pcm.Frame {
	f := pcm.Frame{Rate: rate, Samples: make([]int16, rate.Samples(d))}
	for i := range f.Samples {
		f.Samples[i] = int16(12000 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return f
}

// loudness is the level of each millisecond of a recording between two times.
func loudness(f pcm.Frame, from, to time.Duration) iter.Seq2[int, float64] {
	step := f.Rate.Samples(time.Millisecond)
	return func(yield func(int, float64) bool) {
		for i := f.Rate.Samples(from); i+step <= min(len(f.Samples), f.Rate.Samples(to)); i += step {
			if !yield(i, pcm.Level(f.Samples[i:i+step])) {
				return
			}
		}
	}
}

// sounds is the level above which a millisecond counts as sound, in dBFS.
const sounds = -50

// sounding returns when sound was first and last heard in a recording between two
// times; -1 where it was not.
func sounding(f pcm.Frame, from, to time.Duration) (first, last time.Duration) {
	first, last = -1, -1
	for i, level := range loudness(f, from, to) {
		if level > sounds {
			if first < 0 {
				first = f.Rate.Duration(i)
			}
			last = f.Rate.Duration(i) + time.Millisecond
		}
	}
	return first, last
}

// soundingFor returns how long sound was heard between two times, without the gaps
// that a busy machine leaves in it.
func soundingFor(f pcm.Frame, from, to time.Duration) (sum time.Duration) {
	for _, level := range loudness(f, from, to) {
		if level > sounds {
			sum += time.Millisecond
		}
	}
	return sum
}

var discard = slog.New(slog.DiscardHandler)
