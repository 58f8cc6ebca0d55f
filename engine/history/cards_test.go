package history

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"parley/engine"
)

func quiz(prompts ...string) *engine.Plan {
	p := &engine.Plan{Title: "Quiz"}
	for _, prompt := range prompts {
		p.Quiz = append(p.Quiz, engine.Question{Prompt: prompt, Options: []engine.Option{{Text: "yes", Right: true}}, Answer: "Yes."})
	}
	return p
}

func TestCards(t *testing.T) {
	s := fresh(t)
	c := tell(t, s, began, "teach me")
	save := func(l engine.Lesson, at time.Time) engine.LessonID {
		t.Helper()
		id, err := s.SaveLesson(t.Context(), c, l, at)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	save(engine.Lesson{Title: "Text only", Markdown: "# Text"}, began)
	first := save(engine.Lesson{Title: "First", Plan: quiz("a?", "b?")}, began)
	second := save(engine.Lesson{Title: "Second", Plan: quiz("c?")}, began.Add(time.Hour))

	due := func(at time.Time, limit int) []Card {
		t.Helper()
		cards, err := s.Cards().Due(t.Context(), at, limit)
		if err != nil {
			t.Fatal(err)
		}
		if limit <= 0 {
			if n, err := s.Cards().Count(t.Context(), at); n != len(cards) || err != nil {
				t.Errorf("%d cards are due, counted %d, %v", len(cards), n, err)
			}
		}
		return cards
	}
	if got := due(began.Add(firstReview-1), 0); len(got) > 0 {
		t.Errorf("within the first day: %+v", got)
	}
	day := began.Add(firstReview)
	got := due(day, 0)
	want := []Card{
		{Lesson: first, Title: "First", Index: 0, Question: quiz("a?").Quiz[0], Due: day.Local()},
		{Lesson: first, Title: "First", Index: 1, Question: quiz("b?").Quiz[0], Due: day.Local()},
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	graded := got[0]
	graded.State, graded.Due = `{"stability": 3.1}`, began.Add(100*time.Hour)
	if err := s.Cards().Grade(t.Context(), graded); err != nil {
		t.Fatal(err)
	}
	for index, want := range []string{graded.State, ""} {
		if got, err := s.Cards().State(t.Context(), first, index); got != want || err != nil {
			t.Errorf("state of %d: %q, %v", index, got, err)
		}
	}
	if _, err := s.Cards().State(t.Context(), first, 2); !errors.Is(err, ErrNoCard) {
		t.Errorf("state of none: %v", err)
	}
	later := began.Add(200 * time.Hour)
	got = due(later, 0)
	if len(got) != 3 || got[0].Index != 1 || got[1].Lesson != second || got[2].State != graded.State || !got[2].Due.Equal(graded.Due) {
		t.Errorf("the longest due first: %+v", got)
	}
	if got := due(later, 1); len(got) != 1 || got[0].Index != 1 {
		t.Errorf("limited: %+v", got)
	}
	if err := s.Delete(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got := due(later, 0); len(got) > 0 {
		t.Errorf("they outlive their lesson: %+v", got)
	}
	if err := s.Cards().Grade(t.Context(), graded); !errors.Is(err, ErrNoCard) {
		t.Errorf("grading what is gone: %v", err)
	}
}

func TestLessons(t *testing.T) {
	s := fresh(t)
	c := tell(t, s, began, "teach me")
	other := tell(t, s, began, "teach me more")
	plan := quiz("What is it?")
	plan.Glossary = []engine.Term{{Word: "syzygy", Meaning: "three in a row"}}
	var saved []engine.LessonID
	for i, l := range []engine.Lesson{{Title: "Tides", Markdown: "# Tides\n\nThe moon.", Plan: plan}, {Title: "Moons", Markdown: "# Moons"}, {Title: "Orbits"}} {
		of := c
		if i == 2 {
			of = other
		}
		id, err := s.SaveLesson(t.Context(), of, l, began.Add(time.Duration(i)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		saved = append(saved, id)
	}
	all := []LessonInfo{
		{ID: saved[2], Title: "Orbits", Conversation: other, At: began.Add(2 * time.Hour).Local()},
		{ID: saved[1], Title: "Moons", Conversation: c, At: began.Add(time.Hour).Local()},
		{ID: saved[0], Title: "Tides", Conversation: c, At: began.Local(), Questions: 1},
	}
	for _, p := range []struct {
		limit, offset int
		want          []LessonInfo
	}{{0, 0, all}, {2, 0, all[:2]}, {2, 2, all[2:]}, {5, 9, nil}} {
		if got, err := s.Lessons(t.Context(), p.limit, p.offset); err != nil || !reflect.DeepEqual(got, p.want) {
			t.Errorf("limit %d offset %d: %+v, %v", p.limit, p.offset, got, err)
		}
	}
	want := KeptLesson{LessonInfo: all[2], Lesson: engine.Lesson{ID: saved[0], Title: "Tides", Markdown: "# Tides\n\nThe moon.", Plan: plan}}
	if got, err := s.Lesson(t.Context(), saved[0]); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.Lesson(t.Context(), 99); !errors.Is(err, ErrNoLesson) {
		t.Errorf("none: %v", err)
	}
	record, err := s.Record(t.Context(), c)
	if err != nil || len(record.Lessons) != 2 || record.Entry.Lessons != 2 || !reflect.DeepEqual(record.Lessons[0], want) {
		t.Errorf("record: %+v, %v", record, err)
	}
	// The plan is searched where the Markdown has not its words.
	for _, query := range []string{"syzy", "moon tides"} {
		hits, err := s.Search(t.Context(), query, 0)
		if err != nil || len(hits) != 1 || hits[0].Lesson.ID != saved[0] || hits[0].Place != -1 || hits[0].Conversation.ID != c {
			t.Errorf("%q: %+v, %v", query, hits, err)
		}
	}
}

func TestNotes(t *testing.T) {
	s := fresh(t)
	for _, want := range []string{"", "yesterday", "today"} {
		if want != "" {
			if err := s.SetNote(t.Context(), "offered", want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Note(t.Context(), "offered"); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

// Of a lesson that is written anew in the same conversation, only the new one's
// questions come back, and those of the old one that were asked already.
func TestCardsOfALessonWrittenAnew(t *testing.T) {
	s := fresh(t)
	c, other := tell(t, s, began, "teach me"), tell(t, s, began, "teach me, too")
	save := func(c engine.ConversationID, plan *engine.Plan) engine.LessonID {
		t.Helper()
		id, err := s.SaveLesson(t.Context(), c, engine.Lesson{Title: "Tides", Plan: plan}, began)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	old := save(c, quiz("a?", "b?"))
	elsewhere := save(other, quiz("e?"))
	asked := Card{Lesson: old, Index: 1, Question: quiz("b?").Quiz[0], State: `{"x":1}`, Due: began}
	if err := s.Cards().Grade(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	anew := save(c, quiz("c?"))
	due, err := s.Cards().Due(t.Context(), began.Add(2*firstReview), 0)
	if err != nil {
		t.Fatal(err)
	}
	left := map[engine.LessonID]int{}
	for _, card := range due {
		left[card.Lesson]++
	}
	if want := map[engine.LessonID]int{old: 1, elsewhere: 1, anew: 1}; !reflect.DeepEqual(left, want) {
		t.Errorf("cards are due of %v, want %v", left, want)
	}
}
