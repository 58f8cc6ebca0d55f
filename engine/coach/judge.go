package coach

import (
	"slices"
	"strings"

	"parley/engine"
)

// verdict is what becomes of an answer.
type verdict int

// The verdicts.
const (
	wrong verdict = iota
	near          // almost: a part of it, or something that sounds like it
	right
)

// rightFrom is from which agreement (0 to 1) on an answer is right.
const rightFrom = 0.8

// judgement is a verdict and what it rests on.
type judgement struct {
	verdict verdict
	option  int  // the option that was chosen, -1 if none was
	sure    bool // it is of the kind that was asked for: an option, a number, yes or no
}

// judge compares an answer, as a recogniser may have heard it, with what is right.
func judge(q engine.Question, answer string) judgement {
	said := words(answer)
	if len(said) == 0 {
		return judgement{option: -1}
	}
	if len(q.Options) > 0 {
		return judgeChoice(q, said)
	}
	best := judgement{option: -1}
	for _, accept := range accepted(q) {
		a := agreement(accept, said)
		best.sure = best.sure || a.sure
		switch {
		case a.score >= rightFrom:
			best.verdict = right
		case a.near:
			best.verdict = max(best.verdict, near)
		}
	}
	return best
}

func judgeChoice(q engine.Question, said []string) judgement {
	n := chosen(said, len(q.Options))
	if n >= 0 && slices.ContainsFunc(said, isNumber) && slices.ContainsFunc(q.Options, func(o engine.Option) bool { return slices.ContainsFunc(words(o.Text), isNumber) }) {
		n = -1 // the number is an option's, not its place
	}
	if spoken, score := closest(q, said); spoken >= 0 && (n < 0 || score >= 0.99) {
		n = spoken
	}
	if n < 0 {
		return judgement{option: -1}
	}
	v := wrong
	if q.Options[n].Right {
		v = right
	}
	return judgement{verdict: v, option: n, sure: true}
}

func isNumber(w string) bool { return isNumeral(w) || has(units, w) || has(tens, w) }

// accepted are a question's right answers: where only the answer as a sentence is
// known, that.
func accepted(q engine.Question) []string {
	if len(q.Accept) > 0 {
		return q.Accept
	}
	if q.Answer == "" {
		return nil
	}
	return []string{q.Answer}
}

// agreed is how far an answer agrees with what is right.
type agreed struct {
	score float64 // 0 to 1
	near  bool    // a part of it, and little else
	sure  bool
}

// preambles stand before an answer and are none of it.
var preambles = sortedByLength(`i think|i guess|i believe|i'd say|i would say|i suppose|i'm pretty sure|i'm not sure but|not sure but|i don't know but|maybe|perhaps|probably|
	it is|it's|its|is it|isn't it|it was|was it|it must be|must be|it could be|could it be|it might be|that's|that is|that would be|would that be|would it be|
	it would be|the answer is|my answer is|the answer would be|the answer|um|uh|er|hm|well|so|oh|okay|ok|you mean|i mean|they are|they're|there are|there is|
	because|because of|by|with|called|it's called|they're called|we call it|it is called|what about|how about|say|definitely|of course|this is|these are`)

func sortedByLength(list string) [][]string {
	var all [][]string
	for p := range strings.SplitSeq(list, "|") {
		all = append(all, strings.Fields(p))
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	return all
}

// bare is an answer without its preambles.
func bare(said []string) []string {
	for again := true; again; {
		again = false
		for _, p := range preambles {
			if len(said) > len(p) && slices.Equal(said[:len(p)], p) {
				said, again = said[len(p):], true
				break
			}
		}
	}
	return said
}

var (
	affirmations = set("yes yeah yep yup true right correct sure indeed certainly definitely")
	denials      = set("no nope nah false untrue wrong incorrect never")
	negations    = set("not isn't aren't wasn't weren't don't doesn't didn't can't cannot won't never without neither nor no isnt arent doesnt dont cant")
	// turns end what a negation covers: "not gravity but friction".
	turnings = set("but it's its rather instead it that's is")
	opining  = set("think believe guess suppose know sure say")
)

// agreement compares an answer with one that is right.
func agreement(accept string, said []string) agreed {
	want := numbers(words(accept))
	if len(want) == 0 {
		return agreed{}
	}
	if len(want) == 1 && (affirmations[want[0]] || denials[want[0]]) {
		return polarity(affirmations[want[0]], said)
	}
	said = bare(said)
	if !slices.ContainsFunc(want, negated) {
		if said = unnegated(said); len(said) == 0 {
			return agreed{}
		}
	} else if !slices.ContainsFunc(said, negated) {
		return agreed{}
	}
	got := numbers(said)
	if len(said) == 1 && asNumber[said[0]] != "" && isNumeral(want[0]) {
		got = numbers([]string{asNumber[said[0]]})
	}
	if a, numeric := numerically(want, got); numeric {
		return a
	}
	wanted := content(want)
	cover := covered(wanted, got)
	sound := asSound(want, got)
	fit := covered(content(got), want)
	return agreed{
		score: max(cover, sound),
		near:  cover >= 0.45 && fit >= 0.55 || cover >= 0.3 && fit >= 0.9 || sound >= 0.5,
	}
}

func negated(w string) bool { return negations[w] }

// polarity judges a yes or a no.
func polarity(yes bool, said []string) agreed {
	said = bare(said)
	if len(said) == 0 {
		return agreed{}
	}
	saysYes := affirmations[said[0]]
	saysNo := denials[said[0]] || negations[said[0]]
	if len(said) > 1 && saysNo && (affirmations[said[1]] || denials[said[1]]) && negations[said[0]] { // "not true"
		saysYes, saysNo = denials[said[1]], affirmations[said[1]]
	}
	if !saysYes && !saysNo {
		return agreed{}
	}
	if saysYes == yes {
		return agreed{score: 1, sure: true}
	}
	return agreed{sure: true}
}

// unnegated leaves out what an answer denies.
func unnegated(said []string) []string {
	if !slices.ContainsFunc(said, negated) {
		return said
	}
	var rest []string
	denied, some := false, false // some: there is something that is denied
	for _, w := range said {
		switch {
		case negated(w):
			denied, some = true, false
		case denied && turnings[w] && some:
			denied = false
		case denied:
			some = some || !little[w] && !opining[w]
		default:
			rest = append(rest, w)
		}
	}
	return rest
}

// numerically compares where the right answer is a number, with or without its
// unit; numeric is false where it is none.
func numerically(want, got []string) (a agreed, numeric bool) {
	var wanted, given []string
	for _, w := range want {
		if isNumeral(w) {
			wanted = append(wanted, w)
		}
	}
	if len(wanted) == 0 {
		return agreed{}, false
	}
	for _, w := range got {
		if isNumeral(w) {
			given = append(given, w)
		}
	}
	others := slices.DeleteFunc(slices.Clone(content(want)), isNumeral)
	if len(given) == 0 {
		if len(others) > 1 { // a sentence with a number in it
			return agreed{}, false
		}
		return agreed{}, true
	}
	besides := slices.DeleteFunc(slices.Clone(content(got)), isNumeral)
	found := 0
	for _, w := range wanted {
		if slices.ContainsFunc(given, func(g string) bool { return sameNumber(w, g) }) {
			found++
		}
	}
	switch {
	case found == 0:
		return agreed{sure: true}, true
	case found == len(wanted) && len(besides) == 0:
		return agreed{score: 1, sure: true}, true
	case len(others) > 3 || found < len(wanted):
		return agreed{score: (float64(found) + float64(len(others))*covered(others, got)) / float64(len(wanted)+len(others)), sure: true}, true
	}
	return agreed{score: 1, sure: true}, true
}
