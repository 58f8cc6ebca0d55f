package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// examples are what an empty conversation suggests: one thing to ask, one to be
// taught, one to be remembered.
var examples = []string{
	"“What is gravity?”",
	"“Teach me about photosynthesis”",
	"“Remember that my exam is on Friday”",
}

// welcome is what stands in an empty conversation, in the middle of a box of
// that size.
func (p *press) welcome(size fyne.Size) []fyne.CanvasObject {
	lines := []*canvas.Text{label("Just talk", colInk, theme.SizeNameSubHeadingText, true)}
	for _, e := range examples {
		lines = append(lines, label(e, colMuted, theme.SizeNameText, false))
	}
	const gap = 10
	height := float32(-gap)
	for _, t := range lines {
		height += t.MinSize().Height + gap
	}
	var box easel
	y := max(0, (size.Height-height)/2)
	for _, t := range lines {
		t.Text = ellipsis(t.Text, t.TextSize, size.Width-2*marginX, t.TextStyle)
		s := t.MinSize()
		box.addText(t, (size.Width-s.Width)/2, y, s.Height)
		y += s.Height + gap
	}
	return box.objects
}
