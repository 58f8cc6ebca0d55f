package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Widths of the window at which its panels find room beside the conversation, at
// normal text; see grown.
const (
	narrowBelow = 720  // below it the conversation stands alone
	wideFrom    = 1040 // from it both panels fit beside it
)

// Widths of the panels, at normal text.
const (
	sideWidth   = 244 // of the list, unless the user has chosen another
	panelLeast  = 200
	sideLeast   = 190
	sideMost    = 420
	lessonLeast = 280
	lessonMost  = 900
	centreLeast = 360 // what the conversation keeps beside them
)

// grown is a width at the size of type in use, whose lines may be shorter by the
// word when it is large.
func grown(width float32) float32 { return width * (1 + max(1, textScale())) / 2 }

// frame lays out the three parts of the window: the side list, the
// conversation, and the lesson. A panel that finds no room beside the
// conversation is hidden, and slides over it when asked for.
type frame struct {
	box                  *fyne.Container
	side, centre, lesson fyne.CanvasObject
	sideLine, lessonLine *canvas.Rectangle
	scrim                *scrim

	sideGrip, lessonGrip *grip
	// As the user has dragged them; 0 is as there is room.
	sideWidth, lessonWidth float32

	width      float32
	hideSide   bool // the user wants no list beside the conversation
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
	f.sideGrip = newGrip(func(dx float32) {
		f.set(func() { f.sideWidth = min(max(panelLeast, f.sideRoom()+dx), grown(sideMost)) })
	})
	f.lessonGrip = newGrip(func(dx float32) {
		f.set(func() { f.lessonWidth = min(max(lessonLeast, f.lessonRoom()-dx), lessonMost) })
	})
	f.restyle()
	f.box = &fyne.Container{Layout: f, Objects: []fyne.CanvasObject{
		side, centre, lesson, f.sideLine, f.lessonLine, f.sideGrip, f.lessonGrip, f.scrim,
	}}
	return f
}

func (f *frame) restyle() {
	f.sideLine.FillColor = theme.Color(colLine)
	f.lessonLine.FillColor = theme.Color(colLine)
	if f.box != nil { // else it is being made
		f.Layout(nil, f.box.Size()) // text may be of another size
	}
}

// sideFits reports whether the side list stands beside the conversation.
func (f *frame) sideFits() bool {
	return f.width >= grown(narrowBelow) && (!f.lessonFits() || f.width >= grown(wideFrom))
}

// lessonFits reports whether the lesson is open beside the conversation.
func (f *frame) lessonFits() bool {
	return f.hasLesson && f.showLesson && f.width >= grown(narrowBelow)
}

// sideShown reports whether the side list is in sight beside the conversation.
func (f *frame) sideShown() bool { return f.sideFits() && !f.hideSide }

// openSide shows the side list beside the conversation or, where there is no room,
// over it.
func (f *frame) openSide() {
	f.set(func() {
		if f.hideSide = false; !f.sideFits() {
			f.sideOver, f.lessonOver = true, false
		}
	})
}

// toggleSide shows the side list or takes it away.
func (f *frame) toggleSide() {
	switch {
	case f.sideShown():
		f.set(func() { f.hideSide = true })
	case f.sideOver && !f.sideFits():
		f.closeOver()
	default:
		f.openSide()
	}
}

// toggleLesson shows the lesson, if there is one, or takes it away.
func (f *frame) toggleLesson() {
	if f.lessonFits() || f.lessonOver && f.over() {
		f.closeLesson()
	} else if f.hasLesson {
		f.openLesson()
	}
}

// sideRoom is how wide the list is beside the conversation.
func (f *frame) sideRoom() float32 {
	w := f.sideWidth
	if w <= 0 {
		w = sideWidth * textScale()
	}
	w = min(max(w, sideLeast*textScale()), grown(sideMost))
	return whole(max(panelLeast, min(w, f.width-grown(centreLeast))))
}

// lessonRoom is how wide the lesson is beside the conversation.
func (f *frame) lessonRoom() float32 {
	w := f.lessonWidth
	if w <= 0 {
		w = min(max(grown(f.width*.315), grown(320)), grown(480))
	}
	rest := f.width - grown(centreLeast)
	if f.sideShown() {
		rest -= f.sideRoom()
	}
	return whole(max(lessonLeast, min(w, rest)))
}

// openLesson shows the lesson where there is room for it.
func (f *frame) openLesson() {
	f.set(func() {
		if f.width >= grown(narrowBelow) {
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
	sideShown, lessonFits := f.sideShown(), f.lessonFits()
	sideOver := f.sideOver && !f.sideFits()
	lessonOver := f.lessonOver && f.hasLesson && !lessonFits
	left, right := float32(0), size.Width
	if sideShown {
		left = f.sideRoom()
	}
	lessonWidth := f.lessonRoom()
	if lessonFits {
		right -= lessonWidth
	}
	place(f.centre, left, right-left, true)
	place(f.sideLine, left-1, 1, sideShown)
	place(f.lessonLine, right, 1, lessonFits)
	place(f.sideGrip, left-gripWide/2, gripWide, sideShown)
	place(f.lessonGrip, right-gripWide/2, gripWide, lessonFits)
	place(f.scrim, 0, size.Width, sideOver)
	place(f.side, 0, min(sideWidth*textScale()+40, size.Width-56), sideOver)
	if sideShown {
		place(f.side, 0, left-1, true)
	}
	place(f.lesson, 0, size.Width, lessonOver)
	if lessonFits {
		place(f.lesson, right+1, lessonWidth-1, true)
	}
	f.raise(sideOver, lessonOver)
	if f.changed != nil {
		f.changed()
	}
}

// raise draws what lies over the conversation last. Otherwise the objects stand in
// the order in which Tab reaches them: from left to right.
func (f *frame) raise(sideOver, lessonOver bool) {
	order := []fyne.CanvasObject{f.side, f.centre, f.lesson, f.sideLine, f.lessonLine, f.sideGrip, f.lessonGrip, f.scrim}
	switch {
	case sideOver:
		order = append(order[1:], f.side)
	case lessonOver:
		order = append(slices.Delete(order, 2, 3), f.lesson)
	}
	f.box.Objects = order
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

// grip is the edge of a panel, which can be dragged.
type grip struct {
	widget.BaseWidget
	drag func(dx float32)
}

// gripWide is how far from the line it can be taken hold of.
const gripWide = 8

func newGrip(drag func(dx float32)) *grip {
	g := &grip{drag: drag}
	g.ExtendBaseWidget(g)
	return g
}

// Dragged is for Fyne.
func (g *grip) Dragged(e *fyne.DragEvent) { g.drag(e.Dragged.DX) }

// DragEnd is for Fyne.
func (g *grip) DragEnd() {}

// Cursor is for Fyne.
func (g *grip) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// CreateRenderer is for Fyne.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
