package guard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/engine/realtime/protocol"
)

// Options are what a guard is told.
type Options struct {
	// Tokens are those who may come in. Nil: everybody may.
	Tokens *Tokens

	// Open lets everybody in while there is no token at all, as is right on loopback
	// alone.
	Open bool

	// Hosts are the names, without a port, that this server is known by, beside those
	// of loopback, which are always allowed.
	Hosts []string

	// Origins are whose pages may use it, beside its own: "https://example.org".
	Origins []string

	Limits Limits

	// Initial hands on the session that a client secret was made with; nil: it is
	// forgotten.
	Initial func(context.Context, *protocol.Session) context.Context

	// Refused is told why a request was refused; nil: nobody is.
	Refused func(Reason)

	Now func() time.Time // nil: time.Now
}

var errOrigin = errors.New(`guard: an origin is a scheme and a host, like "https://example.org"`)

// Guard decides who may come in, and how much. It may be used by several
// goroutines.
type Guard struct {
	o       Options
	hosts   []string
	origins []string
	secrets secrets
	usage   *usage
}

// New makes a guard. The error says which origin is none.
func New(o Options) (*Guard, error) {
	o.Limits = o.Limits.orDefaults()
	g := &Guard{o: o, usage: newUsage(o.Limits)}
	for _, h := range o.Hosts {
		g.hosts = append(g.hosts, strings.ToLower(strings.TrimSuffix(strings.Trim(h, "[]"), ".")))
	}
	for _, text := range o.Origins {
		known, err := origin(text)
		if err != nil {
			return nil, fmt.Errorf("%w, and not %.100q", err, text)
		}
		g.origins = append(g.origins, known)
	}
	return g, nil
}

func (g *Guard) now() time.Time {
	if g.o.Now != nil {
		return g.o.Now()
	}
	return time.Now()
}

func (g *Guard) refuse(w http.ResponseWriter, no *refusal) {
	if g.o.Refused != nil {
		g.o.Refused(no.reason)
	}
	no.write(w)
}

// Admit stands before every route but those that tell of the server's health.
func (g *Guard) Admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.hostAllowed(r.Host) {
			g.refuse(w, refuseHost(r.Host))
			return
		}
		if !g.originAllowed(r) {
			g.refuse(w, refuseOrigin(r.Header.Get("Origin")))
			return
		}
		if g.cors(w, r) {
			return
		}
		ctx, no := g.identify(r)
		if no == nil {
			no = g.measure(ctx, r)
		}
		if no != nil {
			g.refuse(w, no)
			return
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &body{http.MaxBytesReader(w, r.Body, g.o.Limits.Body), http.NewResponseController(w)}
		}
		next.ServeHTTP(w, without(r, ctx))
	})
}

// identify finds who asks, and says so in the context.
func (g *Guard) identify(r *http.Request) (context.Context, *refusal) {
	key := credentials(r.Header)
	ctx := r.Context()
	var who caller
	switch {
	case strings.HasPrefix(key, clientSecretPrefix):
		c, ok := g.secrets.find(key, g.now())
		if !ok || g.closed() && !g.o.Tokens.has(c.owner) {
			return nil, refuseToken(true)
		}
		if !sessionRoute(r.URL.Path) {
			return nil, refuseScope()
		}
		who = caller{c.owner, true}
		if g.o.Initial != nil {
			ctx = g.o.Initial(ctx, &c.session)
		}
	case g.closed():
		name, ok := g.o.Tokens.Check(key)
		if !ok {
			return nil, refuseToken(key != "")
		}
		who.name = name
	}
	return context.WithValue(ctx, callerKey{}, who), nil
}

// closed says whether a token is needed.
func (g *Guard) closed() bool {
	return g.o.Tokens != nil && (!g.o.Open || len(g.o.Tokens.List()) > 0)
}

// sessionRoute says whether a client secret is good for a route: WebSocket's, and
// WebRTC's.
func sessionRoute(path string) bool {
	return path == "/v1/realtime" || path == "/v1/realtime/calls"
}

// measure says whether the caller asks too often, or for too much at once.
func (g *Guard) measure(ctx context.Context, r *http.Request) *refusal {
	if wait := g.usage.request(Caller(ctx), g.now()); wait > 0 {
		return refuseRate(wait)
	}
	if r.ContentLength > g.o.Limits.Body {
		return refuseBody(g.o.Limits.Body)
	}
	return nil
}

// Session stands before a route that is held open, such as /v1/realtime, behind
// [Guard.Admit], and counts.
func (g *Guard) Session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := Caller(r.Context())
		if no := g.usage.enter(name); no != nil {
			g.refuse(w, no)
			return
		}
		defer g.usage.leave(name)
		next.ServeHTTP(w, r)
	})
}

// Sessions is how many sessions are open.
func (g *Guard) Sessions() int { return g.usage.open() }

// Drain lets no further session in, and waits until those there are have ended, or
// ctx has, whose cause it then returns.
func (g *Guard) Drain(ctx context.Context) error {
	select {
	case <-g.usage.drain():
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
