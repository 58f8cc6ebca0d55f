package audio

import (
	"time"

	"parley/audio/pcm"
)

// How a sampleClock follows its device.
const (
	clockWindow  = 300 * time.Millisecond // two of these are searched for the earliest callback
	clockAcquire = time.Second            // after a step it goes where the earliest callback is
	clockStep    = 6 * time.Millisecond   // more than this is not drift
	clockSlew    = 200e-6                 // drift is followed by this much of the time passed
)

// sampleClock says when a device's sample was due, from the callbacks in which
// samples changed hands. A callback is never early against the device's own
// clock but often late, so the earliest of the last second shows the true line,
// which is followed slowly, but faster than two quartzes drift apart. When
// every callback of a window is late, the device has run dry and its line lies
// later from then on; when one is early, the line lay earlier all along. Then the
// clock steps. (A shorter window mistakes a busy machine for a dry device.)
type sampleClock struct {
	rate    pcm.Rate
	origin  time.Time     // of the first mark
	offset  time.Duration // due time of sample 0 after origin
	last    time.Duration // of the last mark after origin
	current time.Duration // least offset seen in this window
	before  time.Duration // and in the one before
	until   time.Duration // where this window ends
	acquire time.Duration // where it ceases to be new
	begun   bool
}

// mark notes that at the time now count samples had changed hands since the
// device began, and returns when that was due.
func (c *sampleClock) mark(now time.Time, count int64) time.Time {
	position := c.rate.Duration(int(count))
	if !c.begun {
		c.begun, c.origin, c.acquire = true, now, clockAcquire
		c.settle(0, -position)
	}
	at := now.Sub(c.origin)
	seen := at - position
	most := time.Duration(float64(at-c.last) * clockSlew)
	c.last = at
	if at >= c.until {
		if late := c.current - c.offset; late > clockStep {
			c.settle(at, c.current)
			c.acquire = at + clockAcquire
		}
		c.before, c.current, c.until = c.current, seen, at+clockWindow
	}
	c.current = min(c.current, seen)
	switch early := c.offset - seen; {
	case early > 0 && at < c.acquire:
		c.settle(at, seen)
	case early > clockStep:
		c.settle(at, seen)
		c.acquire = at + clockAcquire
	default:
		c.offset += max(-most, min(most, min(c.current, c.before)-c.offset))
	}
	return c.origin.Add(c.offset + position)
}

// settle puts the line where it is now known to be.
func (c *sampleClock) settle(at, offset time.Duration) {
	c.offset, c.current, c.before = offset, offset, offset
	c.until = at + clockWindow
}
