package server

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a stretch of a message that is synthesized at once.
type sentence struct {
	text string // without surrounding space
	from int    // where it begins in the message, in bytes
}

const (
	// longestSentence is where text without an end is cut, at a space.
	longestSentence = 400
	// shortestClause is how much of a message's first sentence is enough to begin with
	// while the rest is still being written.
	shortestClause = 24
)

// titles end in a full stop that ends no sentence.
var titles = map[string]bool{
	"mr.": true, "mrs.": true, "ms.": true, "dr.": true, "prof.": true, "st.": true, "vs.": true, "e.g.": true, "i.e.": true, "no.": true,
}

// splitter cuts a growing text into sentences, and the first one, while its end is
// awaited, into clauses.
type splitter struct {
	text  string // not yet handed out
	from  int    // where text begins in the message
	begun bool
}

// add takes the next piece of text and yields the sentences it completed.
func (c *splitter) add(piece string) iter.Seq[sentence] {
	c.text += piece
	return func(yield func(sentence) bool) {
		for {
			n := c.end()
			if n == 0 {
				return
			}
			if one, ok := c.cut(n); ok && !yield(one) {
				return
			}
		}
	}
}

// rest is what is left when the text has ended, if it is anything.
func (c *splitter) rest() (sentence, bool) { return c.cut(len(c.text)) }

func (c *splitter) cut(n int) (sentence, bool) {
	piece := c.text[:n]
	trimmed := strings.TrimLeftFunc(piece, unicode.IsSpace)
	one := sentence{strings.TrimRightFunc(trimmed, unicode.IsSpace), c.from + n - len(trimmed)}
	c.text, c.from = c.text[n:], c.from+n
	c.begun = c.begun || one.text != ""
	return one, one.text != ""
}

// end is the length of the first sentence (or clause); 0 while it cannot be seen: a
// full stop is an end only when space follows.
func (c *splitter) end() int {
	clause := 0
	for i, r := range c.text {
		after := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			continue
		}
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(c.text[after:], `"')]”’`))
		spaced := after < len(c.text) && unicode.IsSpace(next)
		switch r {
		case '\n':
			return after
		case '.', '!', '?', '…':
			if spaced && (r != '.' || !titled(c.text[:after])) {
				return after
			}
		case ',', ';', ':', '–', '—':
			if !c.begun && clause == 0 && after >= shortestClause && spaced {
				clause = after
			}
		default:
			if i > longestSentence && unicode.IsSpace(r) {
				return after
			}
		}
	}
	if strings.ContainsAny(c.text[max(0, len(c.text)-1):], ".!?") {
		return 0 // it may be whole
	}
	return clause
}

// titled says whether text ends in a title, or in an initial.
func titled(text string) bool {
	word := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return titles[strings.ToLower(word)] || len(word) == 2 && unicode.IsUpper(rune(word[0])) && word != "I."
}
