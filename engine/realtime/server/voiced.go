package server

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// voiced is the next of a message that came already spoken.
type voiced struct {
	engine.Voiced

	at int // where its text begins in the message, in bytes
}

// sayVoiced passes on what came already spoken.
func (g *giving) sayVoiced(ctx context.Context, piece voiced) error {
	if piece.Text != "" {
		g.voice.Text(len(piece.Text), piece.at)
	}
	if len(piece.Frame.Samples) > 0 {
		g.voice.Sound(piece.Frame.Duration(), g.made)
		g.made += piece.Frame.Duration()
	}
	return g.play(ctx, "responder", piece.Frame, g.voice.Words(piece.Words))
}

// quickest is the least time that a byte of speech is taken to last.
const quickest = 40 * time.Millisecond

// timeRest gives the end of an item's text, of which no times are known, what is left
// of its sound: each word the time that its letters have of it.
func (i *item) timeRest(text string) {
	slices.SortStableFunc(i.words, func(a, b spokenWord) int { return cmp.Compare(a.end, b.end) })
	var last spokenWord
	for _, w := range i.words {
		last = spokenWord{to: max(last.to, w.to), end: max(last.end, w.end)}
	}
	rest := strings.TrimRight(text, " \n\t")
	if last.to >= len(rest) || i.length <= last.end+hearSlack {
		return
	}
	each := max(quickest, (i.length-last.end)/time.Duration(len(rest)-last.to))
	for from := last.to; from < len(rest); {
		space := len(rest[from:]) - len(strings.TrimLeft(rest[from:], " \n\t"))
		to := len(rest)
		if n := strings.IndexAny(rest[from+space:], " \n\t"); n >= 0 {
			to = from + space + n
		}
		end := last.end + time.Duration(to-last.to)*each
		if end > i.length+hearSlack {
			return
		}
		i.words = append(i.words, spokenWord{to: to, end: min(end, i.length)})
		from = to
	}
}
