package tutor

import (
	"math"
	"strings"
)

// sumError is why a sum has no answer; sentence is what is said about it.
type sumError struct{ sentence string }

func (e *sumError) Error() string { return "tutor: cannot compute: " + e.sentence }

var (
	errZeroDivisor  = &sumError{"I can't divide by zero; no number is the answer to that."}
	errNegativeRoot = &sumError{"A negative number has no real root of that kind."}
	errTooLarge     = &sumError{"That number is too large for me."}
	errFactorial    = &sumError{"I only know factorials of whole numbers up to a hundred and seventy."}
)

// binary are the operators by the words that may say them; the longest first.
var binary = []struct {
	words []string
	op    byte
}{
	{strings.Fields("raised to the power of"), '^'},
	{strings.Fields("to the power of"), '^'},
	{strings.Fields("raised to the"), '^'},
	{strings.Fields("to the power"), '^'},
	{strings.Fields("multiplied by"), '*'},
	{strings.Fields("multiplied with"), '*'},
	{strings.Fields("divided by"), '/'},
	{strings.Fields("divide by"), '/'},
	{strings.Fields("added to"), '+'},
	{strings.Fields("take away"), '-'},
	{strings.Fields("plus"), '+'}, {strings.Fields("+"), '+'},
	{strings.Fields("minus"), '-'}, {strings.Fields("less"), '-'}, {strings.Fields("-"), '-'}, {strings.Fields("−"), '-'},
	{strings.Fields("times"), '*'}, {strings.Fields("time"), '*'}, {strings.Fields("*"), '*'}, {strings.Fields("x"), '*'}, {strings.Fields("×"), '*'}, {strings.Fields("·"), '*'},
	{strings.Fields("over"), '/'}, {strings.Fields("/"), '/'}, {strings.Fields("÷"), '/'},
	{strings.Fields("modulo"), 'm'}, {strings.Fields("mod"), 'm'},
	{strings.Fields("**"), '^'}, {strings.Fields("^"), '^'},
}

var spoken = map[byte]string{'+': " plus ", '-': " minus ", '*': " times ", '/': " divided by ", '^': " to the power of ", 'm': " modulo "}

// applied are functions by the words before their argument.
var applied = []struct {
	words []string
	name  string
	do    func(float64) (float64, error)
}{
	{strings.Fields("square root of"), "the square root of ", root},
	{strings.Fields("square root"), "the square root of ", root},
	{strings.Fields("root of"), "the square root of ", root},
	{strings.Fields("sqrt"), "the square root of ", root},
	{strings.Fields("√"), "the square root of ", root},
	{strings.Fields("cube root of"), "the cube root of ", func(v float64) (float64, error) { return math.Cbrt(v), nil }},
	{strings.Fields("square of"), "the square of ", func(v float64) (float64, error) { return v * v, nil }},
	{strings.Fields("cube of"), "the cube of ", func(v float64) (float64, error) { return v * v * v, nil }},
	{strings.Fields("factorial of"), "the factorial of ", factorial},
	{strings.Fields("half of"), "half of ", func(v float64) (float64, error) { return v / 2, nil }},
	{strings.Fields("double"), "double ", func(v float64) (float64, error) { return v * 2, nil }},
	{strings.Fields("twice"), "twice ", func(v float64) (float64, error) { return v * 2, nil }},
	{strings.Fields("triple"), "triple ", func(v float64) (float64, error) { return v * 3, nil }},
}

func root(v float64) (float64, error) {
	if v < 0 {
		return 0, errNegativeRoot
	}
	return math.Sqrt(v), nil
}

func factorial(v float64) (float64, error) {
	if v < 0 || v > 170 || v != math.Trunc(v) {
		return 0, errFactorial
	}
	f := 1.0
	for ; v > 1; v-- {
		f *= v
	}
	return f, nil
}
