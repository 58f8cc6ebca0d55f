package turn

import (
	"slices"
	"time"
)

// Patience is how long to wait for a user who has fallen silent to go on.
type Patience string

// The patiences.
const (
	Quick    Patience = "quick"
	Balanced Patience = "balanced"
	Patient  Patience = "patient"
)

// waits is how long a silence ends a turn, by what its words say.
type waits struct{ complete, likely, unclear, open, wordless time.Duration }

// table are the waits of a patience. Between people the gap is about 200 ms
// (T. Stivers and others, "Universals and cultural variation in turn-taking in
// conversation", 2009), and a whole question needs no more. What is not yet whole
// waits for the pauses that people make within a turn; how long those may be at
// the price of how many turns cut off too early is measured by `parley bench
// turns` (docs/performance.md).
func (p Patience) table() waits {
	const ms = time.Millisecond
	switch p {
	case Quick:
		return waits{complete: 150 * ms, likely: 350 * ms, unclear: 500 * ms, open: 1200 * ms, wordless: 500 * ms}
	case Patient:
		return waits{complete: 450 * ms, likely: 1000 * ms, unclear: 1500 * ms, open: 2200 * ms, wordless: 900 * ms}
	default:
		return waits{complete: 210 * ms, likely: 600 * ms, unclear: 900 * ms, open: 1700 * ms, wordless: 600 * ms}
	}
}

// unstable is how much longer to wait while the words may still change: a
// partial hypothesis often lacks the last word.
const unstable = 100 * time.Millisecond

// Sense judges the words of a turn so far: by the language's data, and by what is
// known.
func (c Config) Sense(text string) Sense { return c.Language.Sense(text, c.Known) }

// Wait is how long a silence ends a turn of which text is known; settled says
// that text is all there is, as far as anyone can tell, and not a guess on the
// way. pauses may be nil. c is one with its defaults (see [Detector.Config]).
func (c Config) Wait(text string, settled bool, pauses *Pauses) time.Duration {
	w := c.Patience.table()
	var wait time.Duration
	switch c.Sense(text) {
	case Complete:
		wait = w.complete
	case Likely:
		wait = w.likely
		if c.Known == nil { // nobody could say more
			wait = w.complete
		}
	case Open:
		wait = w.open
	case Unclear:
		wait = pauses.widen(w.unclear, w.open)
	default:
		wait = w.wordless
	}
	if !settled {
		wait += unstable
	}
	return wait
}

// How a user's own pauses are learnt.
const (
	pausesKept  = 16
	pausesLeast = 4 // fewer say nothing yet
	pauseBeyond = 150 * time.Millisecond
	pauseLong   = 3 * time.Second // longer is another turn's beginning
)

// Pauses are how long this user's pauses within turns have been of late. Only
// the newest few count.
type Pauses struct {
	recent []time.Duration
}

// Note remembers that the user went on after a pause.
func (p *Pauses) Note(pause time.Duration) {
	if pause <= 0 || pause > pauseLong {
		return
	}
	if len(p.recent) == pausesKept {
		p.recent = slices.Delete(p.recent, 0, 1)
	}
	p.recent = append(p.recent, pause)
}

// Forget forgets them all.
func (p *Pauses) Forget() { p.recent = nil }

// widen is wait, or what this user needs, if that is more: nine of ten of his
// pauses and a little. It is bounded to most, and to not less than two thirds of
// wait for a user who hardly pauses.
func (p *Pauses) widen(wait, most time.Duration) time.Duration {
	if p == nil || len(p.recent) < pausesLeast {
		return wait
	}
	sorted := slices.Sorted(slices.Values(p.recent))
	need := sorted[len(sorted)*9/10] + pauseBeyond
	return min(most, max(wait*2/3, need))
}
