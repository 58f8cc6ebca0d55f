package main

import (
	"fmt"
	"strings"
	"testing"

	"parley/engine/tutor"
)

func TestFacts(t *testing.T) {
	var f facts
	tell := func(subject, text string) {
		if err := f.Remember(t.Context(), tutor.Fact{Subject: subject, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	recall := func(subject string) string {
		found, err := f.Recall(t.Context(), subject)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, fact := range found {
			texts = append(texts, fact.Text)
		}
		return strings.Join(texts, "; ")
	}
	tell("keys", "your keys are upstairs")
	tell("sister's birthday", "your sister's birthday is in June")
	tell("keys", "your keys are in the car")
	for subject, want := range map[string]string{
		"key": "your keys are in the car", "sister": "your sister's birthday is in June", "car": "your keys are in the car", "cat": "",
		"": "your keys are in the car; your sister's birthday is in June", "in": "",
	} {
		if got := recall(subject); got != want {
			t.Errorf("of %q it knows %q", subject, got)
		}
	}
	if n, err := f.Forget(t.Context(), "keys"); n != 1 || err != nil || recall("key") != "" {
		t.Errorf("forgot %d, %v, and still knows %q", n, err, recall("key"))
	}
	for i := range 2 * mostFacts {
		tell(fmt.Sprint("thing ", i), strings.Repeat("ä", longestFact))
	}
	found, err := f.Recall(t.Context(), "")
	if err != nil || len(found) != mostFacts || found[0].Subject != fmt.Sprint("thing ", 2*mostFacts-1) || len(found[0].Text) > longestFact {
		t.Errorf("after very many it keeps %d, %v", len(found), err)
	}
	if n, err := f.Forget(t.Context(), ""); n != mostFacts || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
}
