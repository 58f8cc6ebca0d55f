package tutor

import (
	"math"
	"regexp"
	"strings"
	"time"
)

// quantity is a number of units, or several joined ("five feet eleven inches").
type quantity struct {
	v     float64 // in the first unit
	unit  *unit
	words string
}

// stuck parts a figure from the unit behind it: "10km", "30°C".
var stuck = regexp.MustCompile(`^(\d[\d.,]*)([a-z°/]+\d?)$`)

func quantityWords(text string) []string {
	var words []string
	for _, w := range numberWords(text) {
		if m := stuck.FindStringSubmatch(w); m != nil {
			words = append(words, m[1], m[2])
			continue
		}
		words = append(words, w)
	}
	return words
}

// readQuantity reads a quantity at the beginning of words.
func readQuantity(words []string) (q quantity, took int) {
	q, took = readAmount(words)
	if took == 0 {
		return q, 0
	}
	// "an hour and a half"
	if rest := words[took:]; len(rest) > 2 && rest[0] == "and" && rest[1] == "a" && parts[rest[2]] > 0 {
		q.v += parts[rest[2]]
		took += 3
		q.words = amount(q.v, q.unit)
	}
	for {
		rest := words[took:]
		skip := 0
		if len(rest) > 0 && rest[0] == "and" {
			skip = 1
		}
		next, used := readAmount(rest[skip:])
		if used == 0 && q.unit.one == "foot" {
			// "five foot two"
			if v, n := readNumber(rest); n > 0 && len(rest) == n {
				next, used = quantity{v: v, unit: unitNames["inch"]}, n
				next.words = amount(v, next.unit)
			}
		}
		if used == 0 || next.unit.dim != q.unit.dim || next.unit.scale >= q.unit.scale || next.unit.dim == "temperature" {
			return q, took
		}
		q.v += next.v * next.unit.scale / q.unit.scale
		q.words += " " + next.words
		took += skip + used
	}
}

// readAmount reads one number and its unit: "ten miles", "a mile", "half an
// hour", "minus five degrees celsius".
func readAmount(words []string) (quantity, int) {
	sign, at := 1.0, 0
	if len(words) > 1 && (words[0] == "minus" || words[0] == "negative") {
		sign, at = -1, 1
	} else if len(words) > 1 && len(words[0]) > 1 && words[0][0] == '-' {
		words = append([]string{words[0][1:]}, words[1:]...)
		sign = -1
	}
	v, took := readNumber(words[at:])
	switch {
	case took > 0:
		at += took
		if at < len(words) && words[at] == "of" { // "a quarter of an hour"
			at++
		}
		if v < 1 && at < len(words) && (words[at] == "a" || words[at] == "an") {
			at++
		}
	case len(words) > 0 && (words[0] == "a" || words[0] == "an" || words[0] == "the" || words[0] == "one"):
		v, at = 1, 1
		if len(words) > 1 && words[1] == "couple" {
			v, at = 2, 2
			if len(words) > 2 && words[2] == "of" {
				at = 3
			}
		}
	default:
		return quantity{}, 0
	}
	u, used := readUnit(words[at:])
	if u == nil && at < len(words) && (words[at] == "degrees" || words[at] == "degree") {
		// Which degrees is left to the one who converts.
		u, used = &unit{one: "degree", many: "degrees", dim: "temperature", scale: 1}, 1
	}
	if u == nil {
		return quantity{}, 0
	}
	v *= sign
	return quantity{v: v, unit: u, words: amount(v, u)}, at + used
}

// parseQuantity reads text that is a quantity and nothing else.
func parseQuantity(text string) (quantity, bool) {
	words := quantityWords(text)
	q, took := readQuantity(words)
	return q, took > 0 && took == len(words)
}

// parseDuration reads text that is a span of time and nothing else. It is
// positive and at most longestTimer.
func parseDuration(text string) (time.Duration, bool) {
	q, ok := parseQuantity(text)
	if !ok || q.unit.dim != "time" {
		return 0, false
	}
	seconds := q.v * q.unit.scale
	if seconds < 1 || seconds > longestTimer.Seconds() {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second), true
}

// amount is a number of units in words: "twelve minutes", "half an hour".
func amount(v float64, u *unit) string {
	article := "a "
	if strings.ContainsRune("aeiou", rune(u.one[0])) || u.one == "hour" {
		article = "an "
	}
	switch v {
	case 1:
		return "one " + u.one
	case 0.5:
		return "half " + article + u.one
	}
	if whole := math.Trunc(v); v-whole == 0.5 && whole > 0 && whole < 100 {
		return brief(whole) + " and a half " + u.many
	}
	return brief(v) + " " + u.many
}
