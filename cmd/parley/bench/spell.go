package bench

import (
	"strconv"
	"strings"
)

var (
	ones = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
		fifteen sixteen seventeen eighteen nineteen`)
	tens     = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	ordinals = map[string]string{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
		"twelve": "twelfth"}
)

// spell is how a word is said: a number in digits as words, any other as it is.
// A number from 1100 to 2099 is said as a year, "3rd" as an ordinal.
func spell(word string) []string {
	if whole, fraction, ok := strings.Cut(word, "."); ok {
		return append(append(spell(whole), "point"), digits(fraction)...)
	}
	if n, err := strconv.Atoi(strings.ReplaceAll(word, ",", "")); err == nil && n >= 0 && n < 1e9 && strings.Contains(word, ",") {
		return cardinal(n)
	}
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		if n, err := strconv.Atoi(strings.TrimSuffix(word, suffix)); err == nil && strings.HasSuffix(word, suffix) && n >= 0 {
			said := cardinal(n)
			said[len(said)-1] = ordinal(said[len(said)-1])
			return said
		}
	}
	n, err := strconv.Atoi(word)
	switch {
	case err != nil || n < 0 || n >= 1e9:
		return []string{word}
	case len(word) == 4 && n >= 1100 && n < 2100 && n%1000 >= 10:
		if n%100 == 0 {
			return append(cardinal(n/100), "hundred")
		}
		if n%100 < 10 {
			return append(append(cardinal(n/100), "oh"), cardinal(n%100)...)
		}
		return append(cardinal(n/100), cardinal(n%100)...)
	}
	return cardinal(n)
}

func digits(s string) []string {
	var said []string
	for _, r := range s {
		if r < '0' || r > '9' {
			return append(said, s) // a version, a date: left as it is
		}
		said = append(said, ones[r-'0'])
	}
	return said
}

// cardinal spells 0 ≤ n < 10⁹, as Americans say it, without "and".
func cardinal(n int) []string {
	for _, unit := range []struct {
		n    int
		name string
	}{{1e6, "million"}, {1000, "thousand"}, {100, "hundred"}} {
		if n >= unit.n {
			said := append(cardinal(n/unit.n), unit.name)
			if n%unit.n > 0 {
				said = append(said, cardinal(n%unit.n)...)
			}
			return said
		}
	}
	if n < len(ones) {
		return []string{ones[n]}
	}
	said := []string{tens[n/10]}
	if n%10 > 0 {
		said = append(said, ones[n%10])
	}
	return said
}

func ordinal(word string) string {
	if o, ok := ordinals[word]; ok {
		return o
	}
	if strings.HasSuffix(word, "y") {
		return strings.TrimSuffix(word, "y") + "ieth"
	}
	return word + "th"
}
