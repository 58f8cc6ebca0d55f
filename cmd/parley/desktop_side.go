package main

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/history"
	"parley/ui"
)

// library is the stored conversations as the window wants them.
type library struct{ *pieces }

// Conversations implements [ui.Library].
func (l library) Conversations(most int) ([]ui.Entry, error) {
	var list []history.Entry
	err := l.ask(func(ctx context.Context, s *history.Store) (err error) {
		list, err = s.List(ctx, most, 0)
		return err
	})
	entries := make([]ui.Entry, len(list))
	for i, e := range list {
		entries[i] = ui.Entry{ConversationInfo: e.ConversationInfo, Pinned: e.Pinned, Last: e.Last, Lessons: e.Lessons}
	}
	return entries, err
}

// Search implements [ui.Library].
func (l library) Search(query string) ([]ui.Hit, error) {
	var found []history.Hit
	err := l.ask(func(ctx context.Context, s *history.Store) (err error) {
		found, err = s.Search(ctx, query, 0)
		return err
	})
	hits := make([]ui.Hit, len(found))
	for i, f := range found {
		h := ui.Hit{Conversation: f.Conversation, Place: f.Place, Who: f.Turn.Who, At: f.Turn.At, Lesson: f.Lesson.ID != 0, Excerpt: f.Excerpt}
		switch {
		case h.Lesson:
			h.At = f.Lesson.At
		case h.Place < 0:
			h.At = f.Conversation.Began
		}
		for _, m := range f.Marks {
			h.Marks = append(h.Marks, ui.Mark(m))
		}
		hits[i] = h
	}
	return hits, err
}

// Rename implements [ui.Shelf].
func (l library) Rename(id engine.ConversationID, title string) error {
	return l.ask(func(ctx context.Context, s *history.Store) error { return s.Rename(ctx, id, title) })
}

// Pin implements [ui.Shelf].
func (l library) Pin(id engine.ConversationID, on bool) error {
	return l.ask(func(ctx context.Context, s *history.Store) error { return s.Pin(ctx, id, on) })
}

// Delete implements [ui.Shelf].
func (l library) Delete(id engine.ConversationID) error {
	return l.ask(func(ctx context.Context, s *history.Store) error { return s.Delete(ctx, id) })
}

// reviews are the cards as the window wants them.
type reviews struct{ *pieces }

// ever is far enough ahead for every card to be due.
const ever = 100 * 365 * 24 * time.Hour

// Review implements [ui.Reviews].
func (r reviews) Review(l engine.LessonID) (ui.Review, error) {
	var found ui.Review
	var all []history.Card
	now := time.Now()
	err := r.ask(func(ctx context.Context, s *history.Store) (err error) {
		if found.Due, err = s.Cards().Count(ctx, now); err == nil && l != 0 {
			all, err = s.Cards().Due(ctx, now.Add(ever), 0)
		}
		return err
	})
	for _, card := range all { // the first that is due first
		if card.Lesson != l {
			continue
		}
		if found.Cards++; found.Cards == 1 {
			found.Next = card.Due
		}
	}
	return found, err
}

// remembered is the stored facts as the window wants them.
type remembered struct{ *pieces }

// Facts implements [ui.Memory].
func (r remembered) Facts() ([]ui.Fact, error) {
	var kept []history.KeptFact
	err := r.ask(func(ctx context.Context, s *history.Store) (err error) {
		kept, err = s.Facts().List(ctx)
		return err
	})
	facts := make([]ui.Fact, len(kept))
	for i, k := range kept {
		facts[i] = ui.Fact{ID: int64(k.ID), Subject: k.Subject, Text: k.Text, Told: k.At, Source: k.Source, Conversation: k.Conversation}
	}
	return facts, err
}

// Forget implements [ui.Memory].
func (r remembered) Forget(id int64) error {
	return r.ask(func(ctx context.Context, s *history.Store) error {
		return s.Facts().Delete(ctx, history.FactID(id))
	})
}

// Correct implements [ui.Memory].
func (r remembered) Correct(f ui.Fact) error {
	return r.ask(func(ctx context.Context, s *history.Store) error {
		return s.Facts().Update(ctx, history.FactID(f.ID), f.Subject, f.Text)
	})
}

// Restore implements [ui.Memory].
func (r remembered) Restore(f ui.Fact) error {
	return r.ask(func(ctx context.Context, s *history.Store) error {
		return s.Facts().Remember(ctx, history.Fact{Subject: f.Subject, Text: f.Text, At: f.Told, Source: f.Source, Conversation: f.Conversation})
	})
}
