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
type waits struct{ complete, likely, unclear, weak, open, wordless time.Duration }

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
		return waits{complete: 150 * ms, likely: 350 * ms, unclear: 500 * ms, weak: 700 * ms, open: 1200 * ms, wordless: 500 * ms}
	case Patient:
		return waits{complete: 450 * ms, likely: 1000 * ms, unclear: 1300 * ms, weak: 1600 * ms, open: 2200 * ms, wordless: 900 * ms}
	default:
		return waits{complete: 210 * ms, likely: 600 * ms, unclear: 700 * ms, weak: 1000 * ms, open: 1700 * ms, wordless: 600 * ms}
	}
}

// Words are what is known of those being said.
type Words struct {
	Text       string
	Confidence float64 // 0 to 1; 0: not known
	Settled    bool    // they are all that was said, as far as anyone can tell
}

// unstable is how much longer to wait while the words may still change: a
// partial hypothesis often lacks the last word. And it is not believed before the
// time that a turn without words is given: a recogniser that is slow to say what
// it makes of the pause, on a busy machine or far away, is waited for so long.
const unstable = 100 * time.Millisecond

// Sense judges the words of a turn so far: by the language's data, and by what is
// known.
func (c Config) Sense(text string) Sense { return c.Language.Sense(text, c.Known) }

// believed is the confidence below which a recogniser's words say nothing about
// whether they are all: of the questions it misheard most are below it, of the
// phrases broken off few (`parley bench turns`, the list "dev").
const believed = 0.7

// Wait is how long a silence ends a turn of which these words are known. pauses
// may be nil. c is one with its defaults (see [Detector.Config]).
func (c Config) Wait(words Words, pauses *Pauses) time.Duration {
	w := c.Patience.table()
	sense := c.Sense(words.Text)
	if sense == Unclear && words.Confidence > 0 && words.Confidence < believed {
		sense = Wordless
	}
	var wait time.Duration
	switch sense {
	case Complete:
		wait = w.complete
	case Likely:
		wait = w.likely
		if c.Known == nil { // nobody could say more
			wait = w.complete
		}
	case Weak:
		wait = w.weak
	case Open:
		wait = w.open
	case Unclear:
		wait = pauses.widen(w.unclear, w.open)
	default:
		wait = w.wordless
	}
	if !words.Settled {
		wait = max(wait+unstable, w.wordless)
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
