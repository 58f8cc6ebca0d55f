package lesson

import (
	"fmt"
	"slices"
	"strings"

	"parley/engine/wordnet"
)

// How much of each there is in a lesson.
const (
	mostKinds    = 8
	mostSteps    = 5
	mostExamples = 4
	mostWords    = 8
	mostMeanings = 4
)

// meaning is the first section: what the word means, without a heading.
func (b *Builder) meaning(s subject) (string, error) {
	text := fmt.Sprintf("**%s** *(%s)* — %s.\n\n", capital(plain(spelling(s.sense))), s.sense.ID.POS, plain(s.sense.Definition))
	var also []string
	for _, w := range s.sense.Words {
		if !strings.EqualFold(w, spelling(s.sense)) {
			also = append(also, "*"+plain(w)+"*")
		}
	}
	if len(also) > 0 {
		text += "Also called " + list(also[:min(len(also), mostWords)]) + ".\n\n"
	}
	return text, nil
}

// vague are tops of the hierarchy that explain nothing.
var vague = []string{"entity", "abstraction", "physical entity", "abstract entity", "object", "whole", "thing", "matter", "psychological feature", "artifact"}

// belongs is the chain from the topic to ever wider notions.
func (b *Builder) belongs(s subject) (string, error) {
	var steps []string
	at := s.sense
	for range mostSteps {
		up, err := b.dictionary.Follow(at, 1, wordnet.Hypernym, wordnet.InstanceOf)
		if err != nil {
			return "", err
		}
		if len(up) == 0 || slices.Contains(vague, up[0].Words[0]) {
			break
		}
		at = up[0]
		steps = append(steps, item(at))
	}
	if len(steps) == 0 {
		return "", nil
	}
	verb := "is a kind"
	if s.sense.ID.POS == wordnet.Verb {
		verb = "is a way"
	}
	if hasRelation(s.sense, wordnet.InstanceOf) {
		verb = "is an instance"
	}
	text := "## Where it belongs\n\n" + capital(plain(spelling(s.sense))) + " " + verb + " of the first of these, and each of them is a kind of the next, wider one:\n\n"
	for i, step := range steps {
		text += fmt.Sprintf("%d. %s\n", i+1, step)
	}
	return text + "\n", nil
}

func (b *Builder) kinds(s subject) (string, error) {
	return b.bullets("Kinds", s.sense, wordnet.Hyponym)
}

func (b *Builder) instances(s subject) (string, error) {
	text, err := b.bullets("Examples", s.sense, wordnet.Instance)
	if text != "" || err != nil {
		return text, err
	}
	// The mountain has names, the fissure that is the first meaning has none.
	for _, o := range s.other {
		if hasRelation(o, wordnet.Instance) {
			return b.bullets("Examples, in the sense of “"+plain(o.Definition)+"”", o, wordnet.Instance)
		}
	}
	return "", nil
}

func (b *Builder) parts(s subject) (string, error) {
	parts, err := b.bullets("Parts", s.sense, wordnet.PartMeronym)
	if err != nil {
		return "", err
	}
	made, err := b.bullets("What it is made of", s.sense, wordnet.SubstanceMeronym)
	if err != nil {
		return "", err
	}
	members, err := b.bullets("Members", s.sense, wordnet.MemberMeronym)
	return parts + made + members, err
}

func (b *Builder) wholes(s subject) (string, error) {
	return b.bullets("What it is part of", s.sense, wordnet.PartHolonym, wordnet.MemberHolonym, wordnet.SubstanceHolonym)
}

// bullets is a section that lists what a sense points at, each with what it
// means.
func (b *Builder) bullets(title string, s wordnet.Sense, relations ...wordnet.Relation) (string, error) {
	total := 0
	for _, p := range s.Pointers {
		if slices.Contains(relations, p.Relation) {
			total++
		}
	}
	to, err := b.dictionary.Follow(s, mostKinds, relations...)
	if err != nil || len(to) == 0 {
		return "", err
	}
	text := "## " + title + "\n\n"
	for _, t := range to {
		text += "- " + item(t) + "\n"
	}
	if total > len(to) {
		text += fmt.Sprintf("- … and %d more\n", total-len(to))
	}
	return text + "\n", nil
}

// item is a sense as an entry of a list.
func item(s wordnet.Sense) string {
	gloss, _, _ := strings.Cut(s.Definition, ";")
	return "**" + plain(s.Words[0]) + "** — " + plain(strings.TrimSpace(gloss))
}

// sentences are examples of the word's use, of this sense.
func (b *Builder) sentences(s subject) (string, error) {
	if len(s.sense.Examples) == 0 {
		return "", nil
	}
	text := "## In a sentence\n\n"
	for _, e := range s.sense.Examples[:min(len(s.sense.Examples), mostExamples)] {
		text += "- *" + plain(e) + "*\n"
	}
	return text + "\n", nil
}

// related are the words around the topic: of the same root, its opposites, its
// neighbours.
func (b *Builder) related(s subject) (string, error) {
	text := ""
	for _, group := range []struct {
		title     string
		relations []wordnet.Relation
	}{
		{"Of the same root", []wordnet.Relation{wordnet.Derivation, wordnet.Pertains}},
		{"Opposites", []wordnet.Relation{wordnet.Antonym}},
		{"Similar", []wordnet.Relation{wordnet.SimilarTo, wordnet.SeeAlso, wordnet.VerbGroup}},
		{"It includes", []wordnet.Relation{wordnet.Entails, wordnet.Causes, wordnet.Attribute}},
		{"Field", []wordnet.Relation{wordnet.Field}},
	} {
		to, err := b.dictionary.Follow(s.sense, mostWords, group.relations...)
		if err != nil {
			return "", err
		}
		if words := firstWords(to, s.sense.Lemma); len(words) > 0 {
			text += "- " + group.title + ": " + list(words) + "\n"
		}
	}
	beside, err := b.neighbours(s)
	if err != nil {
		return "", err
	}
	if len(beside) > 0 {
		text += "- Beside it: " + list(beside) + "\n"
	}
	if text == "" {
		return "", nil
	}
	return "## Related words\n\n" + text + "\n", nil
}

// neighbours are other kinds of what the topic is a kind of.
func (b *Builder) neighbours(s subject) ([]string, error) {
	up, err := b.dictionary.Follow(s.sense, 1, wordnet.Hypernym, wordnet.InstanceOf)
	if err != nil || len(up) == 0 {
		return nil, err
	}
	down, err := b.dictionary.Follow(up[0], mostWords+1, wordnet.Hyponym, wordnet.Instance)
	if err != nil {
		return nil, err
	}
	down = slices.DeleteFunc(down, func(d wordnet.Sense) bool { return d.ID == s.sense.ID })
	return firstWords(down[:min(len(down), mostWords)], s.sense.Lemma), nil
}

// firstWords names senses by their first word, each once, without the topic.
func firstWords(senses []wordnet.Sense, lemma string) []string {
	var words []string
	for _, s := range senses {
		if w := plain(s.Words[0]); !strings.EqualFold(w, lemma) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// otherMeanings are what else the word may mean.
func (b *Builder) otherMeanings(s subject) (string, error) {
	if len(s.other) == 0 {
		return "", nil
	}
	text := "## Other meanings of the word\n\n"
	for i, o := range s.other[:min(len(s.other), mostMeanings)] {
		text += fmt.Sprintf("%d. %s\n", i+1, plain(o.Definition))
	}
	return text + "\n", nil
}

// questions ask for what the lesson has told.
func (b *Builder) questions(s subject) (string, error) {
	name := plain(spelling(s.sense))
	text := ""
	if hasRelation(s.sense, wordnet.Hypernym) || hasRelation(s.sense, wordnet.InstanceOf) {
		text += "- What does “" + name + "” mean, in your own words?\n"
	}
	if hasRelation(s.sense, wordnet.Hyponym) {
		text += "- Which kinds of " + name + " can you name?\n"
	}
	if hasRelation(s.sense, wordnet.PartMeronym) {
		text += "- Which parts belong to it?\n"
	}
	if text == "" {
		return "", nil
	}
	return "## Ask yourself\n\n" + text + "\n", nil
}

func hasRelation(s wordnet.Sense, r wordnet.Relation) bool {
	return slices.ContainsFunc(s.Pointers, func(p wordnet.Pointer) bool { return p.Relation == r })
}

// list joins words with commas and a last "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
