package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// lessonText shows a lesson's Markdown by its sections: setting text into lines takes
// Fyne up to a second for a whole lesson, during which the window would stand still.
// So it sets one section at each draw, and what has been set is kept.
type lessonText struct {
	box      *fyne.Container
	sections []string // what each shows
	wanted   []string // what they are to show
}

func newLessonText() *lessonText { return &lessonText{box: container.New(stacked{})} }

// set says what is to be shown; [lessonText.step] shows it.
func (l *lessonText) set(markdown string) {
	l.wanted = sectionsOf(markdown)
	same := 0
	for same < min(len(l.wanted), len(l.sections)) && l.wanted[same] == l.sections[same] {
		same++
	}
	l.sections, l.box.Objects = l.sections[:same:same], l.box.Objects[:same:same]
}

// step shows the next section and says whether there are more to come.
func (l *lessonText) step() (more bool) {
	if len(l.sections) < len(l.wanted) {
		text := l.wanted[len(l.sections)]
		body := widget.NewRichText(spaced(widget.NewRichTextFromMarkdown(text).Segments)...)
		body.Wrapping = fyne.TextWrapWord
		l.sections, l.box.Objects = append(l.sections, text), append(l.box.Objects, body)
	}
	return len(l.sections) < len(l.wanted)
}

// String is the text without its marks, for tests and screen readers.
func (l *lessonText) String() string {
	var all []string
	for _, o := range l.box.Objects {
		if body, ok := o.(*widget.RichText); ok {
			all = append(all, body.String())
		}
	}
	return strings.Join(all, "")
}

// narrowest is how narrow a panel may be and still be set: one that is about to open
// would be set a word a line, at great cost.
const narrowest = 150

// stacked sets texts one below the other, as wide as there is room: how high one is
// shows only when it is that wide.
type stacked struct{}

// Layout is for Fyne.
func (stacked) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if size.Width < narrowest { // the panel has not opened yet
		return
	}
	y := float32(0)
	for _, one := range o {
		if one.Size().Width != size.Width {
			one.Resize(fyne.NewSize(size.Width, one.MinSize().Height))
		}
		want := fyne.NewSize(size.Width, one.MinSize().Height)
		if one.Size() != want {
			one.Resize(want)
		}
		one.Move(fyne.NewPos(0, y))
		y += want.Height
	}
}

// MinSize is for Fyne.
func (stacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, 0)
	for _, one := range o {
		m := one.MinSize()
		size = fyne.NewSize(max(size.Width, m.Width), size.Height+m.Height)
	}
	return size
}

// sectionsOf cuts Markdown before each heading of level 2.
func sectionsOf(markdown string) []string {
	var all []string
	for at := 0; at < len(markdown); {
		next := strings.Index(markdown[at+1:], "\n## ")
		if next < 0 {
			return append(all, markdown[at:])
		}
		end := at + 1 + next + 1
		all = append(all, markdown[at:end])
		at = end
	}
	return all
}
