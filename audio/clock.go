package audio

import (
	"time"

	"parley/audio/pcm"
)

// How a sampleClock follows its device.
const (
	clockWindow  = 500 * time.Millisecond // two of these are searched for the earliest callback
	clockAcquire = 2 * time.Second        // at first it jumps to what it finds
	clockStep    = 8 * time.Millisecond   // and later only to what is further away than this
	clockSlew    = 200e-6                 // following anything less by this much of the time passed
)

// sampleClock says when a device's sample was due, from the callbacks in which
// samples changed hands. A callback is never early against the device's own
// clock but often late, so the earliest of the last second shows the true line;
// it is followed slowly, faster than two quartzes drift apart.
type sampleClock struct {
	rate    pcm.Rate
	origin  time.Time     // of the first mark
	offset  time.Duration // due time of sample 0 after origin
	last    time.Duration // of the last mark after origin
	current time.Duration // least offset seen in this window
	before  time.Duration // and in the one before
	until   time.Duration // where this window ends
}

// mark notes that at the time now count samples had changed hands since the
// device began, and returns when that was due.
func (c *sampleClock) mark(now time.Time, count int64) time.Time {
	position := c.rate.Duration(int(count))
	if c.origin.IsZero() {
		c.origin = now
		c.offset, c.current, c.before = -position, -position, -position
		c.until = clockWindow
		return now
	}
	at := now.Sub(c.origin)
	seen := at - position
	if at >= c.until {
		c.before, c.current, c.until = c.current, seen, at+clockWindow
	}
	c.current = min(c.current, seen)
	err := min(c.current, c.before) - c.offset
	most := time.Duration(float64(at-c.last) * clockSlew)
	switch {
	case at < clockAcquire, err > clockStep, err < -clockStep:
		c.offset += err
	default:
		c.offset += max(-most, min(most, err))
	}
	c.last = at
	return c.origin.Add(c.offset + position)
}
