package lesson

import (
	"fmt"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// Entries are the texts that a dictionary has for a word; none is no error.
// A Dictionary of engine/dictd has them.
type Entries interface {
	Lookup(word string) ([]string, error)
}

// Source is a dictionary beside WordNet that lessons are made of.
type Source func(*Builder)

// GCIDE is the GNU version of the Collaborative International Dictionary of
// English, as Debian's dict-gcide has it: Webster's of 1913 with later additions.
func GCIDE(e Entries) Source { return func(b *Builder) { b.gcide = e } }

// FOLDOC is the Free On-line Dictionary of Computing, as Debian's dict-foldoc has
// it.
func FOLDOC(e Entries) Source { return func(b *Builder) { b.foldoc = e } }

// inOtherWords is what GCIDE says of the same meaning.
func (b *Builder) inOtherWords(s subject, l level) (unit, error) {
	if b.gcide == nil {
		return unit{}, nil
	}
	texts, err := b.gcide.Lookup(s.name)
	if err != nil {
		return unit{}, fmt.Errorf("lesson: %w", err)
	}
	near := s.sense.Definition + " " + strings.Join(s.sense.Examples, " ") + " " + strings.Join(s.sense.Words, " ")
	for _, k := range append(s.above[:min(len(s.above), 2)], s.kinds[:min(len(s.kinds), 4)]...) {
		near += " " + k.Words[0] + " " + k.Definition
	}
	best, score := article1913{}, 0
	for _, text := range texts {
		for i, a := range parseGCIDE(text, s.name, s.sense.ID.POS) {
			n := 2 * shared(a.definition, near)
			if i == 0 {
				n++ // the first meaning is the likeliest
			}
			if n > score {
				best, score = a, n
			}
		}
	}
	if score < 3 { // it may be another meaning
		return unit{}, nil
	}
	u := unit{objective: "Describe " + s.said + " in more detail."}
	if s.sense.ID.POS != wordnet.Noun {
		u.objective = "Explain " + quote(s.bare()) + " in more detail."
	}
	u.Title = "In other words"
	u.Text = "GCIDE, an English dictionary of which much was written in 1913, says: " + plain(best.definition) + "\n"
	for _, note := range best.notes {
		if note = shorten(note, l.prose-len(u.Text)); note != "" {
			u.Text += "\n" + plain(note) + "\n"
		}
	}
	for _, sentence := range sentences(append([]string{best.definition}, best.notes...)) {
		q, ok, err := b.missing(sentence, s.name)
		if err != nil {
			return u, err
		}
		if ok && strings.Contains(u.Text, plain(sentence)) && len(u.more) < 3 {
			u.ask(q, true)
		}
	}
	return u, nil
}

func sentences(texts []string) []string {
	var all []string
	for _, text := range texts {
		for text != "" {
			s := sentence(text)
			all = append(all, s)
			text = strings.TrimSpace(text[len(s):])
		}
	}
	return all
}

// terms are the longer nouns of a text that have one meaning only, of which the
// dictionary can so say for certain what they mean here, the longest first.
func (b *Builder) terms(text, but string) ([]wordnet.Sense, error) {
	var found []wordnet.Sense
	seen := make(map[string]bool)
	for _, w := range tokens(text) {
		if len(w) < 4 || seen[w] || mentions(w, but) || mentions(but, w) {
			continue
		}
		seen[w] = true
		senses, err := b.dictionary.Lookup(w, wordnet.Noun)
		if err != nil {
			return nil, fmt.Errorf("lesson: %w", err)
		}
		if len(senses) != 1 || senses[0].Lemma != w && senses[0].Lemma+"s" != w || !fit(senses[0]) || proper(spelling(senses[0])) {
			continue
		}
		other := false
		for _, pos := range []wordnet.POS{wordnet.Verb, wordnet.Adjective, wordnet.Adverb} {
			as, err := b.dictionary.Lookup(w, pos)
			if err != nil {
				return nil, fmt.Errorf("lesson: %w", err)
			}
			other = other || len(as) > 0
		}
		if !other {
			found = append(found, senses[0])
		}
	}
	return found, nil
}

// missing blanks a noun out of a sentence.
func (b *Builder) missing(text, but string) (engine.Question, bool, error) {
	if len(text) > longLine || len(tokens(text)) < 8 || strings.Count(text, ",") > 6 { // a list teaches no sentence
		return engine.Question{}, false, nil
	}
	terms, err := b.terms(text, but)
	if err != nil {
		return engine.Question{}, false, err
	}
	for _, t := range terms {
		s := subject{name: t.Lemma, sense: t}
		if q, ok := s.gap(strings.TrimSuffix(text, ".")); ok {
			q.Hint = "It means: " + brief(t) + ". " + q.Hint
			return q, true, nil
		}
	}
	return engine.Question{}, false, nil
}
