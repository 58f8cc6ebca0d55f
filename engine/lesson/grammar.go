package lesson

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine/wordnet"
)

// plain makes text that means nothing to Markdown.
func plain(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch r {
		case '`':
			r = '‘' // glosses quote `thus'
		case '*', '_', '#', '[', ']', '<', '>', '|', '\\', '~':
			out.WriteByte('\\')
		case '\n', '\r', '\t':
			r = ' '
		}
		out.WriteRune(r)
	}
	return out.String()
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// list joins words with commas and a last "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// spelling is the looked-up word with the capitals that the sense gives it.
func spelling(s wordnet.Sense) string {
	for _, w := range s.Words {
		if strings.EqualFold(w, s.Lemma) {
			return w
		}
	}
	return s.Words[0]
}

// named is the word with what stands before it in a sentence: "a volcano", "to
// run", "the French Revolution", "water". Where nothing in the dictionary shows
// that a noun is counted, it stands alone, as in a dictionary.
func named(word string, s wordnet.Sense, evidence ...string) string {
	switch {
	case s.ID.POS == wordnet.Verb:
		return "to " + word
	case s.ID.POS != wordnet.Noun:
		return "“" + word + "”"
	case proper(word):
		last := word[strings.LastIndexByte(word, ' ')+1:]
		if last != word && strings.HasPrefix(strings.ToLower(s.Definition), "the "+strings.ToLower(last)) {
			return "the " + word
		}
		for _, text := range append(evidence, s.Examples...) {
			if strings.Contains(text, "the "+word) {
				return "the " + word // the Moon
			}
		}
		return word
	case counted(word, s, evidence):
		return article(word) + word
	}
	return word
}

// proper says whether a word is a name.
func proper(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

// counted says whether the dictionary shows that there can be one of it.
func counted(word string, s wordnet.Sense, evidence []string) bool {
	if strings.HasSuffix(word, "s") && !slices.ContainsFunc([]string{"ss", "us", "is"}, func(end string) bool { return strings.HasSuffix(word, end) }) {
		return false // mathematics, scissors
	}
	for _, text := range append(evidence, s.Examples...) {
		if _, after, ok := strings.Cut(" "+strings.ToLower(text), " "+article(word)+strings.ToLower(word)); ok {
			next, _, _ := strings.Cut(strings.TrimPrefix(after, " "), " ")
			if after == "" || !unicode.IsLetter(rune(after[0])) && (after[0] != ' ' || slices.Contains(following, next)) {
				return true
			}
		}
	}
	if s.ID.POS == wordnet.Noun && (s.Category == wordnet.Animal || s.Category == wordnet.Person || s.Category == wordnet.Object) {
		return true
	}
	if abstract(s) {
		return false
	}
	gloss := s.Definition
	if strings.HasPrefix(gloss, "(") {
		if _, rest, ok := strings.Cut(gloss, ") "); ok {
			gloss = rest
		}
	}
	words := strings.Fields(gloss)
	if len(words) == 0 || slices.ContainsFunc(words[1:min(len(words), 5)], func(w string) bool { return slices.Contains(uncounted, w) }) {
		return false
	}
	return slices.Contains([]string{"a", "an", "any", "one", "someone", "something", "either", "each"}, words[0])
}

// uncounted begin the meanings of what is seldom counted: isolation is a state.
var uncounted = strings.Fields("state condition feeling quality branch science doctrine trait activity property attribute discipline theory philosophy system political form art style genre quantity game games beverage music")

// abstract says whether a noun is of a sort that is seldom counted, whatever its
// meaning begins with: attributes, feelings, states and substances (7, 12, 26 and 27 of
// lexnames(5WN)).
func abstract(s wordnet.Sense) bool {
	return slices.Contains([]wordnet.Category{7, 12, 26, 27}, s.Category)
}

// following are words after which a noun is over: "a chess" is not shown by "a chess
// piece".
var following = strings.Fields("of in on at with that which for by from to or and is was who when where as but than into over under")

// article is "a " or "an ", by the sound that a word begins with.
func article(word string) string {
	w := strings.ToLower(word)
	for _, start := range []string{"hour", "honest", "honor", "honour", "heir"} {
		if strings.HasPrefix(w, start) {
			return "an "
		}
	}
	for _, start := range []string{"uni", "eu", "one", "once", "use", "usu", "ubi", "ura", "ute"} {
		if strings.HasPrefix(w, start) && !strings.HasPrefix(w, "unin") && !strings.HasPrefix(w, "unim") {
			return "a "
		}
	}
	if w != "" && strings.ContainsRune("aeiou", rune(w[0])) {
		return "an "
	}
	return "a "
}

// letters is a hint: how a word begins and how long it is.
func letters(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	if words := strings.Fields(word); len(words) > 1 {
		var each []string
		for _, w := range words {
			r, _ := utf8.DecodeRuneInString(w)
			each = append(each, string(unicode.ToUpper(r)))
		}
		return fmt.Sprintf("It has %d words, which begin with %s.", len(words), list(each))
	}
	return fmt.Sprintf("It begins with %c and has %d letters.", unicode.ToUpper(first), utf8.RuneCountInString(word))
}
