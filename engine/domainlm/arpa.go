package domainlm

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
)

// Words are the words of the model, without the ends of sentences.
func (m *Model) Words() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, w := range m.words {
			if w != begin && w != end && !yield(w) {
				return
			}
		}
	}
}

// negligible is the logarithm of a probability of nothing.
const negligible = -99

// WriteARPA writes the model in ARPA's text format, with logarithms to base 10.
func (m *Model) WriteARPA(to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	fmt.Fprintf(w, "\\data\\\nngram 1=%d\nngram 2=%d\nngram 3=%d\n\n\\1-grams:\n", len(m.words), size(m.bigrams), size(m.trigrams))
	for _, word := range m.words {
		p := float64(negligible)
		if word != begin {
			p = math.Log10(m.unigrams[word])
		}
		fmt.Fprintf(w, "%.4f\t%s\t%.4f\n", p, word, m.backoff(word))
	}
	fmt.Fprint(w, "\n\\2-grams:\n")
	for _, before := range slices.Sorted(maps.Keys(m.bigrams)) {
		after := m.bigrams[before]
		for _, word := range slices.Sorted(maps.Keys(after)) {
			fmt.Fprintf(w, "%.4f\t%s %s\t%.4f\n", math.Log10(after[word]), before, word, m.backoff(before+" "+word))
		}
	}
	fmt.Fprint(w, "\n\\3-grams:\n")
	for _, before := range slices.Sorted(maps.Keys(m.trigrams)) {
		after := m.trigrams[before]
		for _, word := range slices.Sorted(maps.Keys(after)) {
			fmt.Fprintf(w, "%.4f\t%s %s\n", math.Log10(after[word]), before, word)
		}
	}
	fmt.Fprint(w, "\n\\end\\\n")
	if err := w.Flush(); err != nil {
		return fmt.Errorf("domainlm: write: %w", err)
	}
	return nil
}

func size(ngrams map[string]map[string]float64) int {
	n := 0
	for _, after := range ngrams {
		n += len(after)
	}
	return n
}

// backoff is the logarithm of what the probability of a word after the last
// word of history is multiplied with where the word was not counted after
// history: so that all of them add up to one.
func (m *Model) backoff(history string) float64 {
	after := m.bigrams[history]
	if strings.Contains(history, " ") {
		after = m.trigrams[history]
	}
	if len(after) == 0 {
		return 0
	}
	_, shorter, _ := strings.Cut(history, " ")
	seen, otherwise := 0.0, 0.0
	for word, p := range after {
		seen += p
		otherwise += m.p(word, shorter)
	}
	const none = 1e-6 // roundings, where everything was counted
	return math.Log10(max(1-seen, none) / max(1-otherwise, none))
}

// p is the probability of a word after one word, or, where that is "", none.
func (m *Model) p(word, before string) float64 {
	if before == "" {
		return m.unigrams[word]
	}
	if p, ok := m.bigrams[before][word]; ok {
		return p
	}
	return m.unigrams[word] * math.Pow(10, m.backoff(before))
}
