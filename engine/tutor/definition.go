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
		"what (is|was|were|are|r) [exactly|actually] {word}", "what (exactly|actually) (is|are|was) {word}", "what (is|are) {word} (exactly|anyway|again|actually)", "what kind of (thing|animal|plant|word) is [a|an|the] {word}",
		"(tell me|what can you tell me|what do you know|do you know anything|talk|tell me something|say something|tell me more) about {word}", "where is {word}", "what {word} (is|are|means|mean)")
)

func (t *Tutor) definitionSkills() []Skill {
	return []Skill{
		{
			Name:        "meaning",
			Description: "Says what a word means, and gives an example of its use.",
			Args:        []Arg{{"word", Text, "A word or a phrase of English.", true}},
			match:       meanings.find,
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				return t.define(a.text("word"), sc, question{lead: 2, example: true})
			},
		},
		{
			Name:        "person",
			Description: "Says who a person of history or a kind of person is.",
			Args:        []Arg{{"word", Text, "A name.", true}},
			match:       people.find,
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				return t.explain(ctx, a.text("word"), sc, true)
			},
		},
		{
			Name:        "define",
			Description: "Says what a thing is.",
			Args:        []Arg{{"word", Text, "A noun, a name or another word of English.", true}},
			match:       things.find,
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				return t.explain(ctx, a.text("word"), sc, false)
			},
		},
	}
}

// explain says what the user has told about a thing ("the wifi password"), or
// what the dictionary says.
func (t *Tutor) explain(ctx context.Context, word string, sc scene, who bool) (Answer, error) {
	// A memory that fails must not keep the dictionary from answering.
	if facts, err := t.recall(ctx, word); err == nil && len(facts) > 0 && slices.Equal(sorted(stems(facts[0].Subject)), sorted(stems(word))) {
		return stated(facts[:1]), nil
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

// countable are the categories whose nouns take an article.
var countable = []wordnet.Category{wordnet.Animal, wordnet.Artifact, wordnet.Body, wordnet.Group, wordnet.Location, wordnet.Object, wordnet.Person, wordnet.Plant, wordnet.Shape}

// pronouns stand for what somebody said; prepositions before it ask for
// something other than a definition.
var (
	pronouns     = strings.Fields("it that this these those he she him her they them you me i we us your his their its our my there here one what who")
	prepositions = strings.Fields("in on at for from with without by under over between wrong going happening up next new on like")
)

// cutArticle parts a word from the article, or the "to", it was asked with.
func cutArticle(word string) (article, rest string) {
	first, rest, ok := strings.Cut(word, " ")
	switch first = strings.ToLower(first); first {
	case "a", "an", "the", "some", "to":
		if ok {
			return first, rest
		}
	}
	return "", word
}

// numbered writes the number at the end of a name as the dictionary does:
// "world war two" is "world war ii". It is "" where there is none.
func numbered(word string) string {
	i := strings.LastIndexByte(word, ' ')
	roman := map[string]string{"one": "i", "two": "ii", "three": "iii", "four": "iv", "1": "i", "2": "ii", "3": "iii", "4": "iv"}
	if i < 0 || roman[strings.ToLower(word[i+1:])] == "" {
		return ""
	}
	return word[:i+1] + roman[strings.ToLower(word[i+1:])]
}

// described is the sentence that says what a sense is. The article is the one
// the word was asked with; same is false if it was asked for in another form.
func described(s wordnet.Sense, article string, same bool) string {
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
		if strings.HasPrefix(gloss, "of ") {
			return capital(name) + " describes what is " + gloss + "."
		}
		return capital(name) + " means " + gloss + "."
	}
	if isInstance(s) {
		if article == "the" {
			name = "the " + name
		}
		return instance(s, name, gloss)
	}
	first, _, _ := strings.Cut(gloss, " ")
	determined := slices.Contains(determiners, strings.ToLower(first)) || strings.HasSuffix(first, "'s")
	if plainlyPlural(name, s) {
		return capital(name) + " are " + gloss + "."
	}
	if !determined && !massive(gloss) {
		gloss = withArticle(gloss)
	}
	switch {
	case article == "the" && same:
		name = "the " + name
	case (article == "a" || article == "an") && !massive(name), !uncounted(s) && strings.ToLower(name) == name && !massive(name):
		name = withArticle(name)
	}
	return capital(name) + " is " + gloss + "."
}

// uncounted says whether a noun names a stuff, a state or a feeling rather than
// things one by one.
func uncounted(s wordnet.Sense) bool { return !slices.Contains(countable, s.Category) }

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
	if strings.Count(word, " ") > 2 || strings.Contains(word, " of ") {
		return atALoss(heard{text: "what is " + word}, sc)
	}
	return say(pick(word, sc,
		"I don't know "+word+"; it isn't in my offline dictionary.",
		"My offline dictionary has nothing about "+word+"."))
}
