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
	people = compile("who (is|was|were|are) {word}", "who {word} (is|was)")
	things = compile(
		"what (is|was|were|are|~r) [exactly|actually] {word}", "what (exactly|actually) (is|are|was) {word}", "what (is|are) {word} (exactly|anyway|again|actually)", "what kind of (thing|animal|plant|word) is [a|an|the] {word}",
		"(tell me|what can you tell me|what do you know|do you know anything|talk|tell me something|say something|tell me more) about {word}", "where is {word}", "what {word} (is|are|means|mean)")
)

func (t *Tutor) definitionSkills() []Skill {
	return []Skill{
		{
			Name:        "meaning",
			Description: "Says what a word means, and gives an example of its use.",
			Args:        []Arg{{"word", Text, "A word or a phrase of English.", true}},
			phrases:     meanings,
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				if f, ok := t.told(ctx, a.text("word")); ok {
					return stated([]Fact{f}), nil
				}
				return t.define(a.text("word"), sc, question{lead: 2, example: true})
			},
		},
		{
			Name:        "person",
			Description: "Says who a person of history or a kind of person is.",
			Args:        []Arg{{"word", Text, "A name.", true}},
			phrases:     people,
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				return t.explain(ctx, a.text("word"), sc, true)
			},
		},
		{
			Name:        "define",
			Description: "Says what a thing is.",
			Args:        []Arg{{"word", Text, "A noun, a name or another word of English.", true}},
			phrases:     things,
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				return t.explain(ctx, a.text("word"), sc, false)
			},
		},
	}
}

// explain says what the user has told about a thing ("the wifi password"), or
// what the dictionary says.
func (t *Tutor) explain(ctx context.Context, word string, sc scene, who bool) (Answer, error) {
	if f, ok := t.told(ctx, word); ok {
		return stated([]Fact{f}), nil
	}
	return t.define(word, sc, question{lead: 10, who: who})
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

// question is what is asked about a word.
type question struct {
	lead    int  // by what factor a part of speech that is no noun must be commoner
	example bool // "what does … mean" wants one, and hardly asks for a noun
	who     bool // a person is asked for
	verb    bool // "to run"
}

// parts are the parts of speech that may answer.
func (q question) parts() []wordnet.POS {
	switch {
	case q.verb:
		return []wordnet.POS{wordnet.Verb}
	case q.who:
		return []wordnet.POS{wordnet.Noun}
	}
	return wordnet.Parts[:]
}

// define explains a word by its commonest sense.
func (t *Tutor) define(word string, sc scene, q question) (Answer, error) {
	if t.dictionary == nil {
		return say(noDictionary), nil
	}
	if slices.Contains(pronouns, word) { // "IT" in capitals is a word
		return say("I'm not sure what you are referring to. Please name it."), nil
	}
	if first, _, more := strings.Cut(strings.ToLower(word), " "); more && (slices.Contains(pronouns, first) || slices.Contains(prepositions, first)) {
		return atALoss(heard{text: "what is " + word}, sc), nil
	}
	article, word := cutArticle(word)
	q.verb = article == "to"
	best, ok, err := t.commonest(word, q)
	if two := numbered(word); err == nil && !ok && two != "" {
		best, ok, err = t.commonest(two, q)
	}
	if err != nil {
		return Answer{}, err
	}
	if !ok {
		return unknownWord(word, sc), nil
	}
	a := say(described(best, article, strings.EqualFold(word, best.Lemma)))
	if others := clauses(best.Definition); len(a.Sentences[0]) < 70 && len(others) > 1 && len(others[1]) < 110 && !strings.HasPrefix(others[1], "especially") && !strings.HasPrefix(others[1], "and ") && others[1][0] > '9' && best.ID.POS == wordnet.Noun {
		a.Sentences[0] = strings.TrimSuffix(a.Sentences[0], ".") + "; " + others[1] + "."
	}
	if q.example && best.ID.POS != wordnet.Noun {
		if e, ok := exampleOf(best); ok {
			a.Sentences = append(a.Sentences, "For example: "+e+".")
		}
	}
	return a, nil
}

// commonest is the sense of word that was counted most often. A later part of
// speech must lead an earlier one by a factor.
func (t *Tutor) commonest(word string, q question) (wordnet.Sense, bool, error) {
	var best wordnet.Sense
	found := false
	for _, pos := range q.parts() {
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
		if i := slices.IndexFunc(senses, isInstance); q.who && first.Count == 0 && i >= 0 {
			first = senses[i] // Einstein himself, before whoever is called one
		}
		// A noun is what "what is" asks for; another part must be commoner by
		// that much.
		if !found || first.Count > q.lead*best.Count {
			best, found = first, true
		}
	}
	return best, found, nil
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
	if strings.Count(word, " ") > 2 || strings.Contains(word, " of ") {
		return atALoss(heard{text: "what is " + word}, sc)
	}
	return say(pick(word, sc,
		"I don't know "+word+"; it isn't in my offline dictionary.",
		"My offline dictionary has nothing about "+word+"."))
}
