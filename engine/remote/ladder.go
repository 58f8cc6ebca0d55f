package remote

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
)

// Options are what a ladder has beside its rungs.
type Options struct {
	// URL is the backend's: its host is the name that links and the memory have.
	URL string

	// Own are the embedded stages, for what a rung does not do.
	Own Stages

	// Memory keeps the choice for a day; nil: it is made anew at each start.
	Memory Memory

	// Log gets a line for each rung that is left or found, without what was said.
	// Nil discards.
	Log *slog.Logger
}

// Ladder answers by the best rung that works. Its methods may be called by several
// goroutines.
type Ladder struct {
	options Options
	host    string

	mu      sync.Mutex
	steps   []step        // best first
	at      int           // the one in use; len(steps): none works
	up      int           // a better one that works, for the next turn; else len(steps)
	refused error         // wraps ErrCredentials; nil: not refused
	denials int           // how many pauses it has been refused for
	heard   bool          // an utterance has begun that nothing was answered to yet
	look    time.Time     // when the one in use is to be asked how it is
	anew    chan struct{} // closed when anything has changed that a link shows
	wake    chan struct{} // for Run: something is to be asked now
}

// step is a rung and what is known of it.
type step struct {
	rung   Rung
	well   bool        // it has been found to work since it last did not
	why    error       // why it was left or does not work; nil: nothing is known against it
	retry  time.Time   // when it is asked again, if it is better than the one in use
	pauses int         // how many pauses it has had without an answer since
	later  time.Time   // the backend has asked to wait until then
	cuts   []time.Time // when it broke off, of late
}

var (
	_ engine.Transcriber = (*Ladder)(nil)
	_ engine.Responder   = (*Ladder)(nil)
	_ engine.Synthesizer = (*Ladder)(nil)
	_ engine.Teacher     = (*Ladder)(nil)
)

// New makes a ladder of rungs, the best first. It begins with the one that is
// remembered, else with the best. Run has to be running for it to climb again.
func New(o Options, rungs ...Rung) (*Ladder, error) {
	base, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	if len(rungs) == 0 {
		return nil, errors.New("remote: a ladder needs a rung")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := &Ladder{options: o, host: base.Host, up: len(rungs), anew: make(chan struct{}), wake: make(chan struct{}, 1)}
	now := time.Now()
	for _, r := range rungs {
		l.steps = append(l.steps, step{rung: r, retry: now.Add(pause(0))})
	}
	if o.Memory != nil {
		name, at, ok := o.Memory.Recall(l.host)
		for i := range l.steps {
			if age := now.Sub(at); ok && l.steps[i].rung.Name() == name && age >= 0 && age < remembered {
				l.at = i
			}
		}
	}
	return l, nil
}

// begin is the rung for a call; a turn begins with it. The error says why there is
// none: it wraps [ErrCredentials], [ErrLater] or [ErrAway].
func (l *Ladder) begin(turn bool) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if turn && l.up < l.at {
		l.at, l.up = l.up, len(l.steps)
		l.changed()
	}
	if l.refused != nil {
		return 0, l.refused
	}
	if l.at == len(l.steps) {
		return 0, l.away()
	}
	if left := time.Until(l.steps[l.at].later); left > 0 {
		return 0, fmt.Errorf("%w: %s is busy for another %v", ErrLater, l.host, left.Round(time.Second))
	}
	return l.at, nil
}

// away is that no rung works, and why the last did not. The lock is held.
func (l *Ladder) away() error {
	return fmt.Errorf("%w: %s: %w", ErrAway, l.host, l.steps[len(l.steps)-1].why)
}

// failed takes a failure of rung i, before anything of a call had come, and gives the
// rung to go on with, below i, or the error to end with. Where there is no rung but the
// backend is well, that is the number of rungs: what is here goes on.
func (l *Ladder) failed(i int, err error) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch what, after := judge(err); what {
	case stop:
		l.refuse(err)
		return 0, l.refused
	case wait:
		l.steps[i].later = time.Now().Add(after)
		l.changed()
		return 0, fmt.Errorf("%w: %w", ErrLater, err)
	case answered:
		return 0, err
	case unfit:
		return i + 1, nil
	case leave:
		l.leave(i, err)
	}
	next := max(i+1, l.at)
	if next >= len(l.steps) {
		return 0, fmt.Errorf("%w: %s: %w", ErrAway, l.host, err)
	}
	return next, nil
}

// refuse: the key is wrong. The lock is held.
func (l *Ladder) refuse(err error) {
	if !errors.Is(err, ErrCredentials) {
		err = fmt.Errorf("%w: %w", ErrCredentials, err)
	}
	if l.refused == nil {
		l.options.Log.Warn("remote: the key was refused", "host", l.host)
	}
	l.refused = err
	l.look = time.Now().Add(pause(l.denials))
	l.denials++
	l.changed()
	l.stir() // to wait until then
}

// leave goes on with the next rung, if i is the one in use. The lock is held.
func (l *Ladder) leave(i int, err error) {
	s := &l.steps[i]
	s.well, s.why, s.retry = false, err, time.Now().Add(pause(s.pauses))
	s.pauses++
	if l.up == i {
		l.up = len(l.steps)
	}
	if l.at == i {
		l.at++
		l.look = time.Time{}
		l.options.Log.Warn("remote: a way does not work", "way", s.rung.Name(), "host", l.host, "why", Explain(err))
		l.stir()
	}
	l.changed()
}

// answered: rung i has answered a call.
func (l *Ladder) answered(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.steps[i].pauses = 0
	l.works(i)
}

// works: nothing is known against rung i any more. The lock is held.
func (l *Ladder) works(i int) {
	s := &l.steps[i]
	s.well, s.why, s.later = true, nil, time.Time{}
	l.refused, l.denials = nil, 0
	if l.at == len(l.steps) { // nothing is given up by it
		l.at, l.look = i, time.Now().Add(lookEvery)
	} else if i < l.at {
		l.up = min(l.up, i)
	}
	l.changed()
}

// How often a rung may break off, and in which time, before it is left.
const (
	cutsMost  = 3
	cutsTime  = 10 * time.Minute
	cutsShort = 2 * time.Minute // a connection that lasts longer has not broken off
)

// Lost says that a connection of the rung of that name has ended that nobody meant to
// end, having lasted so long. One that is closed again and again (some proxies close
// after a minute, whatever comes) is left. It never waits.
func (l *Ladder) Lost(rung string, lasted time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.steps {
		if l.steps[i].rung.Name() == rung && lasted < cutsShort {
			l.cut(i)
		}
	}
}

// broke: a call on rung i broke off in the middle.
func (l *Ladder) broke(i int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch what, after := judge(err); what {
	case stop:
		l.refuse(err)
	case wait:
		l.steps[i].later = time.Now().Add(after)
		l.changed()
	case leave:
		l.cut(i)
	case unfit, answered:
	}
}

// cut: rung i broke off once more. The lock is held.
func (l *Ladder) cut(i int) {
	s := &l.steps[i]
	now := time.Now()
	for len(s.cuts) > 0 && now.Sub(s.cuts[0]) > cutsTime {
		s.cuts = s.cuts[1:]
	}
	if s.cuts = append(s.cuts, now); len(s.cuts) >= cutsMost {
		s.cuts, s.pauses = nil, len(pauses)-1 // a probe would find it well at once
		l.leave(i, errUnsteady)
		return
	}
	if i == l.at { // it may be gone for good
		l.look = time.Time{}
		l.stir()
	}
}

// changed wakes who watches. The lock is held.
func (l *Ladder) changed() {
	close(l.anew)
	l.anew = make(chan struct{})
}

// stir has Run look at once.
func (l *Ladder) stir() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}
