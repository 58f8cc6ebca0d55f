package ui

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
	"parley/engine/settings"
)

// notebook is a memory that a test writes into.
type notebook struct {
	facts []Fact
	err   error
}

func (n *notebook) Facts() ([]Fact, error) { return slices.Clone(n.facts), n.err }

func (n *notebook) Forget(id int64) error {
	if n.err != nil {
		return n.err
	}
	n.facts = slices.DeleteFunc(n.facts, func(f Fact) bool { return f.ID == id })
	return nil
}

func (n *notebook) Correct(f Fact) error {
	if n.err != nil {
		return n.err
	}
	for i := range n.facts {
		if n.facts[i].ID == f.ID {
			n.facts[i].Text = f.Text
		}
	}
	return nil
}

// Restore gives the fact another number, as history does.
func (n *notebook) Restore(f Fact) error {
	if n.err != nil {
		return n.err
	}
	f.ID += 100
	n.facts = append([]Fact{f}, n.facts...)
	return nil
}

func remembering(count int) *notebook {
	n := &notebook{}
	for i := range count {
		n.facts = append(n.facts, Fact{ID: int64(i + 1), Text: fmt.Sprintf("your locker is number %d", i+1),
			Told: time.Now(), Source: fmt.Sprintf("remember that my locker is number %d", i+1)})
	}
	return n
}

// remembered opens the list by its button.
func remembered(t *testing.T, n *notebook) *Window {
	t.Helper()
	w, _ := newTestWindow(t, Options{Memory: n})
	test.Tap(w.side.memory)
	w.runErrands()
	return w
}

func (v *memoryView) ids() (ids []int64) {
	for _, r := range v.rows {
		if !r.gone {
			ids = append(ids, r.fact.ID)
		}
	}
	return ids
}

func TestMemoryForgets(t *testing.T) {
	n := remembering(3)
	w := remembered(t, n)
	v := w.memory
	if got := v.rows[1].text.Text; got != "Your locker is number 2" {
		t.Errorf("the second fact is %q", got)
	}
	test.Tap(v.rows[1].forget)
	w.runErrands()
	if got := v.ids(); !slices.Equal(got, []int64{1, 3}) || len(n.facts) != 2 {
		t.Errorf("facts %v are listed, %d are left", got, len(n.facts))
	}
	test.Tap(v.rows[0].forget)
	w.runErrands()
	gone := v.rows[1]
	if !gone.gone || gone.source.Text != "Your locker is number 2" || len(v.rows) != 3 {
		t.Fatalf("in the second of %d places stands %q, forgotten %v", len(v.rows), gone.source.Text, gone.gone)
	}
	test.Tap(gone.undo)
	w.runErrands()
	if got := v.ids(); !slices.Equal(got, []int64{102, 3}) || !v.rows[0].gone {
		t.Errorf("after one was brought back, %v are listed", got)
	}
	test.Tap(v.close)
	test.Tap(w.side.memory)
	w.runErrands()
	if got := len(v.rows); got != 2 {
		t.Errorf("%d rows when the list is opened again, want 2", got)
	}
}

// TestMemoryIsCorrected changes what a fact says, and thinks better of it.
func TestMemoryIsCorrected(t *testing.T) {
	n := remembering(2)
	w := remembered(t, n)
	v := w.memory
	test.Tap(v.rows[0].edit)
	v.rows[0].entry.SetText("your locker is number 12")
	v.reload() // something is remembered meanwhile
	w.runErrands()
	w.press(fyne.KeyReturn)
	w.runErrands()
	if got := n.facts[0].Text; got != "your locker is number 12" || v.rows[0].text.Text != "Your locker is number 12" {
		t.Errorf("the fact is %q, shown as %q", got, v.rows[0].text.Text)
	}
	for _, leave := range []func(){func() { w.press(fyne.KeyEscape) }, func() { test.Tap(v.rows[1].cancel) }} {
		test.Tap(v.rows[1].edit)
		v.rows[1].entry.SetText("x")
		leave()
		w.runErrands()
		if n.facts[1].Text != "your locker is number 2" || v.edited != nil || v.dialog == nil {
			t.Errorf("the fact is %q, being edited %v", n.facts[1].Text, v.edited != nil)
		}
	}
	n.err = errors.New("history: there is another fact about the same")
	test.Tap(v.rows[1].edit)
	v.rows[1].entry.SetText("y")
	test.Tap(v.rows[1].keep)
	v.window.bridge.nextErrand()()
	if got := w.lastNotice(); got != "It was not changed: history: there is another fact about the same" {
		t.Errorf("the conversation says %q", got)
	}
}

// TestMemoryByKeyboard goes through a list that is longer than the dialog.
func TestMemoryByKeyboard(t *testing.T) {
	n := remembering(30)
	w := remembered(t, n)
	v := w.memory
	w.Canvas().Capture() // lays out
	for range 60 {       // two buttons each
		w.Canvas().FocusNext()
	}
	last := v.rows[29]
	if w.Canvas().Focused() != fyne.Focusable(last.forget) {
		t.Fatalf("the focus is on %T", w.Canvas().Focused())
	}
	if seen := area(v.scroll); !area(last.forget).In(seen) {
		t.Errorf("the button with the focus is at %v, in sight is %v", area(last.forget), seen)
	}
	w.press(fyne.KeyReturn)
	w.runErrands()
	if len(n.facts) != 29 || w.Canvas().Focused() != fyne.Focusable(v.rows[29].undo) {
		t.Errorf("%d facts are left, the focus is on %T", len(n.facts), w.Canvas().Focused())
	}
	w.press(fyne.KeyEscape)
	if v.dialog != nil || w.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close the list")
	}
	test.Tap(w.side.memory)
	w.runErrands()
	test.Tap(v.close)
	if v.dialog != nil || w.Canvas().Overlays().Top() != nil {
		t.Error("the button does not close the list")
	}
}

func TestMemoryIsEmpty(t *testing.T) {
	w := remembered(t, &notebook{})
	hint := find(t, w, func(l *widget.Label) bool { return strings.Contains(l.Text, "remember that") })
	if !hint.Visible() {
		t.Error("an empty memory does not say how to fill it")
	}
	w, _ = newTestWindow(t, Options{})
	if w.side.memory.Visible() {
		t.Error("a button without a memory")
	}
}

// TestMemoryFollows has something remembered by voice while the list is open.
func TestMemoryFollows(t *testing.T) {
	n := remembering(1)
	w := remembered(t, n)
	n.facts = append(n.facts, Fact{ID: 7, Text: "your exam is on Friday"})
	w.show(engine.TranscriptFinal{Text: "remember that my exam is on friday"})
	w.runErrands()
	if got := w.memory.ids(); !slices.Equal(got, []int64{1, 7}) {
		t.Errorf("listed are %v", got)
	}
}

func TestMemoryFails(t *testing.T) {
	n := remembering(1)
	w := remembered(t, n)
	n.err = errors.New("history: the file is in use")
	test.Tap(w.memory.rows[0].forget)
	e := w.bridge.nextErrand()
	e()
	if got := w.lastNotice(); got != "It is still remembered: history: the file is in use" {
		t.Errorf("the conversation says %q", got)
	}
	w = remembered(t, n)
	if got := w.lastNotice(); !strings.Contains(got, "cannot be shown") || w.Canvas().Overlays().Top() != nil {
		t.Errorf("the conversation says %q", got)
	}
}

// TestMemoryChangesItsTheme switches from light to dark under the open list.
func TestMemoryChangesItsTheme(t *testing.T) {
	w := remembered(t, remembering(2))
	w.app.Settings().SetTheme(paper{look: settings.Dark, scale: 1})
	for _, b := range []*iconButton{w.memory.close, w.memory.rows[1].forget} {
		if want := tokens[colMuted][1]; b.label.Color != want {
			t.Errorf("%q is set in %v, want %v", b.label.Text, b.label.Color, want)
		}
	}
}

func TestWhence(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.Local)
	for _, tt := range []struct {
		fact Fact
		want string
	}{
		{Fact{Told: now.Add(-time.Hour), Source: "my exam is on friday"}, "2 March, 08:00 · you said “my exam is on friday”"},
		{Fact{Told: now.AddDate(-1, 0, 0), Source: "x"}, "2 March 2025 · you said “x”"},
		{Fact{Told: now}, "2 March, 09:00"},
	} {
		if got := whence(tt.fact, now); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestMemoryFits looks for words beyond a narrow window with large type.
func TestMemoryFits(t *testing.T) {
	n := remembering(2)
	n.facts[0].Text = strings.Repeat("a long and winding road ", 8)
	w, _ := newTestWindow(t, Options{Memory: n, Settings: settings.Settings{TextSize: 200}})
	w.Resize(fyne.NewSize(380, 600))
	w.frame.openSide()
	test.Tap(w.side.memory)
	w.runErrands()
	w.Canvas().Capture() // lays out
	bounds := image.Rect(0, 0, 380, 600)
	for _, o := range []fyne.CanvasObject{w.memory.scroll, w.memory.close, w.memory.rows[0].text, w.memory.rows[0].forget} {
		if a := area(o); a.Min.X < 0 || a.Max.X > bounds.Max.X || a.Min.Y < 0 {
			t.Errorf("%T at %v", o, a)
		}
	}
	if !area(w.memory.close).In(bounds) {
		t.Errorf("the button that closes is at %v", area(w.memory.close))
	}
}
