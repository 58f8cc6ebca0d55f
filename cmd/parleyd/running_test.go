package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/engine/realtime/protocol"
)

// running is a parleyd of its own.
type running struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	tokens  string
	logged  chan string // each line's message
	ended   chan struct{}
	err     error // how it ended
}

// patience is how long anything may take on a machine that is busy.
const patience = time.Minute

// start runs `parleyd serve --canned` and waits until it serves.
func start(t *testing.T, environment []string, args ...string) *running {
	t.Helper()
	return startReal(t, environment, append(args, "--canned")...)
}

// startReal does so with the engines that understand and answer.
func startReal(t *testing.T, environment []string, args ...string) *running {
	t.Helper()
	p := &running{t: t, tokens: filepath.Join(t.TempDir(), "tokens"), logged: make(chan string, 1000), ended: make(chan struct{})}
	p.cmd = exec.Command(program, append([]string{"serve", "--tokens", p.tokens, "--listen", "127.0.0.1:0"}, args...)...)
	p.cmd.Env = append(os.Environ(), environment...)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan string, 1)
	var reading sync.WaitGroup
	reading.Go(func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) != nil {
				line.Msg = lines.Text()
			}
			if line.Msg == "serving" {
				serving <- line.Address
			}
			p.logged <- line.Msg
		}
		p.err = p.cmd.Wait()
		close(p.ended)
	})
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		reading.Wait()
		http.DefaultClient.CloseIdleConnections()
	})
	select {
	case p.address = <-serving:
	case <-p.ended:
		t.Fatalf("parleyd ended: %v", p.err)
	case <-time.After(patience):
		t.Fatal("parleyd does not serve")
	}
	return p
}

func (p *running) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// says waits for a message in the log.
func (p *running) says(message string) {
	p.t.Helper()
	for late := time.After(patience); ; {
		select {
		case m := <-p.logged:
			if m == message {
				return
			}
		case <-late:
			p.t.Fatalf("the log never says %q", message)
		}
	}
}

// exits waits for the end, and returns it.
func (p *running) exits() error {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.err
	case <-time.After(patience):
		p.t.Fatal("parleyd does not end")
		return nil
	}
}

// get asks for a path.
func (p *running) get(path, key string) (status int, body string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), "GET", "http://"+p.address+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// ready waits until it is.
func (p *running) ready() {
	p.t.Helper()
	for until := time.Now().Add(2 * patience); ; time.Sleep(10 * time.Millisecond) {
		if status, _ := p.get("/readyz", ""); status == 200 {
			return
		}
		if time.Now().After(until) {
			p.t.Fatal("never ready")
		}
	}
}

// session opens one and waits until it is there.
func (p *running) session(o *websocket.DialOptions) *websocket.Conn {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+p.address+"/v1/realtime", o) //nolint:bodyclose // see Dial
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.CloseNow() })
	_, text, err := conn.Read(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	if e, err := protocol.DecodeServer(text); err != nil || e.Type != protocol.SessionCreated {
		p.t.Fatalf("the session begins with %s, %v", text, err)
	}
	return conn
}
