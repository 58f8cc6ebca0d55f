package engine

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a stretch of a reply's text that is synthesized at once.
type sentence struct {
	text string // without surrounding space
	from int    // where it begins in the reply, in bytes
}

// longestSentence is where text without an end is cut, at a space, so that a
// reply in one endless sentence is spoken while it is still being written.
const longestSentence = 400

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"mr.": true, "mrs.": true, "ms.": true, "dr.": true, "prof.": true, "st.": true,
	"vs.": true, "etc.": true, "e.g.": true, "i.e.": true, "approx.": true, "no.": true,
}

// shortestClause is how much of a reply's first sentence is enough to begin with
// while the rest is still being written; less sounds torn.
const shortestClause = 24

// splitter cuts a growing text into sentences, and the first of them, if its end
// is not there yet, into clauses: a model writes no faster than it is listened to,
// and the first sound is what is waited for.
type splitter struct {
	text  string // not yet handed out
	from  int    // where text begins in the reply
	begun bool   // something was handed out
}

// add takes the next piece of text and returns the sentences it completed.
func (s *splitter) add(piece string) iter.Seq[sentence] {
	s.text += piece
	return func(yield func(sentence) bool) {
		for {
			n := boundary(s.text)
			if n == 0 && !s.begun {
				n = clause(s.text)
			}
			if n == 0 {
				return
			}
			if one, ok := s.cut(n); ok && !yield(one) {
				return
			}
		}
	}
}

// rest returns what is left when the text has ended, if it is anything.
func (s *splitter) rest() (sentence, bool) { return s.cut(len(s.text)) }

// pass leaves out n bytes of the reply that are no affair of a synthesizer.
func (s *splitter) pass(n int) {
	s.from += n
	s.begun = true
}

func (s *splitter) cut(n int) (sentence, bool) {
	whole := s.text[:n]
	trimmed := strings.TrimLeftFunc(whole, unicode.IsSpace)
	one := sentence{text: strings.TrimRightFunc(trimmed, unicode.IsSpace), from: s.from + len(whole) - len(trimmed)}
	s.text, s.from = s.text[n:], s.from+n
	s.begun = s.begun || one.text != ""
	return one, one.text != ""
}

// boundary is the length of the first sentence in text, 0 if its end cannot be
// seen yet: a full stop is one only when space follows.
func boundary(text string) int {
	for end := 0; end < len(text); {
		r, width := utf8.DecodeRuneInString(text[end:])
		end += width
		switch {
		case r == '\n':
			return end
		case r == '.' || r == '!' || r == '?' || r == '…':
			rest := strings.TrimLeft(text[end:], `"')]”’`)
			next, _ := utf8.DecodeRuneInString(rest)
			if rest == "" || !unicode.IsSpace(next) || r == '.' && isAbbreviation(text[:end]) {
				continue
			}
			return len(text) - len(rest)
		case end > longestSentence && unicode.IsSpace(r):
			return end
		}
	}
	return 0
}

// clause is the length of what in text can be said before the rest is there: up to
// a comma or the like that a space follows. 0 if there is none, or if text may be
// a whole sentence already.
func clause(text string) int {
	if strings.ContainsAny(text[max(0, len(text)-1):], ".!?") {
		return 0
	}
	for i, r := range text {
		switch r {
		case ',', ';', ':', '–', '—':
			end := i + utf8.RuneLen(r)
			if end >= shortestClause && end < len(text) && text[end] == ' ' {
				return end
			}
		}
	}
	return 0
}

// isAbbreviation says whether text, which ends in a full stop, ends in an
// abbreviation or an initial.
func isAbbreviation(text string) bool {
	word := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return abbreviations[strings.ToLower(word)] || len(word) == 2 && unicode.IsUpper(rune(word[0])) && word != "I."
}
