package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// longestEvent bounds a line of a stream, in bytes.
const longestEvent = 1 << 20

// events reads a stream of server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html) and hands on
// its data lines alone, each whole. The library counts the comments that servers
// keep a connection open with as empty messages, keeps them all, and does not
// tell a stream that has ended from one that stopped.
type events struct {
	service Service
	body    io.ReadCloser
	lines   *bufio.Reader
	left    []byte // of the present line
	done    bool   // the stream has said that it is over
	err     error
}

func newEvents(s Service, body io.ReadCloser) *events {
	return &events{service: s, body: body, lines: bufio.NewReader(body)}
}

// Read implements io.Reader.
func (e *events) Read(p []byte) (int, error) {
	for len(e.left) == 0 {
		if e.err != nil {
			return 0, e.err
		}
		e.left, e.err = e.next()
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

// Close implements io.Closer.
func (e *events) Close() error { return e.body.Close() }

// next is the next data line, or nothing where a line is none.
func (e *events) next() ([]byte, error) {
	line, err := e.line()
	data, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("data:"))
	data = bytes.TrimSpace(data)
	switch {
	case !ok, len(data) == 0:
		return nil, err
	case string(data) == "[DONE]":
		e.done = true
	case err != nil && !json.Valid(data): // the stream stopped within a line
		return nil, err
	default:
		if failed := e.failure(data); failed != nil {
			return nil, failed
		}
	}
	return append(append([]byte("data: "), data...), '\n'), err
}

// line reads up to the next line feed.
func (e *events) line() ([]byte, error) {
	var line []byte
	for {
		piece, err := e.lines.ReadSlice('\n')
		line = append(line, piece...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
		if len(line) > longestEvent {
			return nil, &failure{kind: ErrFormat, text: e.service.host() + " sent a line without end"}
		}
	}
}

// failure is the error that a server tells within a stream, when the status has
// long been sent.
func (e *events) failure(data []byte) error {
	if !bytes.Contains(data, []byte(`"error"`)) {
		return nil
	}
	var told struct {
		Error   json.RawMessage   `json:"error"`
		Choices []json.RawMessage `json:"choices"`
	}
	_ = json.Unmarshal(data, &told) // what is no JSON the library will tell
	if len(told.Error) == 0 || string(told.Error) == "null" || len(told.Choices) > 0 {
		return nil
	}
	status := http.StatusInternalServerError
	if code, ok := readRemark(data).Code.(float64); ok && code >= 400 && code < 600 {
		status = int(code)
	}
	return e.service.statusFailure(status, data, "such model")
}
