package e2e

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// frameGoal is the longest that a frame may take after an hour.
const frameGoal = 100 * time.Millisecond

// After a conversation in the window, for as long as -soak says, it holds as much
// memory as after a sixth of it, and beside another that was held for half a minute it
// runs no more goroutines and paints a key as soon.
func TestSoak(t *testing.T) {
	t.Parallel()
	server := audiotest.StartServer(t)
	brief := newDesk(t, newHome(t), server)
	costOf(t, server, brief.cmd.Process.Pid, 30*time.Second)
	time.Sleep(5 * time.Second)
	soon := percentile(brief.paints(10), .5)
	few := brief.goroutines()

	d := newDesk(t, newHome(t), server)
	c := costOf(t, server, d.cmd.Process.Pid, max(*soakTime, 30*time.Second))
	t.Logf("measured: the soak: %v", c)
	time.Sleep(5 * time.Second)
	paints := d.paints(10)
	many := d.goroutines()
	late := percentile(paints, .5)
	t.Logf("measured: after %v: %d goroutines, %d after half a minute; key to paint p50 %v, then %v; most %v (goal %v)", c.length.Round(time.Second), many, few,
		late.Round(time.Millisecond), soon.Round(time.Millisecond), percentile(paints, 1).Round(time.Millisecond), frameGoal)
	if many > few+10 { // a turn may be under way
		t.Errorf("%d goroutines, %d after half a minute", many, few)
	}
	if growth := c.last - c.early; *soakTime > 0 && growth > c.early/10 {
		t.Errorf("memory grew by %d MB", growth>>20)
	}
	if late > 3*soon+frameGoal { // a busy machine is no failure
		t.Errorf("half of the keys take longer than %v, %v after half a minute", late, soon)
	}
}

// goroutines ends the program as Go's runtime does on SIGQUIT: by telling of them all.
func (w window) goroutines() int {
	w.t.Helper()
	if err := w.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		w.t.Fatal(err)
	}
	select {
	case <-w.ended:
	case <-time.After(patience):
		w.t.Fatal("parley does not tell of its goroutines")
	}
	n := 0
	for line := range strings.Lines(w.cmd.Stderr.(*bytes.Buffer).String()) {
		if strings.HasPrefix(line, "goroutine ") {
			n++
		}
	}
	if n == 0 {
		w.t.Fatal("parley tells of no goroutines")
	}
	return n
}
