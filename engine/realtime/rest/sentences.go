package rest

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestSentence is where text without an end is cut, at a space: a synthesizer
// takes a sentence at a time, and its first sound is waited for.
const longestSentence = 400

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"mr.": true, "mrs.": true, "ms.": true, "dr.": true, "prof.": true, "st.": true,
	"vs.": true, "e.g.": true, "i.e.": true, "approx.": true,
}

// sentences cuts a text as a synthesizer wants it, without the space around each.
func sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			n := sentenceEnd(text)
			one := strings.TrimSpace(text[:n])
			if text = text[n:]; one != "" && !yield(one) {
				return
			}
		}
	}
}

// sentenceEnd is the length of the first sentence of text.
func sentenceEnd(text string) int {
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			end = i + 1 // a byte that is no text
		}
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[end:], `"')]”’`))
		switch {
		case r == '\n', end > longestSentence && unicode.IsSpace(r):
			return end
		case !strings.ContainsRune(".!?…", r), !unicode.IsSpace(next):
		case r == '.' && abbreviations[strings.ToLower(text[strings.LastIndexFunc(text[:i], unicode.IsSpace)+1:end])]:
		default:
			return len(text) - len(strings.TrimLeft(text[end:], `"')]”’`))
		}
	}
	return len(text)
}
