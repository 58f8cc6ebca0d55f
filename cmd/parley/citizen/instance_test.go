package citizen

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const patience = 20 * time.Second

func claim(t *testing.T, dir string) *Instance {
	t.Helper()
	i, err := Claim(dir, "window")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() }) // closed twice is no harm here
	return i
}

func wait[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("%s: nothing within %v", what, patience)
		panic("unreachable")
	}
}

func TestSecondLaunchRaisesTheFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	first := claim(t, dir)
	for range 2 {
		if second, err := Claim(dir, "window"); !errors.Is(err, ErrRunning) || err.Error() != ErrRunning.Error() {
			t.Fatalf("the second launch: %v, %v", second, err)
		}
		wait(t, "raised", first.Raised())
	}
	if other, err := Claim(dir, "another"); err != nil {
		t.Errorf("another name: %v", err)
	} else if err := other.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	claim(t, dir) // it is free again
}

func TestStaleSocket(t *testing.T) {
	dir := t.TempDir()
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "window.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false) // as one that was killed leaves it
	if err := left.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "window.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	claim(t, dir)
}

func TestRaisedWhileStarting(t *testing.T) {
	dir := t.TempDir()
	lock, err := lockFile(filepath.Join(dir, "window.lock")) // which the first has before its socket
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() { _, err := Claim(dir, "window"); second <- err }()
	first := &Instance{raised: make(chan struct{}, 1), lock: lock}
	if first.listen, err = net.Listen("unix", filepath.Join(dir, "window.sock")); err != nil {
		t.Fatal(err)
	}
	first.all.Go(first.answer)
	wait(t, "raised", first.Raised())
	if err := wait(t, "the second launch", second); !errors.Is(err, ErrRunning) {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
}

// TestForeignTalk has others speak on the socket: nothing is raised, and the next
// launch is answered.
func TestForeignTalk(t *testing.T) {
	dir := t.TempDir()
	first := claim(t, dir)
	for _, said := range []string{"", "\n", "raise", "RAISE\n", "raise please\n", strings.Repeat("x", 1<<16)} {
		conn, err := net.Dial("unix", filepath.Join(dir, "window.sock"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(said)) // it need not be read to its end
		conn.Close()
	}
	select {
	case <-first.Raised():
		t.Error("raised by what is no launch")
	default:
	}
	if err := raise(filepath.Join(dir, "window.sock"), patience); err != nil {
		t.Error(err)
	}
	wait(t, "raised", first.Raised())
}

func TestNoClaim(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"below a file": filepath.Join(file, "dir"), "a long path": filepath.Join(t.TempDir(), strings.Repeat("x", 120))} {
		_, err := Claim(dir, "window")
		if err == nil || errors.Is(err, ErrRunning) || !strings.HasPrefix(err.Error(), "citizen: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRaiseNobody(t *testing.T) {
	if err := raise(filepath.Join(t.TempDir(), "none"), time.Millisecond); err == nil {
		t.Error("nobody was raised, and no error")
	}
}
