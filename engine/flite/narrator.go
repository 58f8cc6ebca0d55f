package flite

import (
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

const (
	rate        = pcm.Rate16k // all of the voices
	frameLength = 320         // samples, 20 ms
	window      = 80          // samples, 5 ms: where the voice sets in is found to this
	lead        = 160         // samples, 10 ms kept before the voice sets in
	grace       = 800         // samples, 50 ms: how late a faint first sound may set in
	audible     = -55.0       // dBFS: louder than the hiss a voice makes of a pause
)

// narrator makes speech of what flite says about the pieces of a sentence: it
// leaves out the 100 to 250 ms of pause that flite puts before each, and gives
// the words their times.
type narrator struct {
	out   *queue
	words []engine.Word // with their times as far as known
	told  int           // words already handed on
	said  int           // samples already handed on

	piece   piece
	toks    []token
	held    []int16 // the beginning, until the voice sets in
	begun   bool    // the voice has set in
	touched int     // words before this one have had their start set
}

func (n *narrator) begin(p piece) {
	n.piece, n.toks, n.held, n.begun = p, nil, nil, false
}

func (n *narrator) tokens(ts []token) { n.toks = ts }

// audio takes the next samples of the piece.
func (n *narrator) audio(samples []int16, _ pcm.Rate) bool {
	if n.out.stopped() {
		return false
	}
	if n.begun {
		n.emit(slices.Clone(samples))
		return true
	}
	n.held = append(n.held, samples...)
	if onset, ok := n.onset(); ok {
		n.set(onset)
	}
	return true
}

// onset is the sample of the piece at which to begin: a little before the first
// sound, which flite makes about where it says that the first word starts.
func (n *narrator) onset() (int, bool) {
	latest := -1
	for _, t := range n.toks {
		if t.end >= 0 {
			latest = int(t.start*float64(rate)) + grace
			break
		}
	}
	for at := 0; at+window <= len(n.held); at += window {
		if pcm.Level(n.held[at:at+window]) > audible || latest >= 0 && at+window > latest {
			return max(0, at-lead), true
		}
	}
	return 0, false
}

// set begins the piece's sound at sample onset and times its words.
func (n *narrator) set(onset int) {
	n.begun = true
	n.time(onset)
	n.emit(n.held[onset:])
	n.held = nil
}

// time gives the words of the piece their times, for a piece whose sound begins
// at sample onset.
func (n *narrator) time(onset int) {
	at := func(seconds float64) time.Duration {
		d := time.Duration(seconds*float64(time.Second)) + rate.Duration(n.said) - rate.Duration(onset)
		return max(0, d)
	}
	r := 0
	for _, t := range n.toks {
		for r < len(n.piece.runs)-1 && n.piece.runs[r].to <= t.from {
			r++
		}
		if t.end < 0 || r >= len(n.piece.runs) {
			continue
		}
		i := n.piece.runs[r].word
		if n.touched <= i {
			n.words[i].Start = at(t.start)
			n.touched = i + 1
		}
		n.words[i].End = at(t.end)
	}
	n.order(n.piece.done)
}

// order makes the times of the words before end run forward; a word that isn't
// said takes no time, after the one before it.
func (n *narrator) order(end int) {
	for i := n.told; i < end; i++ {
		var before time.Duration
		if i > 0 {
			before = n.words[i-1].End
		}
		w := &n.words[i]
		w.Start = max(w.Start, before)
		w.End = max(w.End, w.Start)
	}
}

// emit hands samples on in frames, the first with the words that are complete.
func (n *narrator) emit(samples []int16) {
	for f := range slices.Chunk(samples, frameLength) {
		s := engine.Speech{Frame: pcm.Frame{Rate: rate, Samples: f}}
		if n.told < n.piece.done {
			s.Words = slices.Clone(n.words[n.told:n.piece.done])
			n.told = n.piece.done
		}
		n.said += len(f)
		n.out.push(s)
	}
}

// end is called when flite has said all of the piece.
func (n *narrator) end() {
	if !n.begun && len(n.held) > 0 {
		n.set(0) // no louder than a pause, whatever it is
	}
}

// finish is called after the last piece: words that went with no sound at all
// go with a silent frame.
func (n *narrator) finish() {
	if n.told == len(n.words) || n.out.stopped() {
		return
	}
	n.piece.done = len(n.words)
	n.order(n.piece.done)
	n.emit(make([]int16, rate.Samples(pcm.FrameTime)))
}
