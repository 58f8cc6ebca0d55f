package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
	"parley/engine"
)

// lessonPanel shows the lesson beside the conversation, also while it is being
// written.
type lessonPanel struct {
	box    *fyne.Container
	back   *canvas.Rectangle
	pill   *canvas.Rectangle
	badge  *canvas.Text
	come   *canvas.Text // how far the learner has come
	title  *canvas.Text
	export *iconButton // hidden where there is nothing to export with
	close  *iconButton
	line   *canvas.Rectangle

	body   *lessonText
	unset  bool         // there is more of it to be shown
	more   *canvas.Text // "Being written…"
	scroll *container.Scroll

	lesson   engine.Lesson
	number   int
	writing  bool
	progress engine.Progress
}

// newLessonPanel makes the panel; without export there is no button for it.
func newLessonPanel(k keys, export, closePanel func()) *lessonPanel {
	l := &lessonPanel{
		back:   canvas.NewRectangle(theme.Color(colCard)),
		pill:   rounded(theme.Color(colAccentSoft), 5),
		badge:  label("Lesson", colAccent, theme.SizeNameCaptionText, false),
		come:   label("", colMuted, theme.SizeNameCaptionText, false),
		title:  label("", colInk, theme.SizeNameHeadingText, true),
		export: newIconButton(assets.Export, 36, true, k, export),
		close:  newIconButton(assets.Close, 36, true, k, closePanel),
		line:   canvas.NewRectangle(theme.Color(colLine)),
		body:   newLessonText(),
		more:   label("Being written…", colMuted, theme.SizeNameText, false),
	}
	l.more.Hide()
	l.export.Hidden = export == nil
	l.scroll = container.NewVScroll(container.New(lessonBodyLayout{}, l.body.box, l.more))
	l.box = container.New(lessonLayout{l}, l.back, l.pill, l.badge, l.come, l.title, l.export, l.close, l.line, l.scroll)
	return l
}

// update shows a lesson, or more of it, and says whether it is to be called again
// soon; number tells one lesson from the next, which begins at its top.
func (l *lessonPanel) update(lesson engine.Lesson, progress engine.Progress, number int, writing bool) (again bool) {
	if !l.unset && lesson == l.lesson && progress == l.progress && number == l.number && writing == l.writing {
		return false
	}
	if lesson.Markdown != l.lesson.Markdown {
		l.body.set(lessonBody(lesson))
	}
	l.unset = l.body.step()
	if number != l.number {
		l.scroll.ScrollToTop()
	}
	l.lesson, l.progress, l.number, l.writing = lesson, progress, number, writing
	l.come.Text = progressText(progress)
	l.more.Hidden = !writing
	l.export.set(assets.Export, colMuted, !writing)
	l.box.Refresh()
	return l.unset
}

// progressText says how far a learner has come: with the quiz, or else with the
// lesson's parts.
func progressText(p engine.Progress) string {
	switch {
	case p.Question > 0:
		return fmt.Sprintf("Question %d of %d · %d right", p.Question, p.Questions, p.Right)
	case p.Segment > 0:
		return fmt.Sprintf("Part %d of %d", p.Segment, p.Segments)
	}
	return ""
}

// lessonBody is the lesson's Markdown without a first heading that repeats its
// title, which stands above already.
func lessonBody(l engine.Lesson) string {
	text := strings.TrimLeft(l.Markdown, "\n")
	first, rest, _ := strings.Cut(text, "\n")
	if h, ok := strings.CutPrefix(first, "# "); ok && (l.Title == "" || strings.EqualFold(strings.TrimSpace(h), l.Title)) {
		return rest
	}
	return text
}

// spaced puts air before each heading but the first segment, which Fyne sets
// as close as any line.
func spaced(segments []widget.RichTextSegment) []widget.RichTextSegment {
	var out []widget.RichTextSegment
	for i, s := range segments {
		t, ok := s.(*widget.TextSegment)
		if ok && i > 0 && (t.Style.SizeName == theme.SizeNameHeadingText || t.Style.SizeName == theme.SizeNameSubHeadingText) {
			air := widget.RichTextStyleParagraph
			air.SizeName = theme.SizeNameCaptionText
			out = append(out, &widget.TextSegment{Style: air, Text: " "})
		}
		out = append(out, s)
	}
	return out
}

// lessonTitle is the lesson's title, or its first heading while it has none.
func lessonTitle(l engine.Lesson) string {
	if l.Title != "" {
		return l.Title
	}
	first, _, whole := strings.Cut(strings.TrimLeft(l.Markdown, "\n"), "\n")
	if h, ok := strings.CutPrefix(first, "# "); ok && whole {
		return strings.TrimSpace(h)
	}
	return "Lesson"
}

func (l *lessonPanel) restyle() {
	l.back.FillColor, l.line.FillColor = theme.Color(colCard), theme.Color(colLine)
	l.pill.FillColor = theme.Color(colAccentSoft)
	l.badge.Color, l.badge.TextSize = theme.Color(colAccent), theme.Size(theme.SizeNameCaptionText)
	l.come.Color, l.come.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
	l.title.Color, l.title.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameHeadingText)
	l.more.Color, l.more.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameText)
	l.export.restyle()
	l.close.restyle()
	l.box.Refresh()
}

// lessonLayout is the panel from top to bottom.
type lessonLayout struct{ l *lessonPanel }

const lessonHead = 86 // height of the part above the hairline

func (lay lessonLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const edge = 22
	l := lay.l
	l.back.Resize(size)
	b := l.badge.MinSize()
	l.pill.Resize(fyne.NewSize(b.Width+16, b.Height+4))
	l.pill.Move(fyne.NewPos(edge, 16))
	l.badge.Resize(b)
	l.badge.Move(fyne.NewPos(edge+8, 18))
	l.come.Resize(l.come.MinSize())
	l.come.Move(fyne.NewPos(edge+b.Width+16+10, 18))
	l.close.Resize(l.close.MinSize())
	l.close.Move(fyne.NewPos(size.Width-l.close.side-10, 10))
	l.export.Resize(l.export.MinSize())
	l.export.Move(fyne.NewPos(size.Width-l.close.side-10-l.export.side-2, 10))
	l.title.Text = ellipsis(lessonTitle(l.lesson), l.title.TextSize, size.Width-2*edge, l.title.TextStyle)
	t := l.title.MinSize()
	l.title.Resize(t)
	l.title.Move(fyne.NewPos(edge, whole(16+b.Height+4+6)))
	l.line.Resize(fyne.NewSize(size.Width, 1))
	l.line.Move(fyne.NewPos(0, lessonHead-1))
	l.scroll.Resize(fyne.NewSize(size.Width, max(0, size.Height-lessonHead)))
	l.scroll.Move(fyne.NewPos(0, lessonHead))
}

func (lessonLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 240) }

// lessonBodyLayout sets the text with a margin, and what is said at its end
// below it.
type lessonBodyLayout struct{}

// lessonMargin is that of the text beside RichText's own padding.
const lessonMargin = 14

func (lessonBodyLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	body, more := o[0], o[1]
	body.Resize(fyne.NewSize(size.Width-2*lessonMargin, body.MinSize().Height))
	body.Resize(fyne.NewSize(size.Width-2*lessonMargin, body.MinSize().Height)) // wrapping gave a new height
	body.Move(fyne.NewPos(lessonMargin, 10))
	more.Resize(more.MinSize())
	more.Move(fyne.NewPos(lessonMargin+8, 10+body.MinSize().Height))
}

func (lessonBodyLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := o[0].MinSize().Height + 30
	if o[1].Visible() {
		h += o[1].MinSize().Height
	}
	return fyne.NewSize(200, h)
}
