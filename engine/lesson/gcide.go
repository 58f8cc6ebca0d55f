package lesson

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine/wordnet"
)

// article1913 is one meaning of an entry of GCIDE, with the notes on it.
type article1913 struct {
	definition string
	notes      []string
}

var (
	origin    = regexp.MustCompile(`\s*\[(1913 Webster|Webster 1913 Suppl\.|PJC|WordNet[^\]]*|RH|RHUD|AS|Century[^\]]*|[0-9A-Z][^\]]{0,25})\]`)
	numbered  = regexp.MustCompile(`^(\d{1,2})\. `)
	quotation = regexp.MustCompile(`\s*["“][^"”]*["”]\s*--.*$|\s+--\s?[A-Z{].*$`)
	accented  = regexp.MustCompile(`\[[^A-Za-z\] ]*([A-Za-z]{1,2})[^A-Za-z\] ]*\]`)
	obsolete  = regexp.MustCompile(`\[[^\]]*(Obs|Archaic|R\.|Prov|Slang|Cant|Scot|Low|Humorous|Colloq)[^\]]*\]`)
	fieldMark = regexp.MustCompile(`^\(([A-Z][A-Za-z.&, ]{1,30}|[a-z]{2,9}\.)\)\s*`)
	seeAlso   = regexp.MustCompile(`\s*\((See|Cf\.) [^()]*\)\.?|\s+(See|Cf\.) [^.()]*\.?$`)
	weblink   = regexp.MustCompile(`\s*(--)?\s*https?://\S+`)
	dashes    = regexp.MustCompile(`[;,.]?\s*--\s*`)
	plural    = regexp.MustCompile(`^(;\s*pl\.|,|,? or) \{[^{}]*\}\s*`)
)

// parseGCIDE reads the meanings of an entry of a word, as that part of speech; none
// where the entry is another's. An entry is
//
//	Volcano \Vol*ca"no\, n.; pl. {Volcanoes}. [It. volcano …]
//	   (Geol.)
//	   A mountain or hill, …
//	   [1913 Webster]
//
//	   Note: Volcanoes include …
//
// or has numbered meanings. Those that are marked as no longer, or not everywhere,
// in use are left out, and so are quotations and meanings parted further.
func parseGCIDE(text, word string, pos wordnet.POS) []article1913 {
	var found []article1913
	keep := false // notes belong to the last meaning, if that was kept
	for i, block := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		deep := strings.HasPrefix(block, "       ") && !strings.Contains(block, "\n   ") // quoted verse and prose
		t := line(block)
		if i == 0 {
			var ok bool
			if t, ok = cutHeader(t, word, pos); !ok {
				return nil
			}
			keep = false
		}
		switch {
		case strings.HasPrefix(t, "Note: "):
			if note := noteText(block); keep && note != "" && readableText(note) {
				last := &found[len(found)-1]
				last.notes = append(last.notes, note)
			}
			continue
		case i > 0 && (deep || !numbered.MatchString(t)):
			continue
		}
		keep = !obsolete.MatchString(t) && !strings.Contains(t, " (b) ")
		t = afterMarks(t)
		keep = keep && !strings.HasPrefix(t, "(a) ")
		if !keep {
			continue
		}
		definition := clean(quotation.ReplaceAllString(origin.ReplaceAllString(t, ""), ""))
		if keep = len(tokens(definition)) > 3 && readableText(definition); keep {
			found = append(found, article1913{definition: definition})
		}
	}
	return found
}

// posMarks are how GCIDE abbreviates the parts of speech.
var posMarks = map[wordnet.POS][]string{
	wordnet.Noun: {"n. pl.", "n."}, wordnet.Verb: {"v. t. & i.", "v. i. & t.", "v. t.", "v. i.", "v."},
	wordnet.Adjective: {"a.", "adj."}, wordnet.Adverb: {"adv."},
}

// cutHeader cuts headword, pronunciation, part of speech, plural and etymology off.
func cutHeader(t, word string, pos wordnet.POS) (string, bool) {
	head, rest, ok := strings.Cut(t, `\`)
	if !ok || !strings.EqualFold(strings.TrimSpace(head), word) {
		return "", false
	}
	if _, rest, ok = strings.Cut(rest, `\`); !ok {
		return "", false
	}
	rest = strings.TrimLeft(rest, ", ")
	if strings.HasPrefix(rest, "(") {
		rest = strings.TrimLeft(afterBracket(rest, '(', ')'), ", ")
	}
	ok = false
	for _, mark := range posMarks[pos] {
		if after, is := strings.CutPrefix(rest, mark); is {
			rest, ok = after, true
			break
		}
	}
	if !ok {
		return "", false
	}
	for plural.MatchString(rest) {
		if rest = plural.ReplaceAllString(rest, ""); strings.HasPrefix(rest, "(") {
			rest = afterBracket(rest, '(', ')')
		}
	}
	rest = strings.TrimLeft(rest, " .")
	for strings.HasPrefix(rest, "[") {
		rest = strings.TrimSpace(afterBracket(rest, '[', ']'))
	}
	return rest, true
}

// afterMarks is what follows the number of a meaning, its etymology and its field.
func afterMarks(t string) string {
	for {
		before := t
		t = fieldMark.ReplaceAllString(numbered.ReplaceAllString(strings.TrimSpace(t), ""), "")
		if strings.HasPrefix(t, "[") {
			t = afterBracket(t, '[', ']')
		}
		if t == before {
			return t
		}
	}
}

// noteText is the text of a note: its first lines may be a heading, which stands
// apart, and a sentence that is not ended is left out.
func noteText(block string) string {
	lines := strings.Split(block, "\n")
	for i, l := range lines[:len(lines)-1] {
		l = strings.TrimSpace(l)
		next, _ := utf8.DecodeRuneInString(strings.TrimSpace(lines[i+1]))
		if len(l) < 40 && !strings.ContainsAny(l[max(len(l)-1, 0):], ".,;:") && unicode.IsUpper(next) {
			lines[i] += ":"
		}
	}
	t := strings.TrimPrefix(line(strings.Join(lines, " ")), "Note: ")
	t = weblink.ReplaceAllString(origin.ReplaceAllString(t, ""), "")
	if !strings.HasSuffix(t, ".") {
		t = shorten(t+" ", len(t))
	}
	if t == "" {
		return ""
	}
	return clean(t)
}

// afterBracket is what follows the bracket that text begins with.
func afterBracket(text string, open, shut byte) string {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return text[i+1:]
			}
		}
	}
	return ""
}

// readableText says whether a text has none of GCIDE's marks left, and may be shown
// to anybody.
func readableText(text string) bool {
	return !strings.ContainsAny(text, `[]{}\`) && !unfitText(text)
}

// clean takes GCIDE's marks out of a text.
func clean(t string) string {
	t = strings.NewReplacer("[deg]", "°", "{", "", "}", "", "``", "“", "''", "”").Replace(t)
	t = seeAlso.ReplaceAllString(origin.ReplaceAllString(t, ""), "")
	t = dashes.ReplaceAllString(t, "; ")
	t = accented.ReplaceAllString(t, "$1")
	t = fieldMark.ReplaceAllString(strings.TrimSpace(t), "")
	t = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(t), "-;,"))
	if t != "" && !strings.HasSuffix(t, ".") {
		t += "."
	}
	return capital(t)
}
