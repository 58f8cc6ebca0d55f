package coach

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/review"
)

// mostTries is how often an answer may be tried: once, and once with a hint.
const mostTries = 2

// longestAnswer is how many words a wrong answer may have, and longestSentence
// where the right one is a sentence: who says more has begun to talk of something
// else.
const (
	longestAnswer   = 16
	longestSentence = 40
)

// doubtful is the confidence (0 to 1) of the recogniser below which a wrong answer
// is asked back, once, rather than held against the learner.
const doubtful = 0.3

// answersByName: the turn is the answer to the question that waits, beyond doubt:
// an option's letter, place or words, or just what was asked for.
func (t *turn) answersByName() bool {
	if t.now.asked == nil {
		return false
	}
	q := t.now.asked.question
	if len(q.Options) > 0 {
		if n := chosen(t.said, len(q.Options)); n >= 0 {
			return !t.now.away || judge(q, t.req.Text).verdict == right || len(t.said) <= 3
		}
	}
	said := strings.Join(bare(t.said), " ")
	for _, o := range q.Options {
		if strings.Join(words(o.Text), " ") == said {
			return true
		}
	}
	return slices.ContainsFunc(q.Accept, func(a string) bool { return strings.Join(words(a), " ") == said })
}

// answers: the turn is to be taken for an answer to the question that waits.
func (t *turn) answers() bool {
	if t.now.asked == nil || len(t.said) == 0 {
		return false
	}
	j := judge(t.now.asked.question, t.req.Text)
	switch {
	case asks(t.said):
		return false
	case j.verdict == right:
		return true
	case t.now.away:
		return j.sure && len(t.said) <= 4 && !affirmations[t.said[0]] && !denials[t.said[0]]
	case j.sure || j.verdict == near:
		return true
	}
	longest := longestAnswer
	if all := accepted(t.now.asked.question); len(all) > 0 && len(words(all[0])) > 3 && len(t.now.asked.question.Options) == 0 {
		longest = longestSentence
	}
	return t.req.Teaching.Kind == "" && len(t.said) <= longest && !t.coach.other(t.req.Text)
}

// asking begins what is meant for an assistant, rather than for an examiner.
var (
	asking   = set("what what's what're who who's whose where where's when when's why why's how how's which")
	verbs    = set("is are was were do does did can could will would should shall may has have am might's much many long far old about come")
	commands = set(`tell show set remind play open close call send find search start stop explain describe translate write read sing
		order cancel pause resume convert define spell calculate remember turn switch define can could would will do does did should shall are am is was were have teach`)
)

// asks says whether words are a question or a command rather than an answer.
func asks(said []string) bool {
	said = bare(said)
	if len(said) < 2 {
		return false
	}
	if commands[said[0]] {
		return len(said) > 2
	}
	return asking[said[0]] && (strings.HasSuffix(said[0], "'s") || verbs[said[1]] || (said[0] == "what" || said[0] == "how") && len(said) > 2)
}

// answer judges the turn as the answer to the question that waits.
func (t *turn) answer(ctx context.Context) bool {
	a := *t.now.asked
	t.now.away = false
	j := judge(a.question, t.req.Text)
	if j.verdict == wrong && !j.sure && !a.doubted {
		switch {
		case len(a.question.Options) > 0:
			a.doubted = true
			t.say(t.pick("I didn't catch which one.", "Which one is that?"), "Say its letter, its number, or its words.")
		case t.req.Confidence > 0 && t.req.Confidence < doubtful:
			a.doubted = true
			t.say(t.pick("I'm not sure I heard that. Please say it again.", "I didn't catch your answer. Could you say it again?"))
		}
		if a.doubted {
			t.now.asked = &a
			return true
		}
	}
	a.tries++
	first := a.tries == 1 && a.hints == 0
	last := a.tries >= mostTries || len(a.question.Options) == 2
	switch {
	case j.verdict == right:
		t.say(t.pick("Right.", "That's right.", "Yes, exactly.", "Correct."), because(a.question, j.option))
		return t.settle(ctx, a, gradeOf(first), true)
	case j.verdict == near && last:
		t.say(t.pick("Close enough.", "I'll count that."), because(a.question, j.option))
		return t.settle(ctx, a, review.Hard, true)
	case j.verdict == near:
		t.say(t.pick("Almost.", "You're close.", "Nearly."))
		return t.retry(a, "Can you say it more exactly?", "Try once more.")
	case last:
		t.say(understood(a.question, j.option), t.pick("Not quite.", "I'm afraid not.", "No."), comment(a.question, j.option), solution(a.question))
		return t.settle(ctx, a, review.Again, false)
	}
	t.say(understood(a.question, j.option), t.pick("Not quite.", "I'm afraid not.", "Not yet."), comment(a.question, j.option))
	return t.retry(a, "Try once more.", "Have another go.", "What do you think now?")
}

// retry helps, and lets the question wait for another try.
func (t *turn) retry(a asked, ways ...string) bool {
	help := hintFor(a.question, a.hints+1)
	if more := direction(a.question, t.said); more != "" && (help == "" || a.hints > 0) {
		help = more
	}
	a.hints++
	t.now.asked = &a
	t.say(help)
	return t.then(ways...)
}

// direction says whether the number asked for is more or less than the one
// given, or that it is a number.
func direction(q engine.Question, said []string) string {
	want, given := math.NaN(), math.NaN()
	for _, accept := range q.Accept {
		want = firstNumber(words(accept), want)
	}
	given = firstNumber(said, given)
	switch {
	case given < want:
		return "It is more than that."
	case given > want:
		return "It is less than that."
	case !math.IsNaN(want) && math.IsNaN(given) && len(words(q.Accept[0])) < 3:
		return "It is a number."
	}
	return ""
}

func firstNumber(said []string, otherwise float64) float64 {
	for _, w := range numbers(said) {
		if v, err := strconv.ParseFloat(w, 64); err == nil && isNumeral(w) {
			return v
		}
	}
	return otherwise
}

func (t *turn) then(ways ...string) bool {
	t.say(t.pick(ways...))
	return true
}

func gradeOf(first bool) review.Grade {
	if first {
		return review.Good
	}
	return review.Hard
}

// unknown: the learner does not know. A hint comes first, then the answer.
func (t *turn) unknown(ctx context.Context) bool {
	if a := t.now.asked; a.hints == 0 && a.tries == 0 && !t.wantsTold() {
		t.hint(t.pick("No problem.", "Never mind.", "That's all right."))
		return t.then("Any idea?", "Does that help?", "What do you think?")
	}
	a := *t.now.asked
	t.say(t.pick("Here it is.", "All right."), solution(a.question))
	return t.settle(ctx, a, review.Again, false)
}

// wantsTold: the answer itself was asked for.
func (t *turn) wantsTold() bool {
	return slices.Contains(t.said, "answer") || slices.Contains(t.said, "tell") || slices.Contains(t.said, "up")
}

// skip leaves the question out.
func (t *turn) skip(ctx context.Context) bool {
	a := *t.now.asked
	t.say(t.pick("All right, we'll leave that one.", "Skipping that one."))
	return t.settle(ctx, a, 0, false)
}

// settle books an answer that is final, and goes on. Grade 0 is none.
func (t *turn) settle(ctx context.Context, a asked, grade review.Grade, knew bool) bool {
	t.now.asked = nil
	switch a.from {
	case ofQuiz:
		if knew {
			t.now.right++
		} else {
			t.now.missed = append(slices.Clip(t.now.missed), a.index)
		}
		if len(t.plan.Quiz) > 0 {
			t.grade(Card{Lesson: t.req.Lesson.ID, Index: a.index, Question: a.question, Title: t.plan.Title}, grade)
		}
		return t.nextQuestion()
	case ofReview:
		t.now.seen++
		if knew {
			t.now.recalls++
		}
		t.grade(a.card, grade)
		return t.nextCard(ctx)
	case ofCheck:
		if t.now.run == reading {
			return t.readOn()
		}
	}
	return true
}

// understood names the option that was understood: letters sound alike, and the
// learner shall know which one was taken.
func understood(q engine.Question, option int) string {
	if option < 0 || option >= min(len(q.Options), len(optionNames)) {
		return ""
	}
	return fmt.Sprintf("%s, %s", optionNames[option:option+1], sentence(q.Options[option].Text))
}

// because says why an answer is right.
func because(q engine.Question, option int) string {
	if option >= 0 && option < len(q.Options) && q.Options[option].Comment != "" {
		return sentence(q.Options[option].Comment)
	}
	return sentence(q.Answer)
}

// comment says what is wrong with an option.
func comment(q engine.Question, option int) string {
	if option >= 0 && option < len(q.Options) {
		return sentence(q.Options[option].Comment)
	}
	return ""
}

// solution is the right answer, with why.
func solution(q engine.Question) string {
	for i, o := range q.Options {
		if o.Right && i < len(optionNames) {
			return strings.TrimSpace(fmt.Sprintf("The answer is %s: %s %s", optionNames[i:i+1], sentence(o.Text), orElse(sentence(q.Answer), sentence(o.Comment))))
		}
	}
	if q.Answer != "" {
		return sentence(q.Answer)
	}
	if all := accepted(q); len(all) > 0 {
		return "The answer is " + sentence(all[0])
	}
	return ""
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
