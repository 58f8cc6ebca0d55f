package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"parley/engine/realtime/protocol"
)

// errSlow is why the work for a client ends that does not read.
var errSlow = errors.New("rest: the client has gone, or does not read what it is sent")

// stream sends events as they happen (server-sent events: WHATWG HTML, section
// 9.2), and comments when none do. Before the first of them it is still an answer
// that may be an error. It may be used by several goroutines.
type stream struct {
	h       *routes
	w       http.ResponseWriter
	control *http.ResponseController
	r       *http.Request
	cancel  context.CancelCauseFunc

	silence *time.Ticker // ticks after each stretch of silence

	mu    sync.Mutex
	begun bool
	err   error
}

// stream calls send with a stream, and with a context that ends when the client
// goes away or does not read. The error of send is told to the client.
func (h *routes) stream(w http.ResponseWriter, r *http.Request, send func(context.Context, *stream) error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	s := &stream{h: h, w: w, control: http.NewResponseController(w), r: r, cancel: cancel, silence: time.NewTicker(h.options.KeepAlive)}
	defer s.silence.Stop()
	var alive sync.WaitGroup
	alive.Go(func() { s.keepAlive(ctx) })
	err := send(ctx, s)
	cancel(nil)
	alive.Wait()
	if err != nil {
		s.fail(err)
	}
	atLeisure(s.control)
}

// keepAlive sends a comment after each stretch of silence, until ctx ends.
func (s *stream) keepAlive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.silence.C:
			s.mu.Lock()
			_ = s.write(": keep-alive\n\n") // the error is kept, and given to the next event
			s.mu.Unlock()
		}
	}
}

// send sends an event. An error means that nobody takes it.
func (s *stream) send(event any) error {
	b, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("rest: %w", err)
	}
	return s.raw(b)
}

// raw sends an event that is JSON already, or "[DONE]".
func (s *stream) raw(event []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silence.Reset(s.h.options.KeepAlive)
	return s.write("data: " + string(event) + "\n\n")
}

func (s *stream) write(text string) error {
	if s.err != nil {
		return s.err
	}
	if !s.begun {
		s.begun = true
		header := s.w.Header()
		header.Set("Content-Type", "text/event-stream")
		header.Set("Cache-Control", "no-cache")
		header.Set("X-Accel-Buffering", "no") // nginx would hold events back
		s.w.WriteHeader(http.StatusOK)
	}
	if s.err = push(s.w, s.control, []byte(text), s.h.limits.Write); s.err != nil {
		s.cancel(errSlow)
	}
	return s.err
}

// fail ends the stream with an error: as an answer, if there was none yet.
func (s *stream) fail(err error) {
	if s.r.Context().Err() != nil || errors.Is(err, errSlow) {
		return
	}
	s.mu.Lock()
	begun := s.begun
	s.mu.Unlock()
	if !begun {
		s.h.refuse(s.w, s.r, err)
		return
	}
	told := s.h.told(s.r, err).detail()
	_ = s.send(map[string]any{"type": protocol.ErrorEvent, "error": told}) // who does not take it has gone
}

// push writes and flushes, within so long.
func push(w http.ResponseWriter, control *http.ResponseController, b []byte, within time.Duration) error {
	if err := control.SetWriteDeadline(time.Now().Add(within)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errors.Join(errSlow, err)
	}
	if _, err := w.Write(b); err != nil {
		return errors.Join(errSlow, err)
	}
	if err := control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errors.Join(errSlow, err)
	}
	return nil
}

// atLeisure takes the limit off again: the connection goes on to other requests.
func atLeisure(control *http.ResponseController) {
	_ = control.SetWriteDeadline(time.Time{}) // it has gone, or never had one
}
