package realtime

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"parley/engine"
)

// Links implements [engine.LinkWatcher]: the link as it is, and each change of it.
// Round trips are told when they have changed by more than a fifth.
func (c *Client) Links(ctx context.Context) iter.Seq[engine.Link] {
	return func(yield func(engine.Link) bool) {
		var told engine.Link
		for first := true; ; first = false {
			var now engine.Link
			err := c.await(ctx, 0, func() (bool, error) {
				now = c.now()
				return first || differs(told, now), nil
			})
			if err != nil || !yield(now) {
				return
			}
			told = now
		}
	}
}

// differs says whether a person would see the difference.
func differs(a, b engine.Link) bool {
	rtt := (a.RTT - b.RTT).Abs()
	a.RTT, b.RTT = 0, 0
	return a != b || rtt > 0 && rtt > max(b.RTT/5, time.Millisecond)
}

// now is the link as it is. To be called with mu held.
func (c *Client) now() engine.Link {
	l := engine.Link{Backend: c.url.Host}
	switch {
	case c.link != nil:
		l.Transport, l.RTT = c.transport(), c.rtt
	case c.err != nil && !errors.Is(c.err, errExpires):
		l.Detail = plain(c.err)
	default:
		l.Detail = "Connecting…"
	}
	return l
}

// plain is an error as a person reads it: its first sentence, without the room's name.
func plain(err error) string {
	var refused *Refused
	switch {
	case errors.Is(err, ErrCredentials):
		err = ErrCredentials
	case errors.As(err, &refused):
		err = refused
	case errors.Is(err, ErrCut):
		err = ErrCut
	case errors.Is(err, ErrTimeout):
		err = ErrTimeout
	}
	text := strings.TrimPrefix(err.Error(), "realtime: ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// measured: a ping has been answered.
func (c *Client) measured(rtt time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rtt = rtt
	c.tell()
}

// RTT is how long the backend last took to answer a ping; 0 while that is not known.
func (c *Client) RTT() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rtt
}

// transport is what the connection is called.
func (c *Client) transport() string {
	if c.cfg.Stream {
		return "stream"
	}
	return "websocket"
}
