package main

import (
	"log/slog"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/history"
	"parley/ui"
)

func emptyPieces(t *testing.T) *pieces {
	t.Helper()
	store, err := history.OpenMemory(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return &pieces{store: store}
}

// The window's history finds, renames, pins and deletes what the store keeps.
func TestLibrary(t *testing.T) {
	p := emptyPieces(t)
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	c, err := p.store.BeginConversation(t.Context(), began)
	if err != nil {
		t.Fatal(err)
	}
	said := engine.Turn{ID: 1, Who: engine.User, At: began.Add(time.Minute), Text: "why are there tides", Heard: "why are there tides"}
	if err := p.store.SaveTurn(t.Context(), c, said); err != nil {
		t.Fatal(err)
	}
	lesson, err := p.store.SaveLesson(t.Context(), c, engine.Lesson{Title: "Harbours", Markdown: "# Harbours\n\nShips.", Plan: &engine.Plan{Title: "Harbours",
		Quiz: []engine.Question{{Prompt: "one?", Answer: "1"}, {Prompt: "two?", Answer: "2"}}}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	l := library{p}
	hits, err := l.Search("tid")
	if err != nil || len(hits) != 1 || hits[0].Place != 0 || hits[0].Who != engine.User || !hits[0].At.Equal(said.At) ||
		len(hits[0].Marks) != 1 || hits[0].Excerpt[hits[0].Marks[0].From:hits[0].Marks[0].To] != "tides" {
		t.Fatalf("found %+v, %v", hits, err)
	}
	if hits, err := l.Search("harbours"); err != nil || len(hits) == 0 || !hits[0].Lesson || hits[0].Place >= 0 {
		t.Errorf("of the lesson is found %+v, %v", hits, err)
	}
	if err := l.Rename(c, "The moon"); err != nil {
		t.Error(err)
	}
	if err := l.Pin(c, true); err != nil {
		t.Error(err)
	}
	listed, err := l.Conversations(10)
	if err != nil || len(listed) != 1 || listed[0].Title != "The moon" || !listed[0].Pinned || listed[0].Lessons != 1 || listed[0].Turns != 1 {
		t.Errorf("listed %+v, %v", listed, err)
	}

	r, err := reviews{p}.Review(lesson)
	if err != nil || r.Due != 0 || r.Cards != 2 || !r.Next.After(time.Now()) {
		t.Errorf("to be reviewed: %+v, %v", r, err)
	}
	if r, err := (reviews{p}).Review(0); err != nil || r != (ui.Review{}) {
		t.Errorf("without a lesson: %+v, %v", r, err)
	}
	if err := l.Delete(c); err != nil {
		t.Error(err)
	}
	if listed, err := l.Conversations(10); err != nil || len(listed) != 0 {
		t.Errorf("after it is deleted: %+v, %v", listed, err)
	}
}

// A fact is corrected, and comes back as it was when it was forgotten by mistake.
func TestFactsAreCorrectedAndRestored(t *testing.T) {
	p := emptyPieces(t)
	r := remembered{p}
	told := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err := p.store.Facts().Remember(t.Context(), history.Fact{Subject: "exam", Text: "your exam is on Friday", At: told, Source: "my exam is on friday"})
	if err != nil {
		t.Fatal(err)
	}
	facts, err := r.Facts()
	if err != nil || len(facts) != 1 {
		t.Fatalf("%+v, %v", facts, err)
	}
	f := facts[0]
	f.Text = "your exam is on Monday"
	if err := r.Correct(f); err != nil {
		t.Fatal(err)
	}
	if err := r.Forget(f.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.Restore(f); err != nil {
		t.Fatal(err)
	}
	facts, err = r.Facts()
	if err != nil || len(facts) != 1 || facts[0].Text != f.Text || facts[0].Subject != "exam" || facts[0].Source != f.Source || !facts[0].Told.Equal(told) {
		t.Errorf("after it came back: %+v, %v", facts, err)
	}
}
