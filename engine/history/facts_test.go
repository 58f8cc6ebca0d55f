package history

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestFacts(t *testing.T) {
	facts := fresh(t).Facts()
	for i, f := range []Fact{
		{Subject: "name", Text: "your name is Bob"},
		{Subject: "dog's name", Text: "your dog's name is Rex"},
		{Subject: "keys", Text: "your keys are in the drawer"},
		{Subject: "", Text: "the meeting is at three"},
		{Subject: "My Name", Text: "your name is Anna"}, // replaces the first
		{Subject: "", Text: "The meeting is at three."}, // replaces its like
		{Subject: "the", Text: "a subject of small words"},
	} {
		f.At = began.Add(time.Duration(i) * time.Minute)
		if err := facts.Remember(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	all := []string{"a subject of small words", "The meeting is at three.", "your name is Anna",
		"your keys are in the drawer", "your dog's name is Rex"}
	recall := func(subject string) []string {
		t.Helper()
		found, err := facts.Recall(t.Context(), subject)
		if err != nil {
			t.Errorf("%q: %v", subject, err)
		}
		var texts []string
		for _, f := range found {
			texts = append(texts, f.Text)
		}
		return texts
	}
	for subject, want := range map[string][]string{
		"":               all,
		" ":              all,
		"name":           {all[2], all[4]},
		"the dog's name": {all[2], all[4]},
		"dog":            {all[4]},
		"key":            {all[3]},
		"my KEYS?":       {all[3]},
		"drawers":        {all[3]},
		"meet":           {all[1]},
		"colour":         nil,
		"?":              nil,
		`") -zebra: *`:   nil,
	} {
		if got := recall(subject); !slices.Equal(got, want) {
			t.Errorf("Recall(%q) = %q, want %q", subject, got, want)
		}
	}
	if got, _ := facts.Recall(t.Context(), "anna"); len(got) != 1 ||
		!reflect.DeepEqual(got[0], Fact{Subject: "My Name", Text: "your name is Anna", At: began.Add(4 * time.Minute).Local()}) {
		t.Errorf("%+v", got)
	}

	for _, c := range []struct {
		subject string
		want    int
	}{{"nothing", 0}, {"?", 0}, {"my name", 1}, {"name", 0}, {"", 4}, {"", 0}} {
		if n, err := facts.Forget(t.Context(), c.subject); err != nil || n != c.want {
			t.Errorf("Forget(%q) = %d, %v, want %d", c.subject, n, err, c.want)
		}
	}
	if got := recall("keys"); got != nil {
		t.Errorf("after forgetting all: %q", got)
	}
	if err := facts.Remember(t.Context(), Fact{Subject: "?", Text: "!"}); !errors.Is(err, ErrEmptyFact) {
		t.Errorf("empty fact: %v", err)
	}
}
