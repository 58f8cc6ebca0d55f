package tutor

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var small = map[string]float64{
	"zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
	"seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var tens = map[string]float64{
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var scales = map[string]float64{
	"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}

var parts = map[string]float64{
	"half": 0.5, "halves": 0.5, "third": 1. / 3, "thirds": 1. / 3, "quarter": 0.25, "quarters": 0.25,
	"fourth": 0.25, "fourths": 0.25, "fifth": 0.2, "fifths": 0.2, "sixth": 1. / 6, "sixths": 1. / 6,
	"eighth": 0.125, "eighths": 0.125, "tenth": 0.1, "tenths": 0.1,
}

// numeral is a written number: 17, 3.5, .5, 1,000.
var numeral = regexp.MustCompile(`^(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?|\.\d+)$`)

// maxDigits bounds a written number.
const maxDigits = 40

// readNumber reads a number at the beginning of words (lower case) and says how
// many words it took; 0 if there is none.
//
//	seventeen; a hundred and five; three point one four; two and a half;
//	three quarters; half a million; 17; 1,000; 2.5 million
func readNumber(words []string) (v float64, took int) {
	v, took = readWhole(words)
	if took == 0 {
		return readPart(words)
	}
	rest := words[took:]
	// "two and a half"; "three quarters"
	if len(rest) > 2 && rest[0] == "and" && (rest[1] == "a" || rest[1] == "one") {
		if p, ok := parts[rest[2]]; ok {
			return v + p, took + 3
		}
	}
	if len(rest) > 2 && rest[0] == "and" {
		if n, used := readWhole(rest[1:]); used == 1 && len(rest) > 2 && n < 10 {
			if p, ok := parts[rest[2]]; ok {
				return v + n*p, took + 3
			}
		}
	}
	if len(rest) > 0 && v == math.Trunc(v) && v < 100 && words[0] != "a" && words[0] != "an" {
		if p, ok := parts[rest[0]]; ok && (v == 1) == !strings.HasSuffix(rest[0], "s") {
			return v * p, took + 1
		}
	}
	return v, took
}

// readPart reads "half", "a half", "half a million".
func readPart(words []string) (float64, int) {
	at := 0
	if len(words) > 1 && words[0] == "a" {
		at = 1
	}
	if at >= len(words) {
		return 0, 0
	}
	p, ok := parts[words[at]]
	if !ok || strings.HasSuffix(words[at], "s") {
		return 0, 0
	}
	at++
	if len(words) > at+1 && words[at] == "a" {
		if s, ok := scales[words[at+1]]; ok {
			return p * s, at + 2
		}
	}
	return p, at
}

// readWhole reads a number without fractions in words.
func readWhole(words []string) (float64, int) {
	total, group := 0.0, 0.0 // what is behind the last thousand, million …; what is before the next
	took := 0
	seen := false
	// room is how big the next word's number must be less than: "twenty three"
	// but not "three twenty", "a hundred and five" but not "five and five".
	room := math.Inf(1)
	lastScale := math.Inf(1)
	for i := range words {
		w := words[i]
		if n, ok := written(w); ok {
			if seen {
				break
			}
			group, seen, took, room = n, true, i+1, 0
			continue
		}
		if n, ok := small[w]; ok {
			if n >= room {
				break
			}
			group, seen, took, room = group+n, true, i+1, 0
			continue
		}
		if n, ok := tens[w]; ok {
			if n >= room {
				break
			}
			group, seen, took, room = group+n, true, i+1, 10
			continue
		}
		if s, ok := scales[w]; ok {
			if group == 0 {
				if seen || total > 0 {
					break
				}
				group = 1 // "hundred" alone, "a hundred"
			}
			if s <= 100 {
				if group >= 100 && s == 100 {
					break
				}
				group *= s
				room = s
			} else {
				if s >= lastScale {
					break
				}
				total += group * s
				group, lastScale, room = 0, s, s
			}
			seen, took = true, i+1
			continue
		}
		if w == "a" || w == "an" {
			if seen || i+1 >= len(words) || scales[words[i+1]] == 0 {
				break
			}
			continue
		}
		if w == "and" && seen && room > 10 && i+1 < len(words) {
			if _, ok := small[words[i+1]]; ok {
				continue
			}
			if _, ok := tens[words[i+1]]; ok {
				continue
			}
		}
		if w == "point" && i+1 < len(words) {
			if d, used := readDigits(words[i+1:]); used > 0 {
				v := total + group + d
				took = i + 1 + used
				if took < len(words) && scales[words[took]] >= 1e3 {
					return v * scales[words[took]], took + 1
				}
				return v, took
			}
		}
		break
	}
	if !seen {
		return 0, 0
	}
	return total + group, took
}

// readDigits reads what stands behind "point": "one four", "14", "twenty five".
func readDigits(words []string) (float64, int) {
	digits := ""
	took := 0
	for _, w := range words {
		d := ""
		if n, ok := small[w]; ok && (n < 10 || digits == "") {
			d = strconv.Itoa(int(n))
		} else if n, ok := tens[w]; ok && digits == "" {
			if v, used := readWhole(words); used <= 2 && v == math.Trunc(v) && v < 100 {
				return v / 100, used
			}
			d = strconv.Itoa(int(n))
		} else if strings.Trim(w, "0123456789") == "" {
			d = w
		}
		if d == "" || len(digits)+len(d) > maxDigits {
			break
		}
		digits += d
		took++
	}
	v, err := strconv.ParseFloat("0."+digits, 64)
	if err != nil || took == 0 {
		return 0, 0
	}
	return v, took
}

// written reads a numeral.
func written(w string) (float64, bool) {
	if len(w) > maxDigits || !numeral.MatchString(w) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(w, ",", ""), 64)
	return v, err == nil
}

// parseNumber reads text that is a number and nothing else.
func parseNumber(text string) (float64, bool) {
	words := numberWords(text)
	sign := 1.0
	if len(words) > 1 && (words[0] == "minus" || words[0] == "negative") {
		sign, words = -1, words[1:]
	}
	v, took := readNumber(words)
	return sign * v, took > 0 && took == len(words)
}

// numberWords parts text at blanks, and at hyphens between letters
// ("twenty-three").
func numberWords(text string) []string {
	words := strings.Fields(strings.ToLower(text))
	var all []string
	for _, w := range words {
		if strings.ContainsAny(w, "0123456789") {
			all = append(all, w)
			continue
		}
		all = append(all, strings.FieldsFunc(w, func(r rune) bool { return r == '-' })...)
	}
	return all
}
