package realtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine/realtime/protocol"
)

// messageLimit is how large an event of the backend may be, in bytes: what its own
// interface allows for sound, with room for the rest. A larger one ends the
// connection.
const messageLimit = 16 << 20

// wanted are the extensions that are asked for.
const wanted = protocol.Teaching1 + ", " + protocol.Resume1 + ", " + protocol.Speculation1

// dial opens a connection. At first it is given little time: a network that has just
// come back loses packets of those who hurry, and who waits for them waits long.
func (c *Client) dial(ctx context.Context, tries int) (*link, error) {
	limit := handshakeTime
	c.mu.Lock()
	resuming := c.session.token != ""
	header := http.Header{protocol.ExtensionsHeader: {wanted}}
	if resuming {
		header.Set(protocol.ResumeHeader, c.session.token+"; last="+c.session.lastEvent)
		limit = min(limit, time.Second<<min(tries, 4))
	}
	c.mu.Unlock()
	if c.cfg.Token != nil {
		if token := c.cfg.Token(); token != "" {
			header.Set(c.cfg.keyHeader(c.url.Hostname(), token))
		}
	}
	dialing, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	plain := *c.http
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token goes nowhere else
	open := openSocket
	if c.cfg.Stream {
		open = openStream
	}
	conn, answer, err := open(dialing, &plain, c.url, header) //nolint:bodyclose // the connection has it
	if err != nil {
		return nil, c.refusal(dialing, answer, err)
	}
	l := newLink(ctx, c, conn)
	for name := range strings.SplitSeq(answer.Header.Get(protocol.ExtensionsHeader), ",") {
		if name = strings.TrimSpace(name); name != "" {
			l.extensions = append(l.extensions, name)
		}
	}
	return l, nil
}

// refusal is why there is no WebSocket. It quotes nothing that the host has said.
func (c *Client) refusal(ctx context.Context, answer *http.Response, err error) error {
	switch {
	case answer != nil && answer.StatusCode != http.StatusSwitchingProtocols:
		return &Refused{
			Status: answer.StatusCode, RetryAfter: retryAfter(answer.Header.Get("Retry-After")),
			Page: strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html"),
		}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: %s", ErrTimeout, c.url.Host)
	}
	return fmt.Errorf("realtime: cannot reach %s: %w", c.url.Host, cmp.Or(unwrapped(err), err))
}

// unwrapped is the cause of a failed request without the request's URL, which may
// hold a key.
func unwrapped(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// retryAfter reads the header: seconds, or a date. At most an hour is believed.
func retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		return max(0, min(time.Duration(min(n, 3600))*time.Second, time.Hour))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(time.Until(at), time.Hour))
	}
	return 0
}

// has says whether an extension was confirmed.
func (l *link) has(extension string) bool { return slices.Contains(l.extensions, extension) }
