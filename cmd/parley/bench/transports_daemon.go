package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// daemon is a running parleyd.
type daemon struct {
	cmd *exec.Cmd
	at  string // host:port
}

// Times in which a daemon starts and ends.
const (
	startTime = 60 * time.Second
	endTime   = 10 * time.Second
)

// startDaemon starts the parleyd that lies beside this program on a free port, and
// waits until it is ready.
func startDaemon(ctx context.Context, log io.Writer) (*daemon, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	program = filepath.Join(filepath.Dir(program), "parleyd")
	if _, err := os.Stat(program); err != nil {
		return nil, errors.New("parleyd is not beside this program; build it with make build")
	}
	at, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	d := &daemon{at: at}
	d.cmd = exec.CommandContext(ctx, program, "serve", "--listen", at) //nolint:gosec // our own
	d.cmd.Stderr = log
	d.cmd.Cancel = func() error { return d.cmd.Process.Signal(syscall.SIGTERM) }
	d.cmd.WaitDelay = endTime
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	ready, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if answers(ready, "http://"+at+"/readyz") {
			return d, nil
		}
		select {
		case <-ready.Done():
			return nil, errors.Join(errors.New("parleyd does not become ready"), d.stop())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// freePort is an address on the loopback that nobody listens at.
func freePort(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// stop ends it, with what it is doing.
func (d *daemon) stop() error {
	if err := d.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("parleyd does not end: %w", err)
	}
	_ = d.cmd.Wait() // it was killed
	return nil
}
