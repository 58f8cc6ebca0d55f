package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/audio/virtualdesk"
)

// happening is a line of `parley talk --json`.
type happening struct {
	Turn  int    `json:"turn"`
	Type  string `json:"type"`
	State string `json:"state"`
	Text  string `json:"text"`
	Heard string `json:"heard"`

	came  time.Time          // when its line was read
	parts map[string]float64 // of a timing: every number whose name ends in _ms, without that
}

// parseHappening reads a line.
func parseHappening(line []byte) (happening, error) {
	var h happening
	if err := json.Unmarshal(line, &h); err != nil {
		return h, err
	}
	if h.Type != "timing" {
		return h, nil
	}
	var all map[string]any
	if err := json.Unmarshal(line, &all); err != nil {
		return h, err
	}
	h.parts = map[string]float64{}
	for key, value := range all {
		name, ok := strings.CutSuffix(key, "_ms")
		if ms, number := value.(float64); ok && number && name != "at" {
			h.parts[name] = ms
		}
	}
	return h, nil
}

// app is a running `parley talk --json`, as its user has it: with a microphone, a
// speaker and a keyboard, but in a home of its own.
type app struct {
	cmd   *exec.Cmd
	keys  io.WriteCloser
	ended chan struct{}
	said  bytes.Buffer // on stderr; to be read once it has ended

	mu     sync.Mutex
	seen   []happening
	state  string
	more   chan struct{} // closed and made anew with each event
	latest time.Time     // when the last event came
}

// Within these times something happens, or it does not happen at all.
const (
	startWithin  = 15 * time.Second
	answerWithin = 10 * time.Second
	replyWithin  = 60 * time.Second
	endWithin    = 10 * time.Second
)

// startApp starts program as `parley talk` at a desk. It is ended with ctx or by
// close.
func startApp(ctx context.Context, program string, desk *virtualdesk.Server, home string) (*app, error) {
	a := &app{more: make(chan struct{}), ended: make(chan struct{}), latest: time.Now()}
	a.cmd = exec.CommandContext(ctx, program, "talk", "--json")
	a.cmd.Env = append(append(a.cmd.Environ(), desk.Env()...), "LANG=en_US.UTF-8", "HOME="+home)
	for _, kind := range []string{"DATA", "CONFIG", "STATE", "CACHE"} {
		a.cmd.Env = append(a.cmd.Env, "XDG_"+kind+"_HOME="+filepath.Join(home, strings.ToLower(kind)))
	}
	a.cmd.Cancel = func() error { return a.cmd.Process.Signal(syscall.SIGINT) }
	a.cmd.WaitDelay = endWithin
	a.cmd.Stderr = &a.said
	var err error
	if a.keys, err = a.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("talk: %w", err)
	}
	out, err := a.cmd.StdoutPipe()
	if err == nil {
		err = a.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("talk: %w", err)
	}
	go a.read(out)
	if err := a.wait(ctx, startWithin, func() bool { return a.state == "listening" }); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		h, err := parseHappening(lines.Bytes())
		if err != nil {
			continue // a library's own line
		}
		h.came = time.Now()
		a.mu.Lock()
		a.seen = append(a.seen, h)
		a.latest = h.came
		if h.Type == "state" {
			a.state = h.State
		}
		close(a.more)
		a.more = make(chan struct{})
		a.mu.Unlock()
	}
	_ = a.cmd.Wait() // how it ended is told by what it said
	close(a.ended)
}

// close ends the program as Ctrl+C does.
func (a *app) close() error {
	_ = a.cmd.Process.Signal(os.Interrupt) // fails where it has ended already
	select {
	case <-a.ended:
		return nil
	case <-time.After(endWithin):
		_ = a.cmd.Process.Kill()
		<-a.ended
		return errors.New("talk: it does not end on an interrupt")
	}
}

var (
	errLate  = errors.New("not in time")
	errEnded = errors.New("talk: the program has ended")
)

// wait waits until ok, which is called with mu held.
func (a *app) wait(ctx context.Context, within time.Duration, ok func() bool) error {
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		a.mu.Lock()
		done, more := ok(), a.more
		a.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-more:
		case <-limit.C:
			return errLate
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-a.ended:
			return fmt.Errorf("%w: %s", errEnded, bytes.TrimSpace(a.said.Bytes()))
		}
	}
}

// mark is a place in what has happened.
func (a *app) mark() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.seen)
}

// since is what of some types has happened behind a mark.
func (a *app) since(mark int, types ...string) []happening {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.find(mark, types)
}

// find is since with mu held.
func (a *app) find(mark int, types []string) []happening {
	var found []happening
	for _, h := range a.seen[mark:] {
		if slices.Contains(types, h.Type) {
			found = append(found, h)
		}
	}
	return found
}

// await waits for the first event of some types behind a mark.
func (a *app) await(ctx context.Context, mark int, within time.Duration, types ...string) (happening, error) {
	var first happening
	err := a.wait(ctx, within, func() bool {
		found := a.find(mark, types)
		if len(found) > 0 {
			first = found[0]
		}
		return len(found) > 0
	})
	if errors.Is(err, errLate) {
		err = fmt.Errorf("no %s: %w", strings.Join(types, " or "), err)
	}
	return first, err
}

// typed types a line.
func (a *app) typed(line string) error {
	if _, err := io.WriteString(a.keys, line+"\n"); err != nil {
		return fmt.Errorf("talk: %w", err)
	}
	return nil
}

// settle is how long nothing must have happened before the next measurement.
const settle = 400 * time.Millisecond

// quiet has a reply end, if there is one, and waits until nothing happens any
// more.
func (a *app) quiet(ctx context.Context) error {
	if err := a.typed("stop"); err != nil { // its own answer is silence
		return err
	}
	for {
		if err := pauseFor(ctx, settle/4); err != nil {
			return err
		}
		a.mu.Lock()
		done := a.state == "listening" && time.Since(a.latest) >= settle
		a.mu.Unlock()
		if done {
			return nil
		}
		if err := a.wait(ctx, replyWithin, func() bool { return a.state == "listening" }); err != nil {
			return err
		}
	}
}

// pauseFor waits for d or the end of ctx.
func pauseFor(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
