package tutor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/engine/wordnet"
)

const noDictionary = "I have no dictionary here. Installing Debian's wordnet-base package would give me one."

var (
	meanings = compile(
		"what (does|do|did|is|are) [the word|the term|the phrase|word] {word} (mean|means|meaning|stand for)", "what (does|do) it mean to [be] {word}", "what is [the|a] (meaning|definition) (of|for) [the word|the term|a|an] {word}",
		"define [the word|the term|a|an|the] {word}", "[the] (definition|meaning) of [the word|a|an] {word}", "look up [the word|a|an|the] {word}", "give me [the|a] (definition|meaning) of [the word|a|an|the] {word}",
		"what is meant by {word}", "explain [the word|the term|a|an|the] {word}", "what is the word {word}", "{word} definition", "{word} meaning", "describe [a|an|the|what] {word}")
	people = compile("who (is|was|were|are) [the|a|an] {word}")
	things = compile(
		"what (is|was|were|are|r) [the|a|an|some|exactly is] {word}", "what [is] (exactly|actually) [is|are|was] [a|an|the] {word}", "what (is|are) {word} (exactly|anyway|again|actually)", "what kind of (thing|animal|plant|word) is [a|an|the] {word}",
		"(tell me|what can you tell me|what do you know|do you know anything|talk|tell me something|say something|tell me more) about [the|a|an|some] {word}", "where is {word}", "what (a|an|the) {word} is", "what {word} (is|are|means|mean)", "(what) (a|an) {word}")
)

func (t *Tutor) definitionSkills() []Skill {
	return []Skill{
		{
			Name:        "meaning",
			Description: "Says what a word means, and gives an example of its use.",
			Args:        []Arg{{"word", Text, "A word or a phrase of English.", true}},
			match:       meanings.find,
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				return t.define(a.text("word"), sc, true, wordnet.Parts[:]...)
			},
		},
		{
			Name:        "person",
			Description: "Says who a person of history or a kind of person is.",
			Args:        []Arg{{"word", Text, "A name.", true}},
			match:       people.find,
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				return t.define(a.text("word"), sc, false, wordnet.Noun)
			},
		},
		{
			Name:        "define",
			Description: "Says what a thing is.",
			Args:        []Arg{{"word", Text, "A noun, a name or another word of English.", true}},
			match:       things.find,
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				return t.define(a.text("word"), sc, false, wordnet.Parts[:]...)
			},
		},
	}
}

// define explains a word by its commonest sense among the parts of speech, and
// adds an example if one is asked for.
func (t *Tutor) define(word string, sc scene, example bool, parts ...wordnet.POS) (Answer, error) {
	if t.dictionary == nil {
		return say(noDictionary), nil
	}
	word = strings.TrimSuffix(strings.TrimSuffix(word, " mean"), " is")
	for _, article := range []string{"the ", "a ", "an ", "to ", "The ", "A ", "An "} {
		if rest, ok := strings.CutPrefix(word, article); ok {
			if article == "to " {
				parts = []wordnet.POS{wordnet.Verb}
			}
			word = rest
			break
		}
	}
	best, ok, err := t.commonest(word, parts)
	if err != nil {
		return Answer{}, err
	}
	if !ok {
		return unknownWord(word, sc), nil
	}
	a := say(described(best, word))
	if others := clauses(best.Definition); len(a.Sentences[0]) < 70 && len(others) > 1 && len(others[1]) < 110 && !strings.HasPrefix(others[1], "especially") && best.ID.POS == wordnet.Noun {
		a.Sentences[0] = strings.TrimSuffix(a.Sentences[0], ".") + "; " + others[1] + "."
	}
	if example && best.ID.POS != wordnet.Noun {
		if e, ok := exampleOf(best); ok {
			a.Sentences = append(a.Sentences, "For example: "+e+".")
		}
	}
	return a, nil
}

// commonest is the sense of word that was counted most often; a noun where
// nothing speaks for another part of speech.
func (t *Tutor) commonest(word string, parts []wordnet.POS) (wordnet.Sense, bool, error) {
	var best wordnet.Sense
	found := false
	for _, pos := range parts {
		senses, err := t.dictionary.Lookup(word, pos)
		if err != nil {
			return best, false, fmt.Errorf("tutor: look up: %w", err)
		}
		if len(senses) == 0 {
			continue
		}
		first := senses[0]
		for _, s := range senses[1:] {
			// The word itself before what it may be a form of: "glasses"
			// before "glass", unless the latter is far commoner.
			if s.Lemma != first.Lemma && s.Count > 3*first.Count+3 {
				first = s
				break
			}
		}
		// A noun is what "what is" asks for; another part must be far commoner.
		if !found || first.Count > 3*best.Count+2 {
			best, found = first, true
		}
	}
	return best, found, nil
}

// countable are the categories whose nouns take an article.
var countable = []wordnet.Category{wordnet.Animal, wordnet.Artifact, wordnet.Body, wordnet.Group, wordnet.Location, wordnet.Object, wordnet.Person, wordnet.Plant, wordnet.Shape}

// described is the sentence that says what a sense is.
func described(s wordnet.Sense, asked string) string {
	parts := clauses(s.Definition)
	if len(parts) == 0 {
		return "I know the word, but not how to explain it."
	}
	gloss := parts[0]
	name := spelling(s)
	switch s.ID.POS {
	case wordnet.Verb:
		return "To " + name + " is to " + strings.TrimPrefix(gloss, "to ") + "."
	case wordnet.Adjective, wordnet.Adverb:
		return capital(name) + " means " + gloss + "."
	}
	if isInstance(s) {
		return instance(s, name, gloss)
	}
	first, _, _ := strings.Cut(gloss, " ")
	determined := slices.Contains(determiners, strings.ToLower(first)) || strings.HasSuffix(first, "'s")
	isPlural := plainlyPlural(name, s)
	counted := slices.Contains(countable, s.Category) && !isPlural
	switch {
	case isPlural:
		return capital(name) + " are " + gloss + "."
	case (determined && first != "the" && first != "any") || counted && !massive(gloss):
		subject := name
		if counted || first == "a" || first == "an" {
			subject = withArticle(name)
		}
		if uncounted(s) {
			subject = name
		}
		if !determined {
			gloss = withArticle(gloss)
		}
		return capital(subject) + " is " + gloss + "."
	}
	return capital(name) + " is " + gloss + "."
}

// uncounted says whether a noun names a stuff, a state or a feeling rather than
// things one by one.
func uncounted(s wordnet.Sense) bool {
	switch s.Category {
	case wordnet.Feeling, wordnet.Phenomenon, wordnet.Process, wordnet.StateOf, wordnet.Substance, wordnet.AttributeOf, wordnet.Cognition, wordnet.Food:
		return true
	}
	return false
}

// massive says whether a gloss begins with a word that takes no article.
func massive(gloss string) bool {
	first, _, _ := strings.Cut(gloss, " ")
	return strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss") && !strings.HasSuffix(first, "ous")
}

// plainlyPlural says whether the entry itself is a plural ("glasses").
func plainlyPlural(name string, s wordnet.Sense) bool {
	return strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss") && !strings.HasSuffix(name, "us") && !strings.HasSuffix(name, "is") &&
		(strings.HasPrefix(s.Definition, "plural") || strings.Contains(s.Definition, "(plural)"))
}

func isInstance(s wordnet.Sense) bool {
	return slices.ContainsFunc(s.Pointers, func(p wordnet.Pointer) bool { return p.Relation == wordnet.InstanceOf })
}

// instance describes a person, a place or an event that has a name.
func instance(s wordnet.Sense, name, gloss string) string {
	if s.Category == wordnet.Person && !strings.Contains(name, " ") {
		// "Einstein" is better called by the full name.
		for _, w := range s.Words {
			if strings.HasSuffix(w, " "+name) {
				name = w
				break
			}
		}
	}
	verb := " is "
	years := ""
	if m := lifetime.FindStringSubmatch(s.Definition); m != nil && s.Category == wordnet.Person {
		if m[2] != "" {
			verb, years = " was ", ", who lived from "+m[1]+" to "+m[2]+","
		} else {
			years = ", born in " + m[1] + ","
		}
	} else if s.Category == wordnet.Event || s.Category == wordnet.Act {
		verb = " was "
	}
	first, _, _ := strings.Cut(gloss, " ")
	if !slices.Contains(determiners, strings.ToLower(first)) {
		gloss = withArticle(gloss)
	}
	return capital(name) + years + verb + gloss + "."
}

// spelling is the looked-up word with the capitals that the sense gives it.
func spelling(s wordnet.Sense) string {
	for _, w := range s.Words {
		if strings.EqualFold(w, s.Lemma) {
			return w
		}
	}
	if s.Lemma != "" {
		return s.Lemma
	}
	return s.Words[0]
}

// exampleOf is an example of a sense that uses the word.
func exampleOf(s wordnet.Sense) (string, bool) {
	stem := strings.ToLower(s.Lemma)
	stem = stem[:max(1, len(stem)*2/3)]
	for _, e := range s.Examples {
		if strings.Contains(strings.ToLower(e), stem) && len(e) < 120 {
			return capital(speakable(e)), true
		}
	}
	return "", false
}

// unknownWord says that there is no entry.
func unknownWord(word string, sc scene) Answer {
	if strings.Count(word, " ") > 2 {
		return atALoss(heard{text: "what is " + word}, sc)
	}
	return say(pick(word, sc,
		"I don't know "+word+"; it isn't in my offline dictionary.",
		"My offline dictionary has nothing about "+word+"."))
}
