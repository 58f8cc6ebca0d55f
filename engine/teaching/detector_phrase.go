package teaching

import (
	"fmt"
	"slices"
	"strings"
)

// operation is what a step of a phrase does.
type operation byte

const (
	oneOf    operation = iota // takes a word of a set
	anyWord                   // takes any word
	ending                    // takes a word with an ending
	numeral                   // takes a number
	fork                      // goes on at next, or else at other
	opens                     // the topic begins
	closes                    // the topic ends
	complete                  // the phrase is said
)

// step is an instruction of the machine that reads phrases. It goes on with the
// step at next.
type step struct {
	do          operation
	words       map[string]bool // of oneOf
	suffix      string          // of ending
	next, other int
}

// phrase is a way of saying something; see detector_en.txt for how it is
// written. It matches whole words.
type phrase struct {
	steps []step
	first int
}

// span is a part of a list of words.
type span struct{ from, to int }

// piece is a part of a phrase as it is written. emit appends its steps, which go
// on at next, and returns the first of them.
type piece interface{ emit(p *phrase, next int) int }

type (
	literal  map[string]bool // one word of these
	wildcard struct{}        // any word
	suffixed string          // a word with this ending
	number   struct{}        // a number, in digits or in words
	sequence []piece         // one after the other
	choice   []piece         // one of these
	optional struct{ piece } // or nothing
	shortly  struct{ piece } // nothing, or else this
	many     struct{ piece } // once or more often
	topic    struct{ piece } // what the phrase is about
)

// add appends a step and returns where it is.
func (p *phrase) add(s step) int {
	p.steps = append(p.steps, s)
	return len(p.steps) - 1
}

func (l literal) emit(p *phrase, next int) int {
	return p.add(step{do: oneOf, words: l, next: next})
}

func (wildcard) emit(p *phrase, next int) int { return p.add(step{do: anyWord, next: next}) }

func (number) emit(p *phrase, next int) int { return p.add(step{do: numeral, next: next}) }

func (s suffixed) emit(p *phrase, next int) int {
	return p.add(step{do: ending, suffix: string(s), next: next})
}

func (s sequence) emit(p *phrase, next int) int {
	for _, each := range slices.Backward(s) {
		next = each.emit(p, next)
	}
	return next
}

func (c choice) emit(p *phrase, next int) int {
	at := c[len(c)-1].emit(p, next)
	for _, each := range slices.Backward(c[:len(c)-1]) {
		at = p.add(step{do: fork, next: each.emit(p, next), other: at})
	}
	return at
}

func (o optional) emit(p *phrase, next int) int {
	return p.add(step{do: fork, next: o.piece.emit(p, next), other: next})
}

func (s shortly) emit(p *phrase, next int) int {
	return p.add(step{do: fork, next: next, other: s.piece.emit(p, next)})
}

// Few words rather than many, so that what may follow the topic is not in it.
func (m many) emit(p *phrase, next int) int {
	again := p.add(step{do: fork, next: next})
	first := m.piece.emit(p, again)
	p.steps[again].other = first
	return first
}

func (t topic) emit(p *phrase, next int) int {
	return p.add(step{do: opens, next: t.piece.emit(p, p.add(step{do: closes, next: next}))})
}

// newPhrase makes a phrase of what is written.
func newPhrase(written string, lists map[string]piece) (phrase, error) {
	r := phraseReader{rest: written, lists: lists}
	said, err := r.choice("")
	if err != nil {
		return phrase{}, fmt.Errorf("lesson: phrase %q: %w", written, err)
	}
	var p phrase
	p.first = said.emit(&p, p.add(step{do: complete}))
	return p, nil
}

// beginnings are the words a phrase may begin with; open says that it may begin
// with any.
func (p *phrase) beginnings() (words []string, open bool) {
	seen := make(map[int]bool)
	todo := []int{p.first}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		switch s := p.steps[at]; s.do {
		case oneOf:
			for w := range s.words {
				words = append(words, w)
			}
		case fork:
			todo = append(todo, s.next, s.other)
		case opens, closes:
			todo = append(todo, s.next)
		default:
			return nil, true
		}
	}
	return words, false
}

// matcher reads phrases. It visits no step twice at the same word, so that its
// time is bounded by the steps times the words. It is not safe for use by several
// goroutines.
type matcher struct {
	visited []uint32 // the round in which a step was tried at a word
	round   uint32
	words   []string
	steps   []step
	topic   span
	whole   bool
	end     int
}

// match says whether words begin with p, or, if whole, are p; where p ends, and
// which of the words are its topic.
func (m *matcher) match(p *phrase, words []string, whole bool) (end int, about span, ok bool) {
	if need := len(p.steps) * (len(words) + 1); need > len(m.visited) {
		m.visited = make([]uint32, 2*need)
		m.round = 0
	}
	m.round++
	m.words, m.steps, m.whole, m.topic = words, p.steps, whole, span{}
	if !m.from(p.first, 0) {
		return 0, span{}, false
	}
	return m.end, m.topic, true
}

// from goes on at a step, with the word at a place.
func (m *matcher) from(at, place int) bool {
	for {
		seen := &m.visited[at*(len(m.words)+1)+place]
		if *seen == m.round {
			return false
		}
		*seen = m.round
		s := &m.steps[at]
		switch s.do {
		case complete:
			m.end = place
			return !m.whole || place == len(m.words)
		case fork:
			if m.from(s.next, place) {
				return true
			}
			at = s.other
			continue
		case opens:
			if !m.from(s.next, place) {
				return false
			}
			m.topic.from = place
			return true
		case closes:
			if !m.from(s.next, place) {
				return false
			}
			m.topic.to = place
			return true
		}
		if place == len(m.words) || !s.takes(m.words[place]) {
			return false
		}
		at, place = s.next, place+1
	}
}

// takes says whether a step accepts a word.
func (s *step) takes(word string) bool {
	switch s.do {
	case oneOf:
		return s.words[word]
	case ending:
		return len(word) > len(s.suffix)+1 && strings.HasSuffix(word, s.suffix)
	case numeral:
		return word[0] >= '0' && word[0] <= '9' || numbers[word]
	}
	return true
}

// numbers are those in words, of one word.
var numbers = map[string]bool{
	"one": true, "two": true, "three": true, "four": true, "five": true, "six": true, "seven": true, "eight": true, "nine": true, "ten": true,
	"eleven": true, "twelve": true, "thirteen": true, "fourteen": true, "fifteen": true, "sixteen": true, "seventeen": true, "eighteen": true, "nineteen": true,
	"twenty": true, "thirty": true, "forty": true, "fifty": true, "sixty": true, "seventy": true, "eighty": true, "ninety": true, "hundred": true,
}
