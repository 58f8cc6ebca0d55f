package wordnet

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func open(tb testing.TB) *Dictionary {
	tb.Helper()
	d, err := Open(DefaultDir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	return d
}

func TestLookupFindsTheCommonestSenseFirst(t *testing.T) {
	tests := []struct {
		word       string
		pos        POS
		lemma      string
		definition string // its beginning
		word0      string
		count      int
	}{
		{"gravity", Noun, "gravity", "(physics) the force of attraction between all masses", "gravity", 2},
		{"Black Holes", Noun, "black hole", "a region of space resulting from the collapse of a star", "black hole", 1},
		{"black_hole", Noun, "black hole", "a region of space", "black hole", 1},
		{"children", Noun, "child", "a young person of either sex", "child", 148},
		{"attorneys general", Noun, "attorney general", "the chief law officer", "attorney general", 3},
		{"x ray", Verb, "x-ray", "take an x-ray of something", "x-ray", 0},
		{"boxesful", Noun, "boxful", "", "box", 0},
		{"ran", Verb, "run", "move fast by using one's feet", "run", 106},
		{"running", Verb, "run", "move fast", "run", 106},
		{"farther", Adverb, "farther", "", "further", 3},
		{"ephemeral", Adjective, "ephemeral", "lasting a very short time", "ephemeral", 1},
		{"happier", Adjective, "happy", "", "happy", 37},
		{"albert einstein", Noun, "albert einstein", "physicist born in Germany", "Einstein", 0},
		{"women", Noun, "woman", "an adult female person", "adult female", 143},
		{"'hood", Noun, "'hood", "(slang) a neighborhood", "'hood", 0},
		{".22", Noun, ".22", "a .22 caliber", ".22", 0},
	}
	d := open(t)
	for _, tt := range tests {
		senses, err := d.Lookup(tt.word, tt.pos)
		if err != nil {
			t.Errorf("%s: %v", tt.word, err)
			continue
		}
		if len(senses) == 0 {
			t.Errorf("%s: no senses", tt.word)
			continue
		}
		s := senses[0]
		if s.Lemma != tt.lemma || !strings.HasPrefix(s.Definition, tt.definition) || !slices.Contains(s.Words, tt.word0) || s.Count != tt.count {
			t.Errorf("%s: got lemma %q, words %q, count %d, %q", tt.word, s.Lemma, s.Words, s.Count, s.Definition)
		}
	}
}

func TestLookupOfNoWord(t *testing.T) {
	d := open(t)
	for _, word := range []string{"", " ", "_", "qwertyuiop", "1 This", "  1 This software", "\n", "\x00", "%", "zzzzzz", strings.Repeat("x", 1000), "é"} {
		for _, pos := range []POS{Noun, Verb, Adjective, Adverb, 'x'} {
			if senses, err := d.Lookup(word, pos); err != nil || len(senses) != 0 {
				t.Errorf("%q as %v: %d senses, %v", word, pos, len(senses), err)
			}
		}
	}
}

func TestFollow(t *testing.T) {
	tests := []struct {
		word     string
		pos      POS
		relation Relation
		want     string // among the words found
	}{
		{"lion", Noun, Hypernym, "big cat"},
		{"lion", Noun, Hyponym, "lioness"},
		{"hand", Noun, PartMeronym, "finger"},
		{"finger", Noun, PartHolonym, "hand"},
		{"tree", Noun, MemberHolonym, "forest"},
		{"hot", Adjective, Antonym, "cold"},
		{"paris", Noun, InstanceOf, "national capital"},
		{"quick", Adjective, SimilarTo, "fast"},
		{"gravity", Noun, Derivation, "gravitate"},
	}
	d := open(t)
	for _, tt := range tests {
		senses, err := d.Lookup(tt.word, tt.pos)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, s := range senses {
			to, err := d.Follow(s, 100, tt.relation)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range to {
				words = append(words, s.Words...)
			}
		}
		if !slices.Contains(words, tt.want) {
			t.Errorf("%s %s: %q not among %q", tt.word, tt.relation, tt.want, words)
		}
	}
}

func TestOpenSaysWhatToInstall(t *testing.T) {
	_, err := Open(t.TempDir())
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "wordnet-base") {
		t.Errorf("got %v", err)
	}
}

func TestHead(t *testing.T) {
	tests := map[string]string{
		"photosynthesis":            "photosynthesis",
		"how volcanoes work":        "volcano",
		"the French Revolution":     "french revolution",
		"black holes":               "black hole",
		"why the sky is blue":       "sky",
		"the history of Rome":       "rome",
		"how to bake bread":         "bread",
		"what is love":              "love",
		"how do airplanes stay up?": "airplane",
		"how it works":              "",
		"":                          "",
		"xyzzy":                     "",
	}
	d := open(t)
	for phrase, want := range tests {
		if got, _, err := d.Head(phrase); err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", phrase, got, err, want)
		}
	}
}
