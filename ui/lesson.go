package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/assets"
	"parley/engine"
)

// lessonPanel shows the lesson beside the conversation, also while it is being
// written: what it is and how far the learner has come, the lesson with its
// questions, and at its foot what can be made of it.
type lessonPanel struct {
	box   *fyne.Container
	back  *canvas.Rectangle
	pill  *canvas.Rectangle
	badge *canvas.Text
	come  *canvas.Text // how far the learner has come, or what awaits him
	title *canvas.Text
	bars  *lessonBars
	close *iconButton
	line  *canvas.Rectangle

	body   *lessonText
	unset  bool         // there is more of it to be shown
	more   *canvas.Text // "Being written…"
	scroll *container.Scroll

	edge   *canvas.Rectangle // above the foot
	export *iconButton       // hidden where there is nothing to export with
	due    *iconButton       // what there is to be reviewed; pressed, it begins

	lesson   engine.Lesson
	number   int
	writing  bool
	progress engine.Progress
}

// lessonDoes is what the panel leads to.
type lessonDoes struct {
	cardDoes
	export func() // nil: there is no button for it
	close  func()
	review func()
}

func newLessonPanel(k keys, does lessonDoes) *lessonPanel {
	l := &lessonPanel{
		back:   canvas.NewRectangle(theme.Color(colCard)),
		pill:   rounded(theme.Color(colAccentSoft), 5),
		badge:  label(lang.L("Lesson"), colAccent, theme.SizeNameCaptionText, false),
		come:   label("", colMuted, theme.SizeNameCaptionText, false),
		title:  label("", colInk, theme.SizeNameHeadingText, true),
		bars:   newLessonBars(),
		close:  newIconButton(assets.Close, 36, true, k, does.close),
		line:   canvas.NewRectangle(theme.Color(colLine)),
		body:   newLessonText(does.cardDoes, k),
		more:   label(lang.L("Being written…"), colMuted, theme.SizeNameText, false),
		edge:   canvas.NewRectangle(theme.Color(colLine)),
		export: newIconButton(assets.Export, footHeight, true, k, does.export),
		due:    newIconButton("", footHeight, true, k, does.review),
	}
	l.export.say(lang.L("Export"))
	l.due.say("")
	l.more.Hide()
	l.export.Hidden = does.export == nil
	l.scroll = container.NewVScroll(container.New(lessonBodyLayout{}, l.body.box, l.more))
	l.box = container.New(lessonLayout{l}, l.back, l.pill, l.badge, l.come, l.title, l.bars.box, l.close, l.line, l.scroll,
		l.edge, l.export, l.due)
	return l
}

// update shows a lesson, or more of it, and says whether it is to be called again
// soon; its number tells one lesson from the next, which begins at its top.
func (l *lessonPanel) update(s State, review Review, now time.Time) (again bool) {
	l.review(review, now)
	if asked := l.body.learn(s.Study); asked != nil {
		l.reveal(asked)
	}
	if !l.unset && s.Lesson == l.lesson && s.Progress == l.progress && s.LessonNumber == l.number && s.LessonWriting == l.writing {
		return false
	}
	if s.Lesson.Markdown != l.lesson.Markdown || s.Lesson.Plan != l.lesson.Plan {
		l.body.set(s.Lesson)
	}
	l.unset = l.body.step()
	if s.LessonNumber != l.number {
		l.scroll.ScrollToTop()
	}
	l.lesson, l.progress, l.number, l.writing = s.Lesson, s.Progress, s.LessonNumber, s.LessonWriting
	l.come.Text = come(s.Lesson, s.Progress)
	l.bars.set(s.Progress, s.Lesson.Plan)
	l.more.Hidden = !s.LessonWriting
	l.export.set(assets.Export, colMuted, !s.LessonWriting)
	l.box.Refresh()
	return l.unset
}

// review shows what there is to be reviewed of the lesson.
func (l *lessonPanel) review(r Review, now time.Time) {
	text, due := r.text(now)
	ink := colMuted
	if due {
		ink = colAccent
	}
	if text == l.due.label.Text && ink == l.due.ink {
		return
	}
	l.due.ink, l.due.Hidden = ink, text == ""
	l.due.say(text)
	l.box.Refresh()
}

// reveal scrolls to a question that has been asked.
func (l *lessonPanel) reveal(c *questionCard) {
	const above = 40
	if at := c.Position().Y; c.Size().Height > 0 && (at < l.scroll.Offset.Y || at+c.Size().Height > l.scroll.Offset.Y+l.scroll.Size().Height) {
		end := max(0, l.scroll.Content.Size().Height-l.scroll.Size().Height)
		l.scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, at-above), end)))
	}
}

// come says how far a learner has come or, before that, for whom the lesson is and
// about how long it takes.
func come(l engine.Lesson, p engine.Progress) string {
	if text := progressText(p); text != "" || l.Plan == nil {
		return text
	}
	var parts []string
	if l.Plan.Level != "" {
		parts = append(parts, capital(oneLine(l.Plan.Level)))
	}
	n := minutes(l.Plan)
	return strings.Join(append(parts, lang.N("{{.Count}} minutes", n, values{"Count": n})), " · ")
}

// progressText says how far a learner has come: with the quiz, or else with the
// lesson's parts.
func progressText(p engine.Progress) string {
	switch {
	case p.Question > 0:
		return lang.L("Question {{.Number}} of {{.Count}} · {{.Right}} right", values{"Number": p.Question, "Count": p.Questions, "Right": p.Right})
	case p.Segment > 0:
		return lang.L("Part {{.Number}} of {{.Count}}", values{"Number": p.Segment, "Count": p.Segments})
	}
	return ""
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
	return lang.L("Lesson")
}

// lessonBodyLayout sets the text with a margin, and what is said at its end
// below it.
type lessonBodyLayout struct{}

// lessonMargin is that of the sections beside their own.
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
