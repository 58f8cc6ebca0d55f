package guard

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// serve answers "in" behind c.
func serve(t *testing.T, c *Connections, h http.Handler) (address string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ConnState: c.State}
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(c.Listen(l)) })
	t.Cleanup(func() {
		_ = s.Close()
		running.Wait()
	})
	return l.Addr().String()
}

var in = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") })

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: 30 * time.Second}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// ask makes a request on a connection of its own.
func ask(t *testing.T, address string) (string, error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// closed waits until the other side has closed conn.
func closed(t *testing.T, conn net.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("a connection too many is not closed: %v", err)
	}
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error) //nolint:errorlint // as it comes from Read
	return ok && e.Timeout()
}

// As many connections that say nothing as the system lets the test hold: who has
// something to say is let in all the while, and memory stays bounded.
func TestSilentConnections(t *testing.T) {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		t.Fatal(err)
	}
	most := 10_000
	if free := (int(min(files.Cur, 1<<20)) - 200) * 9 / 10; free < most { // the server holds only a few of the other ends
		most = free
	}
	if most < 2000 {
		t.Fatalf("%d files may be open, too few for this test; run: ulimit -n 4096", files.Cur)
	}
	var refused atomic.Int64
	c := &Connections{Most: 200, Silent: 100, Refused: func(r Reason) {
		if r == ReasonSilent {
			refused.Add(1)
		}
	}}
	address := serve(t, c, in)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	silent := make([]net.Conn, 0, most)
	defer func() {
		for _, conn := range silent {
			abort(conn)
		}
	}()
	for i := range most {
		silent = append(silent, dial(t, address))
		if i%1000 == 999 {
			if text, err := ask(t, address); err != nil || text != "in" {
				t.Fatalf("with %d silent connections: %q, %v", i+1, text, err)
			}
		}
	}
	for c.Open() > 100 || refused.Load() < int64(most-200) { // the last are still being closed
		time.Sleep(time.Millisecond)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapInuse+after.StackInuse) - int64(before.HeapInuse+before.StackInuse)
	t.Logf("%d connections that say nothing: %d are open, memory of both ends grew by %d KB", most, c.Open(), grown>>10)
	if grown > 64<<20 {
		t.Errorf("memory grew by %d MB", grown>>20)
	}
}

// One that speaks is kept, however old it is.
func TestSpeakingIsKept(t *testing.T) {
	c := &Connections{Silent: 2}
	reached, end := make(chan struct{}), make(chan struct{})
	address := serve(t, c, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(reached)
		<-end
		_, _ = io.WriteString(w, "in")
	}))
	answer := make(chan string, 1)
	go func() {
		text, _ := ask(t, address)
		answer <- text
	}()
	<-reached
	first := dial(t, address)
	defer first.Close()
	for range 4 {
		conn := dial(t, address)
		defer conn.Close()
	}
	closed(t, first)
	close(end)
	if got := <-answer; got != "in" {
		t.Errorf("the one that spoke was answered %q", got)
	}
}

func TestMostConnections(t *testing.T) {
	refused := make(chan Reason, 8)
	c := &Connections{Most: 2, Refused: func(r Reason) { refused <- r }}
	address := serve(t, c, in)
	a, b := dial(t, address), dial(t, address)
	defer b.Close()
	for c.Open() < 2 {
		time.Sleep(time.Millisecond)
	}
	// Closed before it is even looked at, or after.
	if third, err := (&net.Dialer{Timeout: time.Minute}).DialContext(t.Context(), "tcp", address); err == nil {
		defer third.Close()
		closed(t, third)
	} else if isTimeout(err) {
		t.Error(err)
	}
	if r := <-refused; r != ReasonConnections {
		t.Errorf("counted as %q", r)
	}
	a.Close()
	for c.Open() > 1 {
		time.Sleep(time.Millisecond)
	}
	if text, err := ask(t, address); err != nil || text != "in" {
		t.Errorf("after one has gone: %q, %v", text, err)
	}
}
