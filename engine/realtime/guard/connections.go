package guard

import (
	"cmp"
	"container/list"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// Connections keeps the number of connections bounded, and that of those which say
// nothing: a client that means it sends its request at once. Where too many are
// silent the one that has been so for the longest is closed, so that who comes with
// a request is let in however many hold the door.
type Connections struct {
	Most    int          // at once; default 4096
	Silent  int          // of them without a request yet; default 256
	Refused func(Reason) // told of each that was closed; may be nil

	mu     sync.Mutex
	open   int
	silent list.List // of net.Conn, the oldest first
	at     map[net.Conn]*list.Element
}

// Listen is l with the bound on all of them. It does not make a client wait that
// is one too many, but closes it.
func (c *Connections) Listen(l net.Listener) net.Listener { return &doorway{Listener: l, all: c} }

// State is for [http.Server.ConnState].
func (c *Connections) State(conn net.Conn, state http.ConnState) {
	if oldest := c.note(conn, state); oldest != nil {
		abort(oldest)
		c.refused(ReasonSilent)
	}
}

// note keeps the list of the silent ones; it returns one that is to be closed.
func (c *Connections) note(conn net.Conn, state http.ConnState) (oldest net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state != http.StateNew {
		if e := c.at[conn]; e != nil {
			c.silent.Remove(e)
			delete(c.at, conn)
		}
		return nil
	}
	if c.at == nil {
		c.at = make(map[net.Conn]*list.Element)
	}
	c.at[conn] = c.silent.PushBack(conn)
	if c.silent.Len() <= cmp.Or(c.Silent, 256) {
		return nil
	}
	first := c.silent.Front()
	oldest, _ = c.silent.Remove(first).(net.Conn)
	delete(c.at, oldest)
	return oldest
}

// Open is how many there are.
func (c *Connections) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func (c *Connections) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open >= cmp.Or(c.Most, 4096) {
		return false
	}
	c.open++
	return true
}

func (c *Connections) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
}

func (c *Connections) refused(r Reason) {
	if c.Refused != nil {
		c.Refused(r)
	}
}

// abort closes a connection and keeps nothing of it, not even the port that an
// orderly end holds for a minute.
func abort(conn net.Conn) {
	inner := conn
	if t, ok := inner.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	if c, ok := inner.(*counted); ok {
		inner = c.Conn
	}
	if t, ok := inner.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // or it ends in order
	}
	_ = conn.Close() // its client is none of ours
}

// doorway is a listener that counts.
type doorway struct {
	net.Listener
	all *Connections
}

// Accept implements [net.Listener].
func (d *doorway) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if d.all.enter() {
			return &counted{Conn: conn, all: d.all}, nil
		}
		abort(conn)
		d.all.refused(ReasonConnections)
	}
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	all  *Connections
	once sync.Once
}

// Close implements [net.Conn].
func (c *counted) Close() error {
	c.once.Do(c.all.leave)
	return c.Conn.Close()
}
