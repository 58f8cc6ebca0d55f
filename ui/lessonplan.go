package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// section is a piece of a lesson as the panel sets it: Markdown or, with a number,
// a question of the lesson.
type section struct {
	text     string
	question int    // from 1; 0: none
	name     string // of the question: "Check yourself"
}

// sectionsOf are the sections of a lesson: of its plan or, while there is none, of
// its text.
func sectionsOf(l engine.Lesson) []section {
	if l.Plan != nil {
		return planned(l.Plan)
	}
	var all []section
	markdown := lessonBody(l)
	for at := 0; at < len(markdown); { // cut before each heading of level 2
		next := strings.Index(markdown[at+1:], "\n## ")
		end := len(markdown)
		if next >= 0 {
			end = at + 1 + next + 1
		}
		all = append(all, section{text: markdown[at:end]})
		at = end
	}
	return all
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

// outline gathers the sections of a plan.
type outline struct {
	sections []section
	question int
}

// planned are the sections of a plan, from what it is for to where it is from.
func planned(p *engine.Plan) []section {
	var o outline
	o.text("", p.Goal)
	o.list(lang.L("By the end you can"), p.Objectives)
	o.list(lang.L("What you should know first"), p.Before)
	for i, s := range p.Segments {
		o.text(fmt.Sprintf("%d · %s", i+1, capital(s.Title)), s.Text)
		if s.Check.Prompt != "" {
			o.ask(lang.L("Check yourself"))
		}
	}
	quiz := o.question + 1 // which stands behind the examples, but is numbered before
	o.question += len(p.Quiz)
	for _, e := range p.Examples {
		o.text(exampleTitle(e), exampleText(e))
		if !worked(e) {
			o.ask(lang.L("Your turn"))
		}
	}
	var wrong []string
	for _, m := range p.Misconceptions {
		wrong = append(wrong, fmt.Sprintf("*%s* %s", oneLine(m.Belief), oneLine(m.Correction)))
	}
	o.list(lang.L("Often believed, but not so"), wrong)
	o.text(lang.L("In short"), p.Summary)
	if len(p.Quiz) > 0 {
		o.text(lang.L("Quiz"), lang.L("Click the answers, or say “quiz me”."))
	}
	for i := range p.Quiz {
		o.sections = append(o.sections, section{question: quiz + i,
			name: lang.L("Question {{.Number}} of {{.Count}}", values{"Number": i + 1, "Count": len(p.Quiz)})})
	}
	var words []string
	for _, t := range p.Glossary {
		words = append(words, fmt.Sprintf("**%s**: %s", oneLine(t.Word), oneLine(t.Meaning)))
	}
	o.list(lang.L("Words"), words)
	o.list(lang.L("Sources"), p.Sources)
	o.text("", p.Note)
	return o.sections
}

func (o *outline) text(title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if title != "" {
		text = "## " + title + "\n\n" + text
	}
	o.sections = append(o.sections, section{text: text})
}

func (o *outline) list(title string, items []string) {
	if len(items) > 0 {
		o.text(title, "- "+strings.Join(items, "\n- "))
	}
}

func (o *outline) ask(name string) {
	o.question++
	o.sections = append(o.sections, section{question: o.question, name: name})
}

// worked reports whether an example is worked whole.
func worked(e engine.Example) bool { return e.Given >= len(e.Steps) && len(e.Steps) > 0 }

func exampleTitle(e engine.Example) string {
	switch {
	case worked(e):
		return lang.L("Worked example")
	case e.Given > 0:
		return lang.L("Half-worked example")
	}
	return lang.L("Now you")
}

// exampleText is a problem with as many of its steps as are given.
func exampleText(e engine.Example) string {
	text := e.Problem
	for i, step := range e.Steps[:min(max(e.Given, 0), len(e.Steps))] {
		if i == 0 {
			text += "\n"
		}
		text += fmt.Sprintf("\n%d. %s", i+1, oneLine(step))
	}
	if worked(e) && e.Answer != "" {
		text += "\n\n**" + lang.L("Answer") + ".** " + e.Answer
	}
	return text
}

// rest is what is asked of an example that is not worked whole.
func rest(e engine.Example) engine.Question {
	q := engine.Question{Prompt: lang.L("What is the answer?"), Answer: e.Answer}
	given := max(e.Given, 0)
	if given > 0 {
		q.Prompt = lang.L("How does it go on?")
	}
	if given < len(e.Steps) {
		q.Hint = e.Steps[given]
		q.Answer = strings.Join(append(e.Steps[given:len(e.Steps):len(e.Steps)], e.Answer), " ")
	}
	return q
}

// minutes is about how long a lesson takes, 0 where there is no plan to tell from.
func minutes(p *engine.Plan) int {
	if p == nil {
		return 0
	}
	const aMinute, perQuestion = 140, 70 // words that are read and thought over in a minute; that a question takes
	words := perQuestion * len(questions(p))
	for _, s := range planned(p) {
		words += len(strings.Fields(s.text))
	}
	return (words + aMinute - 1) / aMinute
}
