package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
)

func (l *lessonPanel) restyle() {
	l.back.FillColor, l.line.FillColor, l.edge.FillColor = theme.Color(colCard), theme.Color(colLine), theme.Color(colLine)
	l.pill.FillColor = theme.Color(colAccentSoft)
	l.badge.Color, l.badge.TextSize = theme.Color(colAccent), theme.Size(theme.SizeNameCaptionText)
	l.come.Color, l.come.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
	l.title.Color, l.title.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameHeadingText)
	l.more.Color, l.more.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameText)
	l.bars.restyle()
	l.body.restyle()
	l.export.restyle()
	l.due.restyle()
	l.close.restyle()
	l.box.Refresh()
}

// lessonLayout is the panel from top to bottom.
type lessonLayout struct{ l *lessonPanel }

// Layout is for Fyne.
func (lay lessonLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const edge = 22
	l := lay.l
	l.back.Resize(size)
	b := l.badge.MinSize()
	l.pill.Resize(fyne.NewSize(b.Width+16, b.Height+4))
	l.pill.Move(fyne.NewPos(edge, 16))
	l.badge.Resize(b)
	l.badge.Move(fyne.NewPos(edge+8, 18))
	l.come.Text = ellipsis(come(l.lesson, l.progress), l.come.TextSize, size.Width-edge-b.Width-26-l.close.side-12, l.come.TextStyle)
	l.come.Resize(l.come.MinSize())
	l.come.Move(fyne.NewPos(edge+b.Width+16+10, 18))
	l.close.Resize(l.close.MinSize())
	l.close.Move(fyne.NewPos(size.Width-l.close.side-10, 10))
	l.title.Text = ellipsis(lessonTitle(l.lesson), l.title.TextSize, size.Width-2*edge, l.title.TextStyle)
	t := l.title.MinSize()
	y := whole(16 + b.Height + 4 + 6)
	l.title.Resize(t)
	l.title.Move(fyne.NewPos(edge, y))
	y += whole(t.Height) + 6
	l.bars.box.Move(fyne.NewPos(edge, y))
	l.bars.box.Resize(fyne.NewSize(size.Width-2*edge, barThick))
	y += barThick + 12
	l.line.Resize(fyne.NewSize(size.Width, 1))
	l.line.Move(fyne.NewPos(0, y-1))
	bottom := size.Height
	if l.edge.Hidden = l.export.Hidden && l.due.Hidden; !l.edge.Hidden {
		bottom = l.placeFoot(edge-buttonPadX, size)
		l.edge.Move(fyne.NewPos(0, bottom))
		l.edge.Resize(fyne.NewSize(size.Width, 1))
	}
	l.scroll.Resize(fyne.NewSize(size.Width, max(0, bottom-y)))
	l.scroll.Move(fyne.NewPos(0, y))
}

// placeFoot sets what stands at the foot side by side or, for want of room, one
// below the other, and says where the foot begins.
func (l *lessonPanel) placeFoot(edge float32, size fyne.Size) (top float32) {
	const air = 4
	left, right := l.export.MinSize(), l.due.MinSize()
	room := size.Width - 2*edge
	l.export.Resize(left)
	l.due.Resize(fyne.NewSize(min(right.Width, room), right.Height))
	top = size.Height - max(left.Height, right.Height) - 2*air
	l.due.Move(fyne.NewPos(size.Width-edge-l.due.Size().Width, top+air))
	if !l.due.Hidden && !l.export.Hidden && left.Width+right.Width > room {
		top -= left.Height
		l.due.Move(fyne.NewPos(edge, size.Height-air-right.Height))
	}
	l.export.Move(fyne.NewPos(edge, top+air))
	return top
}

// MinSize is for Fyne.
func (lessonLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 240) }

// lessonBars is how far the learner has come, a bar for each part of the lesson:
// full where he has been.
type lessonBars struct {
	box         *fyne.Container
	done, parts int
}

const (
	barThick = 4
	barGap   = 4
	barsMost = 24 // beyond, they would be dots
)

func newLessonBars() *lessonBars {
	b := &lessonBars{}
	b.box = &fyne.Container{Layout: b}
	return b
}

// set shows a progress: through the quiz while there is one, else through the
// segments.
func (b *lessonBars) set(p engine.Progress, plan *engine.Plan) {
	done, parts := p.Segment, p.Segments
	if p.Question > 0 {
		done, parts = p.Question, p.Questions
	}
	if parts == 0 && plan != nil {
		parts = len(plan.Segments)
	}
	parts = min(parts, barsMost)
	if done == b.done && parts == b.parts {
		return
	}
	b.done, b.parts = done, parts
	b.restyle()
}

func (b *lessonBars) restyle() {
	b.box.Objects = nil
	for i := range b.parts {
		fill := colLine
		if i < b.done {
			fill = colAccent
		}
		b.box.Objects = append(b.box.Objects, rounded(theme.Color(fill), barThick/2))
	}
	b.Layout(b.box.Objects, b.box.Size())
	canvas.Refresh(b.box)
}

// Layout is for Fyne.
func (b *lessonBars) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if len(o) == 0 {
		return
	}
	w := (size.Width - barGap*float32(len(o)-1)) / float32(len(o))
	for i, bar := range o {
		bar.Move(fyne.NewPos(float32(i)*(w+barGap), 0))
		bar.Resize(fyne.NewSize(w, barThick))
	}
}

// MinSize is for Fyne.
func (b *lessonBars) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, barThick) }
