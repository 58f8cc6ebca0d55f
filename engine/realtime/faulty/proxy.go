package faulty

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Proxy is a TCP proxy on the loopback. Its methods may be called by several
// goroutines.
type Proxy struct {
	listener net.Listener
	target   string
	weather  weather
	ctx      context.Context //nolint:containedctx // of its connections
	cancel   context.CancelFunc
	all      sync.WaitGroup

	mu    sync.Mutex
	conns map[*conn]bool
	total int
}

// seed makes every run the same.
const seed = 7

// Listen starts a proxy to a TCP address ("127.0.0.1:8765"). It has to be closed.
func Listen(ctx context.Context, target string, c Conditions) (*Proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("faulty: no port to listen on: %w", err)
	}
	p := &Proxy{
		listener: l, target: target, conns: make(map[*conn]bool),
		weather: weather{now: c, changed: make(chan struct{}), random: rand.New(rand.NewPCG(seed, seed))}, //nolint:gosec // no secret
	}
	p.ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	p.all.Go(p.accept)
	return p, nil
}

// Address is where it listens ("127.0.0.1:40001").
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Set changes the conditions. What is under way already has been sent as it was.
func (p *Proxy) Set(c Conditions) { p.weather.set(c) }

// Drop resets all connections that there are, and says how many there were.
func (p *Proxy) Drop() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.conns)
	for c := range p.conns {
		c.end(true)
	}
	return n
}

// Connections is how many there are now, and Total how many have ever been let in.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns)
}

// Total is how many connections have ever been let in.
func (p *Proxy) Total() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.total
}

// Close resets what there is, and waits until all has ended.
func (p *Proxy) Close() {
	p.cancel()
	_ = p.listener.Close() // it is to be gone
	p.Drop()
	p.all.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if c, _ := p.weather.get(); c.Refuse {
			reset(client)
			continue
		}
		c := &conn{weather: &p.weather, client: client}
		c.ctx, c.cancel = context.WithCancel(p.ctx)
		p.mu.Lock()
		p.conns[c] = true
		p.total++
		p.mu.Unlock()
		p.all.Go(func() {
			c.carry(p.target)
			p.mu.Lock()
			defer p.mu.Unlock()
			delete(p.conns, c)
		})
	}
}

// reset closes a connection as a broken one ends: without a word.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // or it ends in order
	}
	_ = c.Close() // its other side is told all the same
}

// sleep waits until then, or until ctx ends: then false.
func sleep(ctx context.Context, until time.Time) bool {
	d := time.Until(until)
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
