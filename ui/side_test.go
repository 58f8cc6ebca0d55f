package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

func TestSideRows(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.Local)
	entry := func(id engine.ConversationID, title string, turns int, last time.Time) Entry {
		return Entry{ConversationInfo: engine.ConversationInfo{ID: id, Title: title, Turns: turns, Began: last}, Last: last}
	}
	pinned, taught := entry(9, "p", 2, now.AddDate(-1, 0, 0)), entry(4, "a", 1, now.Add(-time.Hour))
	pinned.Pinned, taught.Lessons = true, 1
	entries := []Entry{pinned, entry(5, "", 0, now), taught, entry(3, "b", 4, now.Add(-10*time.Hour)), entry(2, "", 2, now.AddDate(0, 0, -2))}
	var got []string
	for _, r := range sideRows(entries, midnight(now)) {
		if r.kind == headingRow {
			got = append(got, r.heading)
		} else {
			got = append(got, r.title()+": "+r.caption())
		}
	}
	want := []string{"Pinned", "P: 2 March 2025 · 2 turns", "Today", "A: 08:00 · Lesson · 1 turn", "Yesterday", "B: 23:00 · 4 turns", "Earlier", "Untitled: 28 February · 2 turns"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHitCaptions(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.Local)
	tides := engine.ConversationInfo{Title: "tides"}
	for _, tt := range []struct {
		hit  Hit
		want string
	}{
		{Hit{Place: 2, Who: engine.User, At: now.Add(-time.Hour), Conversation: tides}, "You · 08:00 · Tides"},
		{Hit{Place: 3, Who: engine.Assistant, At: now.AddDate(0, 0, -3), Conversation: tides}, "Parley · 27 February · Tides"},
		{Hit{Place: -1, Lesson: true, At: now.AddDate(-1, 0, 0)}, "Lesson · 2 March 2025"},
		{Hit{Place: -1, At: now, Conversation: tides}, "Title · 09:00 · Tides"},
	} {
		if got := hitCaption(tt.hit, now); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// library is a window over a shelf, with what is on it listed.
func library(t *testing.T, s *shelf) (*Window, *fakeSession) {
	t.Helper()
	w, f := newTestWindow(t, Options{Library: s})
	shown := w.shown
	shown.Library, _ = s.Conversations(len(s.entries))
	w.draw(shown)
	return w, f
}

// item is the row of the side list with that index, if it is in sight.
func (w *Window) item(t *testing.T, index int) *sideItem {
	t.Helper()
	l := w.side.list
	if i := index - l.first; i >= 0 && i < len(l.items) {
		return l.items[i]
	}
	t.Fatalf("row %d is not in sight", index)
	return nil
}

func TestSideOpens(t *testing.T) {
	w, f := library(t, shelved(3))
	test.Tap(w.item(t, 0)) // the heading
	f.wantCommands(t)
	test.Tap(w.item(t, 1))
	w.Canvas().Focus(w.side.list)
	w.press(fyne.KeyDown)
	w.press(fyne.KeyReturn)
	w.press(fyne.KeyUp)
	w.press(fyne.KeyUp)
	w.press(fyne.KeySpace)
	f.wantCommands(t, engine.OpenConversation{ID: 1}, engine.OpenConversation{ID: 2}, engine.OpenConversation{ID: 1})
}

func TestConversationsAreKept(t *testing.T) {
	s := shelved(2)
	w, f := library(t, s)
	s.entries[0].Pinned = true
	asked := func(want ...string) {
		t.Helper()
		w.runErrands()
		if !slices.Equal(s.asked, want) {
			t.Errorf("the shelf was asked %q, want %q", s.asked, want)
		}
		s.asked = nil
	}
	w.shelve("pinned", func() error { return s.Pin(1, true) })
	asked("pin 1 true")

	w.rename(s.entries[1])
	w.typeOver("  The moon ")
	w.press(fyne.KeyReturn)
	asked("rename 2 The moon")

	w.remove(s.entries[1])
	w.tapButton(t, "Keep it")
	asked()
	w.remove(s.entries[1])
	w.tapButton(t, "Delete")
	asked("delete 2")
	f.wantCommands(t)

	w.show(engine.ConversationChanged{Conversation: engine.ConversationInfo{ID: 2}})
	w.remove(s.entries[1]) // the one that is shown
	w.tapButton(t, "Delete")
	asked("delete 2")
	f.wantCommands(t, engine.NewConversation{})

	s.err = engine.ErrClosed
	w.rename(s.entries[1])
	w.typeOver("Again")
	w.press(fyne.KeyReturn)
	w.runErrands()
	if got := w.lastNotice(); !strings.HasPrefix(got, "The conversation was not renamed: ") {
		t.Errorf("a failure is told as %q", got)
	}
}

// typeOver replaces the text of the entry that has the focus.
func (w *Window) typeOver(text string) {
	if e, ok := w.Canvas().Focused().(*widget.Entry); ok {
		e.SetText(text)
	}
}

// tapButton presses a button of the dialog that is open.
func (w *Window) tapButton(t *testing.T, text string) {
	t.Helper()
	var find func(fyne.CanvasObject) bool
	find = func(o fyne.CanvasObject) bool {
		switch o := o.(type) {
		case *widget.Button:
			if o.Text == text {
				test.Tap(o)
				return true
			}
		case *fyne.Container:
			return slices.ContainsFunc(o.Objects, find)
		case fyne.Widget:
			return slices.ContainsFunc(test.WidgetRenderer(o).Objects(), find)
		}
		return false
	}
	if top := w.Canvas().Overlays().Top(); top == nil || !find(top) {
		t.Fatalf("there is no button %q", text)
	}
}

// TestSearchOpensAtTheTurn looks through what was found.
func TestSearchOpensAtTheTurn(t *testing.T) {
	w, f := library(t, shelved(3))
	w.show(longTalk(50))
	w.Canvas().Focus(w.side.query)
	test.Type(w.side.query, "tides")
	if got := w.bridge.query; got != "tides" {
		t.Errorf("searched for %q", got)
	}
	s := w.shown
	s.Found = Found{Query: "tides", Hits: []Hit{
		{Conversation: engine.ConversationInfo{ID: 1}, Place: 3, Excerpt: "the tides", Marks: []Mark{{4, 9}}},
		{Conversation: engine.ConversationInfo{ID: 7}, Place: 2, Excerpt: "of tides"},
	}}
	w.draw(s)
	w.press(fyne.KeyDown) // to what was found
	w.press(fyne.KeyReturn)
	f.wantCommands(t) // its conversation is there
	c := w.centre.turns
	if c.marked != 3 || c.scroll.Offset.Y > c.tops[3] {
		t.Errorf("row %d is marked, at %v", c.marked, c.scroll.Offset.Y)
	}
	w.press(fyne.KeyDown)
	w.press(fyne.KeyReturn)
	f.wantCommands(t, engine.OpenConversation{ID: 7})
	talk := longTalk(20)
	w.show(engine.ConversationChanged{Conversation: engine.ConversationInfo{ID: 7}, Turns: talk.Turns})
	if c.marked != 2 {
		t.Errorf("row %d is marked in the other conversation", c.marked)
	}
	s = w.shown
	s.Found = Found{Query: "moon"}
	w.draw(s)
	if got := w.side.nothing.Text; got != "Nothing found" || len(w.side.list.rows) != 0 {
		t.Errorf("says %q over %d rows", got, len(w.side.list.rows))
	}
	w.Canvas().Focus(w.side.query)
	w.press(fyne.KeyEscape)
	if w.side.query.Text != "" || w.bridge.query != "" {
		t.Error("Esc does not end the search")
	}
	w.draw(scene{State: w.shown.State, Library: w.shown.Library})
	if len(w.side.list.rows) != 4 {
		t.Errorf("%d rows after the search, want those of three conversations", len(w.side.list.rows))
	}
}

// A tool's row is no turn.
func TestRowOf(t *testing.T) {
	thread := threadOf([]engine.Turn{
		{ID: 1, Who: engine.User, Text: "a"}, {ID: 1, Who: engine.Assistant, Text: "b", Tools: []engine.ToolUse{{Tool: "clock"}}}, {ID: 2, Who: engine.User, Text: "c"},
	})
	for turn, want := range map[int]int{-1: -1, 0: 0, 1: 2, 2: 3, 3: -1} {
		if got := thread.rowOf(turn); got != want {
			t.Errorf("turn %d is in row %d, want %d", turn, got, want)
		}
	}
}

// BenchmarkSideScroll scrolls a history of 25,000 conversations, of 100,000 turns.
func BenchmarkSideScroll(b *testing.B) {
	a := test.NewTempApp(b)
	w := New(a, Options{Session: newFakeSession(), Library: shelved(0)})
	defer w.Close()
	w.Resize(fyne.NewSize(1280, 820))
	w.draw(scene{Library: shelved(25_000).entries})
	l := w.side.list
	most := time.Duration(0)
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(1-i%2*2)*-5000)})
		most = max(most, time.Since(began))
	}
	b.ReportMetric(float64(most.Microseconds())/1000, "ms/longest")
}
