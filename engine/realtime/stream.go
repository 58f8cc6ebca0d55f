package realtime

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// httpStream is a [conn] over one HTTP request: our events go up as lines of its body,
// the backend's come down as server-sent events (engine/realtime/server has the other
// end). An empty line is a ping, the comment ": pong" its answer.
type httpStream struct {
	up     *io.PipeWriter
	down   io.Closer
	events *bufio.Scanner
	cancel context.CancelFunc // of the request

	writing sync.Mutex
	mu      sync.Mutex
	pings   []chan struct{} // that wait for an answer, oldest first
}

var errNoStream = errors.New("realtime: the host does not answer a request that goes on")

// openStream opens one. ctx bounds the opening only.
func openStream(ctx context.Context, client *http.Client, to *url.URL, header http.Header) (conn, *http.Response, error) {
	at := *to
	at.Scheme = strings.Replace(at.Scheme, "ws", "http", 1)
	body, up := io.Pipe()
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	cancel := func() {
		end()
		_ = up.CloseWithError(ErrCut) // who copies the body waits for more of it
	}
	opening := context.AfterFunc(ctx, cancel)
	req, err := http.NewRequestWithContext(life, http.MethodPost, at.String(), body)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Expect", "100-continue") // or a host that refuses waits for the body's end first
	answer, err := client.Do(req)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if answer.StatusCode != http.StatusOK || kind != "text/event-stream" || !opening() {
		answer.Body.Close()
		cancel()
		return nil, answer, errNoStream
	}
	s := &httpStream{up: up, down: answer.Body, events: bufio.NewScanner(answer.Body), cancel: cancel}
	s.events.Buffer(make([]byte, 0, 4096), messageLimit)
	return s, answer, nil
}

// Read implements conn. It is called by one goroutine at a time, and ends with the
// stream, not with ctx.
func (s *httpStream) Read(context.Context) ([]byte, error) {
	var event []byte
	for s.events.Scan() {
		text := s.events.Bytes()
		data, isData := bytes.CutPrefix(text, []byte("data:"))
		switch {
		case isData:
			event = append(event, bytes.TrimPrefix(data, []byte(" "))...)
		case len(text) == 0 && len(event) > 0:
			return event, nil
		case bytes.Equal(text, []byte(": pong")):
			s.answered()
		}
	}
	if err := s.events.Err(); err != nil {
		return nil, fmt.Errorf("realtime: %w", err)
	}
	return nil, io.EOF
}

// Write implements conn.
func (s *httpStream) Write(ctx context.Context, event []byte) error {
	return s.write(ctx, append(event, '\n'))
}

func (s *httpStream) write(ctx context.Context, text []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	late := context.AfterFunc(ctx, func() { s.up.CloseWithError(context.Cause(ctx)) })
	defer late()
	_, err := s.up.Write(text)
	return err
}

// Ping implements conn.
func (s *httpStream) Ping(ctx context.Context) error {
	answer := make(chan struct{})
	s.mu.Lock()
	s.pings = append(s.pings, answer)
	s.mu.Unlock()
	if err := s.write(ctx, []byte{'\n'}); err != nil {
		return err
	}
	select {
	case <-answer:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// answered: the oldest ping was.
func (s *httpStream) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pings) > 0 {
		close(s.pings[0])
		s.pings = s.pings[1:]
	}
}

// Close implements conn: the body's end says it.
func (s *httpStream) Close() error {
	err := s.up.Close()
	return errors.Join(err, s.CloseNow())
}

// CloseNow implements conn.
func (s *httpStream) CloseNow() error {
	s.cancel()
	_ = s.up.CloseWithError(ErrCut)
	return s.down.Close()
}
