package realtime

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/realtime/server"
)

// streamed makes a session of stages that a server of ours has, over HTTP requests
// that go on.
func streamed(cfg engine.Config) engine.Session {
	d := newDesk(cfg, ours, nil)
	h := server.NewHandler(backendOf(cfg), server.Config{Extensions: ours})
	d.server = &http.Server{Handler: h}
	client, err := New(Config{URL: "http://backend/v1/realtime", HTTPClient: d.wire.client(), Stream: true})
	if err != nil {
		panic(err)
	}
	d.client = client
	cfg.Transcriber, cfg.Responder, cfg.Links = client, client, client
	if cfg.Teacher != nil {
		cfg.Teacher = client
	}
	d.Conversation = engine.New(cfg)
	d.over = func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = h.Shutdown(ctx)
	}
	return d
}

// The same conversations over HTTP, with the same excuses.
func TestStreamConversationConforms(t *testing.T) {
	enginetest.Conform(t, streamed, excuses...)
}

// Who does not know such requests says so in many ways; each is a refusal with its
// status, or the lack of an answer.
func TestNoStream(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status int // 0: ErrTimeout
	}{
		"not found":        {http.NotFound, http.StatusNotFound},
		"another method":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }, http.StatusMethodNotAllowed},
		"a page":           {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/html") }, http.StatusOK},
		"waits for an end": {func(_ http.ResponseWriter, r *http.Request) { _, _ = r.Body.Read(make([]byte, 1)) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(c.answer)
			defer srv.Close()
			client, err := New(Config{URL: srv.URL, Stream: true})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = client.Run(ctx)
			}()
			err = client.Ready(ctx)
			cancel()
			<-ended
			refused, isRefused := errors.AsType[*Refused](err)
			switch {
			case c.status == 0 && !errors.Is(err, ErrTimeout), c.status != 0 && (!isRefused || refused.Status != c.status):
				t.Errorf("%v", err)
			case isRefused && refused.Page != (name == "a page"):
				t.Errorf("a page: %v", refused.Page)
			}
		})
	}
}
