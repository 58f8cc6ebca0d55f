package lesson

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// Dictionary knows words and how they are related. *[wordnet.Dictionary] is one.
type Dictionary interface {
	Lookup(word string, pos wordnet.POS) ([]wordnet.Sense, error)
	Follow(s wordnet.Sense, limit int, relations ...wordnet.Relation) ([]wordnet.Sense, error)
	Head(phrase string) (lemma string, pos wordnet.POS, err error)
}

// most is how many related senses are looked at, of any relation.
const most = 60

// subject is what a lesson is about, and what the dictionary says about it.
type subject struct {
	topic string // what was asked for
	name  string // the word, with the capitals it ought to have
	mark  string // what of the name is its own: "French" of the French Revolution
	said  string // the word as it stands in a sentence: "a volcano"

	sense  wordnet.Sense   // the meaning that the lesson goes into
	others []wordnet.Sense // what else the word means, the commonest first

	above     []wordnet.Sense // what it is a kind of, and so on upwards
	kinds     []wordnet.Sense
	instances []wordnet.Sense
	sisters   []wordnet.Sense // other kinds of what it is a kind of
	parts     []wordnet.Sense
	substance []wordnet.Sense // what it is made of
	members   []wordnet.Sense
	wholes    []wordnet.Sense
	opposites []wordnet.Sense
	similar   []wordnet.Sense
	includes  []wordnet.Sense // what doing it entails or causes
}

// vague are tops of the hierarchy that explain nothing.
var vague = []string{
	"entity", "abstraction", "physical entity", "abstract entity", "object", "whole", "thing", "matter", "psychological feature",
	"artifact", "physical object", "causal agent", "attribute", "relation", "communication", "group", "measure", "state", "event", "set",
}

// find looks for what a topic is about.
func (b *Builder) find(req engine.LessonRequest) (subject, bool, error) {
	topic := line(req.Topic)
	head, pos, err := b.dictionary.Head(topic)
	if err != nil {
		return subject{}, false, fmt.Errorf("lesson: find the topic: %w", err)
	}
	if after, ok := cutHowTo(topic); ok {
		if verbs, err := b.dictionary.Lookup(after, wordnet.Verb); err == nil && len(verbs) > 0 {
			head, pos = after, wordnet.Verb
		}
	}
	if head == "" {
		return subject{}, false, nil
	}
	senses, err := b.dictionary.Lookup(head, pos)
	if err != nil || len(senses) == 0 {
		if err != nil {
			err = fmt.Errorf("lesson: look up: %w", err)
		}
		return subject{}, false, err
	}
	first := b.meant(senses, head, topic+" "+req.Goal)
	s := subject{topic: topic, sense: senses[first]}
	for i, o := range senses {
		if i != first && fit(o) && !strings.HasPrefix(o.Definition, "sometimes ") {
			s.others = append(s.others, o)
		}
	}
	s.name = spelling(s.sense)
	return s, true, b.relate(&s)
}

// what is the word that asks for it.
func (s subject) what() string {
	if s.sense.Category == wordnet.Person && instance(s.sense) {
		return "who"
	}
	return "what"
}

// cutHowTo says what a topic such as "how to swim" or "to swim" is about.
func cutHowTo(topic string) (verb string, ok bool) {
	for _, lead := range []string{"how to ", "to "} {
		if len(topic) > len(lead) && strings.EqualFold(topic[:len(lead)], lead) {
			return strings.ToLower(topic[len(lead):]), true
		}
	}
	return "", false
}

// meant chooses a meaning: one that has words in common with what was asked, else
// one that is common and of which there is something to teach. How common it is was
// counted in texts of the 1960s, in which jazz is idle talk: kinds and parts weigh as
// much. A meaning that is told by the word itself explains little.
func (b *Builder) meant(senses []wordnet.Sense, head, context string) int {
	best, most := 0, math.Inf(-1)
	for _, word := range tokens(head) {
		context = strings.ReplaceAll(strings.ToLower(context), word, " ")
	}
	for i, s := range senses {
		score := 10*float64(shared(context, s.Definition+" "+strings.Join(s.Words, " ")+" "+strings.Join(s.Examples, " "))) + 0.7*math.Log1p(float64(s.Count))
		if s.ID.POS == wordnet.Noun {
			score += math.Log1p(float64(matter(s)))
		}
		if strings.HasPrefix(s.Definition, "(") { // a field's own term
			score++
		}
		// The commonest word for a meaning leads; jazz is the fifth for idle talk.
		at := slices.IndexFunc(s.Words, func(w string) bool { return strings.EqualFold(w, s.Lemma) })
		score -= 0.4 * float64(min(max(at, 0), 3))
		if mentions(s.Definition, head) {
			score -= 2
		}
		if !fit(s) {
			score -= 100
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}

// matter counts what there is to teach about a sense: its relations, but for words of
// the same root.
func matter(s wordnet.Sense) int {
	n := 0
	for _, p := range s.Pointers {
		if p.Relation != wordnet.Derivation && p.Relation != wordnet.Antonym {
			n++
		}
	}
	return n
}

// relate fills in what the subject is related to.
func (b *Builder) relate(s *subject) error {
	var failed error
	follow := func(from wordnet.Sense, relations ...wordnet.Relation) []wordnet.Sense {
		if failed != nil {
			return nil
		}
		to, err := b.dictionary.Follow(from, most, relations...)
		if err != nil {
			failed = fmt.Errorf("lesson: %w", err)
		}
		seen := make(map[string]bool)
		return slices.DeleteFunc(to, func(t wordnet.Sense) bool {
			again := seen[t.Words[0]]
			seen[t.Words[0]] = true
			return again || !fit(t) || slices.ContainsFunc(t.Words, func(w string) bool { return strings.EqualFold(w, s.name) })
		})
	}
	for at := s.sense; len(s.above) < 8; at = s.above[len(s.above)-1] {
		up, err := b.dictionary.Follow(at, 1, wordnet.Hypernym, wordnet.InstanceOf)
		if err != nil {
			return fmt.Errorf("lesson: %w", err)
		}
		if len(up) == 0 || slices.Contains(vague, up[0].Words[0]) {
			break
		}
		s.above = append(s.above, up[0])
	}
	s.kinds = follow(s.sense, wordnet.Hyponym)
	s.instances = follow(s.sense, wordnet.Instance)
	s.parts = follow(s.sense, wordnet.PartMeronym)
	s.substance = follow(s.sense, wordnet.SubstanceMeronym)
	s.members = follow(s.sense, wordnet.MemberMeronym)
	s.wholes = follow(s.sense, wordnet.PartHolonym, wordnet.MemberHolonym, wordnet.SubstanceHolonym)
	s.opposites = follow(s.sense, wordnet.Antonym)
	s.similar = follow(s.sense, wordnet.SimilarTo, wordnet.SeeAlso)
	s.includes = follow(s.sense, wordnet.Entails, wordnet.Causes)
	if len(s.above) > 0 {
		s.sisters = slices.DeleteFunc(follow(s.above[0], wordnet.Hyponym, wordnet.Instance), func(t wordnet.Sense) bool { return t.ID == s.sense.ID })
	}
	for _, of := range [][]wordnet.Sense{s.kinds, s.instances, s.sisters} {
		if failed == nil {
			failed = b.bestKnown(of)
		}
	}
	if failed != nil {
		return failed
	}
	var evidence []string
	for _, k := range slices.Concat(s.kinds, s.instances, s.parts) {
		evidence = append(evidence, k.Definition)
		evidence = append(evidence, k.Examples...)
	}
	s.mark = s.own(s.name, "")
	s.said = named(s.name, s.sense, evidence...)
	return nil
}

// covers says whether the dictionary's word is all that was asked for: of "how
// volcanoes work" it is not.
func (s subject) covers() bool {
	words := slices.DeleteFunc(tokens(s.topic), func(w string) bool { return slices.Contains([]string{"the", "a", "an", "to"}, w) })
	return len(words) <= len(tokens(s.name))
}

// own are the words of a name that are its own, and not those of what it is a kind
// of: "French" of the French Revolution, and "toy" of a toy dog.
func (s subject) own(name, but string) string {
	for _, up := range s.above[:min(len(s.above), 1)] {
		but += " " + up.Words[0]
	}
	words := slices.DeleteFunc(strings.Fields(name), func(w string) bool { return mentions(but, w) })
	if len(words) == 0 {
		return name
	}
	return strings.Join(words, " ")
}

// bestKnown sorts senses by how often their words were met with that meaning.
func (b *Builder) bestKnown(senses []wordnet.Sense) error {
	for i, s := range senses {
		of, err := b.dictionary.Lookup(s.Words[0], s.ID.POS)
		if err != nil {
			return fmt.Errorf("lesson: %w", err)
		}
		for _, o := range of {
			if o.ID == s.ID {
				senses[i].Count = o.Count
			}
		}
	}
	slices.SortStableFunc(senses, func(a, b wordnet.Sense) int { return b.Count - a.Count })
	return nil
}
