package coach

import (
	"math"
	"slices"
	"strings"

	"parley/engine"
)

// letters are how the name of an option is said, and what recognisers make of
// it.
var letters = map[string]int{
	"a": 0, "eh": 0, "hey": 0, "ay": 0, "aye": 0, "alpha": 0,
	"b": 1, "be": 1, "bee": 1, "beat": 1, "p": 1, "v": 1, "bravo": 1,
	"c": 2, "see": 2, "sea": 2, "si": 2, "z": 2, "charlie": 2,
	"d": 3, "dee": 3, "de": 3, "the": 3, "di": 3, "t": 3, "day": 3, "delta": 3,
	"e": 4, "ee": 4, "f": 5, "ef": 5,
}

var ordinals = map[string]int{"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "forth": 3, "fifth": 4, "5th": 4}

// around are words that stand before or after an option's name.
var around = set(`option answer letter choice number it is it's it'll i'll i choose pick take say go with think guess my would must please um uh
	er okay ok well so one maybe probably definitely that's that final i'd going then go for of as in`)

// chosen is the option that was chosen by its name or its place: -1 if none was.
func chosen(said []string, options int) int {
	if len(said) > 10 || options == 0 {
		return -1
	}
	said = withoutBeing(said)
	rest := slices.DeleteFunc(slices.Clone(said), func(w string) bool { return around[w] })
	if len(rest) == 0 {
		rest = said
	}
	// "b as in boy"
	if i := slices.Index(said, "as"); i > 0 && i+1 < len(said) && said[i+1] == "in" {
		rest = said[i-1 : i]
	}
	// "the first one": the article is a letter only when it stands alone.
	if len(rest) > 1 {
		rest = slices.DeleteFunc(slices.Clone(rest), func(w string) bool { return w == "the" })
	}
	if slices.Equal(rest, []string{"last"}) || slices.Equal(rest, []string{"bottom"}) {
		return options - 1
	}
	if slices.Equal(rest, []string{"top"}) {
		return 0
	}
	if len(rest) != 1 {
		// "option be": what is before is a sure sign.
		i := slices.IndexFunc(said, func(w string) bool { return w == "option" || w == "letter" || w == "answer" })
		if i < 0 || i+2 != len(said) {
			return -1
		}
		rest = said[i+1:]
	}
	n, ok := letters[rest[0]]
	if !ok {
		n, ok = ordinals[rest[0]]
	}
	if !ok {
		n, ok = numbered(rest)
	}
	if !ok || n >= options || strings.HasSuffix(strings.Join(said, " "), "i see") {
		return -1
	}
	return n
}

// numbered is the place, from 0, that a number names.
func numbered(rest []string) (int, bool) {
	v, took := number(rest)
	if took != len(rest) || v < 1 || v > 9 || v != math.Trunc(v) {
		return 0, false
	}
	return int(v) - 1, true
}

// withoutBeing leaves out the "be" of "it would be", which is not the letter.
func withoutBeing(said []string) []string {
	for i := 1; i+1 < len(said); i++ {
		switch said[i-1] {
		case "would", "must", "could", "might", "should", "it'll", "to", "can", "may":
			if said[i] == "be" {
				return slices.Delete(slices.Clone(said), i, i+1)
			}
		}
	}
	return said
}

// partOfOption is how surely (0 to 1) an option is meant of which only a part was
// said.
const partOfOption = 0.6

// closest is the option whose words were said, and how surely (0 to 1); -1 if
// none is, or two are alike.
func closest(q engine.Question, said []string) (option int, score float64) {
	spoken := strings.Join(bare(said), " ")
	for i, o := range q.Options {
		if strings.Join(words(o.Text), " ") == spoken {
			return i, 1
		}
	}
	scores := make([]float64, len(q.Options))
	for i, own := range distinctive(q.Options) {
		whole := agreement(q.Options[i].Text, said)
		scores[i] = max(whole.score, agreement(own, said).score)
		if whole.near {
			scores[i] = max(scores[i], partOfOption)
		}
	}
	best, second := -1, 0.0
	for i, s := range scores {
		switch {
		case best < 0 || s > scores[best]:
			if best >= 0 {
				second = max(second, scores[best])
			}
			best = i
		default:
			second = max(second, s)
		}
	}
	if best < 0 || scores[best] < partOfOption || scores[best]-second < 0.1 {
		return -1, 0
	}
	return best, scores[best]
}

// distinctive are the options' words that not all of them have.
func distinctive(options []engine.Option) []string {
	in := make(map[string]int)
	for _, o := range options {
		for w := range stems(words(o.Text)) {
			in[w]++
		}
	}
	all := make([]string, len(options))
	for i, o := range options {
		own := slices.DeleteFunc(words(o.Text), func(w string) bool { return in[stem(w)] == len(options) })
		all[i] = strings.Join(own, " ")
	}
	return all
}

func stems(all []string) map[string]bool {
	some := make(map[string]bool)
	for _, w := range all {
		some[stem(w)] = true
	}
	return some
}

// optionNames are what options are called aloud.
const optionNames = "ABCDEFGH"

// optionsAloud are a question's options as they are spoken.
func optionsAloud(q engine.Question) string {
	said := make([]string, 0, len(q.Options))
	for i, o := range q.Options {
		if i == len(optionNames) {
			break
		}
		said = append(said, optionNames[i:i+1]+": "+strings.TrimRight(speakable(o.Text), ".;,"))
	}
	return strings.Join(said, "; ")
}
