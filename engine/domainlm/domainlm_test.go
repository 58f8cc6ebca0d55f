package domainlm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// said are the different sentences that a phrasing makes, sorted.
func said(t *testing.T, phrasing string) []string {
	t.Helper()
	sequence, err := parse(phrasing)
	if err != nil {
		t.Fatal(err)
	}
	animal, err := parse("(cat|dog)")
	if err != nil {
		t.Fatal(err)
	}
	s := sampler{grammar: grammar{slots: map[string][]*node{"{animal}": animal}}, random: rand.New(rand.NewPCG(1, 2))}
	var all []string
	for range 200 {
		s.out = nil
		if s.walk(sequence) {
			all = append(all, strings.Join(s.out, " "))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestPhrasings(t *testing.T) {
	for phrasing, want := range map[string][]string{
		"stop":                     {"stop"},
		"What is (it|that)":        {"what is it", "what is that"},
		"go [on|away now]":         {"go", "go away now", "go on"},
		"(set|~sat) it":            {"set it"},
		"my {animal}'s [big] name": {"my cat's big name", "my cat's name", "my dog's big name", "my dog's name"},
		"a {topic}":                {"a {topic}"},
		"a {plant}":                nil,
		"~member that":             {""},
	} {
		if got := said(t, phrasing); !slices.Equal(got, want) && (len(want) > 0 || len(got) > 0) {
			t.Errorf("%q: %q, want %q", phrasing, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a (b|c) [d] {e}", "(", "]", "{", "((((", "a|b", "[~x|y]", strings.Repeat("[", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, phrasing string) {
		sequence, err := parse(phrasing)
		if err != nil {
			if !errors.Is(err, ErrGrammar) {
				t.Error(err)
			}
			return
		}
		s := sampler{random: rand.New(rand.NewPCG(1, 2))}
		s.walk(sequence)
	})
}

// small is a model of a few words and topics.
func small(t *testing.T) *Model {
	t.Helper()
	words := map[string]bool{"ice": true, "cream": true, "apple": true, "gravity": true, "stop": true, "what": true, "is": true, "what's": true, "a": true,
		"an": true, "the": true, "teach": true, "me": true, "about": true, "please": true, "of": true, "and": true}
	m, err := Build(Source{
		Phrasings:  []string{"what is (a|an|the) {topic}", "stop [please]"},
		Topics:     []Topic{{[]string{"apple"}, 1}, {[]string{"gravity"}, 2}, {[]string{"ice"}, 1}, {[]string{"ice", "cream"}, 1}, {[]string{"qzx"}, 9}},
		Pronounced: func(w string) bool { return words[w] },
		Vowel:      func(w string) bool { return strings.ContainsAny(w[:1], "aeiou") },
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The probabilities of all words after any history add up to one.
func TestModelIsOne(t *testing.T) {
	m := small(t)
	if slices.Contains(m.words, "qzx") {
		t.Error("a word that cannot be pronounced")
	}
	check := func(history string, p func(word string) float64) {
		total := 0.0
		for _, w := range m.words {
			if w != begin {
				total += p(w)
			}
		}
		if math.Abs(total-1) > 0.01 {
			t.Errorf("after %q: %.4f", history, total)
		}
	}
	check("", func(w string) float64 { return m.p(w, "") })
	for history := range m.bigrams {
		check(history, func(w string) float64 { return m.p(w, history) })
	}
	for history, after := range m.trigrams {
		_, shorter, _ := strings.Cut(history, " ")
		factor := math.Pow(10, m.backoff(history))
		check(history, func(w string) float64 {
			if p, ok := after[w]; ok {
				return p
			}
			return factor * m.p(w, shorter)
		})
	}
	if an, gravity := m.p("apple", "an"), m.p("gravity", "an"); an < 10*gravity {
		t.Errorf("an apple %.4f, an gravity %.4f", an, gravity)
	}
	if cream, of := m.p("cream", "ice"), m.p("cream", "gravity"); cream < 10*of {
		t.Errorf("ice cream %.4f, gravity cream %.4f", cream, of)
	}
}

func TestUnknownSlot(t *testing.T) {
	_, err := Build(Source{Phrasings: []string{"feed the {gremlin}"}, Pronounced: func(string) bool { return true }, Vowel: func(string) bool { return false }})
	if !errors.Is(err, ErrGrammar) || !strings.Contains(err.Error(), "{gremlin}") {
		t.Errorf("%v", err)
	}
}

func TestWithoutTopics(t *testing.T) {
	m, err := Build(Source{Pronounced: func(string) bool { return true }, Vowel: func(string) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	if p := m.p("time", "what"); p < 0.001 || p > 1 {
		t.Errorf("what time: %v", p)
	}
	if err := m.WriteARPA(io.Discard); err != nil {
		t.Error(err)
	}
}

func TestARPA(t *testing.T) {
	var out bytes.Buffer
	if err := small(t).WriteARPA(&out); err != nil {
		t.Fatal(err)
	}
	var ngrams [4]int
	var declared [4]int
	order := 0
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "ngram "):
			var n, count int
			if _, err := fmt.Sscanf(line, "ngram %d=%d", &n, &count); err != nil {
				t.Fatal(err)
			}
			declared[n] = count
		case strings.HasSuffix(line, "-grams:"):
			order++
		case line != "" && line[0] != '\\':
			ngrams[order]++
			fields := strings.Split(line, "\t")
			if got := len(strings.Fields(fields[1])); got != order {
				t.Errorf("%q among the %d-grams", line, order)
			}
		}
	}
	if ngrams != declared || ngrams[3] == 0 {
		t.Errorf("%v n-grams, declared %v", ngrams, declared)
	}
}

func TestPronunciations(t *testing.T) {
	known, err := ReadPronunciations(strings.NewReader("read R EH D\nread(2) R IY D\n\na AH\n"))
	if err != nil || len(known) != 2 || len(known["read"]) != 2 {
		t.Fatalf("%v, %v", known, err)
	}
	var out strings.Builder
	if err := writePronunciations(&out, slices.Values([]string{"read", "none", "a"}), known); err != nil {
		t.Fatal(err)
	}
	if want := "a AH\nread R EH D\nread(2) R IY D\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	if _, err := ReadPronunciations(strings.NewReader("alone\n")); !errors.Is(err, ErrFormat) {
		t.Errorf("%v", err)
	}
}

func FuzzReadUnigrams(f *testing.F) {
	f.Add([]byte(trieHeader + "\x03"))
	f.Add([]byte(trieHeader + "\x03\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00"))
	f.Add(append([]byte(trieHeader+"\x03\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), make([]byte, 4+3*quantTable+100)...))
	f.Add([]byte("\\data\\"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ReadUnigrams(bytes.NewReader(b)); err != nil && !errors.Is(err, ErrFormat) || err == nil && len(p) == 0 {
			t.Errorf("%v, %v", p, err)
		}
	})
}

func installed() Inputs {
	return Installed("/usr/share/pocketsphinx/model/en-us", "/usr/share/wordnet", []string{"how do you spell {word}"})
}

func TestGenerate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lm")
	in := installed()
	if _, ok := Find(in, dir); ok {
		t.Error("found before it was made")
	}
	made, err := Obtain(in, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{made.LM, made.Dict, made.WordsDict} {
		if info, err := os.Stat(name); err != nil || info.Size() < 100_000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found, ok := Find(in, t.TempDir(), dir); !ok || found != made {
		t.Errorf("found %v", found)
	}
	in.Phrasings = append(in.Phrasings, "sing {topic}")
	if _, ok := Find(in, dir); ok {
		t.Error("found a model of other phrasings")
	}
	in.Pronunciations = filepath.Join(dir, "none")
	if _, err := Obtain(in, dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestGenericWords(t *testing.T) {
	p, err := readFile(installed().Generic, ReadUnigrams)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, v := range p {
		total += v
	}
	if math.Abs(total-1) > 0.05 || p["the"] < p["photosynthesis"] || p["photosynthesis"] == 0 {
		t.Errorf("%d words, together %.3f; the %v, photosynthesis %v", len(p), total, p["the"], p["photosynthesis"])
	}
}
