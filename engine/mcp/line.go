package mcp

import (
	"context"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// How a program is ended: it gets so long to do so by itself, and again after being
// asked, before it and what it has started are killed.
const (
	ownTime   = 500 * time.Millisecond
	closeTime = 2 * time.Second
)

// line is the way to a server, which can be cut.
type line struct {
	transport sdk.Transport
	cancel    context.CancelFunc
	conns     conns     // of an address
	words     tail      // what a program last complained of
	cmd       *exec.Cmd // nil of an address
}

// line makes the way to k, which has to be cut.
func (k *kept) line(ctx context.Context) *line {
	// When ctx ends, the program is first asked to end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &line{cancel: cancel}
	if len(k.Command) == 0 {
		web := http.DefaultTransport.(*http.Transport).Clone()
		web.DialContext = l.conns.dial
		l.transport = &sdk.StreamableClientTransport{Endpoint: k.URL, HTTPClient: &http.Client{Transport: web}, MaxRetries: -1}
		return l
	}
	l.cmd = exec.CommandContext(ctx, k.Command[0], k.Command[1:]...)
	l.cmd.Env = append([]string{}, k.Env...) // not nil: that would be our own
	l.cmd.Stderr = &l.words
	l.cmd.SysProcAttr = apart()
	l.cmd.WaitDelay = ownTime
	l.cmd.Cancel = func() error { return killAll(l.cmd.Process) }
	l.transport = &sdk.CommandTransport{Command: l.cmd, TerminateDuration: ownTime}
	return l
}

// cut ends the connection now; a program is killed.
func (l *line) cut() {
	l.cancel()
	l.conns.cut()
}

// sweep ends what a program that has gone has left running. Nothing else may use the
// line any more.
func (l *line) sweep() {
	if l.cmd != nil && l.cmd.Process != nil {
		_ = killAll(l.cmd.Process) // mostly there is nothing left
	}
}

// hangUp ends a session in good order if that can be done soon.
func (l *line) hangUp(session *sdk.ClientSession) {
	done := make(chan struct{})
	go func() { // waited for below
		defer close(done)
		_ = session.Close() // how a server ends is of no interest any more
	}()
	select {
	case <-done:
	case <-time.After(closeTime):
	}
	l.cut()
	<-done
}

// lastWords is what a program last complained of, for the end of an error.
func (l *line) lastWords() string {
	if text := l.words.line(); text != "" {
		return " (it said: " + text + ")"
	}
	return ""
}

// tail keeps the end of what is written.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - 2*nameMost; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// line is the last line.
func (t *tail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(t.text))
	return clean(text[strings.LastIndexByte(text, '\n')+1:], 2*nameMost)
}
