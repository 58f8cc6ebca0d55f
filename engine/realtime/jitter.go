package realtime

import "time"

// jitterMost is how much of a reply is waited for, at most, before its first sample
// is handed on.
const jitterMost = 120 * time.Millisecond

// jitter measures by how much sound comes later than it would have to be played, so
// that a reply waits for as much of itself as the last ones would have needed to be
// played without a gap. The measure falls by a tenth with each reply that did better.
//
// Clock drift, which jitter buffers of calls must follow, does no harm here: a reply
// is a bounded stretch of samples that is sent ahead, as fast as it is made, and
// played by the loudspeaker's clock; an utterance is one that was counted by the
// microphone's. No stream runs on for so long that two clocks could part.
type jitter struct {
	most time.Duration
}

// arrival is how a reply's sound has come so far.
type arrival struct {
	first time.Time
	sound time.Duration // that has come
	late  time.Duration // the most by which a piece came later than it was to be played
}

// came notes a piece of sound, of that length.
func (a *arrival) came(now time.Time, d time.Duration) {
	if a.first.IsZero() {
		a.first = now
	}
	a.late = max(a.late, now.Sub(a.first)-a.sound)
	a.sound += d
}

// learn takes in what a reply has shown that has come to its end.
func (j *jitter) learn(a arrival) {
	j.most = min(jitterMost, max(a.late, j.most*9/10))
}

// wait is how much longer the first sample of a reply should wait, of which that much
// has come; 0: no longer.
func (j *jitter) wait(now time.Time, a arrival) time.Duration {
	if a.sound >= j.most {
		return 0
	}
	return max(0, j.most-now.Sub(a.first))
}
