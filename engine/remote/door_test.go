package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

// closer is a rung over HTTP.
type closer interface {
	Rung
	Close()
}

// rungs are the rungs over HTTP to a backend.
func overHTTP(t *testing.T, b Backend) map[string]closer {
	t.Helper()
	turn, err := NewTurn(b, TurnOptions{})
	if err != nil {
		t.Fatal(err)
	}
	chat, err := NewChat(b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(turn.Close)
	t.Cleanup(chat.Close)
	return map[string]closer{Stream: turn, Text: chat}
}

// Each refusal, on each rung, by probe and by call.
func TestRefusals(t *testing.T) {
	const html = "text/html; charset=utf-8"
	for name, c := range map[string]struct {
		status  int
		kind    string
		after   string
		body    string
		want    verdict
		waiting time.Duration
	}{
		"200, a page":         {200, html, "", "<p>Welcome</p>", leave, 0},
		"200, something else": {200, "text/plain", "", "ok", leave, 0},
		"204":                 {204, "", "", "", leave, 0},
		"302":                 {302, "", "", "", leave, 0},
		"401":                 {401, "application/json", "", `{"error":{"message":"no"}}`, stop, 0},
		"403":                 {403, "application/json", "", `{"error":{"message":"no"}}`, stop, 0},
		"403, a proxy's page": {403, html, "", "<h1>Blocked</h1>", leave, 0},
		"404":                 {404, "", "", "", leave, 0},
		"407":                 {407, html, "", "", leave, 0},
		"426":                 {426, "", "", "", leave, 0},
		"429":                 {429, "", "", "", wait, defaultWait},
		"429, Retry-After":    {429, "", "7", "", wait, 7 * time.Second},
		"500":                 {500, "", "", "", leave, 0},
		"501":                 {501, "", "", "", leave, 0},
		"502":                 {502, html, "", "", leave, 0},
		"503":                 {503, "", "", "", leave, 0},
		"503, Retry-After":    {503, "", "99999", "", wait, longestWait},
		"503, soon":           {503, "", "-3", "", leave, 0},
	} {
		t.Run(name, func(t *testing.T) {
			elsewhere := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				t.Errorf("%s %s was asked, with %q", r.Host, r.URL, r.Header.Get("Authorization"))
			}))
			b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer secret" {
					t.Error("no token came")
				}
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				if c.after != "" {
					w.Header().Set("Retry-After", c.after)
				}
				if c.status == http.StatusFound {
					w.Header().Set("Location", elsewhere.URL+turnPath)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			for rung, r := range overHTTP(t, b) {
				_, err := replied(r.Stages().Responder.Respond(t.Context(), engine.Request{Text: "hello"}))
				for what, err := range map[string]error{"call": err, "probe": r.Probe(t.Context())} {
					got, after := judge(err)
					if err == nil || got != c.want || after != c.waiting {
						t.Errorf("%s, %s: %v is %v, %v", rung, what, err, got, after)
					}
					if strings.Contains(fmt.Sprint(err), "secret") {
						t.Errorf("the token is told: %v", err)
					}
				}
			}
		})
	}
}

// What the backend says of its own stages is no reason to leave the way to it.
func TestRefusalOfAStage(t *testing.T) {
	b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(500)
		_, _ = io.WriteString(w, `{"error":{"message":"the responder failed","type":"server_error","param":null,"code":"responder_failed"}}`)
	}))
	for name, r := range overHTTP(t, b) {
		_, err := replied(r.Stages().Responder.Respond(t.Context(), engine.Request{Text: "hello"}))
		if got, _ := judge(err); got != answered {
			t.Errorf("%s: %v is %v", name, err, got)
		}
	}
}

// Nobody there, a connection that is reset, an address that answers with noise.
func TestNoServer(t *testing.T) {
	listen := func(serve func(net.Conn)) Backend {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				serve(conn)
				_ = conn.Close()
			}
		})
		t.Cleanup(func() { _ = l.Close(); all.Wait() })
		return Backend{URL: "http://" + l.Addr().String()}
	}
	gone := listen(func(net.Conn) {})
	l, _ := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	gone.URL = "http://" + l.Addr().String()
	_ = l.Close()
	for name, b := range map[string]Backend{
		"nobody": gone,
		"reset":  listen(func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }),
		"noise": listen(func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1))
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n\r\n")
		}),
		"TLS": {URL: strings.Replace(serve(t, http.NotFoundHandler()).URL, "http:", "https:", 1)},
	} {
		for rung, r := range overHTTP(t, b) {
			_, err := replied(r.Stages().Responder.Respond(t.Context(), engine.Request{Text: "hello"}))
			for what, err := range map[string]error{"call": err, "probe": r.Probe(t.Context())} {
				if got, _ := judge(err); err == nil || got != leave {
					t.Errorf("%s, %s, %s: %v is %v", name, rung, what, err, got)
				}
			}
		}
	}
}

// A host that takes connections and says nothing: the ladder goes on after three
// seconds, over virtual wires and in virtual time.
func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				_, _ = io.Copy(io.Discard, theirs)
				_ = theirs.Close()
			}()
			return ours, nil
		}}
		turn, err := NewTurn(Backend{URL: "http://host.example", HTTP: &http.Client{Transport: wire}}, TurnOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer turn.Close()
		below := &fake{name: REST}
		l, err := New(Options{URL: "http://host.example"}, turn, below)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		text, err := ask(t, l, "hello")
		if took := time.Since(start); err != nil || text != REST+" answers hello" || took != 3*time.Second {
			t.Errorf("%q, %v after %v", text, err, took)
		}
		if k := link(t, l); !strings.Contains(k.Detail, "HTTP streaming doesn't work here: there was no answer in time") {
			t.Errorf("link %+v", k)
		}
	})
}

// The whole ladder, over virtual wires: an upgrade that is refused, a turn, one that
// breaks off, and down to text; and up again.
func TestLadderOverHTTP(t *testing.T) { synctest.Test(t, ladderOverHTTP) }

func ladderOverHTTP(t *testing.T) {
	var broken, gone atomic.Bool
	b := &backend{aborts: make(chan int, 16), answer: func(_ int, _ turnRequest, s *sender) {
		if broken.Load() {
			s.reply("It goes")
			return
		}
		s.heard("what is this", 0)
		s.reply("A turn.")
		s.done()
	}}
	mux := http.NewServeMux()
	mux.HandleFunc(turnPath, func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			http.NotFound(w, r)
			return
		}
		b.ServeHTTP(w, r)
	})
	mux.HandleFunc("POST "+chatPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"role":"assistant","content":"Only text.","responseTime":12.5}`)
	})
	at, end := wired(mux)
	defer end()
	over := overHTTP(t, at)
	defer over[Stream].Close()
	own := &fake{name: "own"}
	upgrade := &fake{name: WebSocket, fails: status{code: 426}, probe: status{code: 426}}
	l, err := New(Options{URL: at.URL, Own: own.Stages()}, upgrade, over[Stream], over[Text])
	if err != nil {
		t.Fatal(err)
	}
	soft, final := hear(t, l, loud+silent+"-?")
	if len(soft) != 1 || final.Text != "what is this" {
		t.Errorf("heard %q, %+v", soft, final)
	}
	if text, err := replied(l.Respond(t.Context(), engine.Request{Text: "what is this"})); err != nil || text != "A turn." || len(b.requests()) != 1 {
		t.Errorf("%q, %v, %d requests", text, err, len(b.requests()))
	}
	broken.Store(true)
	if text, err := replied(l.Respond(t.Context(), engine.Request{Text: "and this"})); !errors.Is(err, io.ErrUnexpectedEOF) || text != "It goes" {
		t.Errorf("%q, %v", text, err)
	}
	gone.Store(true)
	if text, err := replied(l.Respond(t.Context(), engine.Request{Text: "and this"})); err != nil || text != "Only text." {
		t.Errorf("%q, %v", text, err)
	}
	if final, _, err := understood(l.Transcribe(t.Context(), speech(".."))); err != nil || final != "own.." {
		t.Errorf("%q, %v", final, err)
	}
	if k := link(t, l); k.Transport != Text || k.Backend != "host.example" || !strings.Contains(k.Detail, "WebSocket doesn't work here: the host answered 426.") {
		t.Errorf("link %+v", k)
	}
	broken.Store(false)
	gone.Store(false)
	stop := running(t, l)
	defer stop()
	l.Again()
	for k := range l.Links(t.Context()) {
		if strings.Contains(k.Detail, "HTTP streaming works and is used from your next turn") {
			break
		}
	}
	if _, final := hear(t, l, loud+silent+"-?"); final.Text != "what is this" {
		t.Errorf("heard %+v", final)
	}
	if k := link(t, l); k.Transport != Stream {
		t.Errorf("link %+v", k)
	}
}

func TestRungAddress(t *testing.T) {
	if _, err := NewTurn(Backend{URL: "ftp://x"}, TurnOptions{}); err == nil {
		t.Error("no address")
	}
	if _, err := NewTurn(Backend{URL: "x"}, TurnOptions{Speed: 2}); err == nil {
		t.Error("too fast")
	}
	if _, err := NewChat(Backend{}); err == nil {
		t.Error("no address")
	}
	turn, err := NewTurn(Backend{URL: "x"}, TurnOptions{})
	if err != nil {
		t.Fatal(err)
	}
	turn.Close()
	if _, err := replied(turn.Respond(t.Context(), engine.Request{Text: "hello"})); err == nil {
		t.Error("a closed rung answers")
	}
}

func TestRetryAfterDate(t *testing.T) {
	h := http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}}
	if got := retryAfter(h); got < 30*time.Minute || got > time.Hour {
		t.Errorf("in %v", got)
	}
}
