package domainlm

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parley/engine/wordnet"
)

// Inputs say where what a model is made of is found.
type Inputs struct {
	Phrasings      []string // of the skills
	Pronunciations string   // cmudict-en-us.dict
	Generic        string   // en-us.lm.bin
	WordNet        string   // the dictionary's directory; "" where it is not installed: the model knows few topics
}

// Installed are the inputs where Debian's packages put them: models is
// pocketsphinx-en-us's directory, words is wordnet-base's.
func Installed(models, words string, phrasings []string) Inputs {
	in := Inputs{
		Phrasings:      phrasings,
		Pronunciations: filepath.Join(models, "cmudict-en-us.dict"),
		Generic:        filepath.Join(models, "en-us.lm.bin"),
		WordNet:        words,
	}
	if _, err := os.Stat(filepath.Join(words, "index.noun")); err != nil {
		in.WordNet = ""
	}
	return in
}

// The files of a model's directory.
const (
	lmFile    = "domain.lm"
	dictFile  = "domain.dict"
	wordsFile = "generic.dict"
	keyFile   = "key"
)

// Files are a model that has been made.
type Files struct {
	LM        string // the trigram model, ARPA's text format
	Dict      string // the pronunciations of its words
	WordsDict string // those of the generic model's words
}

// version is counted up when the program makes another model of the same inputs
// and weights.
const version = 2

// key tells inputs apart: by the phrasings, the weights, and the size
// and time of each file.
func (in Inputs) key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, version, common, spoken, courteous, unseen, least, most, followers, joined, tempered, tagged)
	for _, p := range in.Phrasings {
		fmt.Fprintln(h, p)
	}
	files := []string{in.Pronunciations, in.Generic}
	if in.WordNet != "" {
		files = append(files, filepath.Join(in.WordNet, "index.noun"))
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return "", fmt.Errorf("domainlm: %w", err)
		}
		fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Find looks for a model of these inputs in the directories, in that order.
func Find(in Inputs, dirs ...string) (Files, bool) {
	key, err := in.key()
	if err != nil {
		return Files{}, false
	}
	for _, dir := range dirs {
		if has, err := os.ReadFile(filepath.Join(dir, keyFile)); err == nil && string(has) == key { //nolint:gosec // a directory of ours
			return filesIn(dir), true
		}
	}
	return Files{}, false
}

func filesIn(dir string) Files {
	return Files{filepath.Join(dir, lmFile), filepath.Join(dir, dictFile), filepath.Join(dir, wordsFile)}
}

// Generate makes the model and writes it to dir, which takes about two seconds.
// A model that is there is replaced; one that is being read stays whole.
func Generate(in Inputs, dir string) (Files, error) {
	key, err := in.key()
	if err != nil {
		return Files{}, err
	}
	said, err := readFile(in.Pronunciations, ReadPronunciations)
	if err != nil {
		return Files{}, err
	}
	common, err := readFile(in.Generic, ReadUnigrams)
	if err != nil {
		return Files{}, err
	}
	topics, err := in.topics(common)
	if err != nil {
		return Files{}, err
	}
	m, err := Build(Source{
		Phrasings:  in.Phrasings,
		Topics:     topics,
		Pronounced: func(w string) bool { return len(said[w]) > 0 },
		Vowel: func(w string) bool {
			_, phones, _ := strings.Cut(said[w][0], " ")
			return strings.ContainsAny(phones[:1], "AEIOU") // CMU's names of vowels, and of no consonant
		},
	})
	if err != nil {
		return Files{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // nothing secret
		return Files{}, fmt.Errorf("domainlm: %w", err)
	}
	f := filesIn(dir)
	err = errors.Join(
		replace(f.LM, m.WriteARPA),
		replace(f.Dict, func(w io.Writer) error { return writePronunciations(w, m.Words(), said) }),
		replace(f.WordsDict, func(w io.Writer) error {
			return writePronunciations(w, func(yield func(string) bool) {
				for word := range common {
					if !yield(word) {
						return
					}
				}
			}, said)
		}),
	)
	if err == nil { // last: a model with its key is whole
		err = replace(filepath.Join(dir, keyFile), func(w io.Writer) error {
			_, err := io.WriteString(w, key)
			return err
		})
	}
	return f, err
}

func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name) //nolint:gosec // of a package that is installed
	if err != nil {
		var none T
		return none, fmt.Errorf("domainlm: %w", err)
	}
	defer f.Close()
	return read(f)
}

// replace writes a file beside name and then puts it in its place.
func replace(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("domainlm: %w", err)
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return fmt.Errorf("domainlm: %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("domainlm: %w", err)
	}
	return nil
}

// topics are WordNet's nouns that general English has too: the common ones
// likelier, but less so than there.
func (in Inputs) topics(common map[string]float64) (topics []Topic, err error) {
	if in.WordNet == "" {
		return nil, nil
	}
	d, err := wordnet.Open(in.WordNet)
	if err != nil {
		return nil, fmt.Errorf("domainlm: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for lemma, err := range d.Lemmas(wordnet.Noun) {
		if err != nil {
			return nil, fmt.Errorf("domainlm: %w", err)
		}
		words := strings.Fields(lemma.Text)
		if len(words) > 2 || slices.ContainsFunc(words, func(w string) bool { return common[w] == 0 }) {
			continue
		}
		weight := math.Pow(common[words[len(words)-1]], tempered)
		if lemma.Tagged > 0 {
			weight *= tagged
		}
		topics = append(topics, Topic{words, weight})
		if plural, ok := plural(lemma.Text, common); ok && len(words) == 1 {
			topics = append(topics, Topic{[]string{plural}, weight * math.Pow(common[plural]/common[words[0]], tempered)})
		}
	}
	return topics, nil
}

const (
	// tempered is the power that a noun's probability in general English is
	// raised to: newspapers and talk have other favourites.
	tempered = 0.7

	// tagged is how much likelier a noun is that WordNet's texts have.
	tagged = 3
)

// plural is the regular plural of a noun, where it is known.
func plural(noun string, common map[string]float64) (string, bool) {
	for _, p := range []string{noun + "s", noun + "es", strings.TrimSuffix(noun, "y") + "ies"} {
		if common[p] > 0 {
			return p, true
		}
	}
	return "", false
}

// writePronunciations writes the lines of the words, in the order of the words.
func writePronunciations(to io.Writer, words func(func(string) bool), said map[string][]string) error {
	for _, word := range slices.Sorted(words) {
		for i, line := range said[word] {
			_, phones, _ := strings.Cut(line, " ")
			name := word
			if i > 0 {
				name += "(" + strconv.Itoa(i+1) + ")"
			}
			if _, err := fmt.Fprintln(to, name, strings.TrimSpace(phones)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Obtain finds the model in own or the other directories, or, where none has
// it, makes it in own: the user's cache, say.
func Obtain(in Inputs, own string, others ...string) (Files, error) {
	if f, ok := Find(in, append([]string{own}, others...)...); ok {
		return f, nil
	}
	return Generate(in, own)
}
