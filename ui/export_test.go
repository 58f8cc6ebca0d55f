package ui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// pressRoom is an exporter that writes the format before the lesson.
type pressRoom struct{ err error }

func (p pressRoom) Formats() []Format {
	return []Format{MarkdownFile, AnkiCards, WebPage}
}

func (p pressRoom) Export(l engine.Lesson, format Format) (string, []byte, error) {
	return strings.ToLower(l.Title) + "." + string(format), []byte(string(format) + ": " + l.Markdown), p.err
}

var tides = engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "The moon pulls the sea."}}

// find is the first T in the topmost overlay that is wanted.
func find[T fyne.CanvasObject](t *testing.T, w *Window, wanted func(T) bool) T {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if found, ok := o.(T); ok && wanted(found) {
			return found
		}
	}
	var none T
	t.Fatalf("there is no such %T on the screen", none)
	return none
}

func anyEntry(*widget.Entry) bool { return true }

func buttonNamed(text string) func(*widget.Button) bool {
	return func(b *widget.Button) bool { return b.Text == text }
}

// TestExport saves a lesson by keyboard.
func TestExport(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home) // where the dialog begins
	for i, f := range (pressRoom{}).Formats() {
		w, _ := newTestWindow(t, Options{Exporter: pressRoom{}})
		w.show(tides)
		w.Canvas().Focus(w.lesson.export)
		w.press(fyne.KeyReturn)
		for range i + 1 {
			w.press(fyne.KeyDown)
		}
		w.press(fyne.KeyReturn)
		w.runErrands()
		name := find(t, w, anyEntry)
		if want := "tides." + string(f); name.Text != want {
			t.Errorf("%s is to be saved as %q, want %q", f, name.Text, want)
		}
		name.OnSubmitted(name.Text)
		w.runErrands()
		path := filepath.Join(home, "tides."+string(f))
		if got, err := os.ReadFile(path); err != nil || string(got) != string(f)+": The moon pulls the sea." {
			t.Errorf("%s holds %q, %v", f, got, err)
		}
		if got := w.lastNotice(); !strings.Contains(got, path) {
			t.Errorf("%s is saved and the conversation says %q", f, got)
		}
	}
}

func TestExportIsOffered(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.show(tides)
	if w.lesson.export.Visible() {
		t.Error("a button with nothing to export with")
	}
	w, _ = newTestWindow(t, Options{Exporter: pressRoom{}})
	w.show(engine.LessonDelta{Markdown: "# Tides\n\nThe moon"})
	test.Tap(w.lesson.export)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("half a lesson is exported")
	}
	w.show(tides)
	test.Tap(w.lesson.export)
	menu := find(t, w, func(*widget.PopUpMenu) bool { return true })
	if len(menu.Items) != 3 {
		t.Errorf("%d formats on the menu, want 3", len(menu.Items))
	}
	if got := Format("opml").label(); got != "opml" {
		t.Errorf("a format without words is called %q", got)
	}
	w.press(fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not take the menu away")
	}
}

func TestExportFails(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	w, _ := newTestWindow(t, Options{Exporter: pressRoom{errors.New("lesson: it has no cards")}})
	w.show(tides)
	w.export(AnkiCards)
	w.runErrands()
	if got := w.lastNotice(); got != "The lesson was not saved: lesson: it has no cards" {
		t.Errorf("the conversation says %q", got)
	}
	if w.Canvas().Overlays().Top() != nil {
		t.Error("asked where to save nothing")
	}

	w, _ = newTestWindow(t, Options{Exporter: pressRoom{}})
	w.show(tides)
	w.save(fullDisk{}, []byte("x"))
	if got := w.lastNotice(); !strings.Contains(got, "not saved") || !strings.Contains(got, "no space left") {
		t.Errorf("the conversation says %q", got)
	}
	w.askWhere("tides.md", []byte("x"))
	test.Tap(find(t, w, buttonNamed("Cancel")))
	if w.runErrands(); slices.ContainsFunc(w.bridge.newest.Thread.settled, func(r Row) bool { return strings.Contains(r.Text, "tides.md") }) {
		t.Error("saved, though it was cancelled")
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }
func (fullDisk) Close() error              { return nil }
func (fullDisk) URI() fyne.URI             { return storage.NewFileURI("/tides.md") }
