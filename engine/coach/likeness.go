package coach

import (
	"slices"
	"strings"
)

// covered is how much of what was wanted was said: in any order, with any words
// between.
func covered(want, got []string) float64 {
	if len(want) == 0 {
		return 0
	}
	total := 0.0
	for _, w := range want {
		best := 0.0
		for _, g := range got {
			best = max(best, sameWord(w, g))
		}
		total += best
	}
	score := total / float64(len(want))
	if len(want) >= 4 { // of a sentence the greater part will do
		score = min(1, score*1.25)
	}
	return score
}

// sameWord is how surely two words are one that was misspelt or misheard: 1 for
// the same word, 0.9 for what sounds alike, 0.5 for what comes near.
func sameWord(a, b string) float64 {
	if a == b {
		return 1
	}
	if isNumeral(a) || isNumeral(b) {
		if sameNumber(a, b) {
			return 1
		}
		return 0
	}
	a, b = stem(a), stem(b)
	if a == b {
		return 1
	}
	shorter := min(len(a), len(b))
	if shorter < 3 {
		return 0
	}
	if opposite(a, b) || opposite(b, a) {
		return 0
	}
	soundA, soundB := soundOf(a), soundOf(b)
	letters := distance(a, b, 3)
	switch {
	case soundA == soundB && len(soundA) > 1 && alike(a, b) >= 0.5:
		return 0.9
	case letters == 1 && len(soundA) > 2 && strings.TrimPrefix(soundA, "A") == strings.TrimPrefix(soundB, "A"): // an unstressed beginning
		return 0.9
	case shorter >= 8 && letters == 1:
		return 0.9
	case shorter >= 5 && letters == 1, shorter >= 8 && letters <= 3:
		return 0.6
	case shorter >= 5 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)):
		return 0.8 // evaporate, evaporation
	}
	return 0
}

// opposite says whether b is a with a beginning that makes it the opposite.
func opposite(a, b string) bool {
	before, ok := strings.CutSuffix(b, a)
	if !ok {
		return false
	}
	switch before {
	case "in", "im", "ir", "il", "un", "non", "anti", "dis", "a", "an", "ad", "pro", "de", "mis":
		return true
	}
	return false
}

// asSound compares by sound alone, over the borders of words: a recogniser hears
// "photo synthesis" and "clara fill". It looks at every stretch of what was said.
func asSound(want, got []string) float64 {
	want = slices.DeleteFunc(slices.Clone(want), func(w string) bool { return articles[w] })
	joined := strings.Join(want, "")
	key := soundOf(joined)
	if len(key) < 3 || len(joined) > 60 {
		return 0
	}
	best := 0.0
	for from := range got {
		stretch := ""
		for to := from; to < len(got) && to < from+len(want)+3 && len(stretch) < 2*len(joined); to++ {
			stretch += got[to]
			if stretch == joined {
				return 1
			}
			most := len(key) / 4
			d := distance(key, soundOf(stretch), most)
			if d > most || to-from+1 == len(want) { // word for word, sameWord knows better
				continue
			}
			// Few sounds are alike by chance: then the letters must be so too.
			letters := alike(joined, stretch)
			switch {
			case d == 0 && (len(key) >= 5 && letters >= 0.4 || letters >= 0.6):
				best = max(best, 0.9)
			case len(key) >= 6 && letters >= 0.6:
				best = max(best, 0.85)
			case letters >= 0.7:
				best = max(best, 0.5)
			}
		}
	}
	return best
}

var articles = set("a an the")
