package tutor

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var ones = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
	fifteen sixteen seventeen eighteen nineteen`)

var decades = strings.Fields(`_ _ twenty thirty forty fifty sixty seventy eighty ninety`)

var ordinals = strings.Fields(`zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
	thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`)

// cardinal is n, from 0 to 99, in words.
func cardinal(n int) string {
	if n < 20 {
		return ones[n]
	}
	if n%10 == 0 {
		return decades[n/10]
	}
	return decades[n/10] + "-" + ones[n%10]
}

// ordinal is the n-th, for n from 0 to 99, in words.
func ordinal(n int) string {
	if n < 20 {
		return ordinals[n]
	}
	if n%10 == 0 {
		return strings.TrimSuffix(decades[n/10], "y") + "ieth"
	}
	return decades[n/10] + "-" + ordinals[n%10]
}

// brief is a number as it is echoed within a sentence: small ones in words.
func brief(v float64) string {
	if v == math.Trunc(v) && v >= 0 && v <= 100 {
		if v == 100 {
			return "a hundred"
		}
		return cardinal(int(v))
	}
	text, _ := figure(v)
	return text
}

// The limits between numbers that are written out and such as are said roughly.
const (
	tooLong  = 1e15
	decimals = 4
)

// grand are the names of the powers of a thousand from 10^15 on.
var grand = strings.Fields("quadrillion quintillion sextillion septillion octillion nonillion decillion")

// figure is a number in figures, as a synthesizer reads it well, and whether it
// is exact: 391; 1,082 (without the comma it would be read as a year); 3.1429;
// minus 4; 1.84 times 10 to the power of 19.
func figure(v float64) (text string, exact bool) {
	if v < 0 {
		text, exact = figure(-v)
		return "minus " + text, exact
	}
	for i, name := range grand {
		scale := math.Pow(10, float64(15+3*i))
		if v >= scale && v < 1000*scale {
			m := math.Round(v/scale*1000) / 1000
			return trimmed(m, 3) + " " + name, m*scale == v
		}
	}
	if v >= tooLong || (v > 0 && v < 1e-6) {
		e := math.Floor(math.Log10(v))
		m := math.Round(v/math.Pow(10, e)*100) / 100
		power := strconv.Itoa(int(math.Abs(e)))
		if e < 0 {
			power = "minus " + power
		}
		return trimmed(m, 2) + " times 10 to the power of " + power, false
	}
	for places := range 7 {
		scale := math.Pow(10, float64(places))
		if r := math.Round(v*scale) / scale; math.Abs(v-r) <= 1e-12*math.Max(1, v) {
			return grouped(trimmed(v, places)), true
		}
	}
	places := decimals
	if v < 1 {
		places = decimals - 1 - int(math.Floor(math.Log10(v)))
	} else if v >= 1000 {
		places = 2
	}
	return grouped(trimmed(v, places)), false
}

// about is a number in figures, with "about" before it if it is rounded.
func about(v float64) string {
	text, exact := figure(v)
	if exact {
		return text
	}
	return "about " + text
}

// rough is about for measures, where three or four digits are enough.
func rough(v float64) string {
	text, exact := figure(v)
	if _, decimal, _ := strings.Cut(text, "."); exact && len(decimal) <= 2 {
		return text
	}
	if a := math.Abs(v); a >= 1e-6 && a < tooLong {
		places := max(0, 2-int(math.Floor(math.Log10(a))))
		scale := math.Pow(10, float64(min(places, 9)))
		r := math.Round(v*scale) / scale
		text, _ := figure(r)
		if math.Abs(r-v) <= 1e-12*a {
			return text
		}
		return "about " + text
	}
	return about(v)
}

func trimmed(v float64, places int) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	if strings.ContainsRune(s, '.') {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// grouped puts commas into a number of four digits and more.
func grouped(s string) string {
	whole, rest, point := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		return whole + "." + rest
	}
	return whole
}

// capital makes the first letter of a sentence a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// plural is "1 foot" or "2 feet" without the number.
func plural(v float64, one, many string) string {
	if v == 1 {
		return one
	}
	return many
}
