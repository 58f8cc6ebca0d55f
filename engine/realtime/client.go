package realtime

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
)

// Client is the stages of a conversation, at a backend. Run keeps its connection;
// everything else may be used by several goroutines, before Run and after it.
type Client struct {
	cfg   Config
	url   *url.URL
	http  *http.Client
	own   bool // http is ours
	log   *slog.Logger
	ids   atomic.Int64
	nudge chan struct{} // holds at most one token: somebody wants the connection now

	input  gate // whoever has it speaks into the backend's one input buffer
	output gate // whoever has it asks for a reply: the backend gives one at a time

	mu      sync.Mutex
	changed chan struct{} // closed, and made anew, when something below has changed
	ran     bool
	running bool
	link    *link     // open and ready; nil while it is away
	since   time.Time // when it went away
	err     error     // why it is away
	busy    int       // stages at work
	rtt     time.Duration
	jitter  jitter
	session session
}

var (
	_ engine.Transcriber = (*Client)(nil)
	_ engine.Responder   = (*Client)(nil)
	_ engine.Teacher     = (*Client)(nil)
	_ engine.LinkWatcher = (*Client)(nil)
)

// New makes a client. Its error wraps [ErrAddress] if the URL is none.
func New(cfg Config) (*Client, error) {
	u, err := cfg.address()
	if err != nil {
		return nil, err
	}
	c := &Client{
		cfg: cfg, url: u, http: cfg.HTTPClient, log: cfg.Log,
		nudge: make(chan struct{}, 1), changed: make(chan struct{}),
		input: make(gate, 1), output: make(gate, 1),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.http == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone() // which it is
		c.http, c.own = &http.Client{Transport: transport}, true
	}
	if c.cfg.Patience <= 0 {
		c.cfg.Patience = defaultPatience
	}
	return c, nil
}

// Ready waits until there is a connection and the backend has answered, or the
// attempt has failed: then it returns why, as [Client.Run] describes. It ends with
// ctx's cause.
func (c *Client) Ready(ctx context.Context) error {
	return c.await(ctx, 0, func() (bool, error) {
		if c.link == nil && c.err != nil {
			return false, c.err
		}
		return c.link != nil, nil
	})
}

// event gives an id to an event of ours.
func (c *Client) event() string { return "evt_p" + strconv.FormatInt(c.ids.Add(1), 36) }

// gate lets one in at a time.
type gate chan struct{}

func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (g gate) leave() { <-g }

// tell says that something has changed. To be called with mu held.
func (c *Client) tell() {
	close(c.changed)
	c.changed = make(chan struct{})
}

var errLate = errors.New("realtime: it took too long")

// await asks ready, with mu held, now and after every change, until it has an
// answer. It returns its error, ctx's cause, or errLate when limit is over (0: never).
func (c *Client) await(ctx context.Context, limit time.Duration, ready func() (bool, error)) error {
	var late <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		late = timer.C
	}
	for {
		c.mu.Lock()
		ok, err := ready()
		changed := c.changed
		c.mu.Unlock()
		if ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-late:
			return errLate
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// work says that a stage is at work, until the function it returns is called: the
// connection is watched more closely.
func (c *Client) work() (done func()) {
	c.mu.Lock()
	c.busy++
	c.mu.Unlock()
	c.wake()
	return func() {
		c.mu.Lock()
		c.busy--
		c.mu.Unlock()
	}
}

// wake has the connection looked at now.
func (c *Client) wake() {
	select {
	case c.nudge <- struct{}{}:
	default:
	}
}

// away is why a stage need not wait for the connection any longer; nil while it is
// there or may come back soon. To be called with mu held.
func (c *Client) away() error {
	var refused *Refused
	switch {
	case c.link != nil:
		return nil
	case !c.running && c.ran:
		return ErrNotRunning
	case c.err == nil:
		return nil
	case errors.As(c.err, &refused), errors.Is(c.err, ErrCredentials), time.Since(c.since) >= c.cfg.Patience:
		return c.err
	}
	return nil
}

// connected waits for the connection, no longer than patience has it.
func (c *Client) connected(ctx context.Context) (*link, error) {
	var l *link
	err := c.await(ctx, c.cfg.Patience, func() (bool, error) {
		l = c.link
		return l != nil, c.away()
	})
	if errors.Is(err, errLate) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if err = c.err; err == nil {
			err = ErrTimeout
		}
	}
	return l, err
}
