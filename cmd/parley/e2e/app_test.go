package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// event is a line of `parley talk --json`.
type event struct {
	AtMS      int64   `json:"at_ms"`
	Turn      int     `json:"turn"`
	Type      string  `json:"type"`
	State     string  `json:"state"`
	Text      string  `json:"text"`
	Heard     string  `json:"heard"`
	Cause     string  `json:"cause"`
	Stage     string  `json:"stage"`
	Message   string  `json:"message"`
	Title     string  `json:"title"`
	VoiceMS   float64 `json:"voice_to_voice_ms"`
	TTFTMS    float64 `json:"ttft_ms"`
	TTFBMS    float64 `json:"ttfb_ms"`
	Tool      string  `json:"tool"`
	Result    string  `json:"result"`
	Failed    bool    `json:"failed"`
	Question  int     `json:"question"`
	Questions int     `json:"questions"`
	Right     int     `json:"right"`
	Markdown  string  `json:"markdown"`
	Transport string  `json:"transport"`
	Detail    string  `json:"detail"`
}

// home is where a parley under test keeps its files.
type home struct{ dir string }

func newHome(t *testing.T) home {
	t.Helper()
	return home{t.TempDir()}
}

// greet has the first start's screen out of the way, where nothing is set yet.
func (h home) greet() {
	dir := filepath.Join(h.dir, "config", "parley")
	path := filepath.Join(dir, "settings.toml")
	if _, err := os.Stat(path); err != nil && os.MkdirAll(dir, 0o700) == nil {
		_ = os.WriteFile(path, []byte("greeted = true\n"), 0o600) // what fails shows as a first start
	}
}

func (h home) env() []string {
	return []string{"HOME=" + h.dir, "XDG_DATA_HOME=" + filepath.Join(h.dir, "data"), "XDG_CONFIG_HOME=" + filepath.Join(h.dir, "config")}
}

// parley makes a command in this home. Its own environment comes first, so that
// what is given overrides it.
func (h home) parley(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = append(append(append(os.Environ(), "LANG=en_US.UTF-8"), h.env()...), env...)
	return cmd
}

// said is a turn of `parley history json`.
type said struct {
	Turn        int    `json:"turn"`
	Who         string `json:"who"`
	Text        string `json:"text"`
	Heard       string `json:"heard"`
	Interrupted bool   `json:"interrupted"`
}

// history reads the newest conversation that was kept.
func (h home) history(t *testing.T) []said {
	t.Helper()
	out, err := h.parley(nil, "history", "json", "1").Output()
	if err != nil {
		t.Fatalf("parley history json 1: %v", err)
	}
	var kept struct {
		Turns []said `json:"turns"`
	}
	if err := json.Unmarshal(out, &kept); err != nil {
		t.Fatal(err)
	}
	return kept.Turns
}

// app is a running `parley talk --json`.
type app struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	began time.Time

	mu     sync.Mutex
	events []event
	errors bytes.Buffer
	more   chan struct{} // closed and made anew at each event
	ended  chan struct{}
}

// conversation starts `parley talk` on a sound server of its own, and gives it the
// time to listen.
func conversation(t *testing.T) (*audiotest.Server, home, *app) {
	t.Helper()
	server, h := audiotest.StartServer(t), newHome(t)
	a := talk(t, h, server)
	time.Sleep(time.Second)
	return server, h, a
}

// talk starts parley with a sound server.
func talk(t *testing.T, h home, server *audiotest.Server, args ...string) *app {
	t.Helper()
	return begin(t, h, server.Env(), args...)
}

// begin starts parley in this environment.
func begin(t *testing.T, h home, env []string, args ...string) *app {
	t.Helper()
	a := &app{t: t, cmd: h.parley(env, append([]string{"talk", "--json"}, args...)...), more: make(chan struct{}), ended: make(chan struct{})}
	var err error
	if a.stdin, err = a.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	a.cmd.Stderr = &a.errors
	a.began = time.Now()
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go a.read(out)
	t.Cleanup(func() {
		a.stop()
		if t.Failed() {
			t.Logf("events:\n%s\nstderr:\n%s", a.log(), a.errors.String())
		}
	})
	return a
}

func (a *app) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var ev event
		if err := json.Unmarshal(lines.Bytes(), &ev); err != nil {
			ev = event{Type: "not json", Text: lines.Text()}
		}
		a.mu.Lock()
		a.events = append(a.events, ev)
		close(a.more)
		a.more = make(chan struct{})
		a.mu.Unlock()
	}
	_ = a.cmd.Wait()
	close(a.ended)
}

// stop ends the conversation as Ctrl+C does.
func (a *app) stop() {
	_ = a.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-a.ended:
	case <-time.After(10 * time.Second):
		_ = a.cmd.Process.Kill()
		<-a.ended
		a.t.Error("parley does not end on an interrupt")
	}
}

// typed types a line.
func (a *app) typed(line string) {
	a.t.Helper()
	if _, err := io.WriteString(a.stdin, line+"\n"); err != nil {
		a.t.Fatal(err)
	}
}

// ask types a line and returns its turn's number.
func (a *app) ask(line string) int {
	a.t.Helper()
	mark := a.mark()
	a.typed(line)
	return a.wait(mark, "turn of "+line, understoodWithin, func(ev event) bool {
		return ev.Type == "transcript.final" && ev.Text == line
	}).Turn
}

// mark is a place in the events: what wait looks at comes behind it.
func (a *app) mark() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.events)
}

// wait waits for an event behind a mark that fits.
func (a *app) wait(mark int, what string, within time.Duration, fits func(event) bool) event {
	a.t.Helper()
	limit := time.After(within)
	for {
		a.mu.Lock()
		more := a.more
		i := slices.IndexFunc(a.events[mark:], fits)
		if i >= 0 {
			ev := a.events[mark+i]
			a.mu.Unlock()
			return ev
		}
		a.mu.Unlock()
		select {
		case <-more:
		case <-limit:
			a.t.Fatalf("no %s within %v", what, within)
		case <-a.ended:
			select {
			case <-more: // what it said last
			default:
				a.t.Fatalf("parley ended before %s: %s", what, a.errors.String())
			}
		}
	}
}

// waitType waits for an event of a type behind a mark.
func (a *app) waitType(mark int, kind string, within time.Duration) event {
	a.t.Helper()
	return a.wait(mark, kind, within, func(ev event) bool { return ev.Type == kind })
}

// count says how many events of a type have come.
func (a *app) count(kind string) int { return a.countFrom(0, kind) }

// countFrom does so behind a mark.
func (a *app) countFrom(mark int, kind string) int {
	return a.countWhere(mark, func(ev event) bool { return ev.Type == kind })
}

// countWhere says how many events behind a mark fit.
func (a *app) countWhere(mark int, fits func(event) bool) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, ev := range a.events[mark:] {
		if fits(ev) {
			n++
		}
	}
	return n
}

func (a *app) log() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var b strings.Builder
	for _, ev := range a.events {
		line, _ := json.Marshal(ev)
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}
