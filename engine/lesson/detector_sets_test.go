package lesson

import (
	"os"
	"strings"
	"testing"
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

// The phrases were written with the tuning set in view, and none of the others.
func TestDetectSets(t *testing.T) {
	for path, least := range map[string]float64{
		"testdata/teaching_tuning.tsv":   0.97,
		"testdata/teaching_held_out.tsv": 0.9,
	} {
		s := scoreSet(t, path, func(said, want, got string) {
			if strings.Contains(path, os.Getenv("DETSET")) {
				t.Logf("%s: want %s, got %s", said, want, got)
			}
		})
		for _, label := range []string{"lesson", "fact", "none"} {
			t.Logf("%s: %s: %d, precision %.3f, recall %.3f", path, label, s.there[label], s.precision(label), s.recall(label))
			if s.precision(label) < least || s.recall(label) < least {
				t.Errorf("%s: %s: precision %.3f, recall %.3f; want %.2f", path, label, s.precision(label), s.recall(label), least)
			}
		}
	}
}

func TestPhrasesAreRead(t *testing.T) {
	if _, err := inEnglish(); err != nil {
		t.Fatal(err)
	}
}
