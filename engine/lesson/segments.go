package lesson

import (
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// unit is a segment and what goes with it.
type unit struct {
	engine.Segment
	objective string
	source    string            // where it is from, if not from WordNet
	more      []engine.Question // for the quiz
	terms     []wordnet.Sense   // for the glossary
}

// ask takes a question for the check, or, if there is one already, for the quiz.
func (u *unit) ask(q engine.Question, ok bool) {
	switch {
	case !ok:
	case u.Check.Prompt == "":
		u.Check = q
	default:
		u.more = append(u.more, q)
	}
}

// units are the segments that the dictionary's entry has matter for, the most
// telling first.
func (b *Builder) units(s subject, l level) ([]unit, error) {
	belongs, err := b.belongs(s)
	if err != nil {
		return nil, err
	}
	kinds, err := b.kindsOf(s, l)
	if err != nil {
		return nil, err
	}
	var all []unit
	for _, u := range []unit{
		b.meaning(s, l), belongs, b.examplesOf(s, l), kinds, b.partsOf(s, l), b.inUse(s, l), b.beside(s, l), b.otherMeanings(s, l), b.around(s, l),
	} {
		if u.Text != "" {
			all = append(all, u)
		}
	}
	return all, nil
}

// entry is a sense in a list.
func (l level) entry(s wordnet.Sense) string {
	if l.simple {
		return "**" + plain(s.Words[0]) + "**: " + plain(brief(s))
	}
	return "**" + plain(s.Words[0]) + "**: " + plain(gloss(s))
}

// entries lists senses, as many as the level wants, and says how many are left out.
func (l level) entries(senses []wordnet.Sense) string {
	text := ""
	shown := senses[:min(len(senses), l.rows)]
	for _, s := range shown {
		text += "- " + l.entry(s) + "\n"
	}
	if left := len(senses) - len(shown); left > 0 {
		text += fmt.Sprintf("- … and %d more\n", left)
	}
	return text
}

func (b *Builder) meaning(s subject, l level) unit {
	u := unit{objective: "Say in your own words " + s.what() + " " + s.said + " is."}
	u.Title = capital(s.what()) + " " + s.said + " is"
	if s.sense.ID.POS != wordnet.Noun {
		u.Title = "What " + quote(s.bare()) + " means"
		u.objective = "Say in your own words what " + quote(s.bare()) + " means."
	}
	text := s.sense.Definition
	if l.simple {
		text = brief(s.sense)
	}
	if !s.covers() {
		u.Text = fmt.Sprintf("You asked about “%s”. The dictionaries on this computer have no entry of that name. They do say what “%s” means and where it belongs, and that is what follows.\n\n", plain(s.topic), plain(s.name))
	}
	u.Text += fmt.Sprintf("**%s** (%s): %s.\n", plain(capital(s.bare())), s.sense.ID.POS, plain(text))
	var also []string
	for _, w := range s.sense.Words {
		if !strings.EqualFold(w, s.name) && len(also) < l.rows {
			also = append(also, "*"+plain(w)+"*")
		}
	}
	if len(also) > 0 {
		u.Text += "\nAlso called " + list(also) + ".\n"
	}
	u.ask(s.meansWhat(s.rivals()))
	u.ask(s.calledWhat())
	return u
}

// rivals are senses that are certainly something else: sisters, or opposites.
func (s subject) rivals() []wordnet.Sense {
	if s.sense.ID.POS == wordnet.Noun || s.sense.ID.POS == wordnet.Verb {
		return s.sisters
	}
	return s.opposites
}

// belongs is the chain from the topic to ever wider notions.
func (b *Builder) belongs(s subject) (unit, error) {
	if len(s.above) == 0 {
		return unit{}, nil
	}
	u := unit{objective: "Say what kind of thing " + s.said + " is.", terms: s.above[:1]}
	u.Title = "Where it belongs"
	verb, prompt := "is a kind of", "What is "+s.said+" a kind of?"
	switch {
	case s.sense.ID.POS == wordnet.Verb:
		verb, prompt = "is one way to", "To "+s.name+" is one way to do which of these?"
		u.objective = "Say what " + quote(s.bare()) + " is one way to do."
	case instance(s.sense):
		verb, prompt = "is an example of", "What is "+s.said+" an example of?"
	}
	next, do := verb, ""
	if s.sense.ID.POS == wordnet.Verb {
		do = " do"
	}
	if next == "is an example of" {
		next = "is a kind of"
	}
	steps := s.above[:min(len(s.above), mostSteps)]
	if len(steps) == 1 {
		u.Text = fmt.Sprintf("%s %s **%s**: %s.\n", capital(plain(s.said)), verb, plain(steps[0].Words[0]), plain(gloss(steps[0])))
	} else {
		u.Text = fmt.Sprintf("%s %s the first of these, and each of them %s the next, wider one:\n\n", capital(plain(s.said)), verb+do, next+do)
		for i, step := range steps {
			u.Text += fmt.Sprintf("%d. **%s**: %s\n", i+1, plain(step.Words[0]), plain(gloss(step)))
		}
	}
	right := steps[0]
	if mentions(s.name, right.Words[0]) {
		return u, nil // a black bear is a kind of what?
	}
	var wrong []engine.Option
	if len(s.above) > 1 {
		beside, err := b.dictionary.Follow(s.above[1], most, wordnet.Hyponym)
		if err != nil {
			return u, fmt.Errorf("lesson: %w", err)
		}
		for _, o := range spread(beside, brief(right)) {
			if len(wrong) == mostOptions-1 {
				break
			}
			is, err := b.isKind(s.name, o)
			if err != nil {
				return u, err
			}
			if !is && fit(o) && !shareWord(o, s.sisters) && !mentions(s.sense.Definition, o.Words[0]) && !mentions(o.Definition, s.mark) && !related(o, right) {
				wrong = append(wrong, engine.Option{Text: o.Words[0], Comment: "No: " + gloss(o) + "."})
			}
		}
	}
	u.ask(pick(engine.Question{
		Prompt: prompt, Hint: "It means: " + brief(right) + ".",
		Answer: capital(s.said) + " " + verb + " " + right.Words[0] + ": " + gloss(right) + ".",
	}, engine.Option{Text: right.Words[0], Comment: "Yes: " + gloss(right) + "."}, wrong))
	return u, nil
}

// mostSteps is how far up the hierarchy a lesson goes.
const mostSteps = 5

func (b *Builder) kindsOf(s subject, l level) (unit, error) {
	if len(s.kinds) == 0 {
		return unit{}, nil
	}
	u := unit{objective: "Name kinds of " + s.name + " and say what sets them apart.", terms: s.kinds[:min(len(s.kinds), l.rows)]}
	u.Title = "Kinds of " + s.name
	lead := "Which kind of " + s.name + " is meant"
	if s.sense.ID.POS == wordnet.Verb {
		u.Title, lead = "Ways to "+s.name, "Which way to "+s.name+" is meant"
		u.objective = "Name ways to " + s.name + " and say what sets them apart."
	}
	if len(s.kinds) == 1 {
		u.objective = "Say what " + s.kinds[0].Words[0] + " is."
	}
	u.Text = l.entries(s.kinds)
	shown := s.kinds[:min(len(s.kinds), l.rows)]
	u.ask(s.whichIs(lead, shown, 0))
	q, ok, err := b.kindOf(s)
	if err != nil {
		return u, err
	}
	u.ask(q, ok)
	u.ask(s.whichIs(lead, shown, len(shown)/2+1))
	return u, nil
}

func (b *Builder) examplesOf(s subject, l level) unit {
	u := unit{objective: "Give an example of " + s.said + "."}
	u.Title = "Examples"
	of := s.instances
	if len(of) == 0 {
		// The mountain has names, the fissure that is the first meaning has none.
		for _, o := range s.others {
			if to, err := b.dictionary.Follow(o, most, wordnet.Instance); err == nil && len(to) > 0 {
				of = to
				u.Text = "In the sense of “" + plain(gloss(o)) + "”:\n\n"
				break
			}
		}
	}
	if len(of) == 0 {
		return unit{}
	}
	u.Text += l.entries(of)
	u.ask(s.whichIs("Which of them is meant", of[:min(len(of), l.rows)], 1))
	return u
}

func (b *Builder) partsOf(s subject, l level) unit {
	u := unit{objective: "Say what belongs together with " + s.said + " as part and whole."}
	u.Title = "Parts and wholes"
	for _, group := range []struct {
		intro, prompt, is string
		of                []wordnet.Sense
	}{
		{"Parts of it:", "Which of these is part of " + s.said + "?", " is part of " + s.said, s.parts},
		{"What it is made of:", "Which of these is " + s.said + " made of?", " is one of the things that " + s.said + " is made of", s.substance},
		{"Its members:", "Which of these is a member of " + s.said + "?", " is a member of " + s.said, s.members},
		{"What it is part of:", "To which of these does " + s.said + " belong as a part?", " has " + s.said + " as a part", s.wholes},
	} {
		if len(group.of) == 0 {
			continue
		}
		if u.Text != "" {
			u.Text += "\n"
		}
		u.Text += group.intro + "\n\n" + l.entries(group.of)
		u.terms = append(u.terms, group.of[:min(len(group.of), 3)]...)
		at := slices.IndexFunc(group.of, func(o wordnet.Sense) bool { return !mentions(o.Words[0], s.mark) })
		if at < 0 {
			continue
		}
		right := group.of[at]
		var wrong []engine.Option
		for _, o := range s.sisters {
			if !related(o, right) && !mentions(o.Words[0], s.mark) && !mentions(s.name, o.Words[0]) {
				wrong = append(wrong, engine.Option{Text: o.Words[0], Comment: "No, that is another kind of " + s.above[0].Words[0] + ": " + gloss(o) + "."})
			}
		}
		u.ask(pick(engine.Question{
			Prompt: group.prompt, Hint: "It means: " + brief(right) + ".",
			Answer: quote(capital(right.Words[0])) + group.is + ": " + gloss(right) + ".",
		}, engine.Option{Text: right.Words[0], Comment: "Yes: " + gloss(right) + "."}, wrong))
	}
	return u
}

// instance says whether a sense is one of its kind, with a name of its own.
func instance(s wordnet.Sense) bool {
	return slices.ContainsFunc(s.Pointers, func(p wordnet.Pointer) bool { return p.Relation == wordnet.InstanceOf })
}

// shareWord says whether a sense has a word that one of the others has.
func shareWord(s wordnet.Sense, others []wordnet.Sense) bool {
	return slices.ContainsFunc(others, func(o wordnet.Sense) bool {
		return slices.ContainsFunc(o.Words, func(w string) bool { return slices.Contains(s.Words, w) })
	})
}
