package wordnet

import (
	"slices"
	"strings"
)

// maxPhrase is longer than any entry of WordNet (71 bytes).
const maxPhrase = 100

// ending is a rule of detachment: a word that ends in from may be an inflected
// form of the word that ends in to.
type ending struct{ from, to string }

// endings are the rules of morphy(7WN). Adverbs have none.
var endings = map[POS][]ending{
	Noun: {
		{"s", ""}, {"ses", "s"}, {"xes", "x"}, {"zes", "z"},
		{"ches", "ch"}, {"shes", "sh"}, {"men", "man"}, {"ies", "y"},
	},
	Verb: {
		{"s", ""}, {"ies", "y"}, {"es", "e"}, {"es", ""},
		{"ed", "e"}, {"ed", ""}, {"ing", "e"}, {"ing", ""},
	},
	Adjective: {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}},
}

// BaseForms returns the entries of that part of speech that word may be a form
// of, the likeliest first, in the spelling of the index ("black_hole").
func (d *Dictionary) BaseForms(word string, pos POS) ([]string, error) {
	if d.index[pos] == nil {
		return nil, nil
	}
	var found []string
	for _, spelling := range spellings(word) {
		bases, err := d.forms(spelling, pos)
		if err != nil {
			return nil, err
		}
		for _, b := range bases {
			if !slices.Contains(found, b) {
				found = append(found, b)
			}
		}
		if len(found) > 0 {
			break // "x ray" as such; failing that "x-ray"; failing that "xray"
		}
	}
	return found, nil
}

// spellings are the ways the index may write a phrase.
func spellings(word string) []string {
	word = strings.ToLower(strings.ReplaceAll(word, "’", "'"))
	parts := strings.FieldsFunc(word, func(r rune) bool { return r <= ' ' || r == '_' })
	phrase := strings.Join(parts, "_")
	if phrase == "" || len(phrase) > maxPhrase || strings.HasPrefix(phrase, "%") {
		return nil
	}
	all := []string{phrase}
	add := func(s string) {
		if s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	add(strings.ReplaceAll(phrase, "_", "-"))
	add(strings.ReplaceAll(phrase, "-", "_"))
	add(strings.ReplaceAll(phrase, "_", ""))
	return all
}

// forms lists the entries that phrase is a form of: itself, an exception, or
// what remains of it, or of its last or first word, by a rule.
func (d *Dictionary) forms(phrase string, pos POS) ([]string, error) {
	candidates := []string{phrase}
	// guess adds the base forms of word, which stands between before and after.
	guess := func(before, word, after string) error {
		bases, err := d.singular(word, pos)
		for _, b := range bases {
			if c := before + b + after; !slices.Contains(candidates, c) {
				candidates = append(candidates, c)
			}
		}
		return err
	}
	if err := guess("", phrase, ""); err != nil {
		return nil, err
	}
	if i := strings.LastIndexByte(phrase, '_'); i > 0 {
		if err := guess(phrase[:i+1], phrase[i+1:], ""); err != nil {
			return nil, err
		}
		i = strings.IndexByte(phrase, '_')
		if err := guess("", phrase[:i], phrase[i:]); err != nil {
			return nil, err
		}
	}
	var found []string
	for _, c := range candidates {
		_, ok, err := d.entry(c, pos)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, c)
		}
	}
	return found, nil
}

// singular guesses the base forms of one word, without asking whether they
// exist.
func (d *Dictionary) singular(word string, pos POS) ([]string, error) {
	var bases []string
	lines, err := d.exceptions[pos].withPrefix(word+" ", 1)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		bases = append(bases, strings.Fields(line)[1:]...)
	}
	if len(bases) > 0 {
		return bases, nil
	}
	tail := ""
	if pos == Noun {
		if len(word) <= 2 || strings.HasSuffix(word, "ss") {
			return nil, nil
		}
		if stem, ok := strings.CutSuffix(word, "ful"); ok {
			word, tail = stem, "ful" // "boxesful" is a form of "boxful"
		}
	}
	for _, e := range endings[pos] {
		if stem, ok := strings.CutSuffix(word, e.from); ok && len(stem) > 1 {
			bases = append(bases, stem+e.to+tail)
		}
	}
	return bases, nil
}
