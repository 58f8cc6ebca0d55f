package coach

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	units = map[string]float64{
		"zero": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	}
	tens = map[string]float64{
		"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	}
	scales = map[string]float64{"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

	// asNumber is what a recogniser makes of a number that stands alone.
	asNumber = map[string]string{
		"to": "two", "too": "two", "for": "four", "fore": "four", "won": "one", "ate": "eight", "tree": "three", "free": "three",
		"sex": "six", "sicks": "six", "tan": "ten", "fife": "five", "oh": "zero", "nein": "nine",
	}

	numeral = regexp.MustCompile(`^-?(\d+(\.\d+)?|\.\d+)(st|nd|rd|th)?$`)
)

const longestNumeral = 30

func isNumeral(w string) bool { return len(w) <= longestNumeral && numeral.MatchString(w) }

// numbers writes the numbers among words as numerals: "twenty three" is "23",
// "nineteen sixty nine" "1969", "three point five" "3.5", "minus two" "-2".
func numbers(all []string) []string {
	var out []string
	for i := 0; i < len(all); {
		sign := ""
		from := i
		if (all[i] == "minus" || all[i] == "negative") && i+1 < len(all) {
			sign, from = "-", i+1
		}
		if v, took := number(all[from:]); took > 0 {
			out = append(out, sign+strconv.FormatFloat(v, 'f', -1, 64))
			i = from + took
			continue
		}
		out = append(out, all[i])
		i++
	}
	return out
}

// number reads the number that words begin with, and how many words it takes.
func number(all []string) (v float64, took int) {
	if isNumeral(all[0]) {
		v, err := strconv.ParseFloat(strings.TrimRight(all[0], "stndrh"), 64)
		if err != nil {
			return 0, 0
		}
		if len(all) > 1 && scales[all[1]] > 0 {
			return v * scales[all[1]], 2
		}
		return v, 1
	}
	total, group, last := 0.0, 0.0, math.Inf(1)
	for took < len(all) {
		w := all[took]
		u, isUnit := units[w]
		t, isTen := tens[w]
		s, isScale := scales[w]
		switch {
		case isUnit && u < last && (last > 10 || u < 10):
			group, last = group+u, 1
		case isTen && last > 90:
			group, last = group+t, 10
		case (isUnit && u >= 10 || isTen) && took > 0 && total == 0 && group >= 10 && group < 100: // a year
			rest, n := number(all[took:])
			if rest < 10 || rest > 99 {
				return group, took
			}
			return group*100 + rest, took + n
		case w == "oh" && total == 0 && group >= 10 && group < 100 && took+1 < len(all) && units[all[took+1]] > 0 && units[all[took+1]] < 10: // nineteen oh five
			return group*100 + units[all[took+1]], took + 2
		case isScale && took > 0 && s == 100 && group < 100:
			group, last = group*100, 100
		case isScale && took > 0 && s > 100 && group > 0:
			total, group, last = total+group*s, 0, math.Inf(1)
		case w == "a" && took == 0 && len(all) > 1 && scales[all[1]] > 0:
			group = 1
		case w == "and" && took > 0 && last >= 100 && took+1 < len(all) && (has(units, all[took+1]) || has(tens, all[took+1])):
		case w == "point" && took > 0:
			if digits := decimals(all[took+1:]); digits != "" {
				v, err := strconv.ParseFloat("0."+strings.ReplaceAll(digits, " ", ""), 64)
				if err == nil {
					return total + group + v, took + 1 + len(strings.Fields(digits))
				}
			}
			return total + group, took
		default:
			return total + group, took
		}
		took++
	}
	return total + group, took
}

// decimals are the digits after "point", with a blank between those of two words.
func decimals(all []string) string {
	var digits []string
	for _, w := range all {
		switch u, ok := units[w]; {
		case ok && u < 10:
			digits = append(digits, strconv.Itoa(int(u)))
		case w == "oh":
			digits = append(digits, "0")
		case tens[w] > 0 && len(digits) == 0:
			digits = append(digits, strconv.Itoa(int(tens[w]/10)))
		case strings.Trim(w, "0123456789") == "" && len(digits) == 0 && len(w) < longestNumeral:
			return w
		default:
			return strings.Join(digits, " ")
		}
		if len(digits) == 15 {
			break
		}
	}
	return strings.Join(digits, " ")
}

func has(m map[string]float64, w string) bool {
	_, ok := m[w]
	return ok
}

// sameNumber says whether two numerals mean one number.
func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(strings.TrimRight(a, "stndrh"), 64)
	y, errY := strconv.ParseFloat(strings.TrimRight(b, "stndrh"), 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(x))
}
