package tutor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/engine/wordnet"
)

func (t *Tutor) wordSkills() []Skill {
	word := []Arg{{"word", Text, "A word of English.", true}}
	return []Skill{
		{
			Name:        "spell",
			Description: "Spells a word.",
			Args:        word,
			phrases:     compile("(how do you spell|how do i spell|how is|spell|how to spell|can you spell|what is the spelling of) [the word] {word} [spelled|spelt]", "how (is|do you write) [the word] {word} (spelled|spelt)"),
			do: func(_ context.Context, _ scene, a args) (Answer, error) {
				return say(spelled(a.text("word"))), nil
			},
		},
		{
			Name:        "synonyms",
			Description: "Names words that mean the same.",
			Args:        word,
			phrases: compile("what (is|are) [a|an|another|some|the] (synonym|synonyms|other word|other words|another word|word|words) (for|of) [the word] {word}", "[give me|find|tell me] [a|some|another] (synonym|synonyms|another word) (for|of|to) [the word] {word}",
				"what (is|are) (another word|other words|other word|another name) for {word}", "[what is] another word for {word}", "what (means|else means) [the same as] {word}", "(what is|what are) (similar|the same) [in meaning] to {word}", "how else can i say {word}"),
			do: func(_ context.Context, sc scene, a args) (Answer, error) { return t.synonyms(a.text("word"), sc) },
		},
		{
			Name:        "antonyms",
			Description: "Names words that mean the opposite.",
			Args:        word,
			phrases:     compile("what (is|are) [the|an|a|some] (opposite|opposites|antonym|antonyms) (of|for|to) [the word] {word}", "[the] (opposite|antonym|antonyms) of {word}", "[give me] [an|some] (antonym|antonyms) (for|of) {word}"),
			do:          func(_ context.Context, sc scene, a args) (Answer, error) { return t.antonyms(a.text("word"), sc) },
		},
		{
			Name:        "kinds",
			Description: "Names kinds of a thing, or examples of it.",
			Args:        word,
			phrases: compile("(what is|what are|name|give me|tell me|list|show me) [a|an|some|the|me] [different|various|few] (kind|kinds|type|types|sort|sorts|example|examples|instance|instances) of [a|an|the] {word}",
				"what (kinds|types|sorts|kind|type) of {word} (are there|exist|do you know|are)", "name [a|an|some|me|a few|three|five] {word}", "(which|what) {word} (are there|exist|do you know)"),
			do: func(_ context.Context, sc scene, a args) (Answer, error) { return t.kinds(a.text("word"), sc) },
		},
		{
			Name:        "parts",
			Description: "Names the parts of a thing.",
			Args:        word,
			phrases: compile("what (are|is) [the] (parts|part|components) of [a|an|the] {word}", "what (parts|components) (does|do) [a|an|the] {word} have", "what (is|are) [a|an|the] {word} made (of|from|out of)", "what does [a|an|the] {word} consist of", "name [the] parts of [a|an|the] {word}",
				"what (parts|components) (is|are) in [a|an|the] {word}"),
			do: func(_ context.Context, sc scene, a args) (Answer, error) { return t.parts(a.text("word"), sc) },
		},
		{
			Name:        "usage",
			Description: "Uses a word in a sentence.",
			Args:        word,
			phrases:     compile("(use|put) [the word] {word} in a sentence", "[give me|what is] an example (sentence|sentence with|sentence for|sentence using) [with|for|using] [the word] {word}", "how (do i|do you|to|is) (use|used) [the word] {word} [in a sentence]", "make a sentence with [the word] {word}"),
			do:          func(_ context.Context, sc scene, a args) (Answer, error) { return t.usage(a.text("word"), sc) },
		},
	}
}

// spelled says the letters of a word, parted so that each is heard.
func spelled(word string) string {
	var words []string
	for _, w := range strings.Fields(word) {
		letters := strings.Split(strings.ToUpper(w), "")
		for i, l := range letters {
			switch l {
			case "-":
				letters[i] = "hyphen"
			case "'":
				letters[i] = "apostrophe"
			}
		}
		words = append(words, strings.Join(letters, ", "))
	}
	return capital(word) + " is spelled " + strings.Join(words, "; ") + "."
}

// senses are the senses of a word in every part of speech, the commonest of all
// first.
func (t *Tutor) senses(word string) ([]wordnet.Sense, error) {
	var all []wordnet.Sense
	for _, article := range []string{"the ", "a ", "an "} {
		word = strings.TrimPrefix(word, article)
	}
	for _, pos := range wordnet.Parts {
		s, err := t.dictionary.Lookup(word, pos)
		if err != nil {
			return nil, err
		}
		all = append(all, s...)
	}
	slices.SortStableFunc(all, func(a, b wordnet.Sense) int { return b.Count - a.Count })
	return all, nil
}

// known looks a word up. Where there are no senses, what to say instead, or the
// error, is returned.
func (t *Tutor) known(word string, sc scene, look func(string) ([]wordnet.Sense, error)) ([]wordnet.Sense, Answer, error) {
	if t.dictionary == nil {
		return nil, say(noDictionary), nil
	}
	senses, err := look(word)
	switch {
	case err != nil:
		return nil, Answer{}, fmt.Errorf("tutor: look up: %w", err)
	case len(senses) == 0:
		return nil, unknownWord(word, sc), nil
	}
	return senses, Answer{}, nil
}

// mostNamed is how many words are listed in a sentence.
const mostNamed = 5

// named answers with words that were gathered, or says that there are none.
func named(intro string, words []string, none string) Answer {
	if len(words) == 0 {
		return say(none)
	}
	return say(intro + " " + list(words[:min(len(words), mostNamed)], "and") + ".")
}

func (t *Tutor) synonyms(word string, sc scene) (Answer, error) {
	senses, answer, err := t.known(word, sc, t.senses)
	if senses == nil {
		return answer, err
	}
	var words []string
	for _, s := range senses {
		if len(words) >= 2 {
			break // a sense that is rarer adds more confusion than help
		}
		same := s.Words
		if len(same) == 1 { // no other word means quite this
			similar, err := t.dictionary.Follow(s, mostWeighed, wordnet.SimilarTo)
			if err != nil {
				return Answer{}, fmt.Errorf("tutor: look up: %w", err)
			}
			if same, err = t.commonFirst(similar); err != nil {
				return Answer{}, err
			}
			same = same[:min(len(same), fewest)]
		}
		for _, w := range same {
			if !strings.EqualFold(w, s.Lemma) && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	intro := "Another word for " + word + " is"
	if len(words) > 1 {
		intro = "Other words for " + word + " are"
	}
	return named(intro, words, "I know no other word for "+word+"."), nil
}

func (t *Tutor) antonyms(word string, sc scene) (Answer, error) {
	senses, answer, err := t.known(word, sc, t.senses)
	if senses == nil {
		return answer, err
	}
	for _, s := range senses {
		var own []wordnet.Pointer // the antonyms of this word, not of a synonym
		for _, p := range s.Pointers {
			if p.Relation == wordnet.Antonym && (p.FromWord == 0 || p.FromWord <= len(s.Words) && strings.EqualFold(s.Words[p.FromWord-1], s.Lemma)) {
				own = append(own, p)
			}
		}
		s.Pointers = own
		opposites, err := t.dictionary.Follow(s, 3, wordnet.Antonym)
		if err != nil {
			return Answer{}, fmt.Errorf("tutor: look up: %w", err)
		}
		var words []string
		for _, o := range opposites {
			words = append(words, o.Words[0])
		}
		if len(words) > 0 {
			return named("The opposite of "+word+" is", words, ""), nil
		}
	}
	return say("I know no opposite of " + word + "."), nil
}

func (t *Tutor) kinds(word string, sc scene) (Answer, error) {
	return t.related(word, sc, "Some kinds of ", "I know no kinds of ", []wordnet.Relation{wordnet.Instance}, []wordnet.Relation{wordnet.Hyponym})
}

func (t *Tutor) parts(word string, sc scene) (Answer, error) {
	return t.related(word, sc, "Some parts of ", "I don't know the parts of ", []wordnet.Relation{wordnet.PartMeronym, wordnet.SubstanceMeronym, wordnet.MemberMeronym})
}

// mostWeighed is how many related words are weighed against each other; each
// costs a look-up.
const mostWeighed = 10

// fewest is how many words a group must lead to, to be preferred to the next.
const fewest = 3

// related names what the noun points at, by the first of the groups of relations
// and the first of its senses that leads anywhere, common words first.
func (t *Tutor) related(word string, sc scene, intro, none string, groups ...[]wordnet.Relation) (Answer, error) {
	nouns := func(word string) ([]wordnet.Sense, error) { return t.dictionary.Lookup(word, wordnet.Noun) }
	senses, answer, err := t.known(word, sc, nouns)
	if senses == nil {
		return answer, err
	}
	for g, group := range groups {
		for _, s := range senses {
			to, err := t.dictionary.Follow(s, mostWeighed, group...)
			if err != nil {
				return Answer{}, fmt.Errorf("tutor: look up: %w", err)
			}
			words, err := t.commonFirst(to)
			if err != nil {
				return Answer{}, err
			}
			if len(words) >= fewest || len(words) > 0 && g == len(groups)-1 {
				verb := " are"
				if len(words) == 1 {
					intro, verb = strings.NewReplacer("Some kinds", "One kind", "Some parts", "One part").Replace(intro), " is"
				}
				if s.Lemma == strings.ToLower(word) && slices.Contains(countable, s.Category) && !massive(word) && strings.HasPrefix(intro, "Some parts") {
					word = withArticle(word)
				}
				return named(intro+word+verb, words, ""), nil
			}
		}
	}
	return say(none + word + "."), nil
}

// commonFirst names senses by their first word, those seen most often first.
func (t *Tutor) commonFirst(senses []wordnet.Sense) ([]string, error) {
	counts := make(map[string]int)
	var words []string
	for _, s := range senses {
		w := s.Words[0]
		if _, twice := counts[w]; twice {
			continue
		}
		words = append(words, w)
		known, err := t.dictionary.Lookup(w, s.ID.POS)
		if err != nil {
			return nil, fmt.Errorf("tutor: look up: %w", err)
		}
		counts[w] = 0
		for _, k := range known {
			if k.ID == s.ID {
				counts[w] = k.Count
			}
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return counts[b] - counts[a] })
	return words, nil
}

func (t *Tutor) usage(word string, sc scene) (Answer, error) {
	senses, answer, err := t.known(word, sc, t.senses)
	if senses == nil {
		return answer, err
	}
	for _, s := range senses {
		if e, ok := exampleOf(s); ok {
			return say("Here is one: " + e + "."), nil
		}
	}
	return say("I have no example with " + word + "."), nil
}
