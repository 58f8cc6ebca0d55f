package teaching

import (
	"os"
	"strings"
	"testing"

	"parley/engine"
)

// score counts, for each label, what the detector made of a set.
type score struct{ right, found, there map[string]int }

func (s score) precision(label string) float64 {
	return float64(s.right[label]) / float64(max(1, s.found[label]))
}

func (s score) recall(label string) float64 {
	return float64(s.right[label]) / float64(max(1, s.there[label]))
}

// scoreSet detects in every line of a set: a label, a tab and what is said.
func scoreSet(t *testing.T, path string, wrong func(said, want, got string)) score {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := score{map[string]int{}, map[string]int{}, map[string]int{}}
	for line := range strings.Lines(string(file)) {
		want, said, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%s: %q", path, line)
		}
		got := "none"
		if teaching, found := (Detector{}).Detect(said); found {
			got = string(teaching.Kind)
		}
		s.there[want]++
		s.found[got]++
		if got == want {
			s.right[got]++
		} else {
			wrong(said, want, got)
		}
	}
	return s
}

// The phrases were written with the tuning set and the siblings in view. The others
// were measured once before their mistakes were looked at. The two blind ones are by
// authors who had not seen the phrases; precision and recall at first sight were
//
//	blind_a  lesson 1.000 0.962  fact 0.979 0.920  none 0.928 0.988
//	blind_b  lesson 0.980 0.990  fact 0.976 1.000  none 0.991 0.967
func TestDetectSets(t *testing.T) {
	for _, set := range []string{"tuning", "held_out", "fresh", "fresh_2", "fresh_3", "siblings", "blind_a", "blind_b"} {
		const least = 0.96
		var all []string
		s := scoreSet(t, "testdata/teaching_"+set+".tsv", func(said, want, got string) {
			all = append(all, want+", not "+got+": "+said)
		})
		for _, label := range []string{"lesson", "fact", "none"} {
			if s.precision(label) < least || s.recall(label) < least {
				t.Errorf("%s: %s: precision %.3f, recall %.3f; want %.2f\n%s", set, label, s.precision(label), s.recall(label), least, strings.Join(all, "\n"))
			}
		}
	}
}

func TestPhrasesAreRead(t *testing.T) {
	l, err := inEnglish()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]cueSet{"opening": l.opening, "always": l.always, "never": l.never, "teaching": l.teaching, "apart": l.apart, "antecedent": l.antecedent} {
		if len(set.cues) < 5 {
			t.Errorf("%s has %d phrases", name, len(set.cues))
		}
	}
}

func TestBadPhrasesAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		"[lesson 0.9]\nteach (me {...}":   "line 2: lesson: phrase",
		"[lesson 0.9]\nteach <me> {...}":  "there is no list <me>",
		"[lesson]\nteach me {...}":        "want a confidence",
		"[lesson 2]\nteach me {...}":      "want a confidence",
		"[quiz]\nquiz me":                 "there is no section [quiz]",
		"teach me {...}":                  "before the first section",
		"<me> = me | (us\n":               "line 1: a bracket is not closed",
		"[lesson 0.9]\nteach me) {...}\n": "a bracket is not closed",
	} {
		if _, err := readLanguage(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want %q", text, err, says)
		}
	}
}

func TestPhraseNotation(t *testing.T) {
	for _, test := range []struct {
		phrase, said string
		whole        bool
		about        string
		fits         bool
	}{
		{"teach (me|us) {...}", "teach us the blues", true, "the blues", true},
		{"teach [me] {...} [please]", "teach chess please", true, "chess", true},
		{"(teach|~each) me", "each me", true, "", true},
		{"my .. is", "my one two three four is", true, "", true},
		{"my .. is", "my one two three four five is", true, "", false},
		{"_ing is fun", "swimming is fun", true, "", true},
		{"_ing is fun", "ing is fun", true, "", false},
		{"i am #", "i am seventy", true, "", true},
		{"i am #", "i am 7", true, "", true},
		{"i am #", "i am old", true, "", false},
		{"hello _", "hello you there", false, "", true},
		{"hello _", "hello you there", true, "", false},
	} {
		p, err := newPhrase(test.phrase, nil)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(test.said)
		var m matcher
		_, about, ok := m.match(&p, words, test.whole)
		if ok != test.fits || strings.Join(words[about.from:about.to], " ") != test.about {
			t.Errorf("%q, %q: got %v %v", test.phrase, test.said, ok, about)
		}
	}
}

func TestDetectRefersBack(t *testing.T) {
	for said, topic := range map[string]string{
		"I know nothing about opera. Teach me.":                    "opera",
		"What is gravity? Explain it in detail.":                   "gravity",
		"I really don't get recursion. Can you walk me through it": "recursion",
		"Hello. Teach me.":                                         "",
		"Teach me":                                                 "",
	} {
		if got, _ := (Detector{}).Detect(said); got.Topic != topic {
			t.Errorf("%q: got %q, want %q", said, got.Topic, topic)
		}
	}
}

func TestFactsAreStatements(t *testing.T) {
	for said, topic := range map[string]string{
		"Just so you know, I'm a vegetarian":      "I'm a vegetarian",
		"from now on call me Max":                 "my name is Max",
		"Oh, by the way, my sister's name is Ada": "my sister's name is Ada",
		"no, it's spelled L Y N N":                "it's spelled L Y N N",
		`"Fika" means a coffee break`:             "Fika means a coffee break",
		"My name's Bob, remember that":            "My name's Bob",
	} {
		if got, _ := (Detector{}).Detect(said); got.Topic != topic || got.Kind != engine.TeachFact {
			t.Errorf("%q: got %+v, want %q", said, got, topic)
		}
	}
}
