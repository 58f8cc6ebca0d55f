package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/engine/realtime/protocol"
)

// appendTime is how much sound an event bears.
const appendTime = 100 * time.Millisecond

// mark begins the names of the events of a turn's client, so that an error about
// one of them is known by its event_id.
const mark = "turn_"

// errRefused ends the session of a turn that was refused.
var errRefused = errors.New("rest: the turn was refused")

// turnConn is the connection of a session that answers one turn: it says what a
// client would, and hands what the session says on to the real one. It ends when
// the answer is done.
type turnConn struct {
	first      []protocol.ClientEvent // what is said before the sound
	samples    []int16
	codec      protocol.Codec
	afterwards []protocol.ClientEvent
	said       int // events; they are named by that

	down    *stream
	past    map[string]bool // items of the history
	over    chan struct{}   // closed when the answer is done
	done    bool
	refused error
}

func (c *turnConn) say(e protocol.ClientEvent) { c.first = append(c.first, e) }

// Read implements [server.Conn].
func (c *turnConn) Read(ctx context.Context) ([]byte, error) {
	var e protocol.ClientEvent
	switch {
	case len(c.first) > 0:
		e, c.first = c.first[0], c.first[1:]
	case len(c.samples) > 0:
		n := min(len(c.samples), c.codec.Rate().Samples(appendTime))
		e = protocol.ClientEvent{Type: protocol.InputAppend, Audio: c.codec.Text(c.samples[:n])}
		c.samples = c.samples[n:]
	case len(c.afterwards) > 0:
		e, c.afterwards = c.afterwards[0], c.afterwards[1:]
	default:
		select {
		case <-c.over:
			return nil, io.EOF
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	e.EventID = mark + strconv.Itoa(c.said)
	c.said++
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	return b, nil
}

// Write implements [server.Conn]. What only answers the request's own settings and
// history is not handed on.
func (c *turnConn) Write(_ context.Context, event []byte) error {
	var e struct {
		Type string
		Item struct {
			ID string
		}
		Error protocol.Error
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return fmt.Errorf("rest: %w", err)
	}
	switch {
	case e.Type == protocol.SessionCreated, e.Type == protocol.SessionUpdated:
		return nil
	case e.Type == protocol.ErrorEvent && strings.HasPrefix(e.Error.EventID, mark):
		c.refused = &httpError{status: http.StatusBadRequest, message: e.Error.Message, param: e.Error.Param, code: e.Error.Code}
		return errRefused
	case c.past[e.Item.ID]:
		return nil
	}
	if err := c.down.raw(event); err != nil {
		return err
	}
	if e.Type == protocol.ResponseDone && !c.done {
		c.done = true
		close(c.over)
	}
	return nil
}
