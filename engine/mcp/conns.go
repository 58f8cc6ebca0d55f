package mcp

import (
	"context"
	"net"
	"sync"
)

// conns are a client's connections, which can all be cut at once: the SDK has
// requests that no context of ours ends. The zero value has none.
type conns struct {
	mu   sync.Mutex
	open map[*conn]bool
	over bool
}

// conn is one of them.
type conn struct {
	net.Conn
	of *conns
}

func (c *conns) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialled, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		_ = dialled.Close()
		return nil, net.ErrClosed
	}
	one := &conn{dialled, c}
	if c.open == nil {
		c.open = make(map[*conn]bool)
	}
	c.open[one] = true
	return one, nil
}

// cut closes them all, and any that are made after it.
func (c *conns) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for one := range c.open {
		_ = one.Conn.Close()
	}
	c.open = nil
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
