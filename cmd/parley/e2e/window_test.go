package e2e

import (
	"bytes"
	"image"
	_ "image/png" // screenshots
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// display is a private X server with a window manager.
type display struct {
	t    *testing.T
	name string
}

// newDisplay starts one; it ends with the test.
func newDisplay(t *testing.T) display {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := tool(t, "Xvfb", "xvfb", "-displayfd", "3", "-screen", "0", "1280x820x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	run(t, x)
	_ = write.Close()
	number := make([]byte, 16)
	_ = read.SetReadDeadline(time.Now().Add(15 * time.Second))
	n, err := read.Read(number)
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	d := display{t, ":" + strings.TrimSpace(string(number[:n]))}
	manager := tool(t, "openbox", "openbox")
	manager.Env = append(os.Environ(), "DISPLAY="+d.name)
	run(t, manager)
	return d
}

// tool makes a command or fails naming the package to install.
func tool(t *testing.T, name, debian string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: apt-get install %s", name, debian)
	}
	return exec.Command(path, args...)
}

// run starts a program that ends with the test, at the latest, and returns what
// is closed then.
func run(t *testing.T, cmd *exec.Cmd) (ended <-chan struct{}) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-done
			t.Errorf("%s does not end", filepath.Base(cmd.Path))
		}
		if told, ok := cmd.Stderr.(*bytes.Buffer); ok && crash.Match(told.Bytes()) {
			t.Errorf("%s crashed:\n%s", filepath.Base(cmd.Path), told)
		}
	})
	return done
}

// crash is what Go's runtime says of one.
var crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |SIG(SEGV|ABRT|BUS|FPE|ILL))`)

// xdotool drives the display.
func (d display) xdotool(args ...string) string {
	d.t.Helper()
	cmd := tool(d.t, "xdotool", "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("xdotool %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// shot takes a screenshot; it is also left among the artifacts.
func (d display) shot(name string) image.Image {
	d.t.Helper()
	dir := *shots
	if dir == "" {
		dir = d.t.TempDir()
	}
	file := filepath.Join(dir, name+".png")
	cmd := tool(d.t, "import", "imagemagick", "-window", "root", file)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("import: %v: %s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		d.t.Fatal(err)
	}
	return picture
}

// changed is the share of pixels in which two screenshots differ.
func changed(a, b image.Image) float64 {
	differ, all := 0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y += 2 {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x += 2 {
			all++
			if a.At(x, y) != b.At(x, y) {
				differ++
			}
		}
	}
	return float64(differ) / float64(all)
}

// listening says whether a program has the microphone open.
func listening(server *audiotest.Server) bool {
	cmd := exec.Command("pactl", "list", "short", "source-outputs")
	cmd.Env = append(os.Environ(), server.Env()...)
	out, err := cmd.Output()
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(out)) {
		// The third field is the client; the server's own streams have none.
		if fields := strings.Fields(line); len(fields) > 2 && fields[2] != "-" {
			return true
		}
	}
	return false
}

// window is a running parley with its window.
type window struct {
	display
	id    string
	cmd   *exec.Cmd
	ended <-chan struct{}
	h     home
}

// openWindow starts parley, waits for its first frame and its microphone, and says
// how long either took. It is not the first start.
func openWindow(t *testing.T, h home, server *audiotest.Server) (w window, shown, listens time.Duration) {
	t.Helper()
	h.greet()
	return startWindow(t, h, append(server.Env(), "LIBGL_ALWAYS_SOFTWARE=1"), server)
}

// startWindow is openWindow in any home and environment.
func startWindow(t *testing.T, h home, env []string, server *audiotest.Server) (w window, shown, listens time.Duration) {
	t.Helper()
	d := newDisplay(t)
	w = window{display: d, h: h}
	w.cmd = h.parley(append(env, "DISPLAY="+d.name))
	var errors bytes.Buffer
	w.cmd.Stderr = &errors
	eye := newScreen(t, d.name)
	began := time.Now()
	w.ended = run(t, w.cmd)
	open := make(chan time.Duration, 1)
	go func() {
		for range 8000 {
			if listening(server) {
				open <- time.Since(began)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		close(open)
	}()
	for paper := image.Rect(640, 420, 641, 421); ; time.Sleep(2 * time.Millisecond) {
		shown = time.Since(began)
		if p := eye.picture(paper); len(p) == 4 && p[0]|p[1]|p[2] != 0 { // the empty screen is black
			break
		}
		if shown > patience {
			t.Fatalf("no first frame within %v; stderr:\n%s", patience, errors.String())
		}
	}
	w.id, _, _ = strings.Cut(d.xdotool("search", "--sync", "--onlyvisible", "--name", "^Parley"), "\n")
	listens, ok := <-open
	if !ok {
		t.Fatalf("parley does not open the microphone; stderr:\n%s", errors.String())
	}
	return w, shown, listens
}

// close closes the window as its owner does, and waits for the program's end.
func (w window) close() {
	w.t.Helper()
	w.xdotool("windowfocus", "--sync", w.id, "key", "alt+F4")
	w.end("its window was closed")
}

// end waits for the program's end, which is to be a good one.
func (w window) end(after string) {
	w.t.Helper()
	select {
	case <-w.ended:
	case <-time.After(patience):
		w.t.Fatalf("parley runs on after %s", after)
	}
	if code := w.cmd.ProcessState.ExitCode(); code != 0 {
		w.t.Errorf("after %s parley ends with %d", after, code)
	}
}

// A person opens the window, asks, reads, types, and stops the answer.
func TestTheWindow(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	w, shown, listens := openWindow(t, h, server)
	t.Logf("measured: first frame after %v, listening after %v", shown.Round(time.Millisecond), listens.Round(time.Millisecond))
	time.Sleep(1500 * time.Millisecond)
	empty := w.shot("window-1-listening")

	server.Play(speak(t, "what is gravity"))
	time.Sleep(1500 * time.Millisecond)
	if share := changed(empty, w.shot("window-2-speaking")); share < 0.005 {
		t.Errorf("a spoken question and its answer changed %.2f %% of the window", share*100)
	}
	time.Sleep(5 * time.Second)

	w.xdotool("windowfocus", "--sync", w.id)
	w.xdotool("mousemove", "--window", w.id, "560", "740", "click", "1")
	w.xdotool("type", "--window", w.id, "--delay", "20", "teach me about photosynthesis")
	before := w.shot("window-3-typed")
	w.xdotool("key", "--window", w.id, "Return")
	time.Sleep(2500 * time.Millisecond)
	if share := changed(before, w.shot("window-4-lesson")); share < 0.02 {
		t.Errorf("a lesson changed %.2f %% of the window", share*100)
	}
	w.xdotool("key", "--window", w.id, "Escape")
	time.Sleep(700 * time.Millisecond)
	w.shot("window-5-stopped")
	w.close()

	kept := h.history(t)
	if len(kept) != 4 || share(kept[0].Text, "what is gravity") < 0.99 || kept[2].Text != "teach me about photosynthesis" {
		t.Fatalf("history has %+v", kept)
	}
	if kept[1].Interrupted || !kept[3].Interrupted {
		t.Errorf("the first reply was to be heard whole and the second stopped: %+v", kept)
	}
}

// While Space is held, what is said is one turn, however long the pause in it.
func TestSpaceIsHeldToTalk(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	w, _, _ := openWindow(t, h, server)
	time.Sleep(1500 * time.Millisecond)
	w.xdotool("windowfocus", "--sync", w.id, "keydown", "space")
	time.Sleep(300 * time.Millisecond)
	server.Play(with(speak(t, "what is gravity"), 2500*time.Millisecond, speak(t, "what time is it")))
	time.Sleep(700 * time.Millisecond)
	w.shot("window-6-space")
	w.xdotool("keyup", "space")
	time.Sleep(2500 * time.Millisecond)
	w.xdotool("key", "--window", w.id, "Escape")
	time.Sleep(500 * time.Millisecond)
	w.close()

	kept := h.history(t)
	if len(kept) == 0 || !strings.Contains(kept[0].Text, "gravity") || !strings.Contains(kept[0].Text, "time") {
		t.Fatalf("history has %+v", kept)
	}
	if len(kept) > 2 {
		t.Errorf("one turn was spoken: %+v", kept)
	}
}
