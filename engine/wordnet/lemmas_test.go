package wordnet

import "testing"

func TestLemmas(t *testing.T) {
	d := open(t)
	found := make(map[string]int)
	n := 0
	for lemma, err := range d.Lemmas(Noun) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		found[lemma.Text] = lemma.Tagged
	}
	if n < 100_000 || n != len(found) {
		t.Errorf("%d lemmas, %d different", n, len(found))
	}
	if found["dog"] == 0 {
		t.Error("dog is in none of the tagged texts")
	}
	if _, ok := found["ice cream"]; !ok {
		t.Error("no ice cream")
	}
	for range d.Lemmas(Verb) {
		break // stopping early is allowed
	}
}
