package standby

import (
	"log/slog"
	"sync"
	"time"
)

// DefaultWithin is how long a first stage may take to begin.
const DefaultWithin = 4 * time.Second

// How long a stage that has failed is left alone: the first pause, and the
// longest that it doubles to.
const (
	firstPause   = 5 * time.Second
	longestPause = time.Minute
)

// Options are what all wrappers have. The zero value is usable.
type Options struct {
	// Who is what the first stage is called when it is spoken of ("the computer
	// upstairs"); empty: what it does.
	Who string

	// Within is how long the first stage may take to begin; 0 means
	// [DefaultWithin].
	Within time.Duration

	// Explain gives why a stage failed, for the user, as a clause without a full
	// stop ("its key was refused"), or "" where there is nothing to say. Nil is
	// the same as one that always gives "".
	Explain func(error) string

	// Notices are told of an outage that the wrapper cannot speak of itself. Nil:
	// nobody is told.
	Notices *Notices

	// Failed is called with every failure, from any goroutine; it must not wait.
	// May be nil.
	Failed func(error)

	// Log gets a line for each failure and each recovery, without what was said.
	// May be nil.
	Log *slog.Logger
}

func (o *Options) within() time.Duration {
	if o.Within > 0 {
		return o.Within
	}
	return DefaultWithin
}

// who is the first stage's name, and how it is called without one.
func (o *Options) who(otherwise string) string {
	if o.Who != "" {
		return o.Who
	}
	return otherwise
}

// why is the reason of a failure as a clause, or "".
func (o *Options) why(err error) string {
	if o.Explain == nil {
		return ""
	}
	return o.Explain(err)
}

// outage is what is known about a first stage: whether it fails, and who knows.
type outage struct {
	mu    sync.Mutex
	err   error         // what it last failed with; nil: it is well
	pause time.Duration // … and how long it rests for that
	until time.Time
	told  bool
}

// resting says whether the first stage is to be left alone now.
func (o *outage) resting() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Now().Before(o.until)
}

// failed makes the first stage rest. Calls that fail together are one failure.
func (o *outage) failed(options *Options, stage string, err error) {
	o.mu.Lock()
	o.err = err
	now := time.Now()
	if !now.Before(o.until) {
		o.pause = min(max(2*o.pause, firstPause), longestPause)
		o.until = now.Add(o.pause)
	}
	pause := o.pause
	o.mu.Unlock()
	if options.Log != nil {
		options.Log.Warn("standby: a service failed", "stage", stage, "reason", options.why(err), "pause", pause)
	}
	if options.Failed != nil {
		options.Failed(err)
	}
}

// well forgets all that was bad.
func (o *outage) well(options *Options, stage string) {
	o.mu.Lock()
	was := o.err
	o.err, o.pause, o.until, o.told = nil, 0, time.Time{}, false
	o.mu.Unlock()
	if was != nil && options.Log != nil {
		options.Log.Info("standby: a service is back", "stage", stage)
	}
}

// untold gives what the first stage failed with, unless the user knows.
func (o *outage) untold() (error, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err, o.err != nil && !o.told
}

// tell marks that the user knows, and says whether he did not.
func (o *outage) tell() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.told
	o.told = true
	return !before
}

// sentence is what has happened, with the reason where there is one: "The language
// model isn't answering: its key was refused."
func (o *Options) sentence(what string, err error) string {
	if reason := o.why(err); reason != "" {
		return what + ": " + reason + "."
	}
	return what + "."
}
