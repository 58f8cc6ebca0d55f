package rest

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"parley/engine/realtime/server"
)

// Options are of all requests. Zero fields mean defaults.
type Options struct {
	Limits Limits
	// KeepAlive is how long a stream of events may be silent before a comment is
	// sent, so that nobody on the way takes it for dead. Default 15 s.
	KeepAlive time.Duration
	Log       *slog.Logger // of what failed; nil: nowhere

	// Session and Observe are of the sessions behind /v1/voice/turn.
	Session server.Limits
	Observe server.Observer
}

// Limits bound what a request may cost. Zero fields mean defaults.
type Limits struct {
	JSON   int64         // bytes of a body without sound; default 1 MB
	Sound  int64         // bytes of sound; default 25 MB
	Length time.Duration // of sound; default 15 min
	// Write is how long a client may leave what is sent to it unread; then it is
	// dropped. Default 10 s.
	Write time.Duration
}

// The defaults.
const (
	defaultJSON      = 1 << 20
	defaultSound     = 25 << 20
	defaultLength    = 15 * time.Minute
	defaultWrite     = 10 * time.Second
	defaultKeepAlive = 15 * time.Second
)

// routes answers.
type routes struct {
	backend server.Backend
	options Options
	limits  Limits
	log     *slog.Logger
	mux     *http.ServeMux
	began   time.Time
}

// New returns the handler of all routes. b serves many requests at once.
func New(b server.Backend, o Options) http.Handler {
	o.KeepAlive = cmp.Or(o.KeepAlive, defaultKeepAlive)
	h := &routes{
		backend: b, options: o, mux: http.NewServeMux(), began: time.Now(),
		log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
		limits: Limits{
			JSON: cmp.Or(o.Limits.JSON, defaultJSON), Sound: cmp.Or(o.Limits.Sound, defaultSound),
			Length: cmp.Or(o.Limits.Length, defaultLength), Write: cmp.Or(o.Limits.Write, defaultWrite),
		},
	}
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request) error{
		"POST /v1/audio/transcriptions": h.transcriptions,
		"POST /v1/audio/speech":         h.speech,
		"POST /v1/chat/completions":     h.chat,
		"GET /v1/models":                h.models,
		"GET /v1/models/{id...}":        h.model,
		"POST /v1/voice/turn":           h.turn,
		"POST /v1/voice/lesson":         h.lesson,
		"POST /api/voice-chat":          h.voiceChat,
		"GET /openapi.json":             description,
	} {
		h.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := serve(w, r); err != nil {
				h.refuse(w, r, err)
			}
		})
	}
	return h
}

// ServeHTTP implements [http.Handler].
func (h *routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if none, pattern := h.mux.Handler(r); pattern == "" {
		h.refuse(w, r, unrouted(none, w.Header(), r))
		return
	}
	h.mux.ServeHTTP(w, r)
}

// mind is a request's own; forget it at the end.
func (h *routes) mind() (m server.Mind, forget func()) {
	m = h.backend.Mind()
	if m.Close == nil {
		return m, func() {}
	}
	return m, m.Close
}
