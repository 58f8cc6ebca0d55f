package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parley/engine"
)

// longTalk is a snapshot of n exchanges.
func longTalk(n int) engine.Snapshot {
	s := engine.Snapshot{Conversation: engine.ConversationInfo{ID: 1}}
	for i := range n {
		id := engine.TurnID(i + 1)
		s.Turns = append(s.Turns,
			engine.Turn{ID: id, Who: engine.User, Text: fmt.Sprintf("question number %d, about the weather", i)},
			engine.Turn{ID: id, Who: engine.Assistant, Text: "The weather in spring is changeable, with rain and sun in turn; bring a coat and do not trust the morning, whatever it looks like."})
	}
	return s
}

func TestLongConversation(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	c := w.centre.turns
	begin := time.Now()
	w.show(longTalk(1000))
	t.Logf("2000 rows set in %v", time.Since(begin))
	if n := len(c.column.Objects); n == 0 || n > 40 {
		t.Errorf("%d rows have objects, want those in sight", n)
	}
	end := func() float32 { return c.height() - c.scroll.Size().Height }
	if c.scroll.Offset.Y != end() {
		t.Errorf("opened at %v, want the end, %v", c.scroll.Offset.Y, end())
	}
	before := c.painted[1999].box
	w.show(engine.ReplyText{Text: "And now a new reply."})
	if c.painted[1999].box != before {
		t.Error("a row that did not change was made anew")
	}
	if c.scroll.Offset.Y != end() {
		t.Error("does not follow a new reply")
	}

	c.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 5000)})
	at := c.scroll.Offset.Y
	if at >= end() {
		t.Fatal("did not scroll up")
	}
	w.show(engine.ReplyText{Text: " It is long enough to need more than one line of the window, to be sure that the column grows by it."})
	if c.scroll.Offset.Y != at {
		t.Error("scrolled away from what the user reads")
	}
	if n := len(c.column.Objects); n == 0 || n > 40 {
		t.Errorf("%d rows have objects after scrolling", n)
	}
	c.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -90000)})
	w.show(engine.ReplyText{Text: " And more of it, and more of it, and more of it, and more of it, and more of it, and more of it, and more."})
	if c.scroll.Offset.Y != end() {
		t.Error("does not follow again after scrolling down")
	}

	w.Resize(fyne.NewSize(800, 600))
	if c.scroll.Offset.Y != end() {
		t.Error("does not keep to the end in a smaller window")
	}
}

func BenchmarkSpokenWord(b *testing.B) {
	var s State
	s = s.Fold(engine.Event{Body: longTalk(1000)})
	s = s.Fold(engine.Event{Turn: 9999, Body: engine.ReplyText{Text: "one two three four five six"}})
	b.ReportAllocs()
	for i := range b.N {
		s = s.Fold(engine.Event{Turn: 9999, Body: engine.ReplyProgress{From: i % 5, To: 5}})
	}
}

func TestWrap(t *testing.T) {
	newTestWindow(t, Options{})
	r := newRuler(14)
	space := r.width(" ")
	for _, tt := range []struct {
		text  string
		width float32
		want  []string
	}{
		{"", 100, []string{""}},
		{"one two", 1000, []string{"one two"}},
		{"one two three", r.width("one") + space + r.width("two") + 1, []string{"one two", "three"}},
		{"one\ntwo\n", 1000, []string{"one", "two", ""}},
		{"one  two ", r.width("two") + 1, []string{"one", "two"}},
		{"éé", r.width("é") + .5, []string{"é", "é"}},
		{"one", 0, []string{"o", "n", "e"}},
	} {
		var got []string
		for _, l := range r.wrap(tt.text, tt.width) {
			got = append(got, tt.text[l.From:l.To])
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tt.want) {
			t.Errorf("wrap(%q, %v) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

// BenchmarkConversationScroll scrolls through a conversation of 100,000 turns.
func BenchmarkConversationScroll(b *testing.B) {
	a := test.NewTempApp(b)
	w := New(a, Options{Session: newFakeSession()})
	defer w.Close()
	w.Resize(fyne.NewSize(1280, 820))
	s := w.shown
	s.State = s.Fold(engine.Event{Body: longTalk(50_000)})
	began := time.Now()
	for w.draw(s) {
	}
	opened := time.Since(began)
	c := w.centre.turns
	most := time.Duration(0)
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		c.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(1-i/100%2*2)*5000)})
		most = max(most, time.Since(began))
	}
	b.ReportMetric(opened.Seconds()*1000, "ms/open")
	b.ReportMetric(float64(most.Microseconds())/1000, "ms/longest")
}
