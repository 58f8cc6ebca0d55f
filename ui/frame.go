package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Widths of the window at which its panels find room beside the conversation.
const (
	narrowBelow = 720  // below it the conversation stands alone
	wideFrom    = 1040 // from it both panels fit beside it
	sideWidth   = 244
)

// frame lays out the three parts of the window: the side list, the
// conversation, and the lesson. A panel that finds no room beside the
// conversation is hidden, and slides over it when asked for.
type frame struct {
	box                  *fyne.Container
	side, centre, lesson fyne.CanvasObject
	sideLine, lessonLine *canvas.Rectangle
	scrim                *scrim

	width      float32
	hasLesson  bool
	showLesson bool // beside the conversation, where it fits
	sideOver   bool // over the conversation, where it does not fit beside it
	lessonOver bool
	changed    func() // which panels are in sight has changed
}

func newFrame(side, centre, lesson fyne.CanvasObject) *frame {
	f := &frame{side: side, centre: centre, lesson: lesson,
		sideLine: &canvas.Rectangle{}, lessonLine: &canvas.Rectangle{}}
	f.scrim = newScrim(f.closeOver)
	f.restyle()
	f.box = &fyne.Container{Layout: f, Objects: []fyne.CanvasObject{
		centre, f.sideLine, f.lessonLine, f.scrim, side, lesson,
	}}
	return f
}

func (f *frame) restyle() {
	f.sideLine.FillColor = theme.Color(colLine)
	f.lessonLine.FillColor = theme.Color(colLine)
}

// sideFits reports whether the side list stands beside the conversation.
func (f *frame) sideFits() bool {
	return f.width >= narrowBelow && (!f.lessonFits() || f.width >= wideFrom)
}

// lessonFits reports whether the lesson is open beside the conversation.
func (f *frame) lessonFits() bool {
	return f.hasLesson && f.showLesson && f.width >= narrowBelow
}

// openSide shows the side list over the conversation.
func (f *frame) openSide() { f.set(func() { f.sideOver, f.lessonOver = true, false }) }

// openLesson shows the lesson where there is room for it.
func (f *frame) openLesson() {
	f.set(func() {
		if f.width >= narrowBelow {
			f.showLesson = true
		} else {
			f.lessonOver, f.sideOver = true, false
		}
	})
}

// newLesson opens the panel of a lesson that begins, unless it would cover the
// conversation.
func (f *frame) newLesson() { f.set(func() { f.hasLesson, f.showLesson = true, true }) }

// noLesson takes the panel away.
func (f *frame) noLesson() {
	f.set(func() { f.hasLesson, f.showLesson, f.lessonOver = false, false, false })
}

func (f *frame) closeLesson() { f.set(func() { f.showLesson, f.lessonOver = false, false }) }

// closeOver takes away what lies over the conversation.
func (f *frame) closeOver() { f.set(func() { f.sideOver, f.lessonOver = false, false }) }

// over reports whether a panel lies over the conversation.
func (f *frame) over() bool {
	return f.sideOver && !f.sideFits() || f.lessonOver && f.hasLesson && !f.lessonFits()
}

func (f *frame) set(change func()) {
	change()
	f.Layout(nil, f.box.Size())
}

// Layout is for Fyne.
func (f *frame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	place := func(o fyne.CanvasObject, x, w float32, visible bool) {
		if !visible {
			o.Hide()
			return
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(w, size.Height))
		o.Show()
	}
	sideFits, lessonFits := f.sideFits(), f.lessonFits()
	sideOver := f.sideOver && !sideFits
	lessonOver := f.lessonOver && f.hasLesson && !lessonFits
	left, right := float32(0), size.Width
	if sideFits {
		left = sideWidth
	}
	lessonWidth := min(max(size.Width*.315, 320), 480)
	if lessonFits {
		right -= lessonWidth
	}
	place(f.centre, left, right-left, true)
	place(f.sideLine, left-1, 1, sideFits)
	place(f.lessonLine, right, 1, lessonFits)
	place(f.scrim, 0, size.Width, sideOver)
	place(f.side, 0, min(sideWidth+40, size.Width-56), sideOver)
	if sideFits {
		place(f.side, 0, left-1, true)
	}
	place(f.lesson, 0, size.Width, lessonOver)
	if lessonFits {
		place(f.lesson, right+1, lessonWidth-1, true)
	}
	if f.changed != nil {
		f.changed()
	}
}

// MinSize is for Fyne.
func (f *frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(360, 480) }

// scrim dims what lies under a panel; a tap on it takes the panel away.
type scrim struct {
	widget.BaseWidget
	onTap func()
}

func newScrim(onTap func()) *scrim {
	s := &scrim{onTap: onTap}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped is for Fyne.
func (s *scrim) Tapped(*fyne.PointEvent) { s.onTap() }

// CreateRenderer is for Fyne.
func (s *scrim) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.NRGBA{A: 0x66}))
}
