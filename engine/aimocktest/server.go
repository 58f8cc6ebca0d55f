package aimocktest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/engine/npmtest"
)

// program is aimock's server within an installation.
const program = "node_modules/@copilotkit/aimock/dist/cli.js"

// How long it may take to start, and to end.
const (
	startTime = time.Minute
	endTime   = 5 * time.Second
)

var listening = regexp.MustCompile(`listening on (http://127\.0\.0\.1:\d+)`)

// Start starts aimock with fixtures and gives its base URL, "http://127.0.0.1:PORT/v1".
// What no fixture matches is an error. It ends with the test.
func Start(t testing.TB, fixtures ...Fixture) string {
	t.Helper()
	dir, err := npmtest.Install(t.Context(), "aimock")
	if err != nil {
		t.Fatal(err)
	}
	text, err := encode(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "fixtures.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	url, err := launch(t, npmtest.Node(dir), filepath.Join(dir, program), "--port", "0", "--host", "127.0.0.1", "--fixtures", file, "--validate-on-load", "--strict")
	if err != nil {
		t.Fatal(err)
	}
	return url + "/v1"
}

// launch runs the program until the test ends, and waits until it listens.
func launch(t testing.TB, node string, args ...string) (string, error) {
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), node, args...)
	cmd.WaitDelay = endTime
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("aimocktest: %w; .ci/aimock has a Node for Linux on x64 and arm64; elsewhere install node 20.15 or later", err)
	}
	url, said, over := make(chan string, 1), make(chan string, 1), make(chan struct{})
	go func() { // until its output ends
		defer close(over)
		var lines []string
		for scan := bufio.NewScanner(out); scan.Scan(); {
			if m := listening.FindStringSubmatch(scan.Text()); m != nil {
				url <- m[1]
			}
			if len(lines) < 20 {
				lines = append(lines, scan.Text())
			}
		}
		said <- strings.Join(lines, " | ")
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(endTime, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		<-over
		_ = cmd.Wait()
	})
	select {
	case u := <-url:
		return u, nil
	case text := <-said:
		return "", fmt.Errorf("aimocktest: aimock does not start: %s", text)
	case <-time.After(startTime):
		return "", fmt.Errorf("aimocktest: aimock does not listen after %v", startTime)
	}
}
