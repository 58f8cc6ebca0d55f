package ui

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// Reviews knows when what was learnt is to be asked again. It is not called on
// the window's thread.
type Reviews interface {
	// Review says what is to be reviewed now, and of the lesson l, later.
	Review(l engine.LessonID) (Review, error)
}

// Review is what there is to be asked again.
type Review struct {
	Due   int       // cards that are due now, of all lessons
	Cards int       // cards of the lesson
	Next  time.Time // when the first of them is due; zero where there are none
}

// dueText says how many cards are due, empty for none.
func dueText(due int) string {
	if due == 0 {
		return ""
	}
	return lang.N("{{.Count}} cards to review", due, values{"Count": due})
}

// text says what is to be reviewed of the lesson, as its panel's foot has it; due
// reports whether that is now.
func (r Review) text(now time.Time) (text string, due bool) {
	if r.Cards == 0 {
		return "", false
	}
	cards := lang.N("{{.Count}} cards", r.Cards, values{"Count": r.Cards})
	days := int(midnight(r.Next).Sub(midnight(now)).Hours()+12) / 24
	switch {
	case !r.Next.After(now):
		return cards + " · " + lang.L("review due"), true
	case days == 0:
		return cards + " · " + lang.L("review today"), false
	case days == 1:
		return cards + " · " + lang.L("review tomorrow"), false
	case days < 14:
		return cards + " · " + lang.N("review in {{.Count}} days", days, values{"Count": days}), false
	}
	return cards + " · " + lang.L("review on {{.Day}}", values{"Day": dayOf(r.Next)}), false
}

// midnight is when the local day of t began.
func midnight(t time.Time) time.Time {
	y, m, d := t.Local().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.Local)
}

// look reads what is to be reviewed, and reports whether that has changed.
func (b *bridge) look() bool {
	if b.reviews == nil {
		return false
	}
	b.mu.Lock()
	lesson := b.newest.Lesson.ID
	b.mu.Unlock()
	review, err := b.reviews.Review(lesson)
	if err != nil {
		b.log.Error("ui: look for what is to be reviewed", "err", err)
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	changed := review != b.newest.Review
	b.newest.Review = review
	return changed
}
