package domainlm

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Topic is a noun, or two that belong together, that people may ask about.
type Topic struct {
	Words  []string // one or two, in lower case
	Weight float64  // how much likelier than others
}

// Source is what a model is made of.
type Source struct {
	Phrasings  []string               // of the skills
	Topics     []Topic                // the nouns
	Pronounced func(word string) bool // whether the pronouncing dictionary has it
	Vowel      func(word string) bool // whether it begins with the sound of a vowel
}

// Model is a trigram model with backoff.
type Model struct {
	words    []string // sorted, begin and end among them
	unigrams map[string]float64
	bigrams  map[string]map[string]float64 // by the word before
	trigrams map[string]map[string]float64 // by the two words before
}

const (
	// least and most bound the share of a history's probability that is left to
	// words that were not counted after it.
	least, most = 0.06, 0.7

	// unseen is what each kind of token that was seen after a history counts for
	// tokens that were not; a phrasing's sentences together count 1.
	unseen = 4. / spoken

	// followers is how many words after a topic are written out for each of the
	// topics; the others are left to the unigrams.
	followers = 6

	// joined is the share of a topic's first word that goes on to a second,
	// where there is one.
	joined = 0.3
)

// Build makes the model. An error wraps [ErrGrammar].
func Build(s Source) (*Model, error) {
	g := grammar{slots: make(map[string][]*node), asides: make(map[string]bool)}
	phrases, err := g.read(common)
	if err != nil {
		return nil, err
	}
	own, err := g.read(strings.Join(s.Phrasings, "\n"))
	if err != nil {
		return nil, err
	}
	phrases = append(phrases, own...)
	if missing := g.unknown(phrases); len(missing) > 0 {
		return nil, fmt.Errorf("%w: nothing stands in phrasings.txt for %s", ErrGrammar, strings.Join(missing, ", "))
	}
	tokens := smooth(count(g, phrases, s.Pronounced))
	return tokens.expand(newClass(s.Topics, g.asides, s.Pronounced), s.Vowel), nil
}

// class is the topics as a distribution over words.
type class struct {
	first map[string]float64            // of a topic's first word
	next  map[string]map[string]float64 // of the second, where a topic goes on
}

func newClass(topics []Topic, asides map[string]bool, pronounced func(string) bool) class {
	c := class{make(map[string]float64), make(map[string]map[string]float64)}
	total := 0.0
	for _, t := range topics {
		if t.Weight <= 0 || !sayable(t.Words, pronounced) {
			continue
		}
		switch {
		case len(t.Words) == 1 && !asides[t.Words[0]]:
			c.first[t.Words[0]] += t.Weight
			total += t.Weight
		case len(t.Words) == 2 && !asides[t.Words[0]] && !asides[t.Words[1]]:
			if c.next[t.Words[0]] == nil {
				c.next[t.Words[0]] = make(map[string]float64)
			}
			c.next[t.Words[0]][t.Words[1]] += t.Weight
		}
	}
	for w := range c.first {
		c.first[w] /= total
	}
	for w, next := range c.next {
		if c.first[w] == 0 {
			delete(c.next, w) // an adjective, most often; the phrasings have those
			continue
		}
		scale(next)
	}
	return c
}

func scale(p map[string]float64) {
	total := 0.0
	for _, v := range p {
		total += v
	}
	for w := range p {
		p[w] /= total
	}
}

// smoothed are the token counts as probabilities, after Witten and Bell (The
// zero-frequency problem, IEEE Transactions on Information Theory 37, 1991): as
// much is left to unseen tokens as there were different ones.
type smoothed struct {
	counts counts
	totals map[string]float64 // of a history
}

func smooth(c counts) smoothed {
	s := smoothed{c, make(map[string]float64, len(c))}
	for history, seen := range c {
		for _, token := range slices.Sorted(maps.Keys(seen)) { // in order: sums are the same each time
			s.totals[history] += seen[token]
		}
	}
	return s
}

// left is the share of a history that is left to shorter ones, 1 for a history
// that was not seen.
func (s smoothed) left(history string) float64 {
	seen := s.counts[history]
	if len(seen) == 0 {
		return 1
	}
	kinds := float64(len(seen)) * unseen
	return min(max(kinds/(kinds+s.totals[history]), least), most)
}

// p is the probability of a token after a history.
func (s smoothed) p(token, history string) float64 {
	own := 0.0
	if n := s.counts[history][token]; n > 0 {
		own = n / s.totals[history]
	}
	if history == "" {
		return own
	}
	_, shorter, _ := strings.Cut(history, " ")
	left := s.left(history)
	return (1-left)*own + left*s.p(token, shorter)
}

// expand puts the class's words in the place of its token.
func (s smoothed) expand(c class, vowel func(string) bool) *Model {
	m := &Model{unigrams: make(map[string]float64), bigrams: make(map[string]map[string]float64), trigrams: make(map[string]map[string]float64)}
	ofTopics := s.p(topic, "")
	for w := range s.counts[""] {
		if w != topic {
			m.unigrams[w] = s.p(w, "")
		}
	}
	for w, q := range c.first {
		m.unigrams[w] += ofTopics * q
	}
	for _, next := range c.next {
		for w := range next {
			if m.unigrams[w] == 0 {
				m.unigrams[w] = ofTopics * 1e-7
			}
		}
	}
	scale(m.unigrams)
	for history := range s.counts {
		if history == "" || strings.Contains(history, topic) {
			continue
		}
		p := make(map[string]float64)
		atTopic := s.p(topic, history)
		for w := range s.counts[history] {
			if w != topic {
				p[w] = s.p(w, history) + atTopic*c.first[w]
			}
		}
		if len(p) == 0 {
			continue // only topics: the unigrams are theirs
		}
		if strings.Contains(history, " ") {
			m.trigrams[history] = p
		} else {
			m.bigrams[history] = p
		}
	}
	s.afterAn(c, vowel, m)
	s.afterTopics(c, m)
	m.words = append(slices.Sorted(maps.Keys(m.unigrams)), begin)
	slices.Sort(m.words)
	return m
}

// afterAn leaves "an" to the topics that begin with a vowel. It sounds like "a"
// and "and" before most others.
func (s smoothed) afterAn(c class, vowel func(string) bool, m *Model) {
	const an = "an"
	all := 0.0
	for w, q := range c.first {
		if vowel(w) {
			all += q
		}
	}
	p := m.bigrams[an]
	if p == nil || all == 0 {
		return
	}
	for w, q := range c.first {
		if vowel(w) {
			p[w] = s.counts[an][w]/s.totals[an]*(1-s.left(an)) + s.p(topic, an)*q/all
		}
	}
}

// afterTopics gives each topic the words that follow topics, mixed with those
// that follow it where it stands in a phrasing itself.
func (s smoothed) afterTopics(c class, m *Model) {
	likely := slices.SortedFunc(maps.Keys(s.counts[topic]), func(a, b string) int {
		if d := s.counts[topic][b] - s.counts[topic][a]; d != 0 {
			return int(math.Copysign(1, d))
		}
		return strings.Compare(a, b)
	})
	likely = slices.DeleteFunc(likely, func(w string) bool { return w == topic })
	likely = likely[:min(len(likely), followers)]
	ofTopics := s.totals[topic]
	for w, q := range c.first {
		asTopic := ofTopics * q / (ofTopics*q + s.totals[w])
		p := make(map[string]float64)
		for v, known := range m.bigrams[w] {
			p[v] = (1 - asTopic) * known
		}
		goesOn := 0.0
		if len(c.next[w]) > 0 {
			goesOn = joined
		}
		for v, share := range c.next[w] {
			p[v] += asTopic * goesOn * share
		}
		for _, v := range likely {
			p[v] += asTopic * (1 - goesOn) * s.p(v, topic)
		}
		m.bigrams[w] = p
	}
}
