package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/engine/realtime/protocol"
)

// A session over one HTTP request, for networks that let no WebSocket through: the
// client's events come up as they happen, one a line (application/x-ndjson), in a body
// that does not end before the session does, and ours go down as server-sent events.
// An empty line is a ping, the comment ": pong" its answer. A proxy that holds a body
// back until it is whole makes the client give up and post whole turns instead.

// streamType is the media type of what comes up.
const streamType = "application/x-ndjson"

// streams says whether a request asks for a session over itself.
func streams(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), streamType)
}

// serveStream carries a session over the request.
func (h *Handler) serveStream(w http.ResponseWriter, r *http.Request, agreed []string) {
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil && r.ProtoMajor < 2 {
		http.Error(w, "This server cannot answer a request while it reads it. Use a WebSocket.", http.StatusNotImplemented)
		return
	}
	if r.Header.Get("Expect") != "" {
		w.WriteHeader(http.StatusContinue) // or nothing would come up after our answer
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	if control.Flush() != nil {
		return
	}
	c := &streamConn{w: w, control: control, lines: make(chan line)}
	ctx, cancel := context.WithCancel(r.Context())
	read := make(chan struct{})
	go func() {
		defer close(read)
		c.read(ctx, r.Body, h.cfg.Limits.Message)
	}()
	err := Serve(ctx, h.backend, c, Options{
		Extensions: agreed, Initial: initial(r), Limits: h.cfg.Limits, Observe: h.cfg.Observe, Log: h.cfg.Log,
		Resumable: h.resumable, Resume: r.Header.Get(protocol.ResumeHeader), Drained: h.drained,
	})
	if errors.Is(err, errSlow) {
		h.cfg.Observe.Dropped(DropSlowReader)
	}
	cancel()
	_ = control.SetReadDeadline(time.Now()) // who still reads sees that it is over
	<-read
}

// line is what came up, or why nothing more will.
type line struct {
	text []byte
	err  error
}

// streamConn is a [Conn] over a request's body and its answer.
type streamConn struct {
	w       http.ResponseWriter
	control *http.ResponseController
	lines   chan line
	writing sync.Mutex
}

// read hands lines on until the body or ctx ends.
func (c *streamConn) read(ctx context.Context, body io.Reader, most int) {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 4096), most)
	give := func(l line) bool {
		select {
		case c.lines <- l:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for lines.Scan() {
		if !give(line{text: append([]byte(nil), lines.Bytes()...)}) {
			return
		}
	}
	err := lines.Err()
	if err == nil {
		err = io.EOF
	}
	give(line{err: err})
}

// Read implements [Conn].
func (c *streamConn) Read(ctx context.Context) ([]byte, error) {
	for {
		select {
		case l := <-c.lines:
			if l.err != nil {
				return nil, l.err
			}
			if len(l.text) > 0 {
				return l.text, nil
			}
			if err := c.put(": pong\n\n"); err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Write implements [Conn].
func (c *streamConn) Write(_ context.Context, event []byte) error {
	return c.put("data: " + string(event) + "\n\n")
}

// streamWriteMost is how long one event may wait for a reader, beyond what the
// connection's own buffers take.
const streamWriteMost = 5 * time.Second

// put writes and flushes.
func (c *streamConn) put(text string) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.control.SetWriteDeadline(time.Now().Add(streamWriteMost)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("%w: %w", errSlow, err)
	}
	if _, err := io.WriteString(c.w, text); err != nil {
		return fmt.Errorf("%w: %w", errSlow, err)
	}
	if err := c.control.Flush(); err != nil {
		return fmt.Errorf("%w: %w", errSlow, err)
	}
	return nil
}
