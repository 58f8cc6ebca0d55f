package engine

import (
	"slices"
	"time"
)

// VoicedWords places the words of what comes already spoken in a text and on a clock
// that it shares with what is synthesized. [Voiced] has scales of its own, bytes of
// voiced text and time of voiced sound, which lie in the whole in stretches. The zero
// value is ready; it is for one goroutine at a time.
type VoicedWords struct {
	texts  []stretch[int]
	sounds []stretch[time.Duration]
	text   int           // bytes so far
	sound  time.Duration // so far
	before int           // bytes of what Begin has put behind
	wait   []Word        // given, but their sound or text is not there yet
	last   Word          // the last that was placed: what follows has no times
}

// stretch is where a stretch of one scale begins on another.
type stretch[T int | time.Duration] struct{ from, to T }

// reach makes the end of a scale lie at to on the other.
func reach[T int | time.Duration](all []stretch[T], end, to T) []stretch[T] {
	if n := len(all); n > 0 && all[n-1].to+end-all[n-1].from == to {
		return all // it goes on from where it was
	}
	return append(all, stretch[T]{end, to})
}

// place is where v lies on the other scale.
func place[T int | time.Duration](all []stretch[T], v T) T {
	for _, s := range slices.Backward(all) {
		if s.from <= v {
			return s.to + v - s.from
		}
	}
	return 0
}

// Text says that the next n bytes of voiced text lie at byte at of the whole text.
func (v *VoicedWords) Text(n, at int) {
	v.texts = reach(v.texts, v.text, at)
	v.text += n
}

// Sound says that the next so much voiced sound lies at that time on the whole's clock.
func (v *VoicedWords) Sound(d, at time.Duration) {
	v.sounds = reach(v.sounds, v.sound, at)
	v.sound += d
}

// Words takes words as [Voiced] has them and returns those whose sound and text have
// come by now, placed in the whole. The others come with a later call.
func (v *VoicedWords) Words(given []Word) []Word {
	var placed []Word
	v.wait = append(v.wait, given...)
	for len(v.wait) > 0 {
		w := v.wait[0]
		if w.From >= v.before && (w.Start >= v.sound || w.To > v.text) {
			break
		}
		if v.wait = v.wait[1:]; w.From >= v.before {
			placed = append(placed, v.placed(w))
			v.last = w
		}
	}
	return placed
}

// Begin says that what follows lies in another text and on another clock. Words of
// what came before that were not given are forgotten.
func (v *VoicedWords) Begin() {
	v.texts, v.sounds, v.before = nil, nil, v.text
}

// placed is a voiced word in the whole.
func (v *VoicedWords) placed(w Word) Word {
	from, start := place(v.texts, w.From), place(v.sounds, w.Start)
	return Word{From: from, To: max(from, place(v.texts, w.To-1)+1), Start: start, End: start + w.End - w.Start}
}
