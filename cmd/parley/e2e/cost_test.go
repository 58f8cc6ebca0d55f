package e2e

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// The goals for the whole program with its window, everything loaded.
const (
	memoryGoal = 320 << 20 // bytes
	coreGoal   = 0.2       // of one core, over a conversation
)

// clockTick is Linux's unit of CPU time in /proc, the same on every machine Go
// runs on.
const clockTick = 10 * time.Millisecond

// cpu is how much CPU time a process has used.
func cpu(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick
}

// resident is how much memory a process holds, in bytes, as field of its
// status: VmRSS now, VmHWM at most.
func resident(t *testing.T, pid int, field string) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatalf("no %s in the status of %d", field, pid)
	return 0
}

// cost is what a program took while it was talked to.
type cost struct {
	idle, talking float64 // of one core
	thread        float64 // of one core in conversation: the first thread, which is the window's
	early         int64   // bytes resident after a sixth of the conversation
	last, most    int64   // bytes resident at its end, and at most
	questions     int
	length        time.Duration
}

func (c cost) String() string {
	return fmt.Sprintf("%.3f of a core in conversation (goal %.1f), of it the first thread %.3f, %.3f idle; %d MB resident, %d at most (goal %d), %d after a sixth of %v; %d questions",
		c.talking, coreGoal, c.thread, c.idle, c.last>>20, c.most>>20, memoryGoal>>20, c.early>>20, c.length.Round(time.Second), c.questions)
}

// costOf talks to a program for that long, a question every eight seconds or
// so, after a few seconds of saying nothing.
func costOf(t *testing.T, server *audiotest.Server, pid int, length time.Duration) (c cost) {
	t.Helper()
	time.Sleep(3 * time.Second) // the model loads
	from, began := cpu(t, pid), time.Now()
	time.Sleep(5 * time.Second)
	c.idle = float64(cpu(t, pid)-from) / float64(time.Since(began))

	ask := []string{"what is gravity", "what time is it", "tell me a joke", "teach me about music", "what can you do"}
	from, began = cpu(t, pid), time.Now()
	threadFrom, _ := computed(t, pid)
	told := began
	for time.Since(began) < length {
		server.Play(speak(t, ask[c.questions%len(ask)]))
		time.Sleep(7 * time.Second)
		c.questions++
		c.last = resident(t, pid, "VmRSS")
		if c.early == 0 && time.Since(began) > length/6 {
			c.early = c.last
		}
		if time.Since(told) > max(length/12, time.Minute) {
			told = time.Now()
			t.Logf("measured: after %v and %d questions %d MB resident", time.Since(began).Round(time.Second), c.questions, c.last>>20)
		}
	}
	c.length = time.Since(began)
	c.talking = float64(cpu(t, pid)-from) / float64(c.length)
	thread, _ := computed(t, pid)
	c.thread = float64(thread-threadFrom) / float64(c.length)
	c.most = resident(t, pid, "VmHWM")
	return c
}

// What a conversation costs, for a minute in the terminal, where there is
// nothing but the engine, and then in the window.
func TestWhatAConversationCosts(t *testing.T) {
	t.Parallel()
	server := audiotest.StartServer(t)

	a := talk(t, newHome(t), server)
	engine := costOf(t, server, a.cmd.Process.Pid, time.Minute)
	a.stop()
	t.Logf("measured: the engine alone: %v", engine)

	w, _, _ := openWindow(t, newHome(t), server)
	whole := costOf(t, server, w.cmd.Process.Pid, time.Minute)
	w.close()
	t.Logf("measured: the program with its window: %v", whole)

	// The goal is missed by some with a lesson open (docs/performance.md); more is new.
	if whole.most > memoryGoal*11/10 {
		t.Errorf("%d MB at most, %d are wanted", whole.most>>20, memoryGoal>>20)
	}
}
