package lesson

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// inUse shows the word in sentences, and asks for it.
func (b *Builder) inUse(s subject, l level) unit {
	sentences := slices.DeleteFunc(slices.Clone(s.sense.Examples), func(e string) bool { return !mentions(e, s.name) })
	if len(sentences) == 0 {
		return unit{}
	}
	u := unit{objective: "Use " + quote(s.name) + " in a sentence."}
	u.Title = "In a sentence"
	for _, e := range sentences[:min(len(sentences), l.rows)] {
		u.Text += "- *" + plain(e) + "*\n"
		u.ask(s.gap(e))
	}
	return u
}

// gap blanks the word out of a sentence that has it once.
func (s subject) gap(sentence string) (engine.Question, bool) {
	forms := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(s.name) + `(s|es|ed|d|ing)?\b`)
	found := forms.FindAllStringIndex(sentence, -1)
	if len(found) != 1 || len(tokens(sentence)) < 4 {
		return engine.Question{}, false
	}
	word := sentence[found[0][0]:found[0][1]]
	accept := []string{word}
	if !strings.EqualFold(word, s.name) {
		accept = append(accept, s.name)
	}
	return engine.Question{
		Prompt: "Which word is missing: “" + sentence[:found[0][0]] + "…" + sentence[found[0][1]:] + "”?",
		Accept: accept, Hint: letters(word),
		Answer: "The word is " + quote(word) + ": “" + sentence + "”.",
	}, true
}

// beside tells the topic from what is next to it.
func (b *Builder) beside(s subject, l level) unit {
	var near []wordnet.Sense
	for _, o := range s.sisters {
		if !mentions(o.Words[0], s.mark) {
			near = append(near, o)
		}
	}
	if len(near) < 2 || len(s.above) == 0 {
		return unit{}
	}
	near = spread(near, brief(s.sense))
	near = near[:min(len(near), l.rows)]
	u := unit{objective: "Tell " + s.said + " from " + list([]string{s.namedLike(near[0]), s.namedLike(near[1])}) + "."}
	if s.sense.ID.POS == wordnet.Verb {
		u.objective = "Tell " + quote(s.bare()) + " from " + quote("to "+near[0].Words[0]) + " and " + quote("to "+near[1].Words[0]) + "."
	}
	u.Title = "Its neighbours"
	what := "These are other kinds of " + plain(s.above[0].Words[0])
	switch {
	case s.sense.ID.POS == wordnet.Verb:
		what = "These are other ways to " + plain(s.above[0].Words[0])
	case instance(s.sense):
		what = "These, too, are examples of " + plain(s.above[0].Words[0])
	}
	u.Text = what + ", and not the same:\n\n" + l.entries(near)
	u.ask(s.whichIs("Which one is meant", near, 0))
	u.ask(s.whichIs("Which one is meant", near, len(near)/2))
	u.ask(s.whichIs("Which one is meant", near, len(near)-1))
	return u
}

// otherMeanings are what else the word may mean; the question is which meaning a
// sentence has.
func (b *Builder) otherMeanings(s subject, l level) unit {
	others := slices.DeleteFunc(slices.Clone(s.others), func(o wordnet.Sense) bool { return l.simple && o.Count == 0 })
	if len(others) == 0 {
		return unit{}
	}
	shown := others[:min(len(others), l.rows)]
	u := unit{objective: "Tell which meaning " + quote(s.name) + " has in a sentence."}
	u.Title = "Other meanings of the word"
	for i, o := range shown {
		u.Text += fmt.Sprintf("%d. %s", i+1, plain(gloss(o)))
		if at := s.shownIn(o); at >= 0 && !l.simple {
			u.Text += ": *" + plain(o.Examples[at]) + "*"
		}
		u.Text += "\n"
	}
	if left := len(others) - len(shown); left > 0 {
		u.Text += fmt.Sprintf("\nThere are %d more.\n", left)
	}
	all := append([]wordnet.Sense{s.sense}, shown...)
	for _, o := range shown {
		u.ask(s.meantIn(o, all))
	}
	if u.Check.Prompt == "" {
		u.ask(s.meansToo(shown[0]))
		u.objective = "Name another meaning of " + quote(s.name) + "."
	}
	return u
}

// meantIn asks which of several meanings the word has in a sentence of one.
func (s subject) meantIn(right wordnet.Sense, all []wordnet.Sense) (engine.Question, bool) {
	at := s.shownIn(right)
	if at < 0 || len(tokens(right.Examples[at])) < 4 {
		return engine.Question{}, false
	}
	var wrong []engine.Option
	for _, o := range all {
		if o.ID == right.ID || overlap(o.Definition, right.Definition, "") {
			continue // meanings so close that both would do
		}
		comment := "No."
		if at := s.shownIn(o); at >= 0 {
			comment = "No, that would be: “" + o.Examples[at] + "”."
		}
		wrong = append(wrong, engine.Option{Text: brief(o), Comment: comment})
	}
	return pick(engine.Question{
		Prompt: "What does " + quote(s.name) + " mean in: “" + right.Examples[at] + "”?",
		Hint:   "Put each meaning in the place of the word.",
		Answer: "Here it means: " + gloss(right) + ".",
	}, engine.Option{Text: brief(right), Comment: "Yes."}, wrong)
}

// shownIn is the number of the first example of a sense that has the word itself,
// and not another of its words; -1 if there is none.
func (s subject) shownIn(o wordnet.Sense) int {
	return slices.IndexFunc(o.Examples, func(e string) bool { return mentions(e, s.name) })
}

// meansToo asks what else the word may mean, among the meanings of its neighbours.
func (s subject) meansToo(right wordnet.Sense) (engine.Question, bool) {
	var wrong []engine.Option
	for _, o := range spread(s.sisters, brief(right)) {
		if !mentions(o.Words[0], s.mark) && !mentions(o.Definition, s.mark) && !slices.Contains(o.Words, s.name) {
			wrong = append(wrong, engine.Option{Text: brief(o), Comment: "No, that is " + quote(o.Words[0]) + "."})
		}
	}
	return pick(engine.Question{
		Prompt: "What else can " + quote(s.name) + " mean?", Hint: "The others are neighbours of its first meaning.",
		Answer: quote(capital(s.name)) + " can also mean: " + gloss(right) + ".",
	}, engine.Option{Text: brief(right), Comment: "Yes."}, wrong)
}

// around are opposites, similar words and what the doing includes.
func (b *Builder) around(s subject, l level) unit {
	u := unit{objective: "Name words around " + quote(s.name) + "."}
	u.Title = "Words around it"
	for _, group := range []struct {
		title string
		of    []wordnet.Sense
	}{{"Opposites", s.opposites}, {"Similar", s.similar}, {"It includes", s.includes}} {
		if len(group.of) > 0 {
			u.Text += group.title + ":\n\n" + l.entries(group.of) + "\n"
		}
	}
	if len(s.opposites) == 0 {
		return u
	}
	u.objective = "Name the opposite of " + quote(s.name) + "."
	right := s.opposites[0]
	var wrong []engine.Option
	for _, o := range s.similar {
		if !related(o, right) {
			wrong = append(wrong, engine.Option{Text: o.Words[0], Comment: "No, that is close to it: " + gloss(o) + "."})
		}
	}
	q := engine.Question{
		Prompt: "What is the opposite of " + quote(s.name) + "?", Hint: letters(right.Words[0]),
		Answer: "The opposite is " + quote(right.Words[0]) + ": " + gloss(right) + ".",
	}
	if with, ok := pick(q, engine.Option{Text: right.Words[0], Comment: "Yes: " + gloss(right) + "."}, wrong); ok {
		q = with
	} else {
		q.Accept = right.Words
	}
	u.ask(q, true)
	return u
}
