package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"parley/engine/realtime/protocol"
)

const (
	probeEvery  = 50 // frames: once a second
	probePrefix = "probe_"
	readLimit   = 20 << 20
	dialTime    = 30 * time.Second
)

// client is one session's.
type client struct {
	conn   *websocket.Conn
	spoken []frame
	cancel context.CancelFunc
	reader sync.WaitGroup

	frames int             // sent
	asked  int             // probes
	late   []time.Duration // how late this program itself was with them

	mu      sync.Mutex
	probes  map[string]time.Time
	ended   time.Time       // when speech last ended, until the answer's first sound
	delays  []time.Duration // of probes
	answers []time.Duration // from the end of speech to the first sound
	errors  int
	wrong   string // the first of them
	failure error  // why the session ended before its time
}

// dial opens a session and waits until it is there.
func dial(ctx context.Context, o options, spoken []frame) (*client, error) {
	header := http.Header{}
	if o.token != "" {
		header.Set("Authorization", "Bearer "+o.token)
	}
	opening, done := context.WithTimeout(ctx, dialTime)
	defer done()
	conn, answer, err := websocket.Dial(opening, o.url, &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // it need not be: see Dial
	if err != nil {
		if answer != nil && answer.StatusCode == http.StatusTooManyRequests {
			err = fmt.Errorf("%w; let the server have more --sessions and --requests-per-minute", err)
		}
		return nil, err
	}
	conn.SetReadLimit(readLimit)
	c := &client{conn: conn, spoken: spoken, probes: make(map[string]time.Time)}
	format := &protocol.Format{Type: protocol.PCM, Rate: o.rate}
	err = c.begin(opening, protocol.Session{Type: "realtime", Audio: &protocol.Audio{
		Input: &protocol.AudioInput{Format: format}, Output: &protocol.AudioOutput{Format: format},
	}})
	if err != nil {
		_ = conn.CloseNow() // it has failed already
		return nil, err
	}
	reading, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.cancel = cancel
	c.reader.Go(func() { c.read(reading) })
	return c, nil
}

// begin sets the session and waits until that has been taken.
func (c *client) begin(ctx context.Context, s protocol.Session) error {
	event, err := json.Marshal(protocol.ClientEvent{Type: protocol.SessionUpdate, Session: &s})
	if err != nil {
		return err
	}
	if err := c.conn.Write(ctx, websocket.MessageText, event); err != nil {
		return err
	}
	for {
		_, text, err := c.conn.Read(ctx)
		if err != nil {
			return err
		}
		e, err := protocol.DecodeServer(text)
		switch {
		case err != nil:
			return err
		case e.Type == protocol.SessionUpdated:
			return nil
		case e.Type == protocol.ErrorEvent && e.Error != nil:
			return e.Error
		}
	}
}

// speak sends turn after turn in real time until ctx ends. began is when the first
// of all clients begins, of whom this is the i-th of n.
func (c *client) speak(ctx context.Context, began time.Time, i, n int) {
	part := float64(i) / float64(n)
	next := began.Add(time.Duration(part * float64(frameTime)))
	at := int(part * float64(len(c.spoken)))
	for ; ; next = next.Add(frameTime) {
		if wait(ctx, time.Until(next)) != nil {
			return
		}
		f := c.spoken[at%len(c.spoken)]
		at++
		c.late = append(c.late, time.Since(next))
		if err := c.send(ctx, f); err != nil {
			c.fail(ctx, err)
			return
		}
	}
}

// send sends a frame, and after some of them a question that is answered at once
// when the session comes to it, after all that was sent before.
func (c *client) send(ctx context.Context, f frame) error {
	if f.last {
		c.mu.Lock()
		c.ended = time.Now()
		c.mu.Unlock()
	}
	// A write that its context ends takes the connection along: it ends by itself.
	ctx = context.WithoutCancel(ctx)
	if err := c.conn.Write(ctx, websocket.MessageText, f.event); err != nil {
		return err
	}
	c.frames++
	if c.frames%probeEvery != 0 {
		return nil
	}
	return c.probe(ctx)
}

// probe asks a question.
func (c *client) probe(ctx context.Context) error {
	c.asked++
	id := probePrefix + strconv.Itoa(c.asked)
	event, err := json.Marshal(protocol.ClientEvent{Type: protocol.ItemRetrieve, EventID: id, ItemID: id})
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.probes[id] = time.Now()
	c.mu.Unlock()
	return c.conn.Write(ctx, websocket.MessageText, event)
}

// settle waits until the server has come to the end of what was sent, so that what
// it needed for that can be read.
func (c *client) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleMost)
	defer cancel()
	if err := c.probe(context.WithoutCancel(ctx)); err != nil {
		c.fail(ctx, err)
		return
	}
	for wait(ctx, frameTime) == nil {
		c.mu.Lock()
		done := len(c.probes) == 0 || c.failure != nil
		c.mu.Unlock()
		if done {
			return
		}
	}
}

// settleMost is how far behind a server may be and still be waited for.
const settleMost = 30 * time.Second

// read takes what the server sends.
func (c *client) read(ctx context.Context) {
	for {
		_, text, err := c.conn.Read(ctx)
		if err != nil {
			c.fail(ctx, err)
			return
		}
		c.take(text, time.Now())
	}
}

// take takes note of an event.
func (c *client) take(text []byte, now time.Time) {
	// Most of what comes is sound, which is not worth decoding.
	sound := bytes.Contains(text[:min(len(text), 100)], []byte(`"`+protocol.OutputAudioDelta+`"`))
	c.mu.Lock()
	defer c.mu.Unlock()
	if sound {
		if !c.ended.IsZero() {
			c.answers = append(c.answers, now.Sub(c.ended))
			c.ended = time.Time{}
		}
		return
	}
	e, err := protocol.DecodeServer(text)
	if err != nil {
		c.errors++
		return
	}
	if e.Type != protocol.ErrorEvent || e.Error == nil {
		return
	}
	asked, ok := c.probes[e.Error.EventID]
	if !ok || !strings.HasPrefix(e.Error.EventID, probePrefix) {
		c.errors++
		if c.wrong == "" {
			c.wrong = e.Error.Error()
		}
		return
	}
	delete(c.probes, e.Error.EventID)
	c.delays = append(c.delays, now.Sub(asked))
}

// fail notes why the session ended, unless that was ours.
func (c *client) fail(ctx context.Context, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() == nil && c.failure == nil {
		c.failure = err
	}
}

// close ends the session.
func (c *client) close() {
	c.cancel()
	c.reader.Wait()
	_ = c.conn.CloseNow() // the reader's end has closed it
}
