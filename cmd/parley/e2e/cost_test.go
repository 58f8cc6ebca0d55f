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

// What a conversation in the window costs, and that its memory stays flat. With
// -soak it goes on for that long.
func TestWhatAConversationCosts(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	w, _, _ := openWindow(t, h, server)
	pid := w.cmd.Process.Pid
	time.Sleep(3 * time.Second)
	idleFrom, at := cpu(t, pid), time.Now()
	time.Sleep(5 * time.Second)
	idle := float64(cpu(t, pid)-idleFrom) / float64(time.Since(at))

	questions := []string{"what is gravity", "what time is it", "tell me a joke", "teach me about music", "what can you do"}
	length := max(*soakTime, time.Minute)
	began, from, next := time.Now(), cpu(t, pid), time.Now()
	var early, memory int64
	for i := 0; time.Since(began) < length; i++ {
		server.Play(speak(t, questions[i%len(questions)]))
		time.Sleep(7 * time.Second)
		memory = resident(t, pid, "VmRSS")
		if early == 0 && time.Since(began) > length/6 {
			early = memory
		}
		if *soakTime > 0 && time.Now().After(next) {
			next = time.Now().Add(*soakTime / 12)
			t.Logf("measured: after %v and %d questions %d MB resident", time.Since(began).Round(time.Second), i+1, memory>>20)
		}
	}
	share := float64(cpu(t, pid)-from) / float64(time.Since(began))
	most := resident(t, pid, "VmHWM")
	t.Logf("measured: the program with its window: %.3f of a core in conversation (goal %.1f), %.3f idle; %d MB resident, %d at most (goal %d), %d after a sixth of %v",
		share, coreGoal, idle, memory>>20, most>>20, memoryGoal>>20, early>>20, length)
	if most > memoryGoal {
		t.Errorf("%d MB at most, %d are wanted", most>>20, memoryGoal>>20)
	}
	if growth := memory - early; *soakTime > 0 && growth > 16<<20 {
		t.Errorf("memory grew by %d MB", growth>>20)
	}
	w.close()
}
