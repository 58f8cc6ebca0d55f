package domainlm

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// ErrGrammar is wrapped by what is wrong with a phrasing.
var ErrGrammar = errors.New("domainlm: malformed phrasing")

// topic is the slot that stands for any noun. It remains a token of its own
// until the model is written out.
const topic = "{topic}"

// deepest is how many slots may stand within slots; what is deeper refers to
// itself.
const deepest = 12

// node is a phrasing, or a part of one.
type node struct {
	word     string    // a word or, in braces, a slot; else:
	choices  [][]*node // one of these sequences
	optional bool      // or nothing
}

// parse reads a phrasing: (a|b) is a choice, [a|b] may be left out, {name} is a
// slot. Words after ~ are what recognisers make of others and are left out.
func parse(phrasing string) ([]*node, error) {
	p := parser{rest: phrasing}
	alternatives := p.alternatives()
	if p.rest != "" || p.broken {
		return nil, fmt.Errorf("%w: %q", ErrGrammar, phrasing)
	}
	switch len(alternatives) {
	case 0:
		return nil, nil // all of it is misheard
	case 1:
		return alternatives[0], nil
	}
	return []*node{{choices: alternatives}}, nil
}

type parser struct {
	rest   string
	depth  int
	broken bool
}

// alternatives reads sequences parted by | up to a closing bracket.
func (p *parser) alternatives() [][]*node {
	var all [][]*node
	for {
		if s, misheard := p.sequence(); !misheard {
			all = append(all, s)
		}
		if !strings.HasPrefix(p.rest, "|") {
			return all
		}
		p.rest = p.rest[1:]
	}
}

func (p *parser) sequence() (s []*node, misheard bool) {
	for {
		p.rest = strings.TrimLeft(p.rest, " ")
		if p.rest == "" {
			return s, misheard
		}
		switch c := p.rest[0]; c {
		case '|', ')', ']':
			return s, misheard
		case '(', '[':
			if n := p.group(c); n != nil {
				s = append(s, n)
			}
		case '{':
			end := strings.IndexByte(p.rest, '}')
			if end < 2 {
				p.broken, p.rest = true, ""
				return s, misheard
			}
			s = append(s, &node{word: p.rest[:end+1]})
			p.rest = p.rest[end+1:]
		default:
			end := strings.IndexAny(p.rest, " ()[]{}|")
			if end < 0 {
				end = len(p.rest)
			}
			word := p.rest[:end]
			p.rest = p.rest[end:]
			if strings.HasPrefix(word, "~") {
				misheard = true
			}
			s = append(s, &node{word: strings.ToLower(word)})
		}
	}
}

func (p *parser) group(open byte) *node {
	closing := ")"
	if open == '[' {
		closing = "]"
	}
	p.rest = p.rest[1:]
	if p.depth++; p.depth > deepest {
		p.broken, p.rest = true, ""
		return nil
	}
	n := &node{choices: p.alternatives(), optional: open == '['}
	p.depth--
	if !strings.HasPrefix(p.rest, closing) || len(n.choices) == 0 {
		p.broken, p.rest = true, ""
		return nil
	}
	p.rest = p.rest[1:]
	return n
}

// grammar is phrasings, and what may stand in their slots.
type grammar struct {
	slots  map[string][]*node // by name with braces; each is one choice
	asides map[string]bool    // words that are no topics
}

// sampler speaks sentences of a grammar.
type sampler struct {
	grammar grammar
	random  *rand.Rand
	out     []string
	depth   int
}

// walk speaks a sequence into out; false when a slot is unknown or refers to
// itself without end.
func (s *sampler) walk(sequence []*node) bool {
	for _, n := range sequence {
		switch {
		case n.word == topic:
			s.out = append(s.out, topic)
		case strings.HasPrefix(n.word, "{"):
			slot, ok := s.grammar.slots[n.word]
			if !ok || s.depth >= deepest {
				return false
			}
			s.depth++
			ok = s.walk(slot)
			s.depth--
			if !ok {
				return false
			}
		case strings.HasPrefix(n.word, "'") && len(s.out) > 0: // after a slot
			s.out[len(s.out)-1] += n.word
		case n.word != "":
			s.out = append(s.out, n.word)
		case n.optional && s.random.IntN(2) == 0:
		default:
			if !s.walk(n.choices[s.random.IntN(len(n.choices))]) {
				return false
			}
		}
	}
	return true
}

// unknown are the slots that phrasings name and the grammar lacks.
func (g grammar) unknown(phrases []phrase) []string {
	missing := make(map[string]bool)
	var look func([]*node)
	look = func(sequence []*node) {
		for _, n := range sequence {
			if strings.HasPrefix(n.word, "{") && n.word != topic && g.slots[n.word] == nil {
				missing[n.word] = true
			}
			for _, c := range n.choices {
				look(c)
			}
		}
	}
	for _, p := range phrases {
		look(p.sequence)
	}
	for _, s := range g.slots {
		look(s)
	}
	return slices.Sorted(maps.Keys(missing))
}
