package ui

import (
	"slices"
	"testing"
	"time"

	"parley/engine"
)

func TestSideRows(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.Local)
	today := now.Truncate(0).Add(-9 * time.Hour)
	infos := []engine.ConversationInfo{
		{ID: 5, Began: now, Turns: 0},
		{ID: 4, Title: "a", Began: now.Add(-time.Hour), Turns: 1},
		{ID: 3, Title: "b", Began: now.Add(-10 * time.Hour), Turns: 4},
		{ID: 2, Title: "c", Began: now.AddDate(0, 0, -2), Turns: 2},
	}
	var got []string
	for _, r := range sideRows(infos, today) {
		got = append(got, r.heading+r.info.Title+r.when)
	}
	want := []string{"Today", "a08:00 · 1 turn", "Yesterday", "b23:00 · 4 turns", "Earlier", "c28 February · 2 turns"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSideOpens(t *testing.T) {
	w, f := newTestWindow(t, Options{})
	s := w.shown
	s.Library = []engine.ConversationInfo{{ID: 7, Title: "tides", Began: time.Now(), Turns: 2}}
	w.draw(s)
	w.side.list.Select(0) // the heading
	f.wantCommands(t)
	w.side.list.Select(1)
	w.side.list.Select(1)
	f.wantCommands(t, engine.OpenConversation{ID: 7}, engine.OpenConversation{ID: 7})
}
