package e2e

import (
	"flag"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/audio/audiotest"
)

var (
	starts = flag.Int("starts", 3, "how often the first frame is measured, after one start that is not")
	before = flag.String("before", "", "another build of parley, whose first frame is measured in turn with this one's")
)

// first is what came before a program's first frame.
type first struct {
	after  time.Duration // its start
	thread time.Duration // that the first thread, which is the window's, has computed
	all    time.Duration // that all threads have
}

// How soon the window is there, beside the least that a window can be (testdata/floor)
// in the same minutes. What is opened in the background must not keep the processors
// from painting.
func TestFirstFrame(t *testing.T) {
	server, h := audiotest.StartServer(t), newHome(t)
	h.greet()
	floor := filepath.Join(t.TempDir(), "floor")
	build := exec.Command("go", "build", "-o", floor, "./testdata/floor")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d := newDisplay(t)
	eye := newScreen(t, d.name)
	env := append(server.Env(), "LIBGL_ALWAYS_SOFTWARE=1", "DISPLAY="+d.name)
	programs := []string{program, floor}
	if *before != "" {
		programs = append(programs, *before)
	}
	found := map[string][]first{}
	for i := range *starts + 1 {
		for _, p := range programs {
			cmd := h.parley(env)
			cmd.Path, cmd.Args[0] = p, p
			if f := firstFrame(t, cmd, eye); i > 0 {
				found[p] = append(found[p], f)
			}
		}
	}
	for _, p := range programs {
		t.Logf("measured: first frame of %s: after %s; its thread computed %s, all %s; N = %d", filepath.Base(p),
			spread(found[p], func(f first) time.Duration { return f.after }),
			spread(found[p], func(f first) time.Duration { return f.thread }),
			spread(found[p], func(f first) time.Duration { return f.all }), *starts)
	}
	least := func(p string) time.Duration {
		return slices.MinFunc(found[p], func(a, b first) int { return int(a.all - b.all) }).all
	}
	if ours, theirs := least(program), least(floor); ours > 3*theirs { // 7 times, when the models loaded beside it
		t.Errorf("%v were computed before the first frame, where %v would do", ours, theirs)
	}
}

// spread is the median and the least of something.
func spread(all []first, of func(first) time.Duration) string {
	var list []time.Duration
	for _, f := range all {
		list = append(list, of(f))
	}
	slices.Sort(list)
	return fmt.Sprintf("%v (%v at best)", list[len(list)/2].Round(time.Millisecond), list[0].Round(time.Millisecond))
}

// firstFrame starts a program, ends it after its first frame, and waits until the
// screen is as it was.
func firstFrame(t *testing.T, cmd *exec.Cmd, eye *screen) (f first) {
	t.Helper()
	dark := func() bool {
		p := eye.picture(image.Rect(640, 420, 641, 421))
		return len(p) == 4 && p[0]|p[1]|p[2] == 0
	}
	await := func(what string, fits func() bool) {
		t.Helper()
		for limit := time.Now().Add(patience); !fits(); time.Sleep(time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatalf("%s: no %s within %v", cmd.Path, what, patience)
			}
		}
	}
	await("empty screen", dark)
	began := time.Now()
	ended := run(t, cmd)
	await("first frame", func() bool { return !dark() })
	f.after = time.Since(began)
	f.thread, f.all = computed(t, cmd.Process.Pid)
	time.Sleep(time.Second) // what it does at its start, it does
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatalf("%s does not end", cmd.Path)
	}
	return f
}

// computed is for how long a program's first thread, and all that it has now, have
// been on a processor.
func computed(t *testing.T, pid int) (thread, all time.Duration) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // it has ended
		}
		on, _, _ := strings.Cut(string(text), " ")
		ns, err := strconv.ParseInt(on, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if all += time.Duration(ns); task == fmt.Sprintf("/proc/%d/task/%d/schedstat", pid, pid) {
			thread = time.Duration(ns)
		}
	}
	return thread, all
}
