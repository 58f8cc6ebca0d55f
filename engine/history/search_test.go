package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/engine"
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

// The closest come first, whatever is newer; titles and lessons before turns.
func TestSearchRanks(t *testing.T) {
	s := fresh(t)
	titled := tell(t, s, began, "hello")
	if err := s.Rename(t.Context(), titled, "Black holes"); err != nil {
		t.Fatal(err)
	}
	c := tell(t, s, began, "black holes are dense", "holes can be black", "black hole", "blackest holes of all", "nothing")
	lesson, err := s.SaveLesson(t.Context(), c, engine.Lesson{Title: "Stars", Markdown: "# Stars\n\nSome end as black holes."}, began)
	if err != nil {
		t.Fatal(err)
	}
	hits, err := s.Search(t.Context(), "black holes", 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range hits {
		var marked []string
		for _, m := range h.Marks {
			marked = append(marked, h.Excerpt[m.From:m.To])
		}
		got = append(got, fmt.Sprintf("%d/%d/%d %q", h.Conversation.ID, h.Place, h.Lesson.ID, marked))
	}
	want := []string{
		fmt.Sprintf("%d/-1/0 %q", titled, []string{"Black holes"}),
		fmt.Sprintf("%d/-1/%d %q", c, lesson, []string{"black holes"}),
		fmt.Sprintf("%d/0/0 %q", c, []string{"black holes"}),
		fmt.Sprintf("%d/1/0 %q", c, []string{"holes", "black"}),
		fmt.Sprintf("%d/3/0 %q", c, []string{"blackest", "holes"}),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if hits, err := s.Search(t.Context(), "bl", 2); err != nil || len(hits) != 2 {
		t.Errorf("two of them: %+v, %v", hits, err)
	}
	if err := s.Rename(t.Context(), titled, "White dwarfs"); err != nil {
		t.Fatal(err)
	}
	if hits, err := s.Search(t.Context(), "dwarf", 0); err != nil || len(hits) != 1 || hits[0].Conversation.Title != "White dwarfs" {
		t.Errorf("renamed: %+v, %v", hits, err)
	}
}

// Many lessons do not keep turns from being found.
func TestSearchLeavesRoomForTurns(t *testing.T) {
	s := fresh(t)
	c := tell(t, s, began, "gravity")
	for range 30 {
		if _, err := s.SaveLesson(t.Context(), c, engine.Lesson{Title: "Gravity"}, began); err != nil {
			t.Fatal(err)
		}
	}
	hits, err := s.Search(t.Context(), "gravity", 20)
	if err != nil || len(hits) != 5 || hits[4].Place != 0 {
		t.Errorf("%d hits: %+v, %v", len(hits), hits, err)
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
