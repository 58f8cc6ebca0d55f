package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/audio/pcm"
)

// byteTime is how long a byte of text is taken to be spoken while nothing better
// is known: English is spoken at some 15 letters a second.
const byteTime = 65 * time.Millisecond

// voice is the part of a reply that came already spoken. It has scales of its own,
// bytes of voiced text and time of voiced sound, which lie in the reply's text and
// on the speaker's clock in stretches: a reply may also have words that were
// synthesized.
type voice struct {
	texts  []stretch[int]
	sounds []stretch[time.Duration]
	text   int           // bytes so far
	sound  time.Duration // queued so far
	wait   []Word        // given, but their sound or text is not there yet
	last   Word          // the last that was placed: what follows has no times
	over   bool          // all of its sound is queued
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

// writeVoiced takes what came already spoken, but for its sound.
func (p *playback) writeVoiced(piece Voiced) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if piece.Text != "" {
		p.voice.texts = reach(p.voice.texts, p.voice.text, p.text.Len())
		p.voice.text += len(piece.Text)
		p.add(piece.Text)
	}
	p.voice.wait = append(p.voice.wait, piece.Words...)
	p.settleVoice()
}

// playVoiced queues sound that came already spoken.
func (p *playback) playVoiced(ctx context.Context, f pcm.Frame) error {
	p.gate.Lock()
	defer p.gate.Unlock()
	if p.stopped {
		return errStopped
	}
	p.mu.Lock()
	p.voice.sounds = reach(p.voice.sounds, p.voice.sound, p.queued)
	p.voice.sound += f.Duration()
	p.count(f)
	p.settleVoice()
	p.mu.Unlock()
	return p.spk.Play(ctx, f)
}

// spoken says that all of the reply's sound is queued.
func (p *playback) spoken() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.voice.over = true
}

// settleVoice places the words whose sound and text are there by now. To be called
// with mu held.
func (p *playback) settleVoice() {
	v := &p.voice
	for len(v.wait) > 0 && v.wait[0].Start < v.sound && v.wait[0].To <= v.text {
		p.words = append(p.words, v.placed(v.wait[0]))
		v.last, v.wait = v.wait[0], v.wait[1:]
	}
	byFrom := func(a, b playedWord) int { return cmp.Compare(a.from, b.from) }
	if !slices.IsSortedFunc(p.words, byFrom) { // their times came after words that followed
		slices.SortStableFunc(p.words, byFrom)
	}
}

// placed is a voiced word in the reply and on the speaker's clock.
func (v *voice) placed(w Word) playedWord {
	from, start := place(v.texts, w.From), place(v.sounds, w.Start)
	return playedWord{from: from, to: max(from, place(v.texts, w.To-1)+1), start: start, end: start + w.End - w.Start}
}

// timed are the words with their times, guessed ones included. To be called with
// mu held.
func (p *playback) timed() []playedWord {
	v := &p.voice
	text := p.text.String()
	if v.last.To >= v.text || v.last.End >= v.sound {
		return p.words
	}
	each := byteTime
	if v.over { // what is left of the text took what is left of the sound
		each = (v.sound - v.last.End) / time.Duration(v.text-v.last.To)
	}
	var guessed []playedWord
	for from := v.last.To; from < v.text; {
		at := place(v.texts, from)
		to := from + len(wordAt(text[at:], v.text-from))
		w := Word{From: from, To: to, Start: v.last.End + time.Duration(from-v.last.To)*each, End: v.last.End + time.Duration(to-v.last.To)*each}
		if w.End > v.sound {
			break
		}
		if strings.TrimSpace(text[at:at+to-from]) != "" {
			guessed = append(guessed, v.placed(w))
		}
		from = to
	}
	return slices.Concat(p.words, guessed)
}

// wordAt is the word that text begins with, with the space before it; it has n
// bytes at most, and one at least.
func wordAt(text string, n int) string {
	text = text[:min(n, len(text))]
	space := len(text) - len(strings.TrimLeft(text, " \n\t"))
	if end := strings.IndexAny(text[space:], " \n\t"); end >= 0 {
		return text[:space+end]
	}
	return text
}
