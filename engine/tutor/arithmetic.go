package tutor

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// asked is how a sum is asked for; bare is one without such words.
var (
	asked = compile(
		"(what is|what are|how much is|how much are|how much|how many is|give me|find|what about|and|calculate|compute|solve|work out|evaluate|figure out|do the math on) {sum} [equal|equals|make|in total|all together|altogether|=]",
		"what (does|do|would) {sum} (equal|make|be|come to|give|add up to)",
		"what do (you|i|we) get (if|when) (you|i|we) {sum}",
	)
	bare = compile("{sum} (equals|equal|is) [what]", "{sum} =", "{sum}")
)

// noSum are telephone numbers and dates.
var noSum = regexp.MustCompile(`^(\d{3,5}-\d{4,}|\d{4}-\d\d?-\d\d?|[+\d]+(-\d+){2,})$`)

// reworded are sums that are said with the operation in front.
var reworded = []struct {
	front string
	mids  []string
	op    string
	swap  bool
}{
	{"add ", []string{" and ", " to ", " plus ", " with "}, " + ", false},
	{"sum of ", []string{" and "}, " + ", false},
	{"subtract ", []string{" from "}, " - ", true},
	{"take away ", []string{" from "}, " - ", true},
	{"take ", []string{" from ", " away from "}, " - ", true},
	{"difference between ", []string{" and "}, " - ", false},
	{"difference of ", []string{" and "}, " - ", false},
	{"multiply ", []string{" by ", " and ", " with ", " times "}, " * ", false},
	{"product of ", []string{" and "}, " * ", false},
	{"divide ", []string{" by "}, " / ", false},
	{"remainder of ", []string{" divided by "}, " mod ", false},
	{"remainder when ", []string{" is divided by "}, " mod ", false},
}

var shares = compile(
	"what (percent|percentage) of {whole} is {part}",
	"{part} is what (percent|percentage) of {whole}",
	"what (percent|percentage) is {part} of {whole}",
)

func (t *Tutor) arithmeticSkills() []Skill {
	return []Skill{{
		Name:        "calculate",
		Description: "Computes an arithmetic expression: the four operations, powers, roots, percentages, factorials.",
		Args:        []Arg{{"expression", Text, `In figures or in words: "17 * 23", "the square root of two".`, true}},
		phrases:     slices.Concat(asked, bare, shares),
		match: func(h heard, _ scene) (args, bool) {
			if _, _, ok := asShare(h.text); ok {
				return args{"expression": h.text}, true
			}
			if m, ok := asked.match(h.text); ok {
				if _, err := reckon(m.text("sum"), true); !errors.Is(err, errNoSum) {
					return args{"expression": m.text("sum")}, true
				}
			}
			m, ok := bare.match(h.text)
			if !ok || noSum.MatchString(h.text) {
				return nil, false
			}
			_, err := reckon(m.text("sum"), false)
			return args{"expression": m.text("sum")}, !errors.Is(err, errNoSum)
		},
		do: func(_ context.Context, _ scene, a args) (Answer, error) {
			if part, whole, ok := asShare(a.text("expression")); ok {
				if whole.v == 0 {
					return say(errZeroDivisor.sentence), nil
				}
				return say(capital(part.words + " is " + about(100*part.v/whole.v) + " percent of " + whole.words + ".")), nil
			}
			v, err := reckon(a.text("expression"), true)
			var no *sumError
			switch {
			case errors.As(err, &no):
				return say(no.sentence), nil
			case errors.Is(err, errNoSum):
				return say("I can't work that out; I know sums, powers, roots and percentages."), nil
			case err != nil:
				return Answer{}, err
			}
			if v.brackets || len(v.words) > 90 {
				return say("That's " + about(v.v) + "."), nil
			}
			return say(capital(v.words) + " is " + about(v.v) + "."), nil
		},
	}}
}

// reckon computes an expression that may be worded with its operation in front.
func reckon(text string, loose bool) (value, error) {
	text = strings.ToLower(text)
	rest := strings.TrimPrefix(text, "the ")
	for _, r := range reworded {
		operands, ok := strings.CutPrefix(rest, r.front)
		if !ok {
			continue
		}
		for _, mid := range r.mids {
			for from := 0; ; {
				i := strings.Index(operands[from:], mid)
				if i < 0 {
					break
				}
				i += from
				a, b := operands[:i], operands[i+len(mid):]
				if r.swap {
					a, b = b, a
				}
				if v, err := compute(operand(a)+r.op+operand(b), false); !errors.Is(err, errNoSum) {
					return v, err
				}
				from = i + 1
			}
		}
	}
	return compute(text, loose)
}

// operand brackets what is more than a number.
func operand(text string) string {
	if _, ok := parseNumber(text); ok {
		return text
	}
	return "(" + text + ")"
}

// asShare reads "what percent of fifty is ten".
func asShare(text string) (part, whole value, ok bool) {
	m, ok := shares.match(text)
	if !ok {
		return part, whole, false
	}
	p, ok1 := parseNumber(m.text("part"))
	w, ok2 := parseNumber(m.text("whole"))
	return value{v: p, words: brief(p)}, value{v: w, words: brief(w)}, ok1 && ok2
}
