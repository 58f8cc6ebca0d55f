package pocketsphinx

import (
	"slices"
	"strings"

	"parley/engine"
)

// trailing is how many words at the end of a partial hypothesis are likely to
// change yet.
const trailing = 2

// invented are words that the model hears in breath and noise at the beginning
// of an utterance and that nobody wants to be shown unsaid.
var invented = map[string]bool{
	"fuck": true, "fuck's": true, "fucking": true, "fucked": true, "fucker": true, "shit": true, "shit's": true,
	"cunt": true, "cock": true, "dick": true, "bitch": true, "whore": true, "slut": true, "tits": true,
}

// words are the words of what the decoder says, without its fillers (<sil>,
// [SPEECH], ++NOISE++), what it invents, and the numbers of alternative
// pronunciations.
func words(text string) []string {
	var out []string
	for w := range strings.FieldsSeq(text) {
		if strings.HasPrefix(w, "<") || strings.HasPrefix(w, "[") || strings.HasPrefix(w, "++") {
			continue
		}
		if i := strings.IndexByte(w, '('); i > 0 {
			w = w[:i]
		}
		if !invented[w] {
			out = append(out, w)
		}
	}
	return out
}

// partials turns what the decoder says from time to time into partial
// hypotheses.
type partials struct {
	last   []string
	text   string
	stable int
}

// next is the hypothesis to yield for what the decoder says now, and false when
// the last one still holds.
func (p *partials) next(now []string) (engine.Hypothesis, bool) {
	joined := strings.Join(now, " ")
	if joined == p.text {
		return engine.Hypothesis{}, false
	}
	agreed := 0
	for agreed < min(len(now), len(p.last)) && now[agreed] == p.last[agreed] {
		agreed++
	}
	// A word that was called stable stays so unless it has changed after all.
	p.stable = max(0, len(now)-trailing, min(p.stable, agreed))
	p.last, p.text = now, joined
	return engine.Hypothesis{Text: joined, Stable: p.stable}, true
}

// hypothesis is words that are final for what was heard, and how likely they are
// right.
type hypothesis struct {
	words      []string
	confidence float64 // 0 where nothing is known
}

// then is h and what was said after it.
func (h hypothesis) then(after hypothesis) hypothesis {
	switch {
	case len(h.words) == 0:
		return after
	case len(after.words) == 0:
		return h
	}
	return hypothesis{slices.Concat(h.words, after.words), min(h.confidence, after.confidence)}
}

// whole is h for the engine.
func (h hypothesis) whole() engine.Hypothesis {
	return engine.Hypothesis{Text: strings.Join(h.words, " "), Stable: len(h.words), Confidence: h.confidence}
}
