package realtime

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// How it is tried again: at once, then after 100, 200, 400 ms … 15 s, each more or
// less by a quarter, so that a backend that restarts is not met by all its clients
// at the same moment. Where there is no WebSocket it is looked for again after a
// minute.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 15 * time.Second
	busyPause    = 250 * time.Millisecond // while somebody waits for it, for the first half minute
	busyTries    = 120
	refusedPause = time.Minute
)

var (
	errExpires   = errors.New("realtime: the session is renewed")
	errRunsTwice = errors.New("realtime: a client runs only once")
)

// Run connects and keeps the connection until ctx ends (it then returns nil) or the
// backend does not accept the token (the error is an [ErrCredentials]). While the
// connection is away it is tried again and again; [Client.Ready] and the stages say
// why: a [*Refused] where the host wants no WebSocket, an [ErrTimeout] where it does not
// answer. Run may be called once; when it returns, everything it started has ended.
func (c *Client) Run(ctx context.Context) error {
	c.mu.Lock()
	if c.ran {
		c.mu.Unlock()
		return errRunsTwice
	}
	c.ran, c.running, c.since = true, true, time.Now()
	c.mu.Unlock()
	defer func() {
		if c.own {
			c.http.CloseIdleConnections()
		}
		c.mu.Lock()
		c.running = false
		c.session.lose()
		c.tell()
		c.mu.Unlock()
	}()
	for tries := 0; ; tries++ {
		l, err := c.dial(ctx, tries)
		if err == nil {
			err = c.serve(ctx, l)
			if l.useful {
				tries = -1
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		c.gone(err)
		if errors.Is(err, ErrCredentials) {
			return err
		}
		if tries >= 0 && !pause(ctx, tries, err, c.waitedFor(), c.nudge) {
			return nil
		}
	}
}

// gone notes that there is no connection, and why.
func (c *Client) gone(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil || c.link != nil {
		c.since = time.Now()
	}
	c.link, c.err = nil, err
	c.tell()
	if !errors.Is(err, errExpires) {
		c.log.Info("realtime: away", "host", c.url.Host)
	}
}

// waitedFor says whether a stage waits for the connection.
func (c *Client) waitedFor() bool {
	busy, _, _ := c.pulse()
	return busy
}

// pause waits before it is tried again, and says whether it should be. Who wants the
// connection shortens a pause that is not the host's own wish.
func pause(ctx context.Context, tries int, err error, busy bool, nudge <-chan struct{}) bool {
	d := min(longestPause, firstPause<<min(tries, 10))
	if busy && tries < busyTries {
		d = min(d, busyPause)
	}
	d += time.Duration((rand.Float64() - 0.5) / 2 * float64(d)) //nolint:gosec // no secret
	var refused *Refused
	if errors.As(err, &refused) {
		nudge = nil
		switch {
		case refused.RetryAfter > 0:
			d = refused.RetryAfter
		case !refused.later():
			d = refusedPause
		}
	}
	if d < time.Second {
		nudge = nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-nudge:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}
