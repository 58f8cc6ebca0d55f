package enginetest

import (
	"embed"
	"slices"
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

// Excuse is a breach that a kind of session cannot help.
type Excuse struct {
	Score  string // empty: in any
	Breach string // how its line begins
	Why    string
}

// Conform plays every score through sessions of one kind, in virtual time, and
// fails where a law is broken or a score's wish is not met, and that is not excused,
// or where an excuse is not needed. It returns the performances.
func Conform(t *testing.T, begin NewSession, excuses ...Excuse) []Performance {
	t.Helper()
	var all []Performance
	needed := make([]bool, len(excuses))
	for _, score := range Scores(t) {
		excused := func(wrong string) bool {
			i := slices.IndexFunc(excuses, func(e Excuse) bool {
				return (e.Score == "" || e.Score == score.Name) && strings.HasPrefix(wrong, e.Breach)
			})
			if i >= 0 {
				needed[i] = true
			}
			return i >= 0
		}
		t.Run(score.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := Perform(score, begin)
				for _, wrong := range append(Laws(p), Wishes(p)...) {
					if !excused(wrong) {
						t.Error(wrong)
					}
				}
				if t.Failed() {
					t.Logf("what happened:\n%s", p.Log())
				}
				all = append(all, p)
			})
		})
	}
	for i, e := range excuses {
		if !needed[i] && len(all) == len(Scores(t)) {
			t.Errorf("nothing had to be excused by %q: %s", e.Breach, e.Why)
		}
	}
	return all
}
