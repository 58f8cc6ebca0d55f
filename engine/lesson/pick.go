package lesson

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// mostOptions is how many answers there are to choose from.
const mostOptions = 4

// pick makes a question with options of one right answer and some wrong ones. The
// prompt decides their order, so that it varies from question to question and is
// always the same for one. ok is false when there are too few.
func pick(q engine.Question, right engine.Option, wrong []engine.Option) (_ engine.Question, ok bool) {
	seed := func(text string) uint32 {
		h := fnv.New32a()
		h.Write([]byte(q.Prompt + "\x00" + text))
		return h.Sum32()
	}
	var options []engine.Option
	for _, o := range wrong {
		same := func(other engine.Option) bool { return strings.EqualFold(other.Text, o.Text) }
		if len(options) < mostOptions-1 && o.Text != "" && !same(right) && !slices.ContainsFunc(options, same) {
			options = append(options, o)
		}
	}
	if len(options) < 2 || right.Text == "" {
		return engine.Question{}, false
	}
	right.Right = true
	options = append(options, right)
	slices.SortStableFunc(options, func(a, b engine.Option) int { return cmp.Compare(seed(a.Text), seed(b.Text)) })
	q.Options = options
	return q, true
}

// spread orders senses so that those next to the topic in spirit, whose glosses
// are of a like length, come first, and the alphabet does not decide.
func spread(senses []wordnet.Sense, like string) []wordnet.Sense {
	out := slices.Clone(senses[:min(len(senses), 12)]) // the best known
	distance := func(s wordnet.Sense) int {
		d := len(brief(s)) - len(like)
		return max(d, -d)
	}
	slices.SortStableFunc(out, func(a, b wordnet.Sense) int { return cmp.Compare(distance(a), distance(b)) })
	return out
}

// meansWhat asks what the topic means, among the meanings of its sisters.
func (s subject) meansWhat(rivals []wordnet.Sense) (engine.Question, bool) {
	text := brief(s.sense)
	if mentions(text, s.mark) {
		return engine.Question{}, false
	}
	var wrong []engine.Option
	for _, r := range spread(rivals, text) {
		if t := brief(r); !mentions(t, s.own(r.Words[0], "")) && !mentions(t, s.mark) && !slices.Contains(r.Words, s.name) {
			wrong = append(wrong, engine.Option{Text: t, Comment: "No, that is " + quote(r.Words[0]) + "."})
		}
	}
	q := engine.Question{Prompt: "What does " + quote(s.bare()) + " mean?", Answer: quote(capital(s.bare())) + " means: " + text + "."}
	if instance(s.sense) { // a name is somebody or something
		q.Prompt, q.Answer = capital(s.what())+" is "+s.said+"?", capital(s.said)+": "+text+"."
	}
	if len(s.above) > 0 && s.sense.ID.POS == wordnet.Noun {
		q.Hint = "It is a kind of " + s.above[0].Words[0] + "."
		if len(s.sisters) > 0 && sameRoof(s, rivals) {
			q.Hint = "The others mean " + list(firstWords(rivals, s.name, 3)) + "."
			if len(s.above) > 1 {
				q.Hint = "Look for what sets it apart: all of these are kinds of " + s.above[0].Words[0] + "."
			}
		}
	}
	return pick(q, engine.Option{Text: text, Comment: "Yes, that is what it means."}, wrong)
}

// sameRoof says whether the rivals are the topic's sisters.
func sameRoof(s subject, rivals []wordnet.Sense) bool {
	return len(rivals) > 0 && slices.ContainsFunc(s.sisters, func(o wordnet.Sense) bool { return o.ID == rivals[0].ID })
}

// bare is the name as it is asked for: verbs have their "to".
func (s subject) bare() string {
	if s.sense.ID.POS == wordnet.Verb {
		return "to " + s.name
	}
	return s.name
}

// calledWhat asks for the topic's name by its meaning.
func (s subject) calledWhat() (engine.Question, bool) {
	text := gloss(s.sense)
	if len(text) > longLine/2 {
		text = brief(s.sense)
	}
	if mentions(text, s.mark) {
		return engine.Question{}, false
	}
	accept := []string{s.name}
	for _, w := range s.sense.Words {
		if !strings.EqualFold(w, s.name) {
			accept = append(accept, w)
		}
	}
	prompt := "Which word means: " + text + "?"
	if s.sense.ID.POS == wordnet.Noun {
		prompt = "What is this called: " + text + "?"
	}
	return engine.Question{
		Prompt: prompt, Accept: accept[:min(len(accept), mostKeys)], Hint: letters(s.name),
		Answer: "It is " + quote(s.name) + alsoCalled(accept[1:min(len(accept), 3)]) + ".",
	}, true
}

func alsoCalled(words []string) string {
	if len(words) == 0 {
		return ""
	}
	var quoted []string
	for _, w := range words {
		quoted = append(quoted, quote(w))
	}
	return ", also called " + list(quoted)
}

// whichIs asks which of several senses has a meaning: the first, from skip on, whose
// meaning does not give its name away. The others are wrong by their own meanings;
// where they are too few, the question is open.
func (s subject) whichIs(lead string, among []wordnet.Sense, skip int) (engine.Question, bool) {
	for i := range among {
		right := among[(i+skip)%len(among)]
		text := brief(right)
		if mentions(text, s.own(right.Words[0], s.name)) || len(tokens(text)) < 3 {
			continue
		}
		var wrong []engine.Option
		for _, o := range spread(among, text) {
			if o.ID != right.ID && !strings.EqualFold(brief(o), text) && !related(o, right) {
				wrong = append(wrong, engine.Option{Text: o.Words[0], Comment: "No: " + brief(o) + "."})
			}
		}
		q := engine.Question{Prompt: lead + ": " + text + "?", Hint: letters(right.Words[0]), Answer: quote(capital(right.Words[0])) + ": " + text + "."}
		if with, ok := pick(q, engine.Option{Text: right.Words[0], Comment: "Yes."}, wrong); ok {
			return with, true
		}
		q.Accept = right.Words
		return q, true
	}
	return engine.Question{}, false
}

// related says whether one of two senses is a kind of the other, or shares a word.
func related(a, b wordnet.Sense) bool {
	for _, p := range slices.Concat(a.Pointers, b.Pointers) {
		if (p.Relation == wordnet.Hypernym || p.Relation == wordnet.Hyponym) && (p.To == a.ID || p.To == b.ID) {
			return true
		}
	}
	return slices.ContainsFunc(a.Words, func(w string) bool { return slices.Contains(b.Words, w) })
}

// kindOf asks which is a kind of the topic. The wrong ones are its sisters, of
// which no meaning at all is a kind of it.
func (b *Builder) kindOf(s subject) (engine.Question, bool, error) {
	q := engine.Question{Prompt: "Which of these is a kind of " + s.name + "?"}
	if s.sense.ID.POS == wordnet.Verb {
		q.Prompt = "Which of these is a way to " + s.name + "?"
	}
	at := slices.IndexFunc(s.kinds, func(k wordnet.Sense) bool { return !mentions(k.Words[0], s.mark) })
	if at < 0 {
		return q, false, nil
	}
	right := s.kinds[at]
	var wrong []engine.Option
	for _, o := range s.sisters {
		if len(wrong) == mostOptions-1 {
			break
		}
		if mentions(o.Words[0], s.mark) || mentions(o.Definition, s.mark) || s.like(o) {
			continue
		}
		is, err := b.isKind(o.Words[0], s.sense)
		if err != nil {
			return q, false, err
		}
		if !is {
			wrong = append(wrong, engine.Option{Text: o.Words[0], Comment: "No: " + gloss(o) + "."})
		}
	}
	q.Hint = "It means: " + brief(right) + "."
	q.Answer = quote(capital(right.Words[0])) + ": " + gloss(right) + "."
	q, ok := pick(q, engine.Option{Text: right.Words[0], Comment: "Yes: " + gloss(right) + "."}, wrong)
	return q, ok, nil
}

// like says whether a sense's meaning has a word of the topic's, beyond what both
// are: by the dictionary a hillside is no bank, and yet both are sloping land.
func (s subject) like(o wordnet.Sense) bool {
	common := ""
	if len(s.above) > 0 {
		common = strings.Join(s.above[0].Words, " ") + " " + s.above[0].Definition
	}
	return overlap(o.Definition, s.sense.Definition, common)
}

// overlap says whether two texts share a root that is not one of common's.
func overlap(a, b, common string) bool {
	known, other := roots(common), roots(b)
	return slices.ContainsFunc(roots(a), func(r string) bool { return slices.Contains(other, r) && !slices.Contains(known, r) })
}

// roots are the content words of a text without their endings, as far as five
// letters tell.
func roots(text string) []string {
	words := content(text)
	for i, w := range words {
		words[i] = w[:min(len(w), 5)]
	}
	return words
}

// isKind says whether any meaning of a word is, at whatever distance, a kind of
// target.
func (b *Builder) isKind(word string, target wordnet.Sense) (bool, error) {
	senses, err := b.dictionary.Lookup(word, target.ID.POS)
	if err != nil {
		return false, fmt.Errorf("lesson: %w", err)
	}
	seen := make(map[wordnet.ID]bool)
	for len(senses) > 0 && len(seen) < 200 {
		at := senses[0]
		senses = senses[1:]
		if at.ID == target.ID {
			return true, nil
		}
		if seen[at.ID] {
			continue
		}
		seen[at.ID] = true
		up, err := b.dictionary.Follow(at, most, wordnet.Hypernym, wordnet.InstanceOf)
		if err != nil {
			return false, fmt.Errorf("lesson: %w", err)
		}
		senses = append(senses, up...)
	}
	return false, nil
}

// quote sets a word off in a sentence that is also spoken.
func quote(word string) string { return "“" + word + "”" }

// firstWords names senses by their first word, each once, without the topic.
func firstWords(senses []wordnet.Sense, name string, limit int) []string {
	var words []string
	for _, s := range senses {
		if w := s.Words[0]; len(words) < limit && !strings.EqualFold(w, name) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}
