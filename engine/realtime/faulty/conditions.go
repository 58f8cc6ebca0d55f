package faulty

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Conditions are what a network is like. The zero value is a good one.
type Conditions struct {
	// Delay is how long everything takes one way, in either direction.
	Delay time.Duration

	// Loss is the share of pieces that are held up as lost ones are, 0 to 1: 0.02 is
	// what is felt of 2 % loss.
	Loss float64

	// Rate is how many bytes a second pass in each direction of each connection; 0: no
	// limit.
	Rate int

	// Hole lets nothing pass, in either direction. Connections stay, and can be made.
	// What was sent passes when the hole is gone, as what is sent again would.
	Hole bool

	// Refuse resets every new connection at once.
	Refuse bool

	// CutUp and CutDown close a connection when that many bytes of it have passed to
	// the server or to the client; 0: not.
	CutUp, CutDown int64
}

// resend is how long a sender waits before it sends again what was not acknowledged:
// the least that Linux has (RFC 6298 wants a second, which nobody does), and longer
// where the way is.
func (c Conditions) resend() time.Duration { return 200*time.Millisecond + 2*c.Delay }

// weather is the conditions as they are now, and who waits for them to change.
type weather struct {
	mu      sync.Mutex
	now     Conditions
	changed chan struct{}
	random  *rand.Rand
}

func (w *weather) set(c Conditions) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = c
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *weather) get() (Conditions, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now, w.changed
}

// delay is how long the next piece takes.
func (w *weather) delay() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.now.Delay
	if w.now.Loss > 0 && w.random.Float64() < w.now.Loss {
		d += w.now.resend()
	}
	return d
}
