package flite

import (
	"strings"
	"unicode"

	"parley/engine"
)

// Flite makes all of an utterance's parameters before its first sample, 8 ms
// for a second of speech, and can't be stopped meanwhile. So a long sentence is
// said as several utterances, cut where a speaker would breathe, the first one
// shorter because the listener waits for it. All in bytes; 15 are a second.
const (
	longestFirst = 75
	longestPiece = 100
	leastClause  = 20 // no cut at a comma before this
	leastPhrase  = 40 // no cut before a conjunction before this
)

// connectives begin a phrase: a speaker may breathe before them.
var connectives = func() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(`and or but nor so yet because although though while when where which who that
		if unless until since after before as than of in on at to for from with by into between through during`) {
		m[w] = true
	}
	return m
}()

// run is a stretch of a piece's text that belongs to one word of the sentence.
type run struct {
	from, to int // bytes of the piece's text
	word     int
}

// piece is one utterance for flite.
type piece struct {
	text string
	runs []run
	done int // words before this one are complete when the piece has been said
}

// script is a sentence made ready for flite: its words, with their bytes and no
// times yet, and the utterances it is said in. Every word is complete after the
// last piece; there is no piece where nothing can be said.
func script(sentence string) ([]engine.Word, []piece) {
	words := split(sentence)
	type part struct {
		text string
		word int
	}
	var parts []part
	for i, w := range words {
		for _, s := range runs(sentence[w.From:w.To]) {
			parts = append(parts, part{s, i})
		}
	}
	var pieces []piece
	for len(parts) > 0 {
		texts := make([]string, 0, 32)
		for length := 0; len(texts) < len(parts) && length <= longestPiece; {
			p := parts[len(texts)]
			texts = append(texts, p.text)
			length += len(p.text) + 1
		}
		n := cut(texts, len(pieces) == 0)
		var p piece
		for _, part := range parts[:n] {
			if p.text != "" {
				p.text += " "
			}
			p.runs = append(p.runs, run{len(p.text), len(p.text) + len(part.text), part.word})
			p.text += part.text
		}
		parts = parts[n:]
		p.done = len(words)
		if len(parts) > 0 {
			p.done = parts[0].word // silent words go with the piece before them
		}
		pieces = append(pieces, p)
	}
	return words, pieces
}

// split finds the words of a text: what stands between white space.
func split(text string) []engine.Word {
	var words []engine.Word
	from := -1
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case space && from >= 0:
			words = append(words, engine.Word{From: from, To: i})
			from = -1
		case !space && from < 0:
			from = i
		}
	}
	if from >= 0 {
		words = append(words, engine.Word{From: from, To: len(text)})
	}
	return words
}

// cut is how many of the texts, at least one, make the next piece. The first
// piece ends with the first clause, a later one takes as many as fit.
func cut(texts []string, first bool) int {
	longest := longestPiece
	if first {
		longest = longestFirst
	}
	length, fits, clause, phrase := 0, 0, 0, 0
	for i, t := range texts {
		length += len(t)
		if i > 0 && length+i > longest {
			break
		}
		fits = i + 1
		ends := strings.ContainsAny(lastByte(strings.TrimRight(t, `"')]}`)), ",;:!?")
		if ends && length >= leastClause && (clause == 0 || !first) {
			clause = i + 1
		}
		if length >= leastPhrase && i+1 < len(texts) && connectives[strings.ToLower(texts[i+1])] {
			phrase = i + 1
		}
	}
	switch {
	case fits == len(texts):
		return fits
	case clause > 0:
		return clause
	case phrase > 0:
		return phrase
	}
	return fits
}

func lastByte(s string) string { return s[max(0, len(s)-1):] }
