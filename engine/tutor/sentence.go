package tutor

import (
	"slices"
	"strings"

	"parley/engine/wordnet"
)

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
