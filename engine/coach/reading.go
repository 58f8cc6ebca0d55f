package coach

import (
	"context"
	"fmt"
	"strings"

	"parley/engine"
)

// startReading reads the lesson from its beginning, a portion a turn.
func (t *turn) startReading() bool {
	if len(t.plan.Segments) == 0 {
		t.say("This lesson has no parts that I could read.")
		return true
	}
	return t.goTo(1, "")
}

// goTo reads a part of the lesson, from 1.
func (t *turn) goTo(segment int, before string) bool {
	if len(t.plan.Segments) == 0 {
		return false
	}
	t.now.run, t.now.asked, t.now.away = reading, nil, false
	t.now.segment, t.now.portion = min(segment, len(t.plan.Segments)), 0
	t.say(before)
	t.read()
	return true
}

// goToPart reads the part that is about something.
func (t *turn) goToPart(about string) bool {
	n := partAbout(t.plan, about)
	if n == 0 {
		var parts []string
		for _, s := range t.plan.Segments {
			if name := speakable(s.Title); name != "" && len(parts) < 5 {
				parts = append(parts, name)
			}
		}
		if len(parts) == 0 {
			return false
		}
		t.say(fmt.Sprintf("I don't find that in this lesson. Its parts are: %s.", list(parts)))
		return true
	}
	return t.goTo(n, "")
}

// partAbout is the segment, from 1, whose title, or else whose text, has what is
// looked for; 0 if none has.
func partAbout(p *engine.Plan, about string) int {
	want := content(words(about))
	found, best := 0, 0.5
	for i, s := range p.Segments {
		inTitle := max(covered(want, words(s.Title)), asSound(want, words(s.Title)))
		if score := 2*inTitle + covered(want, words(s.Text)); score > best {
			found, best = i+1, score
		}
	}
	return found
}

// goOn reads what comes next, or goes on with what the learner was in.
func (t *turn) goOn(ctx context.Context) bool {
	switch t.now.run {
	case quizzing:
		return t.nextQuestion()
	case reviewing:
		return t.nextCard(ctx)
	}
	return t.readOn()
}

// readOn reads the next portion, or the next part.
func (t *turn) readOn() bool {
	if len(t.plan.Segments) == 0 {
		return false
	}
	t.now.asked, t.now.away = nil, false
	switch {
	case t.now.segment == 0:
		return t.startReading()
	case t.now.portion < len(portions(t.plan.Segments[t.now.segment-1].Text)):
		t.now.run = reading
		t.read()
		return true
	case t.now.segment < len(t.plan.Segments):
		return t.goTo(t.now.segment+1, "")
	}
	t.now.run = idle
	if len(questions(t.plan)) == 0 {
		t.say("That was the whole lesson.")
		return true
	}
	t.now.offer = offerQuiz
	t.say("That was the whole lesson. Shall I quiz you?")
	return true
}

// read says the next portion of the part that is being read, and after the last
// asks its question.
func (t *turn) read() {
	s := t.plan.Segments[t.now.segment-1]
	all := portions(s.Text)
	if t.now.portion == 0 {
		if name := speakable(s.Title); name != "" {
			t.say(strings.TrimRight(fmt.Sprintf("Part %d: %s", t.now.segment, name), ".") + ".")
		}
	}
	if t.now.portion < len(all) {
		t.say(all[t.now.portion])
		t.now.portion++
	}
	switch {
	case t.now.portion < len(all):
		t.now.offer = offerNext
		t.say(t.pick("Shall I go on?", "Say next, and I'll go on."))
	case s.Check.Prompt != "":
		t.ask(asked{question: s.Check, from: ofCheck, index: t.now.segment - 1})
	case t.now.segment < len(t.plan.Segments):
		t.now.offer = offerNext
		t.say(t.pick("Say next for the next part.", "Shall I go on?"))
	default:
		t.readOn()
	}
}

// example gives the next example: worked, or with steps that the learner is to
// find.
func (t *turn) example() bool {
	if len(t.plan.Examples) == 0 {
		return false
	}
	e := t.plan.Examples[t.now.example%len(t.plan.Examples)]
	t.now.example++
	t.now.offer = offerNothing
	t.say(sentence(e.Problem))
	given := min(max(0, e.Given), len(e.Steps))
	for i, step := range e.Steps[:given] {
		t.say(fmt.Sprintf("Step %d: %s", i+1, sentence(step)))
	}
	if given == len(e.Steps) && given > 0 || e.Answer == "" {
		if e.Answer != "" {
			t.say("So: " + sentence(e.Answer))
		}
		if t.now.asked != nil {
			return t.askAgain("Now back to the question.")
		}
		return true
	}
	q := engine.Question{Prompt: "What is the answer?", Accept: []string{e.Answer}, Answer: e.Answer}
	if given > 0 {
		q.Prompt = "How does it go on, and what comes out?"
	}
	if given < len(e.Steps) {
		q.Hint = e.Steps[given]
		q.Answer = strings.Join(append(e.Steps[given:len(e.Steps):len(e.Steps)], e.Answer), "\n")
	}
	t.ask(asked{question: q, from: ofExample})
	return true
}

// summarise says the lesson in short.
func (t *turn) summarise() bool {
	text := t.plan.Summary
	if text == "" {
		for _, s := range t.plan.Segments {
			if first := sentences(sentence(s.Text)); len(first) > 0 {
				text += " " + first[0]
			}
		}
	}
	short := portions(text)
	if len(short) == 0 {
		return false
	}
	t.say("In short:", short[0])
	if len(short) > 1 {
		t.say(short[1])
	}
	return true
}
