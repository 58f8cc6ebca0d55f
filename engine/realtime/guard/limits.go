package guard

import (
	"cmp"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are how much is let in. A zero field means its default.
type Limits struct {
	Body             int64 // bytes of a request's body; 26 MiB, what OpenAI takes as a recording and its form
	Requests         int   // of one caller in a minute; 600. So many may come at once
	Sessions         int   // held open at once by all; 1000
	SessionsPerToken int   // held open at once by one caller; as many as by all
}

func (l Limits) orDefaults() Limits {
	l.Body = cmp.Or(l.Body, 26<<20)
	l.Requests = cmp.Or(l.Requests, 600)
	l.Sessions = cmp.Or(l.Sessions, 1000)
	l.SessionsPerToken = cmp.Or(l.SessionsPerToken, l.Sessions)
	return l
}

// usage counts what callers have. Callers are tokens' names, of which there are at
// most mostTokens at a time, so it does not grow.
type usage struct {
	limits Limits

	mu       sync.Mutex
	rates    map[string]*rate.Limiter
	sessions map[string]int
	total    int
	drained  chan struct{} // nil until draining; closed when no session is left
}

func newUsage(l Limits) *usage {
	return &usage{limits: l, rates: make(map[string]*rate.Limiter), sessions: make(map[string]int)}
}

// request counts a request; wait is 0 if it may pass, or how long it is until one
// may.
func (u *usage) request(name string, now time.Time) (wait time.Duration) {
	u.mu.Lock()
	defer u.mu.Unlock()
	l := u.rates[name]
	if l == nil {
		if len(u.rates) >= 2*mostTokens { // of tokens that were removed since
			clear(u.rates)
		}
		l = rate.NewLimiter(rate.Limit(float64(u.limits.Requests)/60), u.limits.Requests)
		u.rates[name] = l
	}
	r := l.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// enter counts a session; no is why there may be none. leave must be called in the
// end.
func (u *usage) enter(name string) (no *refusal) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.drained != nil:
		return refuseDraining()
	case u.sessions[name] >= u.limits.SessionsPerToken:
		return refuseSessions("with this key")
	case u.total >= u.limits.Sessions:
		return refuseSessions("on this server")
	}
	u.sessions[name]++
	u.total++
	return nil
}

func (u *usage) leave(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.sessions[name]--; u.sessions[name] == 0 {
		delete(u.sessions, name)
	}
	if u.total--; u.total == 0 && u.drained != nil {
		close(u.drained)
	}
}

// drain lets no further session in; the channel is closed when none is left.
func (u *usage) drain() <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.drained == nil {
		u.drained = make(chan struct{})
		if u.total == 0 {
			close(u.drained)
		}
	}
	return u.drained
}

// open is how many sessions there are.
func (u *usage) open() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.total
}
