package lesson

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"parley/engine/wordnet"
)

// aside is a remark in brackets, and the blank before it.
var aside = regexp.MustCompile(` ?\([^()]*\)`)

// gloss is what a sense means, in its first clause.
func gloss(s wordnet.Sense) string {
	text, _, _ := strings.Cut(s.Definition, ";")
	text = strings.TrimRight(strings.ReplaceAll(strings.TrimSpace(text), "`", "‘"), ".")
	if field, rest, ok := strings.Cut(text, ") "); ok && strings.HasPrefix(field, "(") && !strings.ContainsAny(field[1:], "(,;") && len(rest) > 0 && len(strings.Fields(field)) <= 3 {
		if proper(rest) {
			return text
		}
		return "in " + strings.TrimPrefix(field[1:], "in ") + ", " + rest
	}
	return text
}

// brief is a gloss without its asides: for options, and for those who want it
// simple.
func brief(s wordnet.Sense) string {
	text := strings.TrimSpace(aside.ReplaceAllString(gloss(s), ""))
	if len(strings.Fields(text)) < 4 {
		return gloss(s)
	}
	return text
}

// unfit are words in a gloss that keep a sense out of lessons that did not ask for
// it.
var unfit = []string{"offensive", "ethnic slur", "disparag", "obscen", "vulgar", "derogatory", "sexual", "genital", "prostitut", "slang", "excrement", "feces", "derisive", "nazi",
	"unattractive", "reprehensible", "female of any member", "uncomplimentary", "lewd", "urine", "excretory"}

// fit says whether a sense may be shown to anybody.
func fit(s wordnet.Sense) bool { return !unfitText(s.Definition) }

func unfitText(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(unfit, func(word string) bool { return strings.Contains(text, word) })
}

// mentions says whether a text gives a name away: has one of its longer words, or
// a form of it.
func mentions(text, name string) bool {
	words := tokens(text)
	for _, part := range tokens(name) {
		root := part
		if len(part) > 5 {
			root = part[:max(5, len(part)-3)]
		}
		if len(part) < 3 {
			if slices.Contains(words, part) {
				return true
			}
			continue
		}
		if slices.ContainsFunc(words, func(w string) bool {
			return strings.HasPrefix(w, root) && (len(root) > 4 || len(w) <= len(root)+2) || len(part) > 3 && strings.Contains(w, part)
		}) {
			return true
		}
	}
	return false
}

// tokens are the words of a text, in lower case.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

// idle words say nothing about a subject.
var idle = strings.Fields(`about above after again against also among and another any are because been before being between both but can could
	does doing done down during each either else etc especially every few first for form from further general had has have having her here him his how
	into its itself kind less like made make makes many may more most much must not of often one only other others over own part parts
	people person some someone something such than that the their them then there these they thing things this those through too under until
	upon used uses using usually various very was way were what when where which while who whose why will with within without work works would you your`)

// content are the words of a text that say what it is about.
func content(text string) []string {
	var words []string
	for _, w := range tokens(text) {
		w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "s")
		if len(w) >= 4 && !slices.Contains(idle, w) && !slices.Contains(idle, w+"s") && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// shared counts the content words that two texts have in common.
func shared(a, b string) int {
	words := content(b)
	n := 0
	for _, w := range content(a) {
		if slices.Contains(words, w) {
			n++
		}
	}
	return n
}

// shorten cuts a text after the last sentence that fits.
func shorten(text string, most int) string {
	if most <= 0 {
		return ""
	}
	if len(text) <= most {
		return text
	}
	end := 0
	for i := range text[:most] {
		if i > 0 && i+1 < len(text) && text[i] == '.' && text[i+1] == ' ' && !abbreviated(text[:i]) {
			end = i + 1
		}
	}
	return text[:end]
}

// abbreviated says whether the full stop after text ends a word, not a sentence.
func abbreviated(text string) bool {
	last := text[strings.LastIndexAny(text, " (")+1:]
	return len(last) < 2 || slices.Contains([]string{"e.g", "i.e", "Mt", "St", "Dr", "Mr", "ft", "etc", "cf", "Fig", "No", "U.S", "vs"}, last)
}

// sentence is the first sentence of a text.
func sentence(text string) string {
	for i := range text {
		if text[i] == '.' && (i+1 == len(text) || text[i+1] == ' ') && !abbreviated(text[:i]) {
			return text[:i+1]
		}
	}
	return text
}
