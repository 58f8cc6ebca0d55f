package wordnet

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Lemma is a word, or several joined by blanks, that the dictionary has senses
// of.
type Lemma struct {
	Text   string // in lower case
	Tagged int    // how many of its senses are found in WordNet's tagged texts: 0 for rare words
}

// Lemmas yields the words of a part of speech in the order of its index. An
// error, which wraps [ErrMalformed] or is the reader's, is the last thing
// yielded.
func (d *Dictionary) Lemmas(pos POS) iter.Seq2[Lemma, error] {
	return func(yield func(Lemma, error) bool) {
		f := d.index[pos]
		if f == nil {
			return
		}
		lines := bufio.NewScanner(io.NewSectionReader(f.r, 0, f.size))
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), " ") {
				continue // the licence
			}
			e, err := parseEntry(lines.Text())
			if err != nil {
				yield(Lemma{}, fmt.Errorf("wordnet: %s: %w: %w", f.name, err, ErrMalformed))
				return
			}
			if !yield(Lemma{strings.ReplaceAll(e.lemma, "_", " "), e.tagged}, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Lemma{}, fmt.Errorf("wordnet: read %s: %w", f.name, err))
		}
	}
}
