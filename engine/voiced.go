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

// voice is the part of a reply that came already spoken.
type voice struct {
	VoicedWords

	over bool // all of its sound is queued
}

// writeVoiced takes what came already spoken, but for its sound.
func (p *playback) writeVoiced(piece Voiced) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if piece.Text != "" {
		p.voice.Text(len(piece.Text), p.text.Len())
		p.add(piece.Text)
	}
	p.settleVoice(piece.Words)
}

// playVoiced queues sound that came already spoken.
func (p *playback) playVoiced(ctx context.Context, f pcm.Frame) error {
	p.gate.Lock()
	defer p.gate.Unlock()
	if p.stopped {
		return errStopped
	}
	p.mu.Lock()
	p.voice.Sound(f.Duration(), p.queued)
	p.count(f)
	p.settleVoice(nil)
	p.mu.Unlock()
	return p.spk.Play(ctx, f)
}

// spoken says that all of the reply's sound is queued.
func (p *playback) spoken() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.voice.over = true
}

// settleVoice takes words and places those whose sound and text are there by now. To
// be called with mu held.
func (p *playback) settleVoice(given []Word) {
	for _, w := range p.voice.Words(given) {
		p.words = append(p.words, played(w))
	}
	byFrom := func(a, b playedWord) int { return cmp.Compare(a.from, b.from) }
	if !slices.IsSortedFunc(p.words, byFrom) { // their times came after words that followed
		slices.SortStableFunc(p.words, byFrom)
	}
}

// played is a word of the reply on the speaker's clock.
func played(w Word) playedWord { return playedWord{from: w.From, to: w.To, start: w.Start, end: w.End} }

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
			guessed = append(guessed, played(v.placed(w)))
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
