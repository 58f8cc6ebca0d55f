package lesson

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// register is in meanings that tell how a word is used, not what it is: by the
// dictionary no captain is a cop.
var register = regexp.MustCompile(`\bterms? (for|of)\b`)

// examples are problems of one sort, to be reasoned out from the definitions: is
// this a kind of that? The first is worked whole, the next half, the last is left to
// the learner.
func (b *Builder) examples(s subject) ([]engine.Example, error) {
	if s.sense.ID.POS != wordnet.Noun || len(s.above) == 0 || instance(s.sense) || register.MatchString(s.sense.Definition) {
		return nil, nil
	}
	below := slices.DeleteFunc(slices.Concat(s.kinds, s.instances), func(k wordnet.Sense) bool { return mentions(k.Words[0], s.mark) })
	top := s.above[min(1, len(s.above)-1)]
	var all []engine.Example
	switch {
	case len(below) >= 2:
		whole, half := s.yes(below[0], top), s.yes(below[1], s.above[0])
		whole.Given, half.Given = len(whole.Steps), 1
		all = append(all, whole, half)
	case len(s.above) >= 2:
		whole := s.chain(top)
		whole.Given = len(whole.Steps)
		all = append(all, whole)
		if i := slices.IndexFunc(s.sisters, func(o wordnet.Sense) bool { return !proper(o.Words[0]) && !mentions(o.Words[0], s.mark) }); i >= 0 {
			half := s.over(s.sisters[i], top)
			half.Given = 1
			all = append(all, half)
		}
	default:
		return nil, nil
	}
	alone, ok, err := b.no(s)
	if err != nil || !ok {
		return all, err
	}
	return append(all, alone), nil
}

// yes leads from something under the topic, over the topic, to something above it.
func (s subject) yes(from, to wordnet.Sense) engine.Example {
	name := s.namedLike(from)
	topic := named(s.name, s.sense)
	if counted(s.name, s.sense, []string{from.Definition}) || s.said != s.name {
		topic = s.said
	}
	first := fmt.Sprintf("Look up what %s is: %s.", plain(name), plain(gloss(from)))
	steps := []string{first, capital(plain(name)) + link(from) + plain(s.name) + "."}
	steps = append(steps, s.climb(plain(topic), to)...)
	return engine.Example{
		Problem: isIt(name, to.Words[0]), Steps: steps,
		Answer: "Yes. " + capital(plain(name)) + link(from) + plain(s.name) + ", and so it is a kind of " + plain(to.Words[0]) + ".",
	}
}

// chain leads from the topic itself to something above it.
func (s subject) chain(to wordnet.Sense) engine.Example {
	steps := append([]string{fmt.Sprintf("Look up what %s is: %s.", plain(s.said), plain(gloss(s.sense)))}, s.climb(plain(s.said), to)...)
	return engine.Example{
		Problem: isIt(s.said, to.Words[0]), Steps: steps,
		Answer: "Yes. " + capital(plain(s.said)) + " is a kind of " + plain(to.Words[0]) + ": " + plain(gloss(to)) + ".",
	}
}

// over leads from a sister of the topic to something above both.
func (s subject) over(from, to wordnet.Sense) engine.Example {
	name := s.namedLike(from)
	steps := append([]string{fmt.Sprintf("Look up what %s is: %s.", plain(name), plain(gloss(from)))}, s.climb(plain(name), to)...)
	return engine.Example{
		Problem: isIt(name, to.Words[0]), Steps: steps,
		Answer: "Yes. " + capital(plain(name)) + " is a kind of " + plain(s.above[0].Words[0]) + ", and so it is a kind of " + plain(to.Words[0]) + ".",
	}
}

// climb says step by step what the topic is a kind of, up to a sense.
func (s subject) climb(from string, to wordnet.Sense) []string {
	var steps []string
	for _, up := range s.above {
		steps = append(steps, capital(from)+" is a kind of "+plain(up.Words[0])+": "+plain(gloss(up))+".")
		from = plain(named(up.Words[0], up))
		if up.ID == to.ID {
			break
		}
	}
	return steps
}

// no is a problem whose answer is no: of a sister that is no kind of the topic by
// any of its meanings.
func (b *Builder) no(s subject) (engine.Example, bool, error) {
	for _, o := range spread(s.sisters, brief(s.sense)) {
		if mentions(o.Words[0], s.mark) || mentions(o.Definition, s.mark) || mentions(s.sense.Definition, o.Words[0]) || s.like(o) || proper(o.Words[0]) {
			continue
		}
		is, err := b.isKind(o.Words[0], s.sense)
		if err != nil {
			return engine.Example{}, false, err
		}
		if is {
			continue
		}
		name := s.namedLike(o)
		return engine.Example{
			Problem: isIt(name, s.name),
			Steps: []string{
				fmt.Sprintf("Look up what %s is: %s.", plain(name), plain(gloss(o))),
				fmt.Sprintf("Look up what %s is: %s.", plain(s.said), plain(gloss(s.sense))),
				fmt.Sprintf("Both are kinds of %s. Neither is a kind of the other.", plain(s.above[0].Words[0])),
			},
			Answer: fmt.Sprintf("No. %s is another kind of %s: %s.", capital(plain(name)), plain(s.above[0].Words[0]), plain(gloss(o))),
		}, true, nil
	}
	return engine.Example{}, false, nil
}

// namedLike names a relative of the topic: what is of the kind of something counted
// is counted, too.
func (s subject) namedLike(o wordnet.Sense) string {
	name := named(o.Words[0], o)
	single := !strings.HasSuffix(name, "s") || strings.HasSuffix(name, "ss")
	if name == o.Words[0] && !proper(name) && !abstract(o) && !strings.HasSuffix(name, "ing") && single && s.said == article(s.name)+s.name {
		return article(name) + name
	}
	return name
}

func isIt(name, of string) string {
	return fmt.Sprintf("Is %s a kind of %s? Reason it out from what the words mean.", plain(name), plain(of))
}

// link is how something stands to what it is under.
func link(s wordnet.Sense) string {
	if instance(s) {
		return " is an example of "
	}
	return " is a kind of "
}
