package realtime

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/realtime/protocol"
	"parley/engine/realtime/server"
)

// desk is a conversation whose stages are at a backend, over a wire in memory.
type desk struct {
	*engine.Conversation

	client *Client
	wire   *wire
	server *http.Server
	kept   *server.Resumable
	over   func() // what is to be ended with the server; may be nil
}

// ours are the extensions of a backend of ours.
var ours = []string{protocol.Teaching1, protocol.Speculation1, protocol.Resume1}

// remote makes a session of stages that a server of ours has.
func remote(cfg engine.Config) engine.Session {
	return newDesk(cfg, ours, func(s *socket) server.Conn { return s })
}

// newDesk makes a session of stages that a server of ours has, with these extensions,
// over connections as wrap makes them.
func newDesk(cfg engine.Config, extensions []string, wrap func(*socket) server.Conn) *desk {
	d := &desk{wire: newWire(), kept: &server.Resumable{}}
	b := backendOf(cfg)
	d.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(protocol.ExtensionsHeader, strings.Join(extensions, ", "))
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		_ = server.Serve(r.Context(), b, wrap(&socket{conn}), server.Options{
			Extensions: extensions, Resumable: d.kept, Resume: r.Header.Get(protocol.ResumeHeader),
		})
	})}
	client, err := New(Config{URL: "ws://backend/v1/realtime", HTTPClient: d.wire.client()})
	if err != nil {
		panic(err)
	}
	d.client = client
	cfg.Transcriber, cfg.Responder = client, client
	if cfg.Teacher != nil {
		cfg.Teacher = client
	}
	cfg.Links = client
	d.Conversation = engine.New(cfg)
	return d
}

// backendOf is a backend of a conversation's stages.
func backendOf(cfg engine.Config) server.Backend {
	mind := server.Mind{Responder: cfg.Responder, Teacher: cfg.Teacher}
	return server.Backend{
		Model: "parley", Transcriber: cfg.Transcriber, Detector: cfg.Detector,
		Synthesizer: func(string, float64) engine.Synthesizer { return cfg.Synthesizer },
		Mind:        func() server.Mind { return mind },
	}
}

// Run implements [engine.Session].
func (d *desk) Run(ctx context.Context, mic engine.Microphone, spk engine.Speaker) error {
	var all sync.WaitGroup
	defer all.Wait()
	defer d.kept.Close()
	if d.over != nil {
		defer d.over()
	}
	defer d.server.Close()
	defer d.wire.Close()
	all.Go(func() { _ = d.server.Serve(d.wire) })
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var client sync.WaitGroup
	defer client.Wait()
	defer stop()
	client.Go(func() { _ = d.client.Run(running) })
	_ = d.client.Ready(ctx) // or cut at once, and soon there
	return d.Conversation.Run(ctx, mic, spk)
}

// socket is a server's connection.
type socket struct{ conn *websocket.Conn }

func (s *socket) Read(ctx context.Context) ([]byte, error) {
	_, m, err := s.conn.Read(ctx)
	return m, err
}

func (s *socket) Write(ctx context.Context, event []byte) error {
	return s.conn.Write(ctx, websocket.MessageText, event)
}

// excuses are what a backend of ours may do otherwise.
var excuses = []enginetest.Excuse{
	{Score: "tools", Breach: "no lesson.progress", Why: "the wire has no event for it: lessons are studied on this desk"},
}

func TestRemoteConversationConforms(t *testing.T) {
	enginetest.Conform(t, remote, excuses...)
}
