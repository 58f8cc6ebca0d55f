package wordnet

import (
	"slices"
	"strings"
)

// asides are words that ask about a topic rather than name it; a head is never
// one of them.
var asides = strings.Fields(`how why what when where who which does do did is are was were be being been
	a an the of in on at to for from by with about into and or but as it its they them their we our you your i my me
	work works working happen happens made make makes used use uses form forms function functions
	some any all more most very really basics basic introduction history meaning concept idea theory`)

// maxTopic is how many words of a phrase Head looks at: a topic, not a speech.
const maxTopic = 10

// Head finds what a phrase is about: the phrase itself if it is an entry, else
// the longest run of its words that is, the first of several ("how volcanoes
// work" → "volcano"). Nouns go before other parts of speech. It returns "" when
// no word of the phrase is an entry.
func (d *Dictionary) Head(phrase string) (lemma string, pos POS, err error) {
	words := strings.Fields(strings.ToLower(strings.NewReplacer("_", " ", ",", " ", "?", " ", "!", " ").Replace(phrase)))
	words = words[:min(len(words), maxTopic)]
	for _, pos := range Parts {
		lemma, err := d.longest(words, pos)
		if err != nil || lemma != "" {
			return lemma, pos, err
		}
	}
	return "", 0, nil
}

// longest finds the longest run of words that is an entry.
func (d *Dictionary) longest(words []string, pos POS) (string, error) {
	for size := len(words); size > 0; size-- {
		for from := 0; from+size <= len(words); from++ {
			run := words[from : from+size]
			// "what is love" as a whole may be a title; a part of it that
			// begins or ends with an aside is not.
			if (aside(run[0]) || aside(run[size-1])) && (size < len(words) || size == 1) {
				continue
			}
			bases, err := d.BaseForms(strings.Join(run, " "), pos)
			if err != nil {
				return "", err
			}
			if len(bases) > 0 {
				return readable(bases[0]), nil
			}
		}
	}
	return "", nil
}

func aside(word string) bool { return slices.Contains(asides, word) }
