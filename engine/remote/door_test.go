package remote

import (
	"bytes"
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
	"testing/iotest"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
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

func TestChat(t *testing.T) {
	var body atomic.Value
	body.Store("")
	answer := `{"role":"assistant","content":"Sure.","responseTime":3,"teachingRequest":true,"originalPrompt":"teach me about bees"}`
	b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != chatPath {
			http.NotFound(w, r) // as many servers do
			return
		}
		text, _ := io.ReadAll(r.Body)
		body.Store(string(text))
		w.Header().Set("Content-Type", "application/json")
		if bytes.Contains(text, []byte(`"messages":[]`)) {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, answer)
	}))
	chat := overHTTP(t, b)[Text]
	if err := chat.Probe(t.Context()); err != nil || chat.RTT() <= 0 {
		t.Errorf("probe: %v, %v", err, chat.RTT())
	}
	for _, c := range []struct {
		detected engine.TeachingKind
		want     int
	}{{"", 2}, {engine.TeachLesson, 1}} {
		var pieces []engine.Reply
		for piece, err := range chat.Stages().Responder.Respond(t.Context(), engine.Request{
			Text: "teach me about bees", Turns: past("Hello.", "Hi."), Instructions: "Be brief.", Teaching: engine.Teaching{Kind: c.detected},
		}) {
			if err != nil {
				t.Fatal(err)
			}
			pieces = append(pieces, piece)
		}
		if len(pieces) != c.want || pieces[0] != (engine.Words{Text: "Sure."}) {
			t.Errorf("%+v", pieces)
		}
		if teach, ok := pieces[len(pieces)-1].(engine.Teach); c.want == 2 && (!ok || teach.Topic != "teach me about bees") {
			t.Errorf("%+v", pieces)
		}
	}
	const want = `{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello."},{"role":"assistant","content":"Hi."},{"role":"user","content":"teach me about bees"}]}`
	if got := body.Load(); got != want {
		t.Errorf("asked %s", got)
	}
	answer = `{"content":`
	if _, err := replied(chat.Stages().Responder.Respond(t.Context(), engine.Request{Text: "hello"})); err == nil {
		t.Error("half an answer is one")
	}
}

func TestLesson(t *testing.T) {
	delta := func(text string) protocol.ServerEvent {
		return protocol.ServerEvent{Type: protocol.ParleyLessonDelta, Lesson: &protocol.Lesson{Markdown: text}}
	}
	done := func(l protocol.Lesson) protocol.ServerEvent {
		return protocol.ServerEvent{Type: protocol.ParleyLessonDone, Lesson: &l}
	}
	for name, c := range map[string]struct {
		answer []protocol.ServerEvent
		status int
		want   string
		plan   string
		verd   verdict
		fails  bool
	}{
		"whole":     {[]protocol.ServerEvent{delta("# Bees\n"), delta("They fly."), done(protocol.Lesson{Markdown: "# Bees\nThey fly.", Plan: []byte(`{"title":"Bees"}`)})}, 0, "# Bees\nThey fly.", "Bees", 0, false},
		"at once":   {[]protocol.ServerEvent{done(protocol.Lesson{Markdown: "# Bees"})}, 0, "# Bees", "", 0, false},
		"fails":     {[]protocol.ServerEvent{delta("# Bees\n"), done(protocol.Lesson{Error: "no model"})}, 0, "# Bees\n", "", answered, true},
		"error":     {[]protocol.ServerEvent{{Type: protocol.ErrorEvent, Error: &protocol.Error{Message: "no"}}}, 0, "", "", answered, true},
		"cut":       {[]protocol.ServerEvent{delta("# Bees\n")}, 0, "# Bees\n", "", leave, true},
		"bad plan":  {[]protocol.ServerEvent{done(protocol.Lesson{Plan: []byte(`[]`)})}, 0, "", "", leave, true},
		"not there": {nil, 501, "", "", unfit, true},
		"unknown":   {nil, 404, "", "", unfit, true},
		"refused":   {nil, 401, "", "", stop, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if text, _ := io.ReadAll(r.Body); string(text) != `{"id":"","topic":"bees","level":"school"}` || r.URL.Path != lessonPath {
					t.Errorf("asked %s", text)
				}
				if c.status != 0 {
					w.WriteHeader(c.status)
					return
				}
				w.Header().Set("Content-Type", "text/event-stream")
				for _, e := range c.answer {
					(&sender{w, r}).send(e)
				}
			}))
			text, title := "", ""
			var err error
			for piece, failed := range overHTTP(t, b)[Stream].Stages().Teacher.Lesson(t.Context(), engine.LessonRequest{Topic: "bees", Level: "school"}) {
				text += piece.Markdown
				if piece.Plan != nil {
					title = piece.Plan.Title
				}
				err = failed
			}
			if text != c.want || title != c.plan || (err != nil) != c.fails {
				t.Errorf("%q, %q, %v", text, title, err)
			}
			if got, _ := judge(err); c.fails && got != c.verd {
				t.Errorf("%v is %v", err, got)
			}
		})
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

func TestEvents(t *testing.T) {
	for in, want := range map[string][]string{
		"data: a\n\ndata: b\n\n":                   {"a", "b"},
		"data:a\r\ndata:  b\r\n\r\n":               {"a\n b"},
		"data: a\r\rdata: b\r\r":                   {"a", "b"},
		": c\nevent: x\nid: 1\ndata: a\n\n\n\n":    {"a"},
		"data\n\ndatax: 1\n\ndata: cut\n":          {""},
		"data: a\n\n: \n\nretry: 1\n\ndata: b\n\n": {"a", "b"},
		"": nil,
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "bytes": iotest.OneByteReader(strings.NewReader(in))} {
			var got []string
			for data, err := range events(r) {
				if err != nil {
					t.Errorf("%q: %v", in, err)
				}
				got = append(got, string(data))
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
				t.Errorf("%q, %s, is %q", in, name, got)
			}
		}
	}
	for name, r := range map[string]io.Reader{
		"a line without end":   strings.NewReader("data: " + strings.Repeat("a", 2*longestEvent)),
		"an event without end": strings.NewReader(strings.Repeat("data: "+strings.Repeat("a", longestEvent/4)+"\n", 8)),
		"an error":             iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("data: a\n\n"))),
	} {
		var last error
		for _, err := range events(r) {
			last = err
		}
		if last == nil {
			t.Errorf("%s is none", name)
		}
	}
}

// Whatever comes, events end, no longer than what came, the same however it is cut.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{"data: a\n\n", "data: a\r\ndata: b\r\n\r\n", "data\r\r\n\n: x\ndata:", `data: {"type":"response.output_audio.delta","delta":"AAA="}` + "\n\n", "data: {\"error\":\"x\"}\n\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		read := func(r io.Reader) (all []string) {
			for data, err := range events(r) {
				if err != nil {
					return append(all, "error")
				}
				all = append(all, string(data))
			}
			return all
		}
		whole, pieces := read(bytes.NewReader(b)), read(iotest.OneByteReader(bytes.NewReader(b)))
		if fmt.Sprintf("%q", whole) != fmt.Sprintf("%q", pieces) {
			t.Errorf("whole %q, in pieces %q", whole, pieces)
		}
		if n := len(strings.Join(whole, "")); n > len(b)+5 {
			t.Errorf("%d bytes of %d", n, len(b))
		}
		e := &exchange{heard: make(chan struct{}), wake: make(chan struct{}, 1), cancel: func() {}}
		e.codec, _ = protocol.NewCodec(nil)
		for _, data := range whole {
			event, err := decode([]byte(data))
			if err != nil {
				continue
			}
			if over, err := e.take(event); over || err != nil {
				e.end(err)
				break
			}
			_, _, _ = lessonPiece(event, false)
		}
	})
}
