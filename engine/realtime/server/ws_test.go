package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/engine/realtime/protocol"
)

// listenWS serves on loopback.
func listenWS(t *testing.T, b Backend, c Config) (*Handler, string) {
	h := NewHandler(b, c)
	srv := httptest.NewServer(h)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := h.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return h, "ws" + strings.TrimPrefix(srv.URL, "http") + "/v1/realtime?model=m"
}

// dial connects and returns what the server said in its answer.
func dial(t *testing.T, url string, o *websocket.DialOptions) (*websocket.Conn, http.Header) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ws, answer, err := websocket.Dial(ctx, url, o) //nolint:bodyclose // an upgrade has none
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(-1)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws, answer.Header
}

// until reads events up to one of a type.
func until(t *testing.T, ws *websocket.Conn, kind string) (all []protocol.ServerEvent) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		_, b, err := ws.Read(ctx)
		if err != nil {
			t.Fatalf("before %s: %v", kind, err)
		}
		e, err := protocol.DecodeServer(b)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, e); e.Type == kind {
			return all
		}
	}
}

// closed reads up to the end and returns its code.
func closed(t *testing.T, ws *websocket.Conn) websocket.StatusCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		if _, _, err := ws.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

func put(t *testing.T, ws *websocket.Conn, events ...string) {
	t.Helper()
	for _, e := range events {
		if err := ws.Write(t.Context(), websocket.MessageText, []byte(e)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOverWebSocket(t *testing.T) {
	_, url := listenWS(t, backend(echoes), Config{})
	ws, answer := dial(t, url, &websocket.DialOptions{
		Subprotocols: []string{"realtime", "openai-insecure-api-key.abc", "x-parley.metrics-1"},
		HTTPHeader:   http.Header{protocol.ExtensionsHeader: {"teaching/1, nonsense/9"}},
	})
	if ws.Subprotocol() != "realtime" || answer.Get(protocol.ExtensionsHeader) != "teaching/1, metrics/1" {
		t.Errorf("agreed on %q, %q", ws.Subprotocol(), answer.Get(protocol.ExtensionsHeader))
	}
	created := until(t, ws, protocol.SessionCreated)[0].Session
	if created.Model != "m" || !slices.Equal(created.Parley, []string{"teaching/1", "metrics/1"}) {
		t.Errorf("the session is %+v", created)
	}
	put(t, ws, noTurns, says("hello"), `{"type":"response.create"}`)
	until(t, ws, protocol.ResponseDone)
	until(t, ws, protocol.ParleyMetrics)
	_ = ws.Close(websocket.StatusNormalClosure, "")
}

func TestBetaIsRefused(t *testing.T) {
	_, url := listenWS(t, backend(echoes), Config{})
	ws, _ := dial(t, url, &websocket.DialOptions{HTTPHeader: http.Header{"OpenAI-Beta": {"realtime=v1"}}})
	if e := until(t, ws, protocol.ErrorEvent); e[0].Error.Code != protocol.CodeBetaDisabled {
		t.Errorf("the error is %+v", e[0].Error)
	}
	if code := closed(t, ws); code != 4000 {
		t.Errorf("closed with %d", code)
	}
}

func TestIntentAndContextSetTheSession(t *testing.T) {
	h := NewHandler(backend(echoes), Config{})
	told := "Be brief."
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(WithInitial(r.Context(), &protocol.Session{Instructions: &told, Model: "secret's"})))
	}))
	defer srv.Close()
	ws, _ := dial(t, "ws"+strings.TrimPrefix(srv.URL, "http")+"/?intent=transcription&model=other", nil)
	if s := until(t, ws, protocol.SessionCreated)[0].Session; s.Type != "transcription" || *s.Instructions != told || s.Model != "secret's" {
		t.Errorf("the session is %+v", s)
	}
	_ = ws.Close(websocket.StatusNormalClosure, "")
	if err := h.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTooLargeAnEvent(t *testing.T) {
	_, url := listenWS(t, backend(echoes), Config{Limits: Limits{Message: 10000}})
	ws, _ := dial(t, url, nil)
	put(t, ws, says(strings.Repeat("x", 20000)))
	if code := closed(t, ws); code != protocol.CloseTooBig {
		t.Errorf("closed with %d", code)
	}
}

func TestSlowReaderIsDropped(t *testing.T) {
	seen := &counted{}
	_, url := listenWS(t, backend(endless), Config{Queue: 1 << 16, Limits: Limits{Ahead: time.Hour}, Observe: seen})
	ws, _ := dial(t, url, nil)
	put(t, ws, noTurns, says("go on"), `{"type":"response.create"}`)
	for late := time.Now().Add(60 * time.Second); seen.dropped(DropSlowReader) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("a reader that reads nothing is not dropped")
		}
	}
}

func TestForeignPageIsRefused(t *testing.T) {
	_, url := listenWS(t, backend(echoes), Config{Origins: []string{"friend.example"}})
	for origin, want := range map[string]int{"https://friend.example": 101, "https://foe.example": 403} {
		ws, answer, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}}) //nolint:bodyclose // websocket has read it
		if answer.StatusCode != want {
			t.Errorf("%s is answered %d, %v", origin, answer.StatusCode, err)
		}
		if err == nil {
			_ = ws.Close(websocket.StatusNormalClosure, "")
		}
	}
}

func TestShutdownFinishesTheReply(t *testing.T) {
	h, url := listenWS(t, backend(echoes), Config{})
	ws, _ := dial(t, url, nil)
	idle, _ := dial(t, url, nil)
	put(t, ws, noTurns, says("hello"), `{"type":"response.create"}`)
	until(t, ws, protocol.ResponseCreated)
	ended := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		ended <- h.Shutdown(ctx)
	}()
	if code := closed(t, idle); code != protocol.CloseRestart {
		t.Errorf("an idle session is closed with %d", code)
	}
	done := until(t, ws, protocol.ResponseDone)
	if r := done[len(done)-1].Response; r.Status != "completed" {
		t.Errorf("the reply ends %s", r.Status)
	}
	if code := closed(t, ws); code != protocol.CloseRestart {
		t.Errorf("closed with %d", code)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_, late, err := websocket.Dial(t.Context(), url, nil) //nolint:bodyclose // websocket has read it
	if err == nil || late.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("who comes then is told %v", err)
	}
}

func TestResumeOverWebSocket(t *testing.T) {
	h, url := listenWS(t, backend(echoes), Config{})
	opt := &websocket.DialOptions{HTTPHeader: http.Header{protocol.ExtensionsHeader: {"resume/1"}}}
	ws, _ := dial(t, url, opt)
	id := until(t, ws, protocol.SessionCreated)[0].Session.ID
	token := until(t, ws, protocol.ParleyResume)[0]
	put(t, ws, noTurns, says("hello"), `{"type":"response.create"}`)
	before := until(t, ws, protocol.OutputAudioDelta)
	last := before[len(before)-1].EventID
	_ = ws.CloseNow()
	opt.HTTPHeader.Set(protocol.ResumeHeader, token.Resume.Token+"; last="+last)
	ws, _ = dial(t, url, opt)
	if again := until(t, ws, protocol.SessionCreated)[0]; again.Session.ID != id || again.EventID != last {
		t.Errorf("taken up, %+v comes", again)
	}
	rest := until(t, ws, protocol.ResponseDone)
	if slices.ContainsFunc(before, func(e protocol.ServerEvent) bool { return e.EventID == rest[0].EventID }) {
		t.Errorf("%s comes again", rest[0].EventID)
	}
	if said := rest[len(rest)-1].Response; said.Output[0].Words() != "You said hello. That is all." {
		t.Errorf("the reply is %+v", said)
	}
	put(t, ws, `{"type":"session.update","session":{"tracing":"auto"}}`)
	if s := until(t, ws, protocol.SessionUpdated); s[len(s)-1].Session.ID != id {
		t.Error("the session has another id")
	}
	_ = ws.CloseNow()
	opt.HTTPHeader.Set(protocol.ResumeHeader, "nonsense; last=x")
	ws, _ = dial(t, url, opt)
	if s := until(t, ws, protocol.SessionCreated)[0].Session; s.ID == id {
		t.Error("a token of nothing takes up a session")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	go func() { _ = closed(t, ws) }()
	if err := h.Shutdown(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
