package history

import (
	"testing"
)

func TestSearch(t *testing.T) {
	s := fresh(t)
	tell(t, s, began, "what is gravity", "Gravity is the force of attraction between masses.")
	second := tell(t, s, began.AddDate(0, 0, 1), "how do I make a café au lait", "Don't: drink tea (Σίσυφος 2.5).")
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"gravity", []string{"Gravity is the force of attraction between masses.", "what is gravity"}},
		{"GRAV what", []string{"what is gravity"}},
		{"gravity tea", nil},
		{"cafe", []string{"how do I make a café au lait"}},
		{"CAFÉ", []string{"how do I make a café au lait"}},
		{"don't", []string{"Don't: drink tea (Σίσυφος 2.5)."}},
		{"σίσυφος", []string{"Don't: drink tea (Σίσυφος 2.5)."}},
		{"2.5", []string{"Don't: drink tea (Σίσυφος 2.5)."}},
		{`"gravity" OR tea`, nil}, // no query language
		{"NEAR(gravity) *", nil},
		{"", nil}, {"?!", nil}, {"\x00\xff\"", nil},
	} {
		hits, err := s.Search(t.Context(), c.query, 0)
		if err != nil {
			t.Errorf("%q: %v", c.query, err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.Turn.Text)
		}
		if len(got) != len(c.want) {
			t.Errorf("%q: %q, want %q", c.query, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: %q, want %q", c.query, got, c.want)
			}
		}
	}
	hits, err := s.Search(t.Context(), "a", 1)
	if err != nil || len(hits) != 1 || hits[0].Conversation.ID != second || hits[0].Conversation.Title != "how do I make a café au lait" ||
		hits[0].Excerpt != "how do I make a café au lait" {
		t.Errorf("%+v, %v", hits, err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range []string{"gravity", `"`, "a* OR", "-x", "col:x", "\x00", "é", "a\u0301", "½", "'"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := OpenMemory(t.Context(), discard)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		tell(t, s, began, text)
		hits, err := s.Search(t.Context(), text, 0)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(hits) > 1 {
			t.Fatalf("%q: %d hits", text, len(hits))
		}
		if _, err := s.Facts().Recall(t.Context(), text); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
