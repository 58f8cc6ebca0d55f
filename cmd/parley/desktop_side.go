package main

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/history"
	"parley/ui"
)

// reading is a context for a question to the history.
func reading() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), readWithin)
}

// library is the stored conversations as the window wants them.
type library struct{ *pieces }

// Conversations implements [ui.Library].
func (l library) Conversations(most int) ([]ui.Entry, error) {
	ctx, cancel := reading()
	defer cancel()
	list, err := l.store.List(ctx, most, 0)
	entries := make([]ui.Entry, len(list))
	for i, e := range list {
		entries[i] = ui.Entry{ConversationInfo: e.ConversationInfo, Pinned: e.Pinned, Last: e.Last, Lessons: e.Lessons}
	}
	return entries, err
}

// Search implements [ui.Library].
func (l library) Search(query string) ([]ui.Hit, error) {
	ctx, cancel := reading()
	defer cancel()
	found, err := l.store.Search(ctx, query, 0)
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
	ctx, cancel := reading()
	defer cancel()
	return l.store.Rename(ctx, id, title)
}

// Pin implements [ui.Shelf].
func (l library) Pin(id engine.ConversationID, on bool) error {
	ctx, cancel := reading()
	defer cancel()
	return l.store.Pin(ctx, id, on)
}

// Delete implements [ui.Shelf].
func (l library) Delete(id engine.ConversationID) error {
	ctx, cancel := reading()
	defer cancel()
	return l.store.Delete(ctx, id)
}

// reviews are the cards as the window wants them.
type reviews struct{ *pieces }

// ever is far enough ahead for every card to be due.
const ever = 100 * 365 * 24 * time.Hour

// Review implements [ui.Reviews].
func (r reviews) Review(l engine.LessonID) (ui.Review, error) {
	ctx, cancel := reading()
	defer cancel()
	var found ui.Review
	var err error
	now := time.Now()
	if found.Due, err = r.store.Cards().Count(ctx, now); err != nil || l == 0 {
		return found, err
	}
	all, err := r.store.Cards().Due(ctx, now.Add(ever), 0)
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
	ctx, cancel := reading()
	defer cancel()
	kept, err := r.store.Facts().List(ctx)
	facts := make([]ui.Fact, len(kept))
	for i, k := range kept {
		facts[i] = ui.Fact{ID: int64(k.ID), Subject: k.Subject, Text: k.Text, Told: k.At, Source: k.Source, Conversation: k.Conversation}
	}
	return facts, err
}

// Forget implements [ui.Memory].
func (r remembered) Forget(id int64) error {
	ctx, cancel := reading()
	defer cancel()
	return r.store.Facts().Delete(ctx, history.FactID(id))
}

// Correct implements [ui.Memory].
func (r remembered) Correct(f ui.Fact) error {
	ctx, cancel := reading()
	defer cancel()
	return r.store.Facts().Update(ctx, history.FactID(f.ID), f.Subject, f.Text)
}

// Restore implements [ui.Memory].
func (r remembered) Restore(f ui.Fact) error {
	ctx, cancel := reading()
	defer cancel()
	return r.store.Facts().Remember(ctx, history.Fact{Subject: f.Subject, Text: f.Text, At: f.Told, Source: f.Source, Conversation: f.Conversation})
}
