package coach

import (
	"slices"
	"strings"
	"sync"
)

// slot stands for what is asked about.
const slot = "{topic}"

// book is the phrasings, written out.
type book struct {
	exact  map[string]wish   // by the words
	sounds map[string][]line // by their sound
	open   []line            // with a slot at the end, the longest first
}

type line struct {
	wish  wish
	words string // of one with a slot, those before it
}

// theBook writes the phrasings out, once.
var theBook = sync.OnceValue(func() *book {
	b := &book{exact: make(map[string]wish), sounds: make(map[string][]line)}
	for _, p := range phrasings {
		for _, said := range p.said {
			for _, one := range expand(said) {
				b.add(p.wish, one)
			}
		}
	}
	slices.SortStableFunc(b.open, func(x, y line) int { return len(y.words) - len(x.words) })
	return b
})

func (b *book) add(w wish, said string) {
	if before, _, ok := strings.Cut(said, slot); ok {
		b.open = append(b.open, line{w, strings.TrimSpace(before)})
		return
	}
	if _, taken := b.exact[said]; taken || said == "" {
		return
	}
	b.exact[said] = w
	if key := soundOf(said); len(key) >= 3 && strings.Contains(said, " ") {
		b.sounds[key] = append(b.sounds[key], line{w, said})
	}
}

// expand writes a phrasing out: each way to say it, words parted by single
// blanks.
func expand(phrasing string) []string {
	rest := phrasing
	var ways []string
	for _, w := range alternatives(&rest) {
		ways = append(ways, strings.Join(strings.Fields(w), " "))
	}
	return ways
}

// alternatives reads sequences parted by | up to a closing bracket or the end.
func alternatives(rest *string) []string {
	var all []string
	for {
		all = append(all, sequence(rest)...)
		if !strings.HasPrefix(*rest, "|") {
			return all
		}
		*rest = (*rest)[1:]
	}
}

func sequence(rest *string) []string {
	ways := []string{""}
	then := func(next []string) {
		var longer []string
		for _, w := range ways {
			for _, n := range next {
				longer = append(longer, w+" "+n)
			}
		}
		ways = longer
	}
	for *rest != "" {
		switch c := (*rest)[0]; c {
		case '|', ')', ']':
			return ways
		case ' ', '~':
			*rest = (*rest)[1:]
		case '(', '[':
			*rest = (*rest)[1:]
			inner := alternatives(rest)
			if *rest != "" {
				*rest = (*rest)[1:]
			}
			if c == '[' {
				inner = append(inner, "")
			}
			then(inner)
		default:
			end := strings.IndexAny(*rest, " ()[]|")
			if end < 0 {
				end = len(*rest)
			}
			then([]string{(*rest)[:end]})
			*rest = (*rest)[end:]
		}
	}
	return ways
}

// courtesies may stand before and after what is wanted.
var (
	before = sortedByLength(`please|can you|could you|would you|will you|can you please|could you please|would you please|okay|ok|well|so|now|and|then|but|um|uh|er|hey|oh|alright|all right|right|yes|yeah|no|sorry|parley|
		just|i want you to|i'd like you to|i would like you to|let's|i think|actually|great|good|thanks|thank you|cool|hm|oh no|sorry can you|sorry could you|maybe|i want to|i would like to|i'd like to`)
	after = sortedByLength(`please|for me|now|then|thanks|thank you|if you can|again please|will you|would you|parley|maybe|right now|would you please|if you don't mind|to me|okay|with me`)
)

// find is what was wanted, and what about, where the phrasing has a slot. Words that
// only sound like a phrasing stand for it, unless others know what they mean; other
// may be nil.
func (b *book) find(text string, other func(string) bool) (wanted wish, about string, ok bool) {
	said := words(text)
	for range 4 { // courtesies heap up, but not without end
		if w, about, ok := b.lookUp(said); ok {
			return w, about, ok
		}
		if w := b.sound(said); w != "" && (other == nil || !other(text)) {
			return w, "", true
		}
		shorter := trimmed(said)
		if len(shorter) == len(said) {
			break
		}
		said = shorter
	}
	return "", "", false
}

// trimmed leaves out one courtesy at either end.
func trimmed(said []string) []string {
	for _, p := range before {
		if len(said) > len(p) && slices.Equal(said[:len(p)], p) {
			said = said[len(p):]
			break
		}
	}
	for _, p := range after {
		if n := len(said) - len(p); n > 0 && slices.Equal(said[n:], p) {
			return said[:n]
		}
	}
	return said
}

func (b *book) lookUp(said []string) (wish, string, bool) {
	if len(said) == 0 || len(said) > 20 {
		return "", "", false
	}
	text := strings.Join(said, " ")
	if w, ok := b.exact[text]; ok {
		return w, "", true
	}
	for _, l := range b.open {
		if about, ok := strings.CutPrefix(text, l.words+" "); ok {
			return l.wish, about, true
		}
	}
	return "", "", false
}

// sound is the wish whose phrasing sounds most like what was said, "" if none does.
func (b *book) sound(said []string) wish {
	if len(said) < 2 || len(said) > 20 {
		return ""
	}
	text := strings.Join(said, " ")
	best, likeness := line{}, 0.6
	for _, l := range b.sounds[soundOf(text)] {
		if a := alike(strings.ReplaceAll(l.words, " ", ""), strings.ReplaceAll(text, " ", "")); a > likeness {
			best, likeness = l, a
		}
	}
	return best.wish
}
