package coach

import (
	"context"
	"fmt"

	"parley/engine"
)

// fulfil does what was wanted; false where it is not the coach's, as things
// stand.
func (t *turn) fulfil(ctx context.Context, w wish, about string) bool {
	switch w {
	case wantQuiz:
		return t.quiz(ctx)
	case wantDue:
		return t.tellDue(ctx)
	case wantReview:
		return t.review(ctx)
	case wantSlower:
		return t.sayAgain(t.slower)
	}
	if t.now.asked != nil {
		switch w {
		case wantHint:
			t.now.away = false
			return t.hint("")
		case wantAnswer:
			return !t.now.away && t.unknown(ctx)
		case wantSkip:
			return !t.now.away && t.skip(ctx)
		case wantNext:
			if t.now.away {
				return t.askAgain("")
			}
			return t.skip(ctx)
		case wantStart, wantResume:
			return t.askAgain("")
		case wantTime:
			if !t.now.away {
				t.say(t.pick("Take your time.", "No hurry."))
				return true
			}
		case wantAgain:
			if from := t.now.asked.from; !t.now.away && (from == ofQuiz || from == ofReview) {
				return t.hint("")
			}
		case wantRepeat:
			return (!t.now.away || t.engaged() || len(t.said) <= 2) && t.askAgain("")
		case wantYes:
			if !t.now.away {
				return t.askAgain("")
			}
		}
	}
	switch w {
	case wantStop:
		return t.stop()
	case wantYes:
		return t.accept(ctx)
	case wantRepeat:
		return t.engaged() && (t.now.run != idle || t.plan != nil) && t.sayAgain(func(s string) string { return s })
	case wantProgress:
		return t.tellProgress()
	}
	if t.plan == nil {
		return t.notYet(w)
	}
	return t.withLesson(ctx, w, about)
}

// withLesson does what takes a lesson.
func (t *turn) withLesson(ctx context.Context, w wish, about string) bool {
	switch w {
	case wantReading:
		return t.startReading()
	case wantToExplain:
		return t.invite()
	case wantNext, wantStart, wantResume:
		if t.engaged() || t.now.run == reading {
			return t.goOn(ctx)
		}
		return false
	}
	if !t.engaged() {
		return false
	}
	switch w {
	case wantBack:
		return t.goTo(max(1, t.now.segment-1), "")
	case wantPart:
		return t.goToPart(about)
	case wantAgain:
		return t.goTo(max(1, t.now.segment), "Once more.")
	case wantExample:
		return t.example()
	case wantSummary:
		return t.summarise()
	case wantSimpler:
		t.say(t.pick("I'll write it again, more simply.", "All right, a simpler lesson on "+title(t.plan)+" is on its way."))
		return t.rewrite("simpler than before, for a beginner")
	case wantDeeper:
		t.say(t.pick("I'll write it again, in more depth.", "All right, a deeper lesson on "+title(t.plan)+" is on its way."))
		return t.rewrite("deeper and more detailed than before")
	}
	return false
}

// rewrite has the lesson written anew.
func (t *turn) rewrite(level string) bool {
	t.now.asked, t.now.run, t.now.offer = nil, idle, offerNothing
	t.teach = append(t.teach, engine.LessonRequest{Topic: title(t.plan), Level: level, Goal: t.plan.Goal})
	return true
}

// notYet answers who wants something of a lesson that is still being written.
func (t *turn) notYet(w wish) bool {
	switch w {
	case wantReading, wantExample, wantSummary, wantToExplain, wantStart, wantNext, wantResume:
	default:
		return false
	}
	if !t.writing() || !t.engaged() {
		return false
	}
	t.say(t.pick("The lesson is nearly ready. Ask me again in a moment.", "Just a moment, the lesson is still being written."))
	return true
}

// sayAgain says the last reply again, in some way.
func (t *turn) sayAgain(how func(string) string) bool {
	last := t.lastReply()
	if last == "" {
		return false
	}
	t.now.away = false
	t.say(how(speakable(last)))
	return true
}

// slower is a text as it is said slowly. A reply that is thrown away has asked for
// nothing but what the next one asks for, too.
func (t *turn) slower(text string) string {
	if t.coach.slower == nil {
		return slowly(text)
	}
	t.coach.slower(text)
	return text
}

// accept takes a plain yes for what was offered.
func (t *turn) accept(ctx context.Context) bool {
	if !t.engaged() && t.now.offer != offerReview {
		return false
	}
	o := t.now.offer
	t.now.offer = offerNothing
	switch o {
	case offerNext:
		return t.goOn(ctx)
	case offerQuiz:
		return t.quiz(ctx)
	case offerMissed:
		return t.quizOver(t.now.missed)
	case offerReview:
		return t.review(ctx)
	}
	return false
}

// stop ends what the learner is in.
func (t *turn) stop() bool {
	if t.now.run == idle && t.now.asked == nil {
		if !t.engaged() || t.plan == nil {
			return false
		}
		t.now.offer = offerNothing
		t.say("All right.")
		return true
	}
	was := t.now.run
	t.now.asked, t.now.run, t.now.offer, t.now.cards, t.now.queue = nil, idle, offerNothing, nil, nil
	switch {
	case was == quizzing && t.now.right > 0 && t.plan != nil:
		t.say(fmt.Sprintf("All right, we'll stop here. You got %d right.", t.now.right))
	default:
		t.say(t.pick("All right, we'll stop here.", "Good, let's leave it there."))
	}
	return true
}

// tellProgress says how far the learner has come.
func (t *turn) tellProgress() bool {
	if t.now.run == reviewing {
		t.say(fmt.Sprintf("You knew %d of %d so far, and %s to go.", t.now.recalls, t.now.seen, count(len(t.now.cards)+waiting(t.now.asked), "card is", "cards are")))
		return true
	}
	if t.plan == nil {
		return false
	}
	if !t.engaged() && t.now.run == idle && t.now.segment == 0 && t.now.question == 0 {
		return false
	}
	if t.now.segment > 0 {
		t.say(fmt.Sprintf("You are at part %d of %d.", t.now.segment, len(t.plan.Segments)))
	}
	answered := t.now.right + len(t.now.missed)
	switch {
	case answered > 0:
		t.say(fmt.Sprintf("In the quiz you have %d of %d right.", t.now.right, answered))
		if left := len(t.now.queue) + waiting(t.now.asked); t.now.run == quizzing && left > 0 {
			t.say(count(left, "question is", "questions are") + " left.")
		}
	case t.now.segment == 0:
		t.say("We haven't begun yet. Say: read me the lesson, or: quiz me.")
	}
	return true
}

func waiting(a *asked) int {
	if a == nil {
		return 0
	}
	return 1
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "One " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
