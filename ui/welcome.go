package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// example is something to say, in English, and what it is good for, in the user's
// language.
type example struct{ say, means string }

// examples are what an empty conversation suggests: one thing to ask, one to be
// taught, one to be remembered.
func examples() []example {
	return []example{
		{"“What is gravity?”", lang.L("Ask something")},
		{"“Teach me about photosynthesis”", lang.L("Be taught something")},
		{"“Remember that my exam is on Friday”", lang.L("Have something remembered")},
	}
}

// welcome is what stands in an empty conversation, in the middle of a box of
// that size.
func (p *press) welcome(size fyne.Size) []fyne.CanvasObject {
	const gap = 10
	room := size.Width - 2*marginX
	title := label(lang.L("Just talk"), colInk, theme.SizeNameSubHeadingText, true)
	title.Text = ellipsis(title.Text, title.TextSize, room, title.TextStyle)
	lines, gaps := []*canvas.Text{title}, []float32{0}
	for _, e := range examples() {
		above := float32(gap)
		for _, l := range p.body.wrap(e.say, room) {
			lines, gaps = append(lines, label(e.say[l.From:l.To], colMuted, theme.SizeNameText, false)), append(gaps, above)
			above = 0
		}
	}
	height := float32(0)
	for i, t := range lines {
		height += gaps[i] + t.MinSize().Height
	}
	var box easel
	y := max(0, (size.Height-height)/2)
	for i, t := range lines {
		s := t.MinSize()
		y += gaps[i]
		box.addText(t, (size.Width-s.Width)/2, y, s.Height)
		y += s.Height
	}
	return box.objects
}
