package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parley/engine"
)

// lessonText shows a lesson by its sections: to set a whole lesson into lines takes so
// long that the window would stand still. So it sets one section at each draw, and
// what has been set is kept.
type lessonText struct {
	box      *fyne.Container
	does     cardDoes
	keys     keys
	sections []section // what each object shows
	wanted   []section // what they are to show
	asked    []engine.Question
	study    Study
}

func newLessonText(does cardDoes, k keys) *lessonText {
	return &lessonText{box: container.New(stacked{}), does: does, keys: k}
}

// set says what is to be shown; [lessonText.step] shows it.
func (l *lessonText) set(lesson engine.Lesson) {
	l.wanted, l.asked = sectionsOf(lesson), questions(lesson.Plan)
	same := 0
	for same < min(len(l.wanted), len(l.sections)) && l.wanted[same] == l.sections[same] && l.wanted[same].question == 0 {
		same++
	}
	l.sections, l.box.Objects = l.sections[:same:same], l.box.Objects[:same:same]
}

// step shows the next section and says whether there are more to come.
func (l *lessonText) step() (more bool) {
	if len(l.sections) < len(l.wanted) {
		s := l.wanted[len(l.sections)]
		l.sections, l.box.Objects = append(l.sections, s), append(l.box.Objects, l.object(s))
	}
	return len(l.sections) < len(l.wanted)
}

// object is what shows a section.
func (l *lessonText) object(s section) fyne.CanvasObject {
	if s.question > 0 && s.question <= len(l.asked) {
		card := newQuestionCard(s, l.asked[s.question-1], l.does, l.keys)
		card.update(l.study)
		return card
	}
	return newProse(s.text, l.does.link)
}

// learn shows what has come of the questions. It reports the card of the question
// that has just been asked, if any.
func (l *lessonText) learn(s Study) (asked *questionCard) {
	another := s.Asked != l.study.Asked
	l.study = s
	for _, card := range l.cards() {
		card.update(s)
		if another && card.number == s.Asked {
			asked = card
		}
	}
	return asked
}

// cards are the questions that are shown.
func (l *lessonText) cards() []*questionCard {
	var all []*questionCard
	for _, o := range l.box.Objects {
		if card, ok := o.(*questionCard); ok {
			all = append(all, card)
		}
	}
	return all
}

func (l *lessonText) restyle() {
	for _, o := range l.box.Objects {
		if o, ok := o.(interface{ restyle() }); ok {
			o.restyle()
		}
	}
	l.box.Refresh() // each may be higher or lower now
}

// String is the text without its marks, for tests and screen readers.
func (l *lessonText) String() string {
	var all []string
	for _, o := range l.box.Objects {
		switch o := o.(type) {
		case *prose:
			all = append(all, proseText(o.all))
		case *questionCard:
			all = append(all, o.question.Prompt)
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
