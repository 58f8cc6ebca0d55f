package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"parley/engine/realtime/protocol"
)

// Config is what a [Handler] is made of beside its backend.
type Config struct {
	Extensions []string // offered; nil: all
	Limits     Limits   // of each session
	Origins    []string // hosts whose pages may connect, beside the server's own (path.Match patterns)
	Queue      int      // bytes that may wait for a slow reader; default 4 MB
	Observe    Observer // may be nil
	Log        *slog.Logger
}

// Handler answers GET /v1/realtime: it upgrades to a WebSocket and carries a session
// over it; and POST, which carries one over the request itself. Who may come in is decided before it; a page of a foreign origin is refused
// by it.
//
// A client names the extensions it wants in the header X-Parley-Extensions, or, as a
// browser can, by subprotocols: x-parley.teaching-1.
type Handler struct {
	backend   Backend
	cfg       Config
	resumable *Resumable
	drained   chan struct{}
	mu        sync.Mutex // guards draining, and so that nobody comes in after it
	draining  bool
	all       sync.WaitGroup
}

// extensions are all that there are.
var extensions = []string{protocol.Teaching1, protocol.Metrics1, protocol.Resume1, protocol.Speculation1}

// NewHandler returns a handler.
func NewHandler(b Backend, c Config) *Handler {
	if c.Extensions == nil {
		c.Extensions = extensions
	}
	if c.Queue <= 0 {
		c.Queue = 4 << 20
	}
	if c.Observe == nil {
		c.Observe = nobody{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Limits = c.Limits.withDefaults()
	return &Handler{backend: b, cfg: c, resumable: &Resumable{}, drained: make(chan struct{})}
}

// Shutdown lets every session finish its current reply, closes it with code 1012, and
// returns when all have ended, or, with its error, when ctx does. Who asks to come in
// meanwhile is told to come back later.
func (h *Handler) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	if !h.draining {
		h.draining = true
		close(h.drained)
	}
	h.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		h.all.Wait()
		h.resumable.Close()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// enter counts one more connection, unless the server goes down.
func (h *Handler) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.draining {
		h.all.Add(1)
	}
	return !h.draining
}

// initialKey is the key of a session's settings in a request's context.
type initialKey struct{}

// WithInitial is a context for a request whose session begins with these settings: a
// client secret's.
func WithInitial(ctx context.Context, settings *protocol.Session) context.Context {
	return context.WithValue(ctx, initialKey{}, settings)
}

// initial are the settings that a request's session begins with.
func initial(r *http.Request) *protocol.Session {
	var now protocol.Session
	if given, ok := r.Context().Value(initialKey{}).(*protocol.Session); ok && given != nil {
		now = *given
	}
	if now.Model == "" {
		now.Model = r.URL.Query().Get("model")
	}
	if r.URL.Query().Get("intent") == "transcription" {
		now.Type = typeTranscription
	}
	return &now
}

// betaHeader is sent by clients of the Beta.
const betaHeader = "OpenAI-Beta"

// subprotocol is the protocol's name; extensionToken begins an extension's.
const (
	subprotocol    = "realtime"
	extensionToken = "x-parley."
)

// wanted are the extensions that both sides know.
func (h *Handler) wanted(r *http.Request) []string {
	asked := strings.Join(r.Header.Values(protocol.ExtensionsHeader), ",")
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		for token := range strings.SplitSeq(header, ",") {
			if name, ok := strings.CutPrefix(strings.TrimSpace(token), extensionToken); ok {
				asked += "," + strings.Replace(name, "-", "/", 1)
			}
		}
	}
	var both []string
	for name := range strings.SplitSeq(asked, ",") {
		name = strings.TrimSpace(name)
		if slices.Contains(h.cfg.Extensions, name) && !slices.Contains(both, name) {
			both = append(both, name)
		}
	}
	return both
}

// ServeHTTP implements [http.Handler]. It returns when the connection has ended.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.enter() {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "The server is being restarted. Connect again.", http.StatusServiceUnavailable)
		return
	}
	defer h.all.Done()
	agreed := h.wanted(r)
	if len(agreed) > 0 {
		w.Header().Set(protocol.ExtensionsHeader, strings.Join(agreed, ", "))
	}
	if streams(r) {
		h.serveStream(w, r, agreed)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}, OriginPatterns: h.cfg.Origins})
	if err != nil {
		return // it has answered
	}
	ws.SetReadLimit(int64(h.cfg.Limits.Message))
	c := newSocket(ws, h.cfg.Queue)
	if strings.Contains(r.Header.Get(betaHeader), "realtime=v1") {
		tell(r.Context(), c, errBeta)
		c.close(protocol.CloseBeta, "the Beta's events are not supported")
		return
	}
	err = Serve(r.Context(), h.backend, c, Options{
		Extensions: agreed, Initial: initial(r), Limits: h.cfg.Limits, Observe: h.cfg.Observe, Log: h.cfg.Log,
		Resumable: h.resumable, Resume: r.Header.Get(protocol.ResumeHeader), Drained: h.drained,
	})
	code, reason := h.closing(err)
	c.close(code, reason)
}

// errBeta is what a client of the Beta is told.
var errBeta = &protocol.Error{
	Type: protocol.InvalidRequest, Code: protocol.CodeBetaDisabled,
	Message: "The Beta's events are no longer supported. Leave out the header OpenAI-Beta and use the events of the current Realtime API.",
}

// closing is how the connection of a session that ended by err is closed.
func (h *Handler) closing(err error) (code websocket.StatusCode, reason string) {
	var wrong *protocol.Error
	switch {
	case err == nil, errors.Is(err, ErrTakenOver):
		return websocket.StatusNormalClosure, ""
	case errors.Is(err, ErrDraining):
		return protocol.CloseRestart, "the server is being restarted"
	case errors.Is(err, ErrExpired):
		return websocket.StatusGoingAway, protocol.CodeSessionExpired
	case errors.Is(err, errSlow):
		h.cfg.Observe.Dropped(DropSlowReader)
		return protocol.CloseTryLater, "events are not read as fast as they come"
	case errors.Is(err, websocket.ErrMessageTooBig):
		h.cfg.Observe.Dropped(DropTooBig)
		return protocol.CloseTooBig, "the event is too large"
	case errors.As(err, &wrong):
		return protocol.ClosePolicy, "the session's settings are not allowed"
	case websocket.CloseStatus(err) != -1, errors.Is(err, io.EOF), errors.Is(err, context.Canceled):
		return websocket.StatusNormalClosure, ""
	}
	return protocol.CloseServerError, ""
}

// How a connection is kept and given up.
const (
	pingEvery = 20 * time.Second
	pingMost  = 20 * time.Second // without an answer
	writeMost = 20 * time.Second // for one event
	flushMost = 5 * time.Second  // for what waits when the session is over
)
