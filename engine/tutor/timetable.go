package tutor

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// longestTimer and mostTimers bound what is kept.
const (
	longestTimer = 30 * 24 * time.Hour
	mostTimers   = 50
)

// late is how long after its end a timer is still announced as if it had just
// ended: somebody may have been speaking.
const late = time.Minute

var errFull = errors.New("tutor: too many timers")

// timer is something to be announced at a time.
type timer struct {
	id   int
	name string // "twelve minute", "pasta"; before "timer"
	task string // of a reminder, what is to be done; else ""
	hour string // of an alarm, the time it was set for; else ""
	ends time.Time
}

// title is how a timer is spoken of: "twelve minute timer".
func (t timer) title() string {
	switch {
	case t.task != "":
		return "reminder to " + t.task
	case t.hour != "":
		return "alarm for " + t.hour
	}
	return t.name + " timer"
}

// timetable holds the timers that are running. No goroutine watches them but
// the one that ranges over due.
type timetable struct {
	now     func() time.Time
	changed chan struct{} // has a token when the timers have changed since due last looked

	mu     sync.Mutex
	lastID int
	timers []timer // by the time they end
}

func newTimetable(now func() time.Time) *timetable {
	return &timetable{now: now, changed: make(chan struct{}, 1)}
}

// add starts a timer.
func (tt *timetable) add(t timer) error {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	if len(tt.timers) >= mostTimers {
		return errFull
	}
	tt.lastID++
	t.id = tt.lastID
	at, _ := slices.BinarySearchFunc(tt.timers, t, func(a, b timer) int {
		if c := a.ends.Compare(b.ends); c != 0 {
			return c
		}
		return a.id - b.id
	})
	tt.timers = slices.Insert(tt.timers, at, t)
	tt.wake()
	return nil
}

// cancel drops timers by their id; those that have ended meanwhile are no error.
func (tt *timetable) cancel(ids ...int) {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	tt.timers = slices.DeleteFunc(tt.timers, func(t timer) bool { return slices.Contains(ids, t.id) })
	tt.wake()
}

// running lists the timers, the one that ends first in front.
func (tt *timetable) running() []timer {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return slices.Clone(tt.timers)
}

func (tt *timetable) wake() {
	select {
	case tt.changed <- struct{}{}:
	default:
	}
}

// due yields each timer once, when it has ended, until ctx does.
func (tt *timetable) due(ctx context.Context) iter.Seq[timer] {
	return func(yield func(timer) bool) {
		clock := time.NewTimer(0)
		defer clock.Stop()
		for {
			if ctx.Err() != nil {
				return
			}
			t, wait, ok := tt.next()
			if ok && wait <= 0 {
				if !yield(t) {
					return
				}
				continue
			}
			if !ok {
				wait = longestTimer
			}
			clock.Reset(wait)
			select {
			case <-ctx.Done():
				return
			case <-tt.changed:
			case <-clock.C:
			}
		}
	}
}

// next is the timer that ends first and how long that is off. One that has
// ended is taken off the table.
func (tt *timetable) next() (t timer, wait time.Duration, ok bool) {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	if len(tt.timers) == 0 {
		return timer{}, 0, false
	}
	t = tt.timers[0]
	if wait = t.ends.Sub(tt.now()); wait <= 0 {
		tt.timers = slices.Delete(tt.timers, 0, 1)
	}
	return t, wait, true
}

// Announcements yields a sentence for each timer that ends, until ctx does. A
// timer that ended while nobody was listening is announced as late.
func (t *Tutor) Announcements(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		for ended := range t.timers.due(ctx) {
			if !yield(announcement(ended, t.now())) {
				return
			}
		}
	}
}

func announcement(t timer, now time.Time) string {
	since := now.Sub(t.ends)
	switch {
	case t.hour != "" && t.task == "":
		return fmt.Sprintf("It's %s. This is your alarm.", clockTime(now))
	case t.task != "" && since < late:
		return fmt.Sprintf("Here is your reminder: %s.", t.task)
	case t.task != "":
		return fmt.Sprintf("I should have reminded you %s ago: %s.", span(since), t.task)
	case since < late:
		return fmt.Sprintf("Your %s timer is done.", t.name)
	}
	return fmt.Sprintf("Your %s timer was done %s ago.", t.name, span(since))
}
