package coach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/engine"
)

// invite asks the learner to explain what he is at.
func (t *turn) invite() bool {
	t.now.run, t.now.asked, t.now.away, t.now.offer = explaining, nil, false, offerNothing
	t.say(t.pick(
		fmt.Sprintf("Go ahead: explain %s in your own words.", t.explained()),
		fmt.Sprintf("I'm listening. Explain %s as you understand it.", t.explained())))
	return true
}

// explained is what is to be explained: the part that was read last, else the
// whole lesson.
func (t *turn) explained() string {
	if t.now.segment > 0 {
		return "this part"
	}
	return title(t.plan)
}

// mostNamed is how many points are named in a sentence.
const mostNamed = 3

// heardExplanation says which of the lesson's points an explanation had, and which
// it had not. It goes by words and claims no more than that.
func (t *turn) heardExplanation() bool {
	segment := t.now.segment
	t.now.run = idle
	var had, missing []point
	for _, p := range points(t.plan, segment) {
		if p.in(t.said) {
			had = append(had, p)
		} else {
			missing = append(missing, p)
		}
	}
	switch {
	case len(had)+len(missing) == 0:
		t.say("Thank you. This lesson gives me nothing to compare that with.")
		return true
	case len(had) == 0:
		t.say("I didn't hear the main points in that.")
	default:
		t.say(fmt.Sprintf("%s You spoke of %s.", t.pick("Good.", "Thank you.", "All right."), list(names(had))))
	}
	if len(missing) == 0 {
		t.say("As far as I can tell by the words, nothing important was missing.")
		return true
	}
	t.say(fmt.Sprintf("What I didn't hear: %s.", list(names(missing))))
	if meaning := sentences(sentence(missing[0].meaning)); len(meaning) > 0 {
		t.say(fmt.Sprintf("%s: %s", capital(missing[0].name), meaning[0]))
	}
	return true
}

func names(all []point) []string {
	var some []string
	for _, p := range all[:min(mostNamed, len(all))] {
		some = append(some, p.name)
	}
	return some
}

// point is an idea that belongs to an explanation.
type point struct {
	name    string
	meaning string
	weight  float64
}

// in says whether what was said has the point.
func (p point) in(said []string) bool {
	want := content(words(p.name))
	return max(covered(want, said), asSound(want, said)) >= 0.75
}

// mostPoints is how many points an explanation is compared with.
const mostPoints = 8

// points are what an explanation of a segment (from 1; 0: the whole lesson) should
// have, the most important first: the glossary's words that it uses, then the words
// that its title, its question or the objectives have, then those that the whole
// lesson keeps coming back to; each by how often.
func points(p *engine.Plan, segment int) []point {
	var whole, texts, important []string
	for i, s := range p.Segments {
		all := everyWord(s.Text)
		whole = append(whole, all...)
		if segment == 0 || segment == i+1 {
			texts = append(texts, all...)
			important = append(important, words(speakable(s.Title))...)
			for _, accept := range s.Check.Accept {
				important = append(important, words(accept)...)
			}
		}
	}
	if segment == 0 {
		texts = append(texts, everyWord(p.Summary)...)
		important = append(important, everyWord(p.Title+" "+strings.Join(p.Objectives, " "))...)
	}
	collected := collection{taken: make(map[string]bool)}
	for _, g := range p.Glossary {
		if n := occurrences(content(words(g.Word)), texts); n > 0 || segment == 0 {
			collected.add(point{name: speakable(g.Word), meaning: g.Meaning, weight: 100 + float64(n)})
		}
	}
	for _, w := range important {
		if n := occurrences([]string{w}, texts); n > 0 && telling(w) {
			collected.add(point{name: w, weight: 10 + float64(n)})
		}
	}
	for _, w := range texts {
		if n := occurrences([]string{w}, whole); n >= 3 && telling(w) {
			collected.add(point{name: w, weight: float64(n)})
		}
	}
	return collected.best()
}

// collection gathers points, none of whose words it has yet.
type collection struct {
	all   []point
	taken map[string]bool
}

func (c *collection) add(p point) {
	keys := content(words(p.name))
	if len(keys) == 0 || !slices.ContainsFunc(keys, func(w string) bool { return !c.taken[stem(w)] }) {
		return
	}
	for _, w := range keys {
		c.taken[stem(w)] = true
	}
	c.all = append(c.all, p)
}

func (c *collection) best() []point {
	slices.SortStableFunc(c.all, func(a, b point) int { return cmp.Compare(b.weight, a.weight) })
	return c.all[:min(mostPoints, len(c.all))]
}

// everyWord are the words of a text of any length.
func everyWord(text string) []string {
	var all []string
	for part := range slices.Chunk(strings.Fields(speakable(text)), longestHeard/2) {
		all = append(all, words(strings.Join(part, " "))...)
	}
	return all
}

// telling says whether a word may be a point by itself.
func telling(w string) bool { return len(w) > 3 && !little[w] && !plain[w] && !isNumeral(w) }

// plain are words that lessons are full of, and that are no point of any.
var plain = set(`explain describe name names named define list understand know known tell give gives state identify compare learner able lesson part parts word
	words meaning means mean example examples use uses used using simple between difference say what kind kinds important make makes made take takes
	taken need needs needed goes come comes call called left right find found form forms back down only always often never some many much first
	second last small large great good time times different same other without within after before during while being type types thing even
	still well work works working happen happens show shows shown become becomes help helps part another`)

// occurrences is how often these words stand in a text, the rarest of them
// counting.
func occurrences(these, text []string) int {
	least := len(text)
	for _, w := range these {
		n, s := 0, stem(w)
		for _, other := range text {
			if stem(other) == s {
				n++
			}
		}
		least = min(least, n)
	}
	return least
}
