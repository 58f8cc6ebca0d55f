package lesson

import (
	"testing"

	"parley/engine/wordnet"
)

func TestNamed(t *testing.T) {
	noun := wordnet.ID{POS: wordnet.Noun}
	tests := []struct {
		word     string
		sense    wordnet.Sense
		evidence string
		want     string
	}{
		{"volcano", wordnet.Sense{ID: noun, Definition: "a fissure in the earth's crust"}, "", "a volcano"},
		{"opening", wordnet.Sense{ID: noun, Definition: "an open space"}, "", "an opening"},
		{"photosynthesis", wordnet.Sense{ID: noun, Definition: "synthesis of compounds"}, "", "photosynthesis"},
		{"bank", wordnet.Sense{ID: noun, Definition: "sloping land"}, "he sat on a bank", "a bank"},
		{"lion", wordnet.Sense{ID: noun, Category: wordnet.Animal, Definition: "large feline"}, "", "a lion"},
		{"isolation", wordnet.Sense{ID: noun, Definition: "a state of separation"}, "", "isolation"},
		{"love", wordnet.Sense{ID: noun, Category: 12, Definition: "a strong emotion"}, "", "love"},
		{"mathematics", wordnet.Sense{ID: noun, Definition: "a science of numbers"}, "", "mathematics"},
		{"bus", wordnet.Sense{ID: noun, Definition: "(computer science) a conductor"}, "", "a bus"},
		{"French Revolution", wordnet.Sense{ID: noun, Definition: "the revolution in France"}, "", "the French Revolution"},
		{"Einstein", wordnet.Sense{ID: noun, Definition: "a physicist"}, "", "Einstein"},
		{"hour", wordnet.Sense{ID: noun, Definition: "a period of time"}, "", "an hour"},
		{"unicorn", wordnet.Sense{ID: noun, Definition: "an imaginary creature"}, "", "a unicorn"},
		{"swim", wordnet.Sense{ID: wordnet.ID{POS: wordnet.Verb}}, "", "to swim"},
		{"happy", wordnet.Sense{ID: wordnet.ID{POS: wordnet.Adjective}}, "", "“happy”"},
	}
	for _, test := range tests {
		if got := named(test.word, test.sense, test.evidence); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestMentions(t *testing.T) {
	tests := []struct {
		text, name string
		want       bool
	}{
		{"the bank of a river", "bank", true},
		{"the riverbank", "bank", true},
		{"swimming like a dog", "swim", true},
		{"photosynthetic organisms", "photosynthesis", true},
		{"programs written in C", "C", true},
		{"cats", "C", false},
		{"an art", "arm", false},
		{"the revolution in France", "French", false},
		{"", "x", false},
	}
	for _, test := range tests {
		if got := mentions(test.text, test.name); got != test.want {
			t.Errorf("%q in %q: %v", test.name, test.text, got)
		}
	}
}

func TestLevelOf(t *testing.T) {
	for words, want := range map[string]int{"": 6, "for a ten-year-old": 4, "for my kid": 4, "simple": 4, "a beginner": 4, "in depth": 12, "expert": 12, "explain like I'm five": 4, "for a 9 year old": 4, "university": 12} {
		if got := levelOf(words).rows; got != want {
			t.Errorf("%q: %d rows", words, got)
		}
	}
}
