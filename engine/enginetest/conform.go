package enginetest

import (
	"embed"
	"strings"
	"testing"
	"testing/synctest"
)

//go:embed scores/*.txt
var scoreFiles embed.FS

// Scores are the conversations that come with this package.
func Scores(t *testing.T) []Score {
	t.Helper()
	files, err := scoreFiles.ReadDir("scores")
	if err != nil {
		t.Fatal(err)
	}
	var scores []Score
	for _, f := range files {
		text, err := scoreFiles.ReadFile("scores/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(strings.TrimSuffix(f.Name(), ".txt"), string(text))
		if err != nil {
			t.Fatal(err)
		}
		scores = append(scores, s)
	}
	return scores
}

// Conform plays every score through sessions of one kind, in virtual time, and
// fails where a law is broken or a score's wish is not met. It returns the
// performances.
func Conform(t *testing.T, begin NewSession) []Performance {
	t.Helper()
	var all []Performance
	for _, score := range Scores(t) {
		t.Run(score.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := Perform(score, begin)
				for _, wrong := range append(Laws(p), Wishes(p)...) {
					t.Error(wrong)
				}
				if t.Failed() {
					t.Logf("what happened:\n%s", p.Log())
				}
				all = append(all, p)
			})
		})
	}
	return all
}
