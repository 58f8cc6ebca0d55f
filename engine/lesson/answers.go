package lesson

import (
	"fmt"
	"iter"
	"strings"

	"parley/engine"
)

// asked yields the questions of a plan by the names they have in the text.
func asked(p engine.Plan) iter.Seq2[string, engine.Question] {
	return func(yield func(string, engine.Question) bool) {
		for i, s := range p.Segments {
			if s.Check.Prompt != "" && !yield(fmt.Sprintf("Check %d", i+1), s.Check) {
				return
			}
		}
		for i, q := range p.Quiz {
			if q.Prompt != "" && !yield(fmt.Sprintf("Question %d", i+1), q) {
				return
			}
		}
	}
}

// hints are what may be read before the answers.
func hints(p engine.Plan) string {
	var items []string
	for name, q := range asked(p) {
		if q.Hint != "" {
			items = append(items, name+": "+plain(line(q.Hint)))
		}
	}
	return bullets("Hints", items)
}

// answers are those of the questions and of the examples that were left to the
// learner.
func answers(p engine.Plan) string {
	text := ""
	for name, q := range asked(p) {
		text += "**" + name + ".** " + plain(answer(q)) + "\n\n"
		comments := ""
		for i, o := range q.Options {
			if o.Comment != "" {
				comments += "- " + letter(i) + ". "
				if len(o.Text) <= shortOption {
					comments += plain(line(o.Text)) + ": "
				}
				comments += plain(line(o.Comment)) + "\n"
			}
		}
		if comments != "" {
			text += comments + "\n"
		}
	}
	for _, e := range p.Examples {
		if worked(e) {
			continue
		}
		text += "**Example.** " + body(e.Problem)
		for i, step := range e.Steps {
			text += fmt.Sprintf("%d. %s\n", i+1, line(step))
		}
		if len(e.Steps) > 0 {
			text += "\n"
		}
		text += body(e.Answer)
	}
	return headed("Answers", text)
}

// shortOption is up to how many bytes an option is repeated with the comment on it.
const shortOption = 40

// answer is the right answer to a question, with its letter where it has one.
func answer(q engine.Question) string {
	var letters []string
	for i, o := range q.Options {
		if o.Right {
			letters = append(letters, letter(i))
		}
	}
	text := line(q.Answer)
	if len(letters) > 0 {
		text = strings.Join(letters, ", ") + ". " + text
	}
	return text
}
