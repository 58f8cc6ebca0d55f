package ui

import (
	"image/color"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// questionCard is a question of the lesson: its options to choose, or a way to see
// the answer, and what has come of it. It is as high as its width asks for.
type questionCard struct {
	widget.BaseWidget

	number   int
	name     string
	question engine.Question
	answer   Answer
	asked    bool // aloud, and it waits for the answer

	press   *press
	options []*optionButton
	hint    *iconButton
	tell    *iconButton
	back    *canvas.Rectangle
	objects []fyne.CanvasObject
	size    fyne.Size // that it was set for, and how high that made it
}

// cardDoes is what a click on a question, or on a link, does. Numbers are from 1.
type cardDoes struct {
	choose func(question, option int)
	hint   func(question int)
	tell   func(question int)
	link   func(*url.URL)
}

// Measures of a question.
const (
	cardPad    = 14
	cardMargin = 8 // around it
	optionGap  = 7
	cardButton = 30
)

func newQuestionCard(s section, q engine.Question, does cardDoes, k keys) *questionCard {
	c := &questionCard{number: s.question, name: s.name, question: q, press: newPress(), back: rounded(color.Transparent, 10)}
	for i, o := range q.Options {
		c.options = append(c.options, newOptionButton(string(rune('A'+i)), o, k, func() { does.choose(c.number, i+1) }))
	}
	c.hint = newIconButton("", cardButton, true, k, func() { does.hint(c.number) })
	c.hint.say(lang.L("Hint"))
	c.tell = newIconButton("", cardButton, true, k, func() { does.tell(c.number) })
	c.tell.say(lang.L("Show the answer"))
	c.ExtendBaseWidget(c)
	return c
}

// update shows what has come of the question.
func (c *questionCard) update(s Study) {
	answer, asked := s.answer(c.number), s.Asked == c.number
	if answer == c.answer && asked == c.asked {
		return
	}
	c.answer, c.asked = answer, asked
	c.set(c.size.Width)
	c.Refresh()
}

func (c *questionCard) restyle() {
	c.press = newPress()
	c.hint.restyle()
	c.tell.restyle()
	c.set(c.size.Width)
	c.Refresh()
}

// set places everything for that width.
func (c *questionCard) set(width float32) {
	if width < narrowest {
		return
	}
	var box easel
	p := c.press
	c.back.FillColor, c.back.StrokeColor, c.back.StrokeWidth = theme.Color(theme.ColorNameBackground), theme.Color(colLine), 1
	if c.asked {
		c.back.StrokeColor = theme.Color(colAccent)
	}
	box.objects = append(box.objects, c.back)
	x, y, room := float32(cardMargin+cardPad), float32(cardMargin+cardPad-2), width-2*(cardMargin+cardPad)
	name := label(c.name, colMuted, theme.SizeNameCaptionText, true)
	box.addText(name, x, y, p.nameHeight)
	if c.asked {
		t := label(lang.L("waits for your answer"), colAccent, theme.SizeNameCaptionText, false)
		box.addText(t, x+name.MinSize().Width+8, y, p.nameHeight)
	}
	y = p.setLines(&box, c.question.Prompt, p.body.wrap(c.question.Prompt, room), x, y+p.nameHeight+2, p.lineHeight, colInk, theme.SizeNameText) + 6
	for i, o := range c.options {
		h := o.set(p, room, c.answer.Option == i+1 || c.answer.Told && o.option.Right)
		box.add(o, x, y, room, h)
		y += h + optionGap
	}
	if c.answer.Hint && c.question.Hint != "" {
		y = p.setLines(&box, c.question.Hint, p.body.wrap(c.question.Hint, room), x, y+2, p.lineHeight, colMuted, theme.SizeNameText)
	}
	if text := c.question.Answer; text != "" && (c.answer.Told || c.answer.Right && len(c.options) == 0) {
		y = p.setLines(&box, text, p.body.wrap(text, room), x, y+2, p.lineHeight, colInk, theme.SizeNameText)
	}
	over := c.answer.Right || c.answer.Told
	c.hint.Hidden = over || c.answer.Hint || c.question.Hint == ""
	c.tell.Hidden = over
	left := x - buttonPadX
	for _, b := range []*iconButton{c.hint, c.tell} {
		if !b.Hidden {
			size := b.MinSize()
			box.add(b, left, y, size.Width, size.Height)
			left += size.Width
		}
	}
	if !over {
		y += c.tell.MinSize().Height
	}
	height := whole(y + cardPad - 4 + cardMargin)
	c.back.Move(fyne.NewPos(cardMargin, cardMargin))
	c.back.Resize(fyne.NewSize(width-2*cardMargin, height-2*cardMargin))
	c.objects, c.size = box.objects, fyne.NewSize(width, height)
}

// Resize is for Fyne: the width asked for tells the height.
func (c *questionCard) Resize(size fyne.Size) {
	if size.Width != c.size.Width {
		c.set(size.Width)
	}
	c.BaseWidget.Resize(size)
}

// MinSize is for Fyne.
func (c *questionCard) MinSize() fyne.Size { return fyne.NewSize(narrowest, c.size.Height) }

// CreateRenderer is for Fyne.
func (c *questionCard) CreateRenderer() fyne.WidgetRenderer {
	return &cardRenderer{WidgetRenderer: widget.NewSimpleRenderer(c.back), c: c}
}

type cardRenderer struct {
	fyne.WidgetRenderer
	c *questionCard
}

func (r *cardRenderer) Objects() []fyne.CanvasObject { return r.c.objects }

func (r *cardRenderer) Layout(fyne.Size) {}

func (r *cardRenderer) MinSize() fyne.Size { return r.c.MinSize() }

func (r *cardRenderer) Refresh() { canvas.Refresh(r.c) }
