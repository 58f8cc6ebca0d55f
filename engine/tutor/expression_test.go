package tutor

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	tests := map[string]float64{
		"zero": 0, "seventeen": 17, "twenty three": 23, "twenty-three": 23, "a hundred and five": 105, "one hundred five": 105, "two hundred": 200,
		"a thousand": 1000, "three thousand four hundred and fifty six": 3456, "twelve hundred": 1200, "a million": 1e6, "two point five million": 2.5e6, "2.5 million": 2.5e6,
		"one million two hundred thousand and three": 1200003, "three point one four": 3.14, "zero point five": 0.5, "three point twenty five": 3.25,
		"half": 0.5, "a half": 0.5, "two and a half": 2.5, "three quarters": 0.75, "one third": 1. / 3, "half a million": 500000, "two and three quarters": 2.75,
		"17": 17, "3.5": 3.5, "1,000": 1000, "1,234,567.5": 1234567.5, ".5": 0.5, "minus five": -5, "a dozen": 12, "two dozen": 24, "ninety nine": 99,
		"six hundred sixty six": 666, "one hundred and twenty thousand": 120000, "nineteen hundred": 1900,
	}
	for text, want := range tests {
		if got, ok := parseNumber(text); !ok || math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Errorf("%q: got %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "banana", "a", "and", "five five", "three twenty", "twenty thirteen", "and five", "five and", "point", "1,00", "1.2.3", "a banana", "hundred hundred", "thousand million", "minus"} {
		if got, ok := parseNumber(text); ok {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestReckon(t *testing.T) {
	tests := map[string]float64{
		"1+2*3": 7, "(1+2)*3": 9, "2*(3+4)*5": 70, "10-4-3": 3, "100/10/2": 5, "2^3^2": 512, "-2^2": -4, "2*-3": -6, "--5+1": 6, "10 % of 50": 5,
		"two plus two times two": 6, "five squared plus one": 26, "three cubed": 27, "fifty plus ten percent": 55, "50 - 10%": 45, "half of ten plus two": 7,
		"square root of sixteen plus nine": 13, "the square root of (sixteen plus nine)": 5, "the cube root of eight": 2, "seven over two": 3.5,
		"add five to six": 11, "subtract two from nine": 7, "multiply three and four": 12, "divide ten by four": 2.5, "the product of six and seven": 42, "the difference between ten and four": 6,
		"17 mod 5": 2, "ten minus a hundred and five": -95, "a third of sixty": 20, "twenty percent off fifty dollars": 40, "2**8": 256, "3×4÷2": 6, "two to the third power": 8, "1,000+1": 1001,
		"0.1+0.2": 0.3, "five factorial": 120, "3x4": 12, "one half plus one quarter": 0.75,
	}
	for text, want := range tests {
		got, err := reckon(text, false)
		if err != nil || math.Abs(got.v-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Errorf("%q: got %v, %v; want %v", text, got.v, err, want)
		}
	}
	for text, want := range map[string]error{
		"one over zero": errZeroDivisor, "1/(2-2)": errZeroDivisor, "zero to the power of minus one": errZeroDivisor, "5 mod 0": errZeroDivisor,
		"the square root of minus one": errNegativeRoot, "(-8)^0.5": errNegativeRoot, "ten to the power of a thousand": errTooLarge, "two hundred factorial": errFactorial,
		"": errNoSum, "seven": errNoSum, "plus": errNoSum, "five plus": errNoSum, "plus five": errNoSum, "(1+2": errNoSum, "1+2)": errNoSum, "one plus banana": errNoSum, "()": errNoSum,
		"seven eleven": errNoSum, "the square root of": errNoSum, "ten over zero hour contracts": errNoSum, "nine to five": errNoSum, "2 and 2": errNoSum, "10%": errNoSum,
	} {
		if got, err := reckon(text, false); !errors.Is(err, want) {
			t.Errorf("%q: got %v, %v; want %v", text, got.v, err, want)
		}
	}
}

func TestFigure(t *testing.T) {
	tests := map[float64]string{
		0: "0", 391: "391", 1082: "1,082", 1e6: "1,000,000", -4: "minus 4", 3.5: "3.5", 1. / 3: "about 0.3333", 22. / 7: "about 3.1429", 1e15: "1 quadrillion", 1.5e18: "1.5 quintillion",
		0.1 + 0.2: "0.3", 1e-9: "about 1 times 10 to the power of minus 9", 1e40: "about 1 times 10 to the power of 40", 123456.789: "123,456.789", 1e5 / 7: "about 14,285.71", 2. / 3000: "about 0.0006667",
	}
	for v, want := range tests {
		if got := about(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

func FuzzReckon(f *testing.F) {
	for _, s := range []string{"what is seventeen times twenty three", "(1+2)*3", "((((((", "a hundred and five divided by three", "20% off 50", "2^2^2^2^2", "point point", "minus minus five", "add five and six and seven", "sqrt(", "1e9", "half half", "ten to the"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := reckon(text, true)
		if err == nil && (math.IsInf(v.v, 0) || math.IsNaN(v.v) || v.words == "") {
			t.Errorf("%q: %+v", text, v)
		}
		var no *sumError
		if err != nil && !errors.Is(err, errNoSum) && !errors.As(err, &no) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// FuzzRespond says anything to the tutor: it answers, without Markdown, and
// without an error.
func FuzzRespond(f *testing.F) {
	for _, s := range []string{"what time is it", "remember that my name is ada", "what is gravity", "set a timer for ten minutes", "forget everything", "how many feet in a mile", "when is june 31st", "what is \x00", "spell 🙂", "set an alarm for half past"} {
		f.Add(s)
	}
	tutor := newTutor(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		if said := ask(t, tutor, text); strings.TrimSpace(said) == "" && hear(text).text != "" {
			t.Errorf("%q: silence", text)
		}
	})
}
