package lesson

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// Builder is an [engine.Teacher] that writes lessons from dictionaries. Whatever it
// states, and whatever it asks, stands there. It may be used by several goroutines.
type Builder struct {
	dictionary    Dictionary // nil: there is none
	gcide, foldoc Entries    // nil: not installed
}

var _ engine.Teacher = (*Builder)(nil)

// NewBuilder makes a builder of lessons from WordNet and what other dictionaries
// there are. A nil dictionary is allowed; lessons then say what is missing, unless
// another source knows the topic.
func NewBuilder(d Dictionary, more ...Source) *Builder {
	b := &Builder{dictionary: d}
	for _, source := range more {
		source(b)
	}
	return b
}

// Lesson yields the lesson section by section, each ending with an empty line, and
// its plan last. An unknown topic gets a short text that says so, and no plan.
func (b *Builder) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		plan, ok, err := b.plan(req)
		if err != nil {
			yield(engine.LessonPiece{}, err)
			return
		}
		if !ok {
			yield(engine.LessonPiece{Markdown: b.unknown(line(req.Topic))}, nil)
			return
		}
		for section := range Sections(plan) {
			if ctx.Err() != nil || !yield(engine.LessonPiece{Markdown: section}, nil) {
				return
			}
		}
		yield(engine.LessonPiece{Plan: &plan}, nil)
	}
}

// Knows says whether there is something to make a lesson about a topic of.
func (b *Builder) Knows(topic string) bool {
	known := ""
	if b.dictionary != nil {
		s, ok, err := b.find(engine.LessonRequest{Topic: topic})
		if err == nil && ok {
			return true
		}
		known = s.name
	}
	_, _, ok, err := b.technical(line(topic), known)
	return err == nil && ok
}

// unknown is the text about a topic of which nothing is known.
func (b *Builder) unknown(topic string) string {
	title := "# " + capital(plain(topic)) + "\n\n"
	if b.dictionary == nil {
		return title + "There is no dictionary here to make a lesson of. Installing Debian's `wordnet-base` package gives me one.\n"
	}
	return title + "I have no entry for **" + plain(topic) + "** offline, so I can't write a lesson about it. " +
		"Another word for it, or something it is a kind of, may be in my dictionary.\n"
}

// plan makes the lesson. ok is false when no dictionary knows the topic.
func (b *Builder) plan(req engine.LessonRequest) (p engine.Plan, ok bool, err error) {
	l := levelOf(req.Level)
	var s subject
	if b.dictionary != nil {
		if s, ok, err = b.find(req); err != nil {
			return p, false, err
		}
	}
	if c, name, is, err := b.technical(line(req.Topic), s.name); err != nil || is {
		if err != nil {
			return p, false, err
		}
		p, err = b.computingPlan(c, name, l)
		p.Level, p.Goal = line(plain(req.Level)), line(plain(req.Goal))
		return p, err == nil, err
	}
	if !ok {
		return p, false, nil
	}
	p, err = b.wordPlan(s, l)
	p.Level, p.Goal = line(plain(req.Level)), line(plain(req.Goal))
	return p, err == nil, err
}

// wordPlan makes a lesson about a sense.
func (b *Builder) wordPlan(s subject, l level) (engine.Plan, error) {
	all, err := b.units(s, l)
	if err != nil {
		return engine.Plan{}, err
	}
	p := engine.Plan{Title: capital(plain(s.name))}
	p.Sources = append(p.Sources, fmt.Sprintf("WordNet 3.0, Princeton University (Debian's wordnet-base): “%s” as %s %s", plain(s.name), strings.TrimSpace(article(s.sense.ID.POS.String())), s.sense.ID.POS))
	other, err := b.inOtherWords(s, l)
	if err != nil {
		return p, err
	}
	if other.Text != "" {
		other.source = "GCIDE, the Collaborative International Dictionary of English (Debian's dict-gcide): “" + plain(s.name) + "”"
		all = slices.Insert(all, 1, other)
	}
	c, ok, err := b.lookupFOLDOC(s.name)
	if err != nil {
		return p, fmt.Errorf("lesson: %w", err)
	}
	if in := c.inComputing(s, l); ok && in.Text != "" && s.covers() && (in.first || !l.simple) {
		at := len(all)
		if in.first {
			at = 1
		}
		in.source = c.source()
		all = slices.Insert(all, at, in.unit)
	}
	var known []wordnet.Sense
	if s.sense.ID.POS == wordnet.Noun || s.sense.ID.POS == wordnet.Verb {
		if known, err = b.before(s); err != nil {
			return p, err
		}
		for _, k := range known[:min(len(known), 3)] {
			p.Before = append(p.Before, l.entry(k))
		}
	}
	if p.Examples, err = b.examples(s); err != nil {
		return p, err
	}
	terms := known
	all = all[:min(len(all), l.units)]
	for _, u := range all {
		terms = append(terms, u.terms...)
	}
	compose(&p, all, l)
	p.Glossary = glossary(append([]wordnet.Sense{s.sense}, terms...), s, l)
	p.Summary = s.summary()
	p.Note = "A program put this lesson together from the dictionaries on this computer; no language model and no teacher has seen it. " +
		"Dictionaries are brief, and what they say may be out of date or wrong."
	if !s.covers() {
		p.Note += " They do not say “" + plain(s.topic) + "”."
	}
	return p, nil
}

// compose puts units into a plan: their segments, objectives, and the questions
// that the segments do not ask, taken from each unit in turn.
func compose(p *engine.Plan, all []unit, l level) {
	var prompts []string
	for _, u := range all {
		p.Segments = append(p.Segments, u.Segment)
		p.Objectives = append(p.Objectives, plain(u.objective))
		prompts = append(prompts, u.Check.Prompt)
		if u.source != "" {
			p.Sources = append(p.Sources, u.source)
		}
	}
	for round := 0; len(p.Quiz) < l.quiz; round++ {
		more := false
		for _, u := range all {
			if round >= len(u.more) || len(p.Quiz) == l.quiz {
				continue
			}
			more = true
			if q := u.more[round]; !slices.Contains(prompts, q.Prompt) {
				prompts = append(prompts, q.Prompt)
				p.Quiz = append(p.Quiz, q)
			}
		}
		if !more {
			break
		}
	}
	// A quiz of nothing new asks again what was asked first: that, too, is recall.
	for _, u := range all {
		if len(p.Quiz) < fewest && u.Check.Prompt != "" {
			p.Quiz = append(p.Quiz, u.Check)
		}
	}
}

// fewest is how many questions a quiz has at least, if there are as many.
const fewest = 3

// before is what should be known first: what the topic is a kind of, and the rarer
// words of its meaning.
func (b *Builder) before(s subject) ([]wordnet.Sense, error) {
	var known []wordnet.Sense
	if len(s.above) > 0 && !strings.EqualFold(s.above[0].Words[0], s.name) {
		known = append(known, s.above[0])
	}
	terms, err := b.terms(s.sense.Definition, s.name)
	for _, t := range terms {
		if len(known) == 0 || t.ID != known[0].ID {
			known = append(known, t)
		}
	}
	return known, err
}

// glossary lists senses by their words, in the order of the alphabet, each once.
func glossary(senses []wordnet.Sense, s subject, l level) []engine.Term {
	var terms []engine.Term
	for i, t := range senses {
		word := t.Words[0]
		if i == 0 {
			word = s.name
		}
		has := func(o engine.Term) bool { return strings.EqualFold(o.Word, plain(word)) }
		if !slices.ContainsFunc(terms, has) && len(terms) < 2*l.rows {
			terms = append(terms, engine.Term{Word: plain(word), Meaning: plain(brief(t))})
		}
	}
	slices.SortFunc(terms, func(a, b engine.Term) int {
		return strings.Compare(strings.ToLower(a.Word), strings.ToLower(b.Word))
	})
	return terms
}

// summary is the lesson in a few sentences.
func (s subject) summary() string {
	text := "**" + plain(capital(s.bare())) + "**: " + plain(brief(s.sense)) + "."
	if len(s.above) > 0 && s.sense.ID.POS == wordnet.Noun {
		text += " It" + link(s.sense) + plain(s.above[0].Words[0]) + "."
	}
	for _, group := range []struct {
		intro string
		of    []wordnet.Sense
	}{{"Among its kinds", s.kinds}, {"Among its parts", s.parts}, {"Among its opposites", s.opposites}} {
		if words := firstWords(group.of, s.name, 3); len(words) > 1 && s.sense.ID.POS != wordnet.Verb {
			text += " " + group.intro + " are " + plain(list(words)) + "."
		}
	}
	return text
}
