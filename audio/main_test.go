package audio

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

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
	What  string        // done, heard, lost, error, level
	Value time.Duration // Played for done
	Text  string
}

// runChild opens the default devices and does what it is told, line by line:
// "tone MS", "flush", "drain", "played", "level", "err". It reports when the
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
	devices, err := Open(Options{EchoCancel: true, Log: log})
	if err != nil {
		panic(err)
	}
	say("opened", time.Since(began), nil)
	ctx, stop := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		hears := false
		for _, err := range devices.Mic().Frames(ctx) {
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
		case "flush":
			cancel()
			at := time.Now().UnixNano()
			d := speaker.Flush()
			mu.Lock()
			_ = out.Encode(report{At: at, What: "flush", Value: d})
			mu.Unlock()
		case "played":
			say("played", speaker.Played(), nil)
		}
	}
	stop()
	cancel()
	work.Wait()
	say("closed", 0, devices.Close())
}

// child is the program under test.
type child struct {
	t       *testing.T
	in      io.WriteCloser
	process *exec.Cmd
	reports chan report
}

func startChild(t *testing.T, env []string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), env...), childEnv+"=1")
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
	c := &child{t: t, in: in, process: cmd, reports: make(chan report, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
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
		late := time.AfterFunc(10*time.Second, func() {
			t.Error("the program does not end")
			_ = cmd.Process.Kill()
		})
		<-done
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

// await returns the next report of that kind.
func (c *child) await(what string, within time.Duration) report {
	c.t.Helper()
	late := time.After(within)
	for {
		select {
		case r, ok := <-c.reports:
			if !ok {
				c.t.Fatalf("the program has ended before %q", what)
			}
			if r.What == what {
				return r
			}
		case <-late:
			c.t.Fatalf("no %q within %v", what, within)
		}
	}
}

func tone(rate pcm.Rate, hz float64, d time.Duration) pcm.Frame {
	f := pcm.Frame{Rate: rate, Samples: make([]int16, rate.Samples(d))}
	for i := range f.Samples {
		f.Samples[i] = int16(12000 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return f
}

// sounding returns when sound was first and last heard in a recording, in
// stretches of 1 ms above -50 dBFS, between two times.
func sounding(f pcm.Frame, from, to time.Duration) (first, last time.Duration) {
	step := f.Rate.Samples(time.Millisecond)
	first, last = -1, -1
	for i := f.Rate.Samples(from); i+step <= min(len(f.Samples), f.Rate.Samples(to)); i += step {
		if pcm.Level(f.Samples[i:i+step]) > -50 {
			if first < 0 {
				first = f.Rate.Duration(i)
			}
			last = f.Rate.Duration(i + step)
		}
	}
	return first, last
}

