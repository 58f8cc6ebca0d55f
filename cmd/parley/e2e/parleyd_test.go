package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/audio/pcm"
)

// remoteWithin is how long a busy machine may take for what has to happen.
const remoteWithin = 90 * time.Second

// backend is a running parleyd.
type backend struct {
	t       *testing.T
	args    []string
	env     []string
	address string // host and port, the same after a restart

	cmd   *exec.Cmd
	log   *lines
	ended chan struct{}
}

// lines keeps what is written to it.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) add(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(append(line, '\n'))
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serve starts a parleyd with the real engines, and waits until it is ready.
func serve(t *testing.T, args ...string) *backend {
	t.Helper()
	h := newHome(t)
	b := &backend{t: t, args: args, env: append(os.Environ(), append(h.env(), "PORT=")...), address: "127.0.0.1:0", log: &lines{}}
	b.start()
	t.Cleanup(func() {
		b.kill()
		if t.Failed() {
			t.Logf("parleyd:\n%s", b.log)
		}
	})
	return b
}

func (b *backend) start() {
	b.t.Helper()
	b.cmd = exec.Command(daemon, append([]string{"serve", "--listen", b.address, "--transcribers", "1"}, b.args...)...)
	b.cmd.Env = b.env
	said, err := b.cmd.StderrPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	listens, ended := make(chan string, 1), make(chan struct{})
	b.ended = ended
	go func() {
		defer close(ended)
		for text := bufio.NewScanner(said); text.Scan(); {
			b.log.add(text.Bytes())
			var line struct{ Msg, Address string }
			if json.Unmarshal(text.Bytes(), &line) == nil && line.Msg == "serving" && line.Address != "" {
				listens <- line.Address
			}
		}
		_ = b.cmd.Wait() // it may have been killed
	}()
	select {
	case b.address = <-listens:
	case <-ended:
		b.t.Fatalf("parleyd ended: %s", b.log)
	case <-time.After(remoteWithin):
		b.t.Fatalf("parleyd does not listen: %s", b.log)
	}
	until(b.t, "parleyd is ready", func() bool {
		resp, err := http.Get(b.url() + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

func (b *backend) url() string { return "http://" + b.address }

// kill ends it as a crash does.
func (b *backend) kill() {
	_ = b.cmd.Process.Kill()
	<-b.ended
}

// until waits for a condition.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(remoteWithin); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", remoteWithin, what)
		}
	}
}

// way is a reverse proxy that refuses routes, and counts what is posted.
type way struct {
	*httptest.Server
	posts atomic.Int32
}

// before puts a proxy before a backend; refuses are paths' beginnings with the status
// that each is answered with.
func (b *backend) before(t *testing.T, refuses map[string]int) *way {
	t.Helper()
	at, err := url.Parse(b.url())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(at)
	proxy.FlushInterval = -1 // a stream comes as it is made
	w := &way{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for path, status := range refuses {
			if strings.HasPrefix(r.URL.Path, path) {
				http.Error(rw, "not here", status)
				return
			}
		}
		if r.Method == http.MethodPost {
			w.posts.Add(1)
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.Close)
	t.Cleanup(w.CloseClientConnections)
	return w
}

// file is a WAV file of what a user says, with a moment of silence before it.
func file(t *testing.T, text string) string {
	t.Helper()
	f := speak(t, text)
	f.Samples = append(make([]int16, pcm.Rate16k/2), f.Samples...)
	path := filepath.Join(t.TempDir(), "said.wav")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pcm.NewWAVWriter(out, f.Rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(f.Samples), w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// technical is what no user should read.
var technical = regexp.MustCompile(`(?i)127\.0\.0\.1|https?:|tcp|\bdial\b|socket|remote:|realtime|backend|\b[45]\d\d\b|EOF|: .*: `)

// spokenOf is how often the other computer is spoken of in what was answered; what is
// said and shown has nothing technical.
func (a *app) spokenOf() int {
	a.t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, ev := range a.events {
		if ev.Type == "reply.done" || ev.Type == "reply.interrupted" {
			n += strings.Count(strings.ToLower(ev.Text), "the other computer")
		}
		if shown := ev.Text + ev.Message; strings.HasPrefix(ev.Type, "reply.") || ev.Type == "error" {
			if bad := technical.FindString(shown); bad != "" {
				a.t.Errorf("%q is nothing to say to a user: %q", bad, shown)
			}
		}
	}
	return n
}

// linked waits until the backend is reached over a way; "" is none.
func (a *app) linked(mark int, transport string) {
	a.t.Helper()
	a.wait(mark, "link "+transport, remoteWithin, func(ev event) bool { return ev.Type == "link" && ev.Transport == transport })
}

// complaints is how often something is said or shown to be wrong. That this machine's
// sound sometimes stops is no affair of a backend's.
func (a *app) complaints() int {
	a.t.Helper()
	return a.spokenOf() + a.countWhere(0, func(ev event) bool {
		return ev.Type == "error" && ev.Stage != "microphone" && ev.Stage != "speaker"
	})
}
