package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// turnRequest is what /v1/voice/turn is asked: the utterance, or its text, and what
// was said before.
type turnRequest struct {
	Session *protocol.Session `json:"session,omitempty"`
	History []protocol.Item   `json:"history"`
	Audio   *turnAudio        `json:"audio,omitempty"`
	Text    string            `json:"text,omitempty"`
}

// turnAudio is an utterance.
type turnAudio struct {
	Format *protocol.Format `json:"format"`
	Data   string           `json:"data"` // base64
}

// mostKept bounds what is kept of a reply that nobody takes yet: ten minutes.
const mostKept = 10 * time.Minute

// drainTime is how long the end of an answer is waited for that has said all.
const drainTime = 10 * time.Second

var errTooMuch = errors.New("remote: the reply is longer than can be kept")

// exchange is one request of a turn. Its answer is read as it comes, whether somebody
// takes it yet or not: the backend drops who does not read.
type exchange struct {
	history []protocol.Item
	cancel  context.CancelFunc
	heard   chan struct{} // closed when the utterance's words are known, or never will be
	done    chan struct{} // closed when all is over

	mu     sync.Mutex
	said   engine.Hypothesis
	known  bool // … the words are certain
	forgo  bool // the reply is not wanted, only the words
	pieces []engine.Reply
	length time.Duration // of the sound in pieces
	wake   chan struct{}
	over   bool
	err    error

	// Of the reader.
	codec     protocol.Codec
	text      int           // bytes of the reply's voiced text
	sound     time.Duration // … and its length
	textFrom  int           // where the present item began
	soundFrom time.Duration
	begun     bool // a response was announced
}

// exchange posts a turn. It goes on until it is over, or cancelled.
func (t *Turn) exchange(req turnRequest) *exchange {
	ctx, cancel := context.WithCancel(t.ctx)
	e := &exchange{
		history: req.History, cancel: cancel, codec: t.codec,
		heard: make(chan struct{}), done: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	if !t.background(func() { e.run(ctx, t.door, req) }) {
		e.end(context.Canceled)
		close(e.done)
	}
	return e
}

// run reads the answer.
func (e *exchange) run(ctx context.Context, d *door, req turnRequest) {
	defer close(e.done)
	defer e.cancel()
	e.end(e.read(ctx, d, req))
}

func (e *exchange) read(ctx context.Context, d *door, req turnRequest) error {
	resp, err := d.post(ctx, turnPath, req, "text/event-stream")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for data, err := range events(resp.Body) {
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return fmt.Errorf("remote: %s stopped in the middle: %w", d.base.Host, err)
		}
		if string(data) == "[DONE]" {
			continue
		}
		event, err := decode(data)
		if err != nil {
			return err
		}
		over, err := e.take(event)
		if err != nil {
			return err
		}
		if over {
			e.end(nil)
			e.drain(resp.Body)
			return nil
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.begun || !e.known || e.said.Text != "" {
		return fmt.Errorf("remote: %s stopped in the middle: %w", d.base.Host, io.ErrUnexpectedEOF)
	}
	return nil // nothing was said, so nothing is answered
}

// drain reads what follows the last event that counts, up to the answer's end: so the
// connection is kept for the next turn. A backend that does not end is not waited for.
func (e *exchange) drain(body io.Reader) {
	timer := time.AfterFunc(drainTime, e.cancel)
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, body, longestRefusal) // what fails here has failed nobody
}

// understood: the utterance's words are certain.
func (e *exchange) understood(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known {
		return
	}
	words := strings.Fields(text)
	e.said.Text, e.said.Stable, e.known = strings.Join(words, " "), len(words), true
	close(e.heard)
	if e.forgo {
		e.cancel()
	}
}

// leave says that nobody will take the reply. The words may still be wanted.
func (e *exchange) leave() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.forgo = true; e.known || e.over {
		e.cancel()
	}
}

// give keeps a piece until it is taken.
func (e *exchange) give(piece engine.Reply) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v, ok := piece.(engine.Voiced); ok {
		e.length += v.Frame.Duration()
	}
	if e.length > mostKept {
		return errTooMuch
	}
	e.pieces = append(e.pieces, piece)
	e.signal()
	return nil
}

// end: nothing more will come. The first end counts.
func (e *exchange) end(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return
	}
	e.over, e.err = true, err
	if !e.known {
		close(e.heard)
	}
	e.signal()
}

func (e *exchange) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// next is the next piece; false at the end.
func (e *exchange) next(ctx context.Context) (engine.Reply, bool, error) {
	for {
		e.mu.Lock()
		if len(e.pieces) > 0 {
			piece := e.pieces[0]
			e.pieces = e.pieces[1:]
			if v, ok := piece.(engine.Voiced); ok {
				e.length -= v.Frame.Duration()
			}
			e.mu.Unlock()
			return piece, true, nil
		}
		over, err := e.over, e.err
		e.mu.Unlock()
		if over {
			return nil, false, err
		}
		select {
		case <-e.wake:
		case <-ctx.Done():
			return nil, false, context.Cause(ctx)
		}
	}
}

// words are what was heard; to be asked once heard is closed. The error says why
// nothing was.
func (e *exchange) words() (engine.Hypothesis, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.known:
		return e.said, nil
	case e.err == nil:
		return e.said, toldError(nil)
	}
	return e.said, e.err
}

// finish ends the request, unless it has said all, and waits until it has ended.
func (e *exchange) finish() {
	e.mu.Lock()
	all := e.over && e.err == nil
	e.mu.Unlock()
	if !all {
		e.cancel()
		<-e.done
	}
}
