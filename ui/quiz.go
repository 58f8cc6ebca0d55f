package ui

import (
	"net/url"

	"parley/engine"
)

// What a click says to Parley, as a voice would, where it is waited for.
const (
	sayReview = "review"
	sayHint   = "give me a hint"
	sayTold   = "tell me the answer"
)

// review has the cards that are due asked.
func (w *Window) review() {
	w.send(engine.Say{Text: sayReview})
	w.frame.closeOver()
}

// cardDoes is what a click on a question of the lesson does: it is shown in the
// panel and, when the question was asked aloud, said for the learner, so that it
// counts and Parley goes on.
func (w *Window) cardDoes() cardDoes {
	return cardDoes{
		choose: func(n, option int) {
			q, ok := w.question(n)
			if !ok || option > len(q.Options) || w.shown.Study.answer(n).Right {
				return
			}
			w.studied(n, q.Options[option-1].Text, func(s Study) Study { return s.choose(n, q, option) })
		},
		hint: func(n int) {
			w.studied(n, sayHint, func(s Study) Study {
				a := s.answer(n)
				a.Hint = true
				return s.with(n, a)
			})
		},
		tell: func(n int) {
			w.studied(n, sayTold, func(s Study) Study {
				a := s.answer(n)
				a.Told = true
				return s.with(n, a)
			})
		},
		link: func(to *url.URL) {
			if err := w.app.OpenURL(to); err != nil {
				w.log.Warn("ui: open a link", "err", err)
			}
		},
	}
}

// question is question n of the lesson, from 1.
func (w *Window) question(n int) (engine.Question, bool) {
	all := questions(w.shown.Lesson.Plan)
	if n < 1 || n > len(all) {
		return engine.Question{}, false
	}
	return all[n-1], true
}

// studied changes what has come of question n and, if it waits, says so.
func (w *Window) studied(n int, say string, change func(Study) Study) {
	waits := w.shown.Study.Asked == n
	w.bridge.change(func(s State) State {
		s.Study = change(s.Study)
		s.Version++
		return s
	})
	if waits {
		w.send(engine.Say{Text: say})
	}
}
