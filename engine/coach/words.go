package coach

import (
	"strings"
	"unicode"
)

// longestHeard is how many words of a turn are looked at: more is no answer to a
// question, and what looks at them stays quick.
const longestHeard = 120

var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "%", " percent ", "°", " degrees ", "½", " half ", "²", " squared ", "³", " cubed ")

// words are a text's words in lower case, without punctuation but for the
// apostrophes and what belongs to a number.
func words(text string) []string {
	text = apostrophes.Replace(strings.ToLower(text))
	runes := []rune(text)
	var all []string
	var word strings.Builder
	flush := func() {
		if w := strings.Trim(word.String(), "'."); w != "" && len(all) < longestHeard {
			all = append(all, w)
		}
		word.Reset()
	}
	digit := func(i int) bool { return i >= 0 && i < len(runes) && unicode.IsDigit(runes[i]) }
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || unicode.Is(unicode.Mn, r):
			word.WriteRune(r)
		case r == '.' && digit(i+1):
			word.WriteRune(r)
		case r == ',' && digit(i-1) && digit(i+1): // 300,000
		case r == '-' && digit(i+1) && !digit(i-1):
			flush()
			word.WriteString("-")
		default:
			flush()
		}
	}
	flush()
	return all
}

// little are words that carry no meaning of their own.
var little = set(`a an the this that these those some any my your his her its our their of in on at to from by with for and or as is are
	was were be been being am do does did have has had will would can could should may might must it they them he she we you i me us
	there here then than so very too also just really like um uh er hm well oh okay ok yes please which who what when where how why
	thing things something word words kind kinds type form way place process piece name named it's that's they're there's i'm called if into about up out over because through more most each other one`)

// content are the words that carry meaning; all of them if none does.
func content(all []string) []string {
	var some []string
	for _, w := range all {
		if !little[w] {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return all
	}
	return some
}

// stem takes an English ending off, coarsely: what is compared has lost the same.
func stem(w string) string {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "'")
	if len(w) < 4 || isNumeral(w) {
		return w
	}
	for _, e := range []struct{ ending, to string }{
		{"ies", "y"}, {"sses", "ss"}, {"ches", "ch"}, {"shes", "sh"}, {"xes", "x"}, {"ss", "ss"}, {"us", "us"}, {"is", "is"}, {"s", ""},
	} {
		if rest, ok := strings.CutSuffix(w, e.ending); ok {
			w = rest + e.to
			break
		}
	}
	for _, e := range []string{"ing", "ion", "ed", "ly", "er"} {
		if rest, ok := strings.CutSuffix(w, e); ok && len(rest) >= 3 {
			w = rest
			break
		}
	}
	if len(w) >= 4 {
		w = strings.TrimSuffix(w, "e")
	}
	return w
}

func set(list string) map[string]bool {
	all := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}

// distance is how many letters must be put in, left out or changed to turn a into
// b (V. Levenshtein, "Binary codes capable of correcting deletions, insertions,
// and reversals", 1966). It stops counting above most.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last, best := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, last+cost)
			best = min(best, row[j+1])
		}
		if best > most {
			return most + 1
		}
	}
	return row[len(b)]
}

// alike is how much two strings are alike by their letters, 0 to 1.
func alike(a, b string) float64 {
	longer := max(len(a), len(b))
	if longer == 0 {
		return 1
	}
	return 1 - float64(distance(a, b, longer))/float64(longer)
}
