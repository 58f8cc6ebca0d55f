package coach

import (
	"context"
	"fmt"

	"parley/engine"
)

// questions are what a quiz asks: the lesson's quiz, or, where it has none, the
// questions after its parts.
func questions(p *engine.Plan) []engine.Question {
	if len(p.Quiz) > 0 {
		return p.Quiz
	}
	var all []engine.Question
	for _, s := range p.Segments {
		if s.Check.Prompt != "" {
			all = append(all, s.Check)
		}
	}
	return all
}

// quiz begins the lesson's quiz, or goes on with it. Without a lesson the cards
// that are due are asked.
func (t *turn) quiz(ctx context.Context) bool {
	switch {
	case t.plan == nil && t.writing():
		t.say(t.pick("The lesson is nearly ready. Ask me again in a moment.", "Just a moment, the lesson is still being written."))
		return true
	case t.plan == nil:
		return t.quizWithout(ctx)
	}
	all := questions(t.plan)
	if len(all) == 0 {
		t.say("This lesson has no questions to ask. I can read it to you, or you can explain it to me.")
		return true
	}
	if t.now.run == quizzing && t.now.asked != nil {
		return t.askAgain("We're in the middle of it.")
	}
	every := make([]int, len(all))
	for i := range every {
		every[i] = i
	}
	t.now.right = 0
	t.say(t.pick("Here we go.", "Gladly.", "Let's see."))
	return t.quizOver(every)
}

// quizOver asks these questions of the quiz, by their index.
func (t *turn) quizOver(which []int) bool {
	if t.plan == nil || len(which) == 0 {
		return false
	}
	t.now.run, t.now.queue, t.now.missed, t.now.asked = quizzing, which, nil, nil
	return t.nextQuestion()
}

// nextQuestion asks the next question, or ends the quiz.
func (t *turn) nextQuestion() bool {
	t.now.asked = nil
	all := questions(t.plan)
	if len(t.now.queue) == 0 || t.now.queue[0] >= len(all) {
		t.endQuiz(len(all))
		return true
	}
	n := t.now.queue[0]
	t.now.queue = t.now.queue[1:]
	t.now.question = n + 1
	if len(all) > 1 {
		t.say(fmt.Sprintf("Question %d of %d.", n+1, len(all)))
	}
	t.ask(asked{question: all[n], from: ofQuiz, index: n})
	return true
}

func (t *turn) endQuiz(all int) {
	t.now.run, t.now.queue = idle, nil
	t.say("That was the last question.")
	if t.now.right == all {
		t.say(t.pick("You got them all right. Well done!", "All of them right. Very good!"))
		return
	}
	t.say(fmt.Sprintf("You got %d of %d right.", t.now.right, all))
	if len(t.now.missed) > 0 {
		t.now.offer = offerMissed
		t.say(t.pick("Shall we try the others again?", "Do you want to try those you missed again?"))
	}
}

// ask puts a question.
func (t *turn) ask(a asked) {
	a.at = t.coach.now()
	t.now.asked, t.now.away, t.now.offer = &a, false, offerNothing
	t.say(aloud(a.question)...)
}

// aloud is a question as it is spoken.
func aloud(q engine.Question) []string {
	said := []string{sentence(q.Prompt)}
	if len(q.Options) > 0 {
		said = append(said, optionsAloud(q)+".")
	}
	return said
}

// askAgain repeats the question that waits.
func (t *turn) askAgain(before string) bool {
	again := *t.now.asked
	t.say(before)
	t.ask(again)
	return true
}

// hint helps with the question that waits, each time a little more.
func (t *turn) hint(before string) bool {
	helped := *t.now.asked
	helped.hints++
	t.now.asked = &helped
	t.say(before, orElse(hintFor(helped.question, helped.hints), "I have no hint for this one. Say: I don't know, and I'll tell you."))
	return true
}

// hintFor is the nth hint to a question, from 1; "" if there is none.
func hintFor(q engine.Question, n int) string {
	if q.Hint != "" && n == 1 {
		return "A hint: " + sentence(q.Hint)
	}
	if len(q.Options) > 2 {
		for i, o := range q.Options {
			if !o.Right && i < len(optionNames) {
				return fmt.Sprintf("It is not %s, %s", optionNames[i:i+1], sentence(o.Text))
			}
		}
	}
	for _, accept := range accepted(q) {
		if all := words(accept); len(q.Options) == 0 && len(all) > 0 && len(all) < 5 && !isNumeral(all[0]) {
			return fmt.Sprintf("It begins with the letter %c.", []rune(speakable(accept))[0])
		}
	}
	if q.Hint != "" {
		return "A hint: " + sentence(q.Hint)
	}
	return ""
}
