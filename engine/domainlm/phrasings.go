package domainlm

import (
	_ "embed" // for the phrasings
	"fmt"
	"strconv"
	"strings"
)

// common is what people say to an assistant beyond what its skills declare, and
// what may stand in the skills' slots.
//
//go:embed phrasings.txt
var common string

// phrase is a phrasing and how much it counts.
type phrase struct {
	weight   float64
	sequence []*node
}

// read reads phrasings, one a line. "{name} = phrasing" says what may stand in
// a slot, several lines add up; "*3 phrasing" counts three times; "- words" are
// no topics. Lines that are empty or begin with # don't count.
func (g *grammar) read(text string) ([]phrase, error) {
	var phrases []phrase
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if words, ok := strings.CutPrefix(line, "- "); ok {
			for w := range strings.FieldsSeq(words) {
				g.asides[w] = true
			}
			continue
		}
		if slot, phrasing, ok := strings.Cut(line, " = "); ok {
			sequence, err := parse(phrasing)
			if err != nil {
				return nil, err
			}
			if g.slots[slot] == nil {
				g.slots[slot] = []*node{{}}
			}
			choice := g.slots[slot][0]
			choice.choices = append(choice.choices, sequence)
			continue
		}
		weight := 1.0
		if number, phrasing, ok := strings.Cut(strings.TrimPrefix(line, "*"), " "); ok && strings.HasPrefix(line, "*") {
			w, err := strconv.ParseFloat(number, 64)
			if err != nil || w <= 0 {
				return nil, fmt.Errorf("%w: weight of %q", ErrGrammar, line)
			}
			weight, line = w, phrasing
		}
		sequence, err := parse(line)
		if err != nil {
			return nil, err
		}
		if len(sequence) > 0 {
			phrases = append(phrases, phrase{weight, sequence})
		}
	}
	return phrases, nil
}
