package remote

import (
	"context"
	"fmt"
	"iter"
	"time"

	"parley/engine"
)

// Links implements engine.LinkWatcher: the name of the rung in use as the transport,
// and in one sentence why no better one is.
func (l *Ladder) Links(ctx context.Context) iter.Seq[engine.Link] {
	return func(yield func(engine.Link) bool) {
		var last engine.Link
		for first := true; ctx.Err() == nil; first = false {
			l.mu.Lock()
			link, anew := l.link(), l.anew
			l.mu.Unlock()
			if (first || link != last) && !yield(link) {
				return
			}
			last = link
			select {
			case <-anew:
			case <-ctx.Done():
			}
		}
	}
}

// link is how the backend is reached now. The lock is held.
func (l *Ladder) link() engine.Link {
	link := engine.Link{Backend: l.host}
	switch {
	case l.refused != nil:
		link.Detail = l.host + " refuses the key; check it in the settings."
		return link
	case l.at == len(l.steps):
		link.Detail = fmt.Sprintf("%s isn't answering: %s.", l.host, Explain(l.steps[len(l.steps)-1].why))
		return link
	}
	s := l.steps[l.at]
	link.Transport, link.RTT = s.rung.Name(), s.rung.RTT().Round(100*time.Microsecond)
	if time.Now().Before(s.later) {
		link.Detail = fmt.Sprintf("%s is busy and asks to wait a moment.", l.host)
		return link
	}
	for i := range l.at {
		better := l.steps[i]
		switch {
		case i == l.up:
			link.Detail = fmt.Sprintf("%s works and is used from your next turn.", Title(better.rung.Name()))
			return link
		case better.why != nil && link.Detail == "":
			link.Detail = fmt.Sprintf("%s doesn't work here: %s.", Title(better.rung.Name()), Explain(better.why))
		}
	}
	return link
}

// Follow watches a rung's own link until ctx ends, and takes each connection that it
// loses as [Ladder.Lost] does.
func (l *Ladder) Follow(ctx context.Context, rung string, own engine.LinkWatcher) {
	var since time.Time // zero: there is no connection
	for link := range own.Links(ctx) {
		switch up := link.Transport != ""; {
		case up && since.IsZero():
			since = time.Now()
		case !up && !since.IsZero():
			l.Lost(rung, time.Since(since))
			since = time.Time{}
		}
	}
}
