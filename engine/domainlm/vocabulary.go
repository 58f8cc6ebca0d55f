package domainlm

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// ErrFormat is wrapped by what is wrong with a file that is read.
var ErrFormat = errors.New("domainlm: malformed file")

// ReadPronunciations reads a pronouncing dictionary in the format of CMU's: a
// word and its phones a line, further pronunciations as word(2). It returns the
// lines of each word.
func ReadPronunciations(from io.Reader) (map[string][]string, error) {
	known := make(map[string][]string)
	lines := bufio.NewScanner(from)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		word, phones, ok := strings.Cut(line, " ")
		if line == "" {
			continue
		}
		if !ok || strings.TrimSpace(phones) == "" {
			return nil, fmt.Errorf("%w: pronunciations, line %d: want a word and its phones", ErrFormat, n)
		}
		if i := strings.IndexByte(word, '('); i > 0 {
			word = word[:i]
		}
		known[word] = append(known[word], line)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("domainlm: pronunciations: %w", err)
	}
	return known, nil
}

// What SphinxBase's binary trigram models begin with, and the sizes of what
// stands before the unigrams (ngram_model_trie.c and lm_trie_quant.c of
// SphinxBase 5prealpha): the order, the counts, the kind of quantization, and
// its tables of 2¹⁶ floats, two for each order between the first and the last
// and one for the last.
const (
	trieHeader  = "Trie Language Model"
	quantTable  = 4 << 16
	mostWords   = 1 << 22
	trieLogBase = 1e-4 // natural logarithms times this
)

// ReadUnigrams reads how probable the words of a binary model of SphinxBase's
// are by themselves.
func ReadUnigrams(from io.Reader) (map[string]float64, error) {
	r := bufio.NewReaderSize(from, 1<<16)
	head := make([]byte, len(trieHeader)+1)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:len(trieHeader)]) != trieHeader {
		return nil, fmt.Errorf("%w: no binary language model", ErrFormat)
	}
	order := int(head[len(trieHeader)])
	if order != 3 {
		return nil, fmt.Errorf("%w: a language model of order %d, want 3", ErrFormat, order)
	}
	var counts [3]uint32
	for i := range counts {
		n, err := number(r)
		if err != nil {
			return nil, err
		}
		counts[i] = n
	}
	n := int(counts[0])
	if n == 0 || n > mostWords {
		return nil, fmt.Errorf("%w: a language model of %d words", ErrFormat, n)
	}
	if _, err := r.Discard(4 + 3*quantTable); err != nil {
		return nil, fmt.Errorf("%w: language model: %w", ErrFormat, err)
	}
	var logs []float64
	for range n + 1 { // one more marks the end
		var fields [3]uint32
		for i := range fields {
			v, err := number(r)
			if err != nil {
				return nil, err
			}
			fields[i] = v
		}
		logs = append(logs, float64(math.Float32frombits(fields[0])))
	}
	bigrams, trigrams := int64(counts[1]), int64(counts[2])
	words, next := bits(counts[0]), bits(counts[2])
	packed := packedSize(bigrams, words+32+next) + packedSize(trigrams, words+16)
	if _, err := io.CopyN(io.Discard, r, packed); err != nil {
		return nil, fmt.Errorf("%w: language model: %w", ErrFormat, err)
	}
	if _, err := number(r); err != nil { // how long the words are together
		return nil, err
	}
	p := make(map[string]float64, n)
	for i := range n {
		word, err := r.ReadString(0)
		if err != nil {
			return nil, fmt.Errorf("%w: words of the language model: %w", ErrFormat, err)
		}
		p[strings.TrimSuffix(word, "\x00")] = math.Exp(logs[i] * trieLogBase)
	}
	return p, nil
}

// number reads a little-endian number of 32 bits.
func number(r io.Reader) (uint32, error) {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, fmt.Errorf("%w: language model: %w", ErrFormat, err)
	}
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24, nil
}

// bits is how many bits a number up to most takes.
func bits(most uint32) int64 {
	n := int64(0)
	for ; most > 0; most >>= 1 {
		n++
	}
	return n
}

// packedSize is the bytes that so many entries of so many bits take: with one
// more for the end, rounded up, and eight bytes so that the last can be read
// whole.
func packedSize(entries, width int64) int64 { return ((1+entries)*width+7)/8 + 8 }
