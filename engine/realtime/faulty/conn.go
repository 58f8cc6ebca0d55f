package faulty

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// How much is read at once, and how many such pieces may be under way: a sender that
// is faster than the way waits.
const (
	pieceSize  = 16 << 10
	piecesMost = 256
)

// conn is one connection through the proxy.
type conn struct {
	weather *weather
	ctx     context.Context //nolint:containedctx // its own
	cancel  context.CancelFunc
	client  net.Conn

	mu     sync.Mutex
	server net.Conn // nil until it is dialled
	ended  bool
}

// carry carries bytes both ways until the connection ends.
func (c *conn) carry(target string) {
	defer c.end(false)
	if !c.clear() {
		return
	}
	server, err := (&net.Dialer{}).DialContext(c.ctx, "tcp", target)
	if err != nil {
		c.end(true)
		return
	}
	c.mu.Lock()
	if c.ended {
		reset(server)
	}
	c.server = server
	c.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { c.pass(c.client, server, func(w Conditions) int64 { return w.CutUp }) })
	both.Go(func() { c.pass(server, c.client, func(w Conditions) int64 { return w.CutDown }) })
	both.Wait()
}

// end closes both sides: at once, or as each would.
func (c *conn) end(hard bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	c.cancel()
	for _, side := range []net.Conn{c.client, c.server} {
		switch {
		case side == nil:
		case hard:
			reset(side)
		default:
			_ = side.Close() // it may have been
		}
	}
}

// clear waits while there is a hole. False: the connection has ended.
func (c *conn) clear() bool {
	for {
		w, changed := c.weather.get()
		if !w.Hole {
			return c.ctx.Err() == nil
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return false
		}
	}
}

// piece is what was read at once; nil data is the end of that direction.
type piece struct {
	data   []byte
	due    time.Time
	broken bool // it ended by a reset
}

// pass carries one direction: pieces are read as they come, and written when they are
// due.
func (c *conn) pass(from, to net.Conn, cut func(Conditions) int64) {
	way := make(chan piece, piecesMost)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(way)
		c.read(from, way)
	})
	c.write(to, way, cut)
	reading.Wait()
}

func (c *conn) read(from net.Conn, way chan<- piece) {
	var last time.Time // order is kept: nothing overtakes what is late
	for {
		buffer := make([]byte, pieceSize)
		n, err := from.Read(buffer)
		due := time.Now().Add(c.weather.delay())
		if due.Before(last) {
			due = last
		}
		last = due
		if n > 0 {
			select {
			case way <- piece{data: buffer[:n], due: due}:
			case <-c.ctx.Done():
				return
			}
		}
		if err != nil {
			select {
			case way <- piece{due: due, broken: !errors.Is(err, io.EOF)}:
			case <-c.ctx.Done():
			}
			return
		}
	}
}

func (c *conn) write(to net.Conn, way <-chan piece, cut func(Conditions) int64) {
	var passed int64
	free := time.Now() // when the way has room again
	for p := range way {
		if !sleep(c.ctx, p.due) || !c.clear() {
			return
		}
		if p.broken {
			c.end(true)
			return
		}
		if p.data == nil {
			if t, ok := to.(*net.TCPConn); ok {
				_ = t.CloseWrite() // the other direction may go on
			}
			continue
		}
		for len(p.data) > 0 {
			w, _ := c.weather.get()
			n, last := len(p.data), false
			if at := cut(w); at > 0 && passed+int64(n) >= at {
				n, last = int(max(0, at-passed)), true
			}
			if w.Rate > 0 {
				if few := max(1, w.Rate/100); n > few { // ten milliseconds' worth
					n, last = few, false
				}
				if free = later(free, time.Now()).Add(time.Duration(n) * time.Second / time.Duration(w.Rate)); !sleep(c.ctx, free) {
					return
				}
			}
			if _, err := to.Write(p.data[:n]); err != nil || last {
				c.end(err != nil)
				return
			}
			passed += int64(n)
			p.data = p.data[n:]
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
