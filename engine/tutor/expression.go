package tutor

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
)

// errNoSum says that text is not an expression.
var errNoSum = errors.New("tutor: not an expression")

// maxTokens bounds an expression; a spoken one has hardly twenty.
const maxTokens = 80

// value is a part of an expression: what it comes to, and how it is read out.
type value struct {
	v        float64
	words    string
	percent  bool // "ten percent", which after plus is of what stands before
	brackets bool // somewhere in it, so that reading it out would mislead
}

var lexemes = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?|\.\d+|\*\*|[\p{L}']+|\S`)

// sum is an expression being read, by recursive descent. Every step takes a
// token or returns, and tokens are bounded, so depth is too.
type sum struct {
	tokens []string
	loose  bool // "and" adds, as in "what is two and two"
	steps  int  // operations found
}

// money is what may be counted; the sum is the same without it.
var money = strings.Fields("dollar dollars bucks euro euros $ €")

// compute reads and computes text. It returns errNoSum when text is not an
// expression with an operation in it, else one of the errors that can be said.
func compute(text string, loose bool) (value, error) {
	var tokens []string
	for _, w := range strings.Fields(strings.ToLower(text)) {
		tokens = append(tokens, lexemes.FindAllString(w, -1)...)
	}
	tokens = slices.DeleteFunc(tokens, func(t string) bool { return slices.Contains(money, t) })
	for i := range len(tokens) - 1 {
		if scales[tokens[i+1]] > 0 { // "to hundred" is what a recogniser makes of "two hundred"
			switch tokens[i] {
			case "to", "too":
				tokens[i] = "two"
			case "for":
				tokens[i] = "four"
			}
		}
	}
	if len(tokens) > maxTokens {
		return value{}, errNoSum
	}
	// "twenty-three", but "3 - 2" and "three - two"
	tokens = unhyphen(tokens)
	s := &sum{tokens: tokens, loose: loose}
	v, err := s.added()
	if err == nil && (len(s.tokens) > 0 || s.steps == 0) {
		err = errNoSum
	}
	if err != nil && !errors.Is(err, errNoSum) && !s.balanced() {
		err = errNoSum
	}
	if err == nil && (math.IsInf(v.v, 0) || math.IsNaN(v.v)) {
		err = errTooLarge
	}
	return v, err
}

// balanced says whether what is left after an error could be read on; "ten over
// zero hour contracts" is no division.
func (s *sum) balanced() bool {
	for _, t := range s.tokens {
		if t != ")" && t != "=" {
			return false
		}
	}
	return true
}

// unhyphen joins "twenty", "-", "three".
func unhyphen(tokens []string) []string {
	var out []string
	for i := range tokens {
		if tokens[i] == "-" && i > 0 && i+1 < len(tokens) && tens[tokens[i-1]] > 0 && small[tokens[i+1]] > 0 && small[tokens[i+1]] < 10 {
			continue
		}
		out = append(out, tokens[i])
	}
	return out
}

// take removes words from the beginning of the tokens, if they are there.
func (s *sum) take(words ...string) bool {
	if len(s.tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if s.tokens[i] != w {
			return false
		}
	}
	s.tokens = s.tokens[len(words):]
	return true
}

// operator takes one of ops.
func (s *sum) operator(ops string) (byte, bool) {
	for _, b := range binary {
		if strings.IndexByte(ops, b.op) >= 0 && s.take(b.words...) {
			return b.op, true
		}
	}
	if s.loose && strings.IndexByte(ops, '+') >= 0 && s.take("and") {
		return '+', true
	}
	return 0, false
}

// chain reads operands that are joined by ops, from left to right.
func (s *sum) chain(ops string, operand func() (value, error)) (value, error) {
	a, err := operand()
	for err == nil {
		op, ok := s.operator(ops)
		if !ok {
			return a, nil
		}
		var b value
		if b, err = operand(); err == nil {
			a, err = s.join(a, op, b)
		}
	}
	return value{}, err
}

func (s *sum) added() (value, error)      { return s.chain("+-", s.multiplied) }
func (s *sum) multiplied() (value, error) { return s.chain("*/m", s.signed) }

func (s *sum) signed() (value, error) {
	if s.take("-") || s.take("minus") || s.take("negative") || s.take("−") {
		v, err := s.signed()
		v.v, v.words = -v.v, "minus "+v.words
		return v, err
	}
	s.take("+")
	return s.powered()
}

func (s *sum) powered() (value, error) {
	a, err := s.marked()
	if err != nil {
		return a, err
	}
	if n, ok := s.ordinalPower(); ok {
		return s.join(a, '^', value{v: n, words: brief(n)})
	}
	op, ok := s.operator("^")
	if !ok {
		return a, nil
	}
	b, err := s.signed()
	if err != nil {
		return b, err
	}
	return s.join(a, op, b)
}

// ordinalPower takes "to the fourth [power]".
func (s *sum) ordinalPower() (float64, bool) {
	if len(s.tokens) < 3 || s.tokens[0] != "to" || s.tokens[1] != "the" {
		return 0, false
	}
	for n := 2; n < 20; n++ {
		if s.tokens[2] == ordinals[n] {
			s.tokens = s.tokens[3:]
			s.take("power")
			return float64(n), true
		}
	}
	return 0, false
}

// marked reads an operand and what is said after it: squared, percent.
func (s *sum) marked() (value, error) {
	a, err := s.operand()
	for err == nil {
		switch {
		case s.take("squared"), s.take("²"):
			a.v, a.words = a.v*a.v, a.words+" squared"
		case s.take("cubed"), s.take("³"):
			a.v, a.words = a.v*a.v*a.v, a.words+" cubed"
		case s.take("factorial"), s.take("!"):
			a.v, err = factorial(a.v)
			a.words += " factorial"
		case s.take("percent"), s.take("per", "cent"), s.take("%"):
			a.v, a.words, a.percent = a.v/100, a.words+" percent", true
			switch {
			case s.take("of"):
				return s.share(a, " of ")
			case s.take("off"):
				return s.share(a, " off ")
			}
			continue
		case a.v < 1 && a.v > 0 && s.take("of"): // "a third of sixty"
			return s.share(a, " of ")
		default:
			return a, nil
		}
		s.steps++
	}
	return value{}, err
}

// share reads the whole that a is a share of, or is taken off.
func (s *sum) share(a value, how string) (value, error) {
	b, err := s.powered()
	if err != nil {
		return value{}, err
	}
	s.steps++
	v := a.v * b.v
	if how == " off " {
		v = b.v - v
	}
	return value{v: v, words: a.words + how + b.words, brackets: a.brackets || b.brackets}, nil
}

func (s *sum) operand() (value, error) {
	s.take("the")
	if s.take("(") {
		v, err := s.added()
		if err != nil {
			return v, err
		}
		if !s.take(")") {
			return value{}, errNoSum
		}
		v.brackets, v.percent = true, false
		return v, nil
	}
	for _, f := range applied {
		if !s.take(f.words...) {
			continue
		}
		s.take("of")
		a, err := s.signed()
		if err != nil {
			return value{}, err
		}
		s.steps++
		v, err := f.do(a.v)
		return value{v: v, words: f.name + a.words, brackets: a.brackets}, err
	}
	if s.take("pi") || s.take("π") {
		return value{v: math.Pi, words: "pi"}, nil
	}
	if v, took := readNumber(s.tokens); took > 0 {
		words := strings.Join(s.tokens[:took], " ")
		if whole := v == math.Trunc(v); whole || written1(s.tokens[:took]) {
			words = brief(v)
		}
		s.tokens = s.tokens[took:]
		return value{v: v, words: words}, nil
	}
	// A recogniser writes "to" and "for" where a number was said.
	if s.take("to") || s.take("too") {
		return value{v: 2, words: "two"}, nil
	}
	if s.take("for") {
		return value{v: 4, words: "four"}, nil
	}
	return value{}, errNoSum
}

// written1 says whether words are one numeral.
func written1(words []string) bool { return len(words) == 1 && numeral.MatchString(words[0]) }

// join computes a op b.
func (s *sum) join(a value, op byte, b value) (value, error) {
	s.steps++
	c := value{words: a.words + spoken[op] + b.words, brackets: a.brackets || b.brackets}
	if b.percent && (op == '+' || op == '-') && !a.percent {
		b.v *= a.v // "fifty plus ten percent"
	}
	switch op {
	case '+':
		c.v = a.v + b.v
	case '-':
		c.v = a.v - b.v
	case '*':
		c.v = a.v * b.v
	case '/', 'm':
		if b.v == 0 {
			return c, errZeroDivisor
		}
		if c.v = a.v / b.v; op == 'm' {
			c.v = math.Mod(a.v, b.v)
		}
	case '^':
		if a.v == 0 && b.v < 0 {
			return c, errZeroDivisor
		}
		if a.v < 0 && b.v != math.Trunc(b.v) {
			return c, errNegativeRoot
		}
		c.v = math.Pow(a.v, b.v)
	}
	if math.IsInf(c.v, 0) || math.IsNaN(c.v) {
		return c, errTooLarge
	}
	return c, nil
}
