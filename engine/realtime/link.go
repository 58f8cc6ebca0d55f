package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/engine/realtime/protocol"
)

// Heartbeats. While something is under way a dead connection is noticed within three
// seconds, else within half a minute, and at the first use: a laptop that has slept
// has connections that look open.
const (
	busyPing, busyPong = time.Second, 2 * time.Second
	idlePing, idlePong = 15 * time.Second, 10 * time.Second
)

// A session is renewed that long before it expires if nothing is under way, and in
// any case a moment before.
const (
	renewIdle = 2 * time.Minute
	renewBusy = 3 * time.Second

	renewShare = 4 // … but not before most of its time is over: a short one would be renewed without end
)

// conn is a connection that carries events, one a message. Its methods may be called
// by several goroutines.
type conn interface {
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, event []byte) error
	Ping(ctx context.Context) error // returns when the backend has answered
	Close() error                   // tells the backend first that nobody comes back
	CloseNow() error
}

// link is one connection.
type link struct {
	client     *Client
	conn       conn
	extensions []string // confirmed
	useful     bool     // it became ready; of Run's goroutine

	done context.Context         //nolint:containedctx // the link's own life, which no call bounds
	end  context.CancelCauseFunc // says why

	// Guarded by the client's mu.
	in, out protocol.Codec
}

// newLink makes a link that outlives ctx, until it fails.
func newLink(ctx context.Context, c *Client, conn conn) *link {
	l := &link{conn: conn, client: c}
	l.done, l.end = context.WithCancelCause(context.WithoutCancel(ctx))
	return l
}

// fail ends the link.
func (l *link) fail(err error) { l.end(err) }

// send writes an event. A failure ends the link; who sends sees that the link has
// changed. It is never called with the client's mu held.
func (l *link) send(ev protocol.ClientEvent) error {
	text, err := json.Marshal(ev)
	if err != nil {
		return fmt.Errorf("realtime: %s: %w", ev.Type, err)
	}
	// Not the stage's context: the library closes the connection when a write is cancelled.
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	if err := l.conn.Write(ctx, text); err != nil {
		err = fmt.Errorf("%w: %w", ErrCut, err)
		l.fail(err)
		return err
	}
	return nil
}

// read hands events on until the link is dead.
func (l *link) read(ctx context.Context) {
	for {
		text, err := l.conn.Read(ctx)
		if err != nil {
			l.fail(fmt.Errorf("%w: %w", ErrCut, err))
			return
		}
		l.client.received(l, text)
	}
}

// serve makes a link ready, keeps it until it is dead or ctx ends, and says why.
func (c *Client) serve(ctx context.Context, l *link) error {
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	c.begin(l)
	var all sync.WaitGroup
	all.Go(func() { l.read(reading) })
	defer all.Wait()
	defer l.conn.CloseNow() //nolint:errcheck // whatever is left of it
	defer l.fail(ErrCut)
	err := c.greet(ctx, l)
	if err == nil {
		l.useful = true
		err = c.keep(ctx, l)
	}
	c.mu.Lock()
	c.link = nil
	c.since = time.Now()
	c.tell()
	c.mu.Unlock()
	if ctx.Err() != nil || errors.Is(err, errExpires) {
		_ = l.conn.Close() // the backend need not keep the session
	}
	return err
}

// greet waits for the backend's session and sets it, or takes it up again.
func (c *Client) greet(ctx context.Context, l *link) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(l.done, func() { cancel(context.Cause(l.done)) })()
	resumed, err := c.resume(ctx, l)
	c.mu.Lock()
	set := resumed && c.session.set
	c.mu.Unlock()
	if err == nil && !set {
		err = c.update(ctx, l)
	}
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.link, c.err = l, nil
	c.tell()
	c.mu.Unlock()
	if err := c.allowAgain(l); err != nil {
		return err
	}
	c.log.Info("realtime: connected", "host", c.url.Host, "extensions", l.extensions, "resumed", resumed)
	return nil
}

// resume takes the session up again, if there is one, and says whether the backend has
// done so: else it greets with a new one. What it had said before the cut it repeats,
// in order, before it answers the event sent here; what it has not acknowledged by
// then never came there.
func (c *Client) resume(ctx context.Context, l *link) (resumed bool, err error) {
	c.mu.Lock()
	again := c.session.token != ""
	c.session.clears = 0
	if again {
		c.session.clears = 1
	}
	c.mu.Unlock()
	if again {
		if err := l.send(protocol.ClientEvent{Type: protocol.InputClear, EventID: c.event()}); err != nil {
			return false, err
		}
	}
	err = c.await(ctx, greetingTime, func() (bool, error) {
		s := &c.session
		return again && s.token != "" && s.clears == 0 || s.created && (!again || !s.resumed), nil
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &c.session
	switch {
	case err != nil && !errors.Is(err, errLate):
		return false, err
	case err != nil && again: // who can resume is not dumb
		s.lose()
		return false, fmt.Errorf("%w: the session was not taken up again", ErrTimeout)
	case again && s.token != "" && s.clears == 0 && (!s.created || s.resumed):
		s.settle()
		c.tell()
		return true, nil
	}
	return false, nil
}

// keep pings, and renews the session in time.
func (c *Client) keep(ctx context.Context, l *link) error {
	var pings sync.WaitGroup
	defer pings.Wait()
	pinging, stop := context.WithCancel(ctx)
	defer stop()
	type pong struct {
		rtt time.Duration
		err error
	}
	pongs := make(chan pong, 1)
	var sent time.Time // zero: no ping is on its way
	ping := func() {
		sent = time.Now()
		pings.Go(func() {
			err := l.conn.Ping(pinging)
			pongs <- pong{time.Since(sent), err}
		})
	}
	ping()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		busy, expires, ahead := c.pulse()
		every, dead := idlePing, idlePong
		if busy {
			every, dead = busyPing, busyPong
		}
		next := every
		if !sent.IsZero() {
			next = dead - time.Since(sent)
			if next <= 0 {
				return fmt.Errorf("%w: it answers no ping", ErrCut)
			}
		}
		if !expires.IsZero() {
			// By the wall clock: the session's time goes on while a computer sleeps.
			left := time.Until(expires.Round(0)) - ahead
			if left <= 0 {
				c.forget()
				return errExpires
			}
			next = min(next, left)
		}
		timer.Reset(next)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.done.Done():
			return context.Cause(l.done)
		case p := <-pongs:
			if p.err != nil {
				return fmt.Errorf("%w: %w", ErrCut, p.err)
			}
			sent = time.Time{}
			c.measured(p.rtt)
			continue
		case <-c.nudge:
		case <-timer.C:
		}
		if sent.IsZero() {
			ping()
		}
	}
}

// pulse is what the heartbeat depends on; the session is renewed that far ahead of its
// expiry.
func (c *Client) pulse() (busy bool, expires time.Time, ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy > 0 {
		return true, c.session.expires, min(renewBusy, c.session.lasts/renewShare/2)
	}
	return false, c.session.expires, min(renewIdle, c.session.lasts/renewShare)
}

// forget has the next connection begin a new session.
func (c *Client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.token = ""
}
