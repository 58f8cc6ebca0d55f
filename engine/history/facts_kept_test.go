package history

import (
	"errors"
	"testing"
	"time"
)

func TestFactsByNumber(t *testing.T) {
	s := fresh(t)
	facts := s.Facts()
	c := tell(t, s, began, "hello", "Hi.", "my sister's name is Eva")
	for _, f := range []Fact{
		{Subject: "sister's name", Text: "your sister's name is Eva", Source: "my sister's name is Eva", Conversation: c, At: began.Add(2 * time.Second)},
		{Subject: "keys", Text: "your keys are in the drawer", Source: "said elsewhere", Conversation: 99, At: began},
	} {
		if err := facts.Remember(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	list, err := facts.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Subject != "keys" || list[0].Conversation != 0 || list[1].Source != "my sister's name is Eva" || list[1].Conversation != c {
		t.Fatalf("%+v, %v", list, err)
	}
	keys, name := list[0], list[1]
	if in, place, ok, err := facts.Told(t.Context(), name.Fact); in != c || place != 2 || !ok || err != nil {
		t.Errorf("told in %d at %d, %v, %v", in, place, ok, err)
	}
	if _, _, ok, err := facts.Told(t.Context(), keys.Fact); ok || err != nil {
		t.Errorf("told nowhere: %v, %v", ok, err)
	}

	if err := facts.Update(t.Context(), name.ID, "sister's name", "your sister's name is Ada"); err != nil {
		t.Fatal(err)
	}
	if got, err := facts.Recall(t.Context(), "ada"); err != nil || len(got) != 1 || got[0].Source != "my sister's name is Eva" {
		t.Errorf("by its new words: %+v, %v", got, err)
	}
	if got, err := facts.Recall(t.Context(), "eva"); err != nil || len(got) != 0 {
		t.Errorf("by its old words: %+v, %v", got, err)
	}
	for _, c := range []struct {
		id            FactID
		subject, text string
		want          error
	}{{name.ID, "the keys", "x", ErrSameFact}, {99, "x", "x", ErrNoFact}, {name.ID, "?", "!", ErrEmptyFact}} {
		if err := facts.Update(t.Context(), c.id, c.subject, c.text); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := facts.Delete(t.Context(), keys.ID); err != nil {
		t.Error(err)
	}
	if err := facts.Delete(t.Context(), keys.ID); !errors.Is(err, ErrNoFact) {
		t.Errorf("twice: %v", err)
	}
	if err := s.Delete(t.Context(), c); err != nil {
		t.Error(err)
	}
	list, err = facts.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Conversation != 0 || list[0].Text != "your sister's name is Ada" {
		t.Errorf("without its conversation: %+v, %v", list, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
