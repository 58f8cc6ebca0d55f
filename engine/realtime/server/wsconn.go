package server

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// errSlow says that the client does not read as fast as events come.
var errSlow = errors.New("server: the client reads too slowly")

// socket is a WebSocket as a [Conn]. What is written waits in a queue that is bounded:
// whoever reads too slowly is given up, not waited for.
type socket struct {
	ws     *websocket.Conn
	in     chan []byte
	failed chan error      // the reader's last word
	most   int             // bytes in the queue
	ctx    context.Context //nolint:containedctx // the connection's own
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu    sync.Mutex
	queue [][]byte
	bytes int
	over  bool  // nothing more is to be written
	err   error // that ended the writing
	wake  chan struct{}
	empty chan struct{} // closed when the writer has ended
}

func newSocket(ws *websocket.Conn, most int) *socket {
	c := &socket{
		ws: ws, in: make(chan []byte), failed: make(chan error, 1), most: most,
		wake: make(chan struct{}, 1), empty: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.all.Go(c.read)
	c.all.Go(c.write)
	c.all.Go(c.ping)
	return c
}

// keptBuffer is how large a reader's buffer may be that is kept for the next message.
const keptBuffer = 64 << 10

// next reads a message. It is gathered in a buffer, which is used again, and copied
// when its length is known: sound comes fifty times a second.
func (c *socket) next(buffer *bytes.Buffer) ([]byte, error) {
	_, r, err := c.ws.Reader(c.ctx)
	if err != nil {
		return nil, err
	}
	if buffer.Cap() > keptBuffer {
		*buffer = bytes.Buffer{}
	}
	buffer.Reset()
	if _, err := buffer.ReadFrom(r); err != nil {
		return nil, err
	}
	return bytes.Clone(buffer.Bytes()), nil
}

// read reads all the time, so that pings are answered; a session that is busy makes
// it wait.
func (c *socket) read() {
	var buffer bytes.Buffer
	for {
		m, err := c.next(&buffer)
		if err != nil {
			c.failed <- err
			return
		}
		select {
		case c.in <- m:
		case <-c.ctx.Done():
			return
		}
	}
}

// Read implements [Conn].
func (c *socket) Read(ctx context.Context) ([]byte, error) {
	select {
	case m := <-c.in:
		return m, nil
	case err := <-c.failed:
		return nil, err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Write implements [Conn].
func (c *socket) Write(_ context.Context, event []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil && len(c.queue) > 0 && c.bytes+len(event) > c.most {
		c.err = errSlow
	}
	if c.err != nil {
		return c.err
	}
	c.queue = append(c.queue, event)
	c.bytes += len(event)
	c.signal()
	return nil
}

func (c *socket) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write sends what is in the queue until there is nothing more to come.
func (c *socket) write() {
	defer close(c.empty)
	for {
		c.mu.Lock()
		var next []byte
		if len(c.queue) > 0 {
			next = c.queue[0]
		}
		stop := c.err != nil || next == nil && c.over
		c.mu.Unlock()
		switch {
		case stop:
			return
		case next == nil:
			select {
			case <-c.wake:
			case <-c.ctx.Done():
				return
			}
			continue
		}
		ctx, cancel := context.WithTimeout(c.ctx, writeMost)
		err := c.ws.Write(ctx, websocket.MessageText, next)
		cancel()
		c.mu.Lock()
		if err != nil {
			if c.err == nil {
				c.err = err
			}
		} else {
			c.queue[0] = nil
			c.queue = c.queue[1:]
			c.bytes -= len(next)
			if len(c.queue) == 0 {
				c.queue = nil
			}
		}
		c.mu.Unlock()
	}
}

// ping gives the connection up when the other side does not answer any more.
func (c *socket) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			return
		}
		ctx, cancel := context.WithTimeout(c.ctx, pingMost)
		err := c.ws.Ping(ctx)
		cancel()
		if err != nil && c.ctx.Err() == nil {
			_ = c.ws.CloseNow() // its reader tells
			return
		}
	}
}

// close sends what waits, closes the connection with a code and waits for all that it
// had running.
func (c *socket) close(code websocket.StatusCode, reason string) {
	c.mu.Lock()
	c.over = true
	slow := c.err != nil
	c.mu.Unlock()
	c.signal()
	late := time.NewTimer(flushMost)
	defer late.Stop()
	if !slow {
		select {
		case <-c.empty:
		case <-late.C:
		}
	}
	_ = c.ws.Close(code, reason) // whether the other side still hears it or not
	c.cancel()
	_ = c.ws.CloseNow()
	c.all.Wait()
}
