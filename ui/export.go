package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// Exporter makes files of lessons.
type Exporter interface {
	// Formats are what a lesson can be exported as, in the order of the menu.
	Formats() []Format
	// Export gives a lesson as a file, and a name for it. It is not called on
	// the window's thread.
	Export(l engine.Lesson, format Format) (name string, data []byte, err error)
}

// Format is a kind of file that a lesson can be exported as.
type Format string

// The formats that the window has words for; of others it shows the name.
const (
	MarkdownFile Format = "markdown"
	AnkiCards    Format = "anki"
	WebPage      Format = "html"
)

// label is what the user reads.
func (f Format) label() string {
	switch f {
	case MarkdownFile:
		return "Markdown"
	case AnkiCards:
		return lang.L("Anki cards")
	case WebPage:
		return lang.L("Web page to print")
	}
	return string(f)
}

// exportSize is how large the dialog for saving is, where there is room.
var exportSize = fyne.NewSize(720, 520)

// offerFormats opens the menu of the formats below the button that asks for it.
func (w *Window) offerFormats() {
	var items []*fyne.MenuItem
	for _, f := range w.exporter.Formats() {
		items = append(items, fyne.NewMenuItem(f.label()+"…", func() { w.export(f) }))
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), w.Canvas())
	b := w.lesson.export
	at := w.app.Driver().AbsolutePositionForObject(b)
	menu.ShowAtPosition(at.AddXY(b.Size().Width-menu.MinSize().Width, b.Size().Height+2))
}

// export makes the file of the lesson in the panel, and asks where to keep it.
func (w *Window) export(f Format) {
	lesson := w.shown.Lesson
	w.bridge.dispatch(func() func() {
		name, data, err := w.exporter.Export(lesson, f)
		if err != nil {
			w.exportFailed(err)
			return nil
		}
		return func() { w.askWhere(name, data) }
	})
}

// askWhere has the user say where to save data, and saves it.
func (w *Window) askWhere(name string, data []byte) {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.exportFailed(err)
		case file != nil: // else it was cancelled
			w.bridge.dispatch(func() func() {
				w.save(file, data)
				return nil
			})
		}
	}, w)
	d.SetTitleText(lang.L("Save the lesson"))
	d.SetFileName(name)
	d.SetView(dialog.ListView)
	if ext := storage.NewFileURI(name).Extension(); ext != "" {
		d.SetFilter(storage.NewExtensionFileFilter([]string{ext}))
	}
	d.Show()
	d.Resize(within(w.Canvas().Size(), exportSize))
}

// save writes data to file and says what came of it.
func (w *Window) save(file fyne.URIWriteCloser, data []byte) {
	_, err := file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		w.exportFailed(err)
		return
	}
	w.bridge.notice(lang.L("The lesson is saved in {{.Place}}", values{"Place": file.URI().Path()}))
}

func (w *Window) exportFailed(err error) {
	w.log.Error("ui: export a lesson", "err", err)
	w.bridge.notice(lang.L("The lesson was not saved") + ": " + err.Error())
}

// within is size, or less where the window has less, with a margin around it.
func within(window, size fyne.Size) fyne.Size {
	const margin = 24
	return fyne.NewSize(min(size.Width, window.Width-2*margin), min(size.Height, window.Height-2*margin))
}
