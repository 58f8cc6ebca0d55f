package engine

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a stretch of a reply's text that is synthesized at once.
type Sentence struct {
	Text string // without the space around it; never empty
	From int    // where it begins in the whole text, in bytes
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

// Sentences cuts a growing text into sentences, as a [Synthesizer] wants them, and
// the first of them, if its end is not there yet, into clauses: a model writes no
// faster than it is listened to, and the first sound is what is waited for. Nothing
// but space is lost. The zero value is ready for a text; it is for one goroutine at a
// time.
type Sentences struct {
	text  string // not yet handed out
	from  int    // where text begins in the reply
	begun bool   // something was handed out
}

// Add takes the next piece of the text and yields the sentences it completed. Those
// that are not taken come with the next piece, or with the rest.
func (s *Sentences) Add(piece string) iter.Seq[Sentence] {
	s.text += piece
	return func(yield func(Sentence) bool) {
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

// Rest is what is left when the text has ended, false if that is nothing.
func (s *Sentences) Rest() (Sentence, bool) { return s.cut(len(s.text)) }

// Pass leaves out n bytes of the whole text that are no affair of a synthesizer.
func (s *Sentences) Pass(n int) {
	s.from += n
	s.begun = true
}

func (s *Sentences) cut(n int) (Sentence, bool) {
	whole := s.text[:n]
	trimmed := strings.TrimLeftFunc(whole, unicode.IsSpace)
	one := Sentence{Text: strings.TrimRightFunc(trimmed, unicode.IsSpace), From: s.from + len(whole) - len(trimmed)}
	s.text, s.from = s.text[n:], s.from+n
	s.begun = s.begun || one.Text != ""
	return one, one.Text != ""
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
