package ui

import (
	"slices"
	"strings"
	"unicode"

	"parley/engine"
)

// Study is what has come of a lesson's questions, in the order of the panel: the
// checks of the segments, then the quiz, then the examples that are not worked
// whole. It is a plain value; what it points at is never changed.
type Study struct {
	Asked   int      // the question that was asked aloud and waits, from 1; 0: none
	Answers []Answer // by question; those missing are zero
}

// Answer is what has come of a question.
type Answer struct {
	Option int  // the one that was chosen last, from 1; 0: none
	Right  bool // it has been answered rightly
	Hint   bool // the hint is shown
	Told   bool // the answer is shown
}

// answer is what has come of question n, from 1.
func (s Study) answer(n int) Answer {
	if n < 1 || n > len(s.Answers) {
		return Answer{}
	}
	return s.Answers[n-1]
}

// with is s after a came of question n.
func (s Study) with(n int, a Answer) Study {
	all := make([]Answer, max(n, len(s.Answers)))
	copy(all, s.Answers)
	all[n-1] = a
	s.Answers = all
	if (a.Right || a.Told) && s.Asked == n {
		s.Asked = 0
	}
	return s
}

// choose is s after option of q, the nth question, was chosen; from 1 both.
func (s Study) choose(n int, q engine.Question, option int) Study {
	a := s.answer(n)
	if option < 1 || option > len(q.Options) || a.Right {
		return s
	}
	a.Option, a.Right = option, q.Options[option-1].Right
	return s.with(n, a)
}

// questions are a plan's questions in the order of the panel.
func questions(p *engine.Plan) []engine.Question {
	if p == nil {
		return nil
	}
	all := append(checks(p), p.Quiz...)
	for _, e := range p.Examples {
		if !worked(e) {
			all = append(all, rest(e))
		}
	}
	return all
}

// checks are the questions after the segments.
func checks(p *engine.Plan) []engine.Question {
	var all []engine.Question
	for _, s := range p.Segments {
		if s.Check.Prompt != "" {
			all = append(all, s.Check)
		}
	}
	return all
}

// quizFrom is the number of the quiz's first question. A lesson without a quiz is
// quizzed by its checks.
func quizFrom(p *engine.Plan) int {
	if len(p.Quiz) == 0 {
		return 1
	}
	return len(checks(p)) + 1
}

// said is s after Parley has said text: a question of the plan in it now waits for
// its answer.
func (s Study) said(p *engine.Plan, text string) Study {
	if p == nil {
		return s
	}
	spoken, latest := letters(text), -1
	for i, q := range append(checks(p), p.Quiz...) {
		if prompt := letters(q.Prompt); prompt != "" {
			if at := strings.LastIndex(spoken, prompt); at > latest {
				latest, s.Asked = at, i+1
			}
		}
	}
	return s
}

// heard is s after the user has said text, perhaps an answer.
func (s Study) heard(p *engine.Plan, text string) Study {
	all := questions(p)
	if s.Asked < 1 || s.Asked > len(all) {
		return s
	}
	q := all[s.Asked-1]
	return s.choose(s.Asked, q, named(q, text))
}

// progressed is s after the learner has come from one progress to the next: a
// question of the quiz that was asked has been answered, rightly if more are
// right now.
func (s Study) progressed(p *engine.Plan, before, after engine.Progress) Study {
	if p == nil || before.Question == 0 || before.Question == after.Question {
		return s
	}
	n := quizFrom(p) + before.Question - 1
	all := questions(p)
	if n > len(all) || s.answer(n).Right || after.Questions != before.Questions {
		return s
	}
	a := s.answer(n)
	a.Right = after.Right > before.Right
	a.Told = a.Right || a.Option > 0 // else it was left out, and may be asked again
	if a.Right {
		a.Option = 1 + slices.IndexFunc(all[n-1].Options, func(o engine.Option) bool { return o.Right })
	}
	return s.with(n, a)
}

// named is the option of q, from 1, that text names by its words, its letter or
// its place; 0 for none. Whoever judges answers understands far more than that.
func named(q engine.Question, text string) int {
	said := letters(text)
	for i, o := range q.Options {
		if letters(o.Text) == said {
			return i + 1
		}
	}
	for _, before := range []string{"option", "answer", "letter", "the"} {
		if rest, ok := strings.CutPrefix(said, before+" "); ok {
			said = strings.TrimSuffix(rest, " one")
			break
		}
	}
	for i, names := range [][]string{{"a", "first"}, {"b", "second"}, {"c", "third"}, {"d", "fourth"}} {
		if i < len(q.Options) && slices.Contains(names, said) {
			return i + 1
		}
	}
	return 0
}

// letters are the words of text in lower case, parted by single spaces.
func letters(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
