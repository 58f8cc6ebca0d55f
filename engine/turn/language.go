package turn

import (
	"bufio"
	_ "embed" // the languages
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed languages/en.txt
var english string

// English is the language that Parley speaks.
var English = sync.OnceValue(func() *Language {
	l, err := ParseLanguage(english)
	if err != nil { // which a test would have found
		l = &Language{}
	}
	return l
})

// Language is what a language's words say about turns. It is data: see
// languages/en.txt.
type Language struct {
	open        map[string]bool // phrases that nobody ends with
	weak        map[string]bool // … but in what can be answered as it stands
	openMost    int             // words in the longest of them
	whole       []pattern
	lead        map[string]bool
	leadMost    int
	backchannel map[string]bool
	stop        map[string]bool
	number      map[string]bool
}

// pattern is what a whole turn looks like.
type pattern struct {
	words []string
	then  Sense // of what looks like it
}

// patternSections are the sections of patterns of a whole turn.
var patternSections = map[string]Sense{"complete": Complete, "more": Likely, "beginning": Weak, "unfinished": Open}

// ParseLanguage reads a language. Its error names the line.
func ParseLanguage(text string) (*Language, error) {
	l := &Language{
		open: map[string]bool{}, weak: map[string]bool{}, lead: map[string]bool{}, backchannel: map[string]bool{}, stop: map[string]bool{}, number: map[string]bool{},
	}
	sets := map[string]map[string]bool{
		"open": l.open, "weak": l.weak, "lead": l.lead, "backchannel": l.backchannel, "stop": l.stop, "number": l.number,
	}
	classes := map[string][]string{"greatest": nil, "asked": nil}
	section := ""
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || line[0] == ';':
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = line[1 : len(line)-1]
			_, whole := patternSections[section]
			if _, class := classes[section]; sets[section] == nil && !whole && !class {
				return nil, fmt.Errorf("turn: language line %d: there is no section %q", n, section)
			}
		case section == "":
			return nil, fmt.Errorf("turn: language line %d: %q stands before the first section", n, line)
		default:
			if class, ok := classes[section]; ok {
				classes[section] = append(class, line)
				continue
			}
			for _, phrase := range expand(line, classes) {
				if set := sets[section]; set != nil {
					set[phrase] = true
				} else {
					l.whole = append(l.whole, pattern{strings.Fields(phrase), patternSections[section]})
				}
			}
		}
	}
	for _, set := range []map[string]bool{l.open, l.weak} {
		for phrase := range set {
			l.openMost = max(l.openMost, len(strings.Fields(phrase)))
		}
	}
	for phrase := range l.lead {
		l.leadMost = max(l.leadMost, len(strings.Fields(phrase)))
	}
	return l, lines.Err()
}

// expand is a line with each word of a class ("@greatest") in its place.
func expand(line string, classes map[string][]string) []string {
	for name, words := range classes {
		if !strings.Contains(line, "@"+name) {
			continue
		}
		var all []string
		for _, word := range words {
			all = append(all, expand(strings.Replace(line, "@"+name, word, 1), classes)...)
		}
		return all
	}
	return []string{line}
}

// Sense is what a turn's words say about whether it is over.
type Sense int

// The senses.
const (
	Wordless Sense = iota // no words are known
	Unclear               // it may be over or not
	Open                  // something must follow
	Weak                  // something should follow, if these are the words
	Likely                // it looks like a whole, but more may well follow
	Complete              // a whole question or command
)

// String names the sense.
func (s Sense) String() string {
	return [...]string{"wordless", "unclear", "open", "weak", "likely", "complete"}[s]
}

// Sense judges the words of a turn so far. known, which may be nil, says whether
// they can be answered as they stand.
func (l *Language) Sense(text string, known func(string) bool) Sense {
	words := split(text)
	if len(words) == 0 {
		return Wordless
	}
	bare := l.withoutLead(words)
	like, fits := l.likest(bare)
	// A question or command of fixed words stands even if it ends in a word that
	// others go on from ("what time is it", "how are you").
	if fits && like.then == Complete && !slices.Contains(like.words, "*") {
		return Complete
	}
	switch {
	case l.ends(l.open, words), l.dictating(words), fits && like.then == Open:
		return Open
	case known != nil && known(text):
		if fits {
			return like.then
		}
		return Complete
	case l.ends(l.weak, words), fits && like.then == Weak:
		return Weak
	case fits:
		return Likely
	default:
		return Unclear
	}
}

// likest is the pattern with the most words of those that match.
func (l *Language) likest(words []string) (like pattern, ok bool) {
	for _, p := range l.whole {
		if len(p.words) > len(like.words) && l.match(p.words, words) {
			like, ok = p, true
		}
	}
	return like, ok
}

// split is the words of a text in lower case, without punctuation.
func split(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t' || r == '.' || r == ',' || r == '!' || r == '?' || r == ';' || r == ':' || r == '"'
	})
}

// withoutLead takes off what stands before a sentence, if a sentence is left.
func (l *Language) withoutLead(words []string) []string {
	for n := min(l.leadMost, len(words)-1); n > 0; n-- {
		if l.lead[strings.Join(words[:n], " ")] {
			return l.withoutLead(words[n:])
		}
	}
	return words
}

// ends says whether the words end in a phrase of the set.
func (l *Language) ends(set map[string]bool, words []string) bool {
	marked := slices.Clone(words)
	for range 2 {
		for n := 1; n <= min(l.openMost, len(words)); n++ {
			if set[strings.Join(marked[len(marked)-n:], " ")] {
				return true
			}
		}
		// Once more with "#" for a number at the end.
		if !l.isNumber(marked[len(marked)-1]) {
			return false
		}
		marked[len(marked)-1] = "#"
	}
	return false
}

// digitsDictated is how many numbers in a row are a number being dictated: more
// may follow.
const digitsDictated = 3

// dictating says whether the words end in single numbers one after the other,
// as a telephone number does.
func (l *Language) dictating(words []string) bool {
	n := 0
	for n < len(words) && l.isNumber(words[len(words)-1-n]) {
		n++
	}
	return n >= digitsDictated
}

func (l *Language) isNumber(word string) bool {
	return l.number[word] || word != "" && strings.Trim(word, "0123456789") == ""
}

// match says whether the words are what the pattern says.
func (l *Language) match(pattern, words []string) bool {
	if len(pattern) == 0 {
		return len(words) == 0
	}
	switch pattern[0] {
	case "*":
		for n := 1; n <= len(words); n++ {
			if l.match(pattern[1:], words[n:]) {
				return true
			}
		}
		return false
	case "##":
		n := 0
		for n < len(words) && l.isNumber(words[n]) {
			n++
		}
		return n > 0 && l.match(pattern[1:], words[n:])
	case "#":
		return len(words) > 0 && l.isNumber(words[0]) && l.match(pattern[1:], words[1:])
	default:
		return len(words) > 0 && words[0] == pattern[0] && l.match(pattern[1:], words[1:])
	}
}

// Backchannel says whether the words are only what a listener says, or none.
func (l *Language) Backchannel(text string) bool {
	words := split(text)
	for len(words) > 0 {
		n := min(3, len(words))
		for n > 0 && !l.backchannel[strings.Join(words[:n], " ")] {
			n--
		}
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// Stop says whether the words begin with a wish for silence.
func (l *Language) Stop(text string) bool {
	words := split(text)
	for n := min(2, len(words)); n > 0; n-- {
		if l.stop[strings.Join(words[:n], " ")] {
			return true
		}
	}
	return false
}
