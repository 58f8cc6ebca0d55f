package lesson

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley/engine"
)

// How large a plan may be, in characters and in entries. A lesson of an hour stays
// far below.
const (
	longLine = 400
	longText = 6000
	mostRows = 40 // entries of any list
	mostKeys = 8  // options of a question
)

// Validate says what is wrong with a plan, place by place, in words that a model
// can put right: every question can be asked and judged, every example shown, and
// nothing is larger than a panel can hold. It is nil for a plan that can be taught
// from.
func Validate(p engine.Plan) error {
	var errs []error
	for _, key := range keys {
		errs = append(errs, checkMember(p, key)...)
	}
	if len(p.Segments) == 0 {
		errs = append(errs, errors.New("segments: there is none"))
	}
	return errors.Join(errs...)
}

// checkMember says what is wrong with one member of a plan.
func checkMember(p engine.Plan, key string) (errs []error) {
	switch key {
	case keyTitle:
		errs = append(errs, checkText(key, p.Title, longLine, true))
	case keyLevel:
		errs = append(errs, checkText(key, p.Level, longLine, false))
	case keyGoal:
		errs = append(errs, checkText(key, p.Goal, longLine, false))
	case keyObjectives:
		errs = checkList(key, p.Objectives, func(at, s string) []error { return one(checkText(at, s, longLine, true)) })
	case keyBefore:
		errs = checkList(key, p.Before, func(at, s string) []error { return one(checkText(at, s, longLine, true)) })
	case keySegments:
		errs = checkList(key, p.Segments, checkSegment)
	case keyExamples:
		errs = checkList(key, p.Examples, checkExample)
	case keyMisconceptions:
		errs = checkList(key, p.Misconceptions, func(at string, m engine.Misconception) []error {
			return []error{checkText(at+".belief", m.Belief, longLine, true), checkText(at+".correction", m.Correction, longText, true)}
		})
	case keyQuiz:
		errs = checkList(key, p.Quiz, checkQuestion)
	case keySummary:
		errs = append(errs, checkText(key, p.Summary, longText, false))
	case keyGlossary:
		errs = checkList(key, p.Glossary, func(at string, t engine.Term) []error {
			return []error{checkText(at+".word", t.Word, longLine, true), checkText(at+".meaning", t.Meaning, longText, true)}
		})
	case keySources:
		errs = checkList(key, p.Sources, func(at, s string) []error { return one(checkText(at, s, longText, true)) })
	case keyNote:
		errs = append(errs, checkText(key, p.Note, longText, false))
	}
	return errs
}

func one(err error) []error { return []error{err} }

// checkList checks every entry of a list by its place: "quiz[2]", from 0.
func checkList[T any](key string, list []T, check func(at string, entry T) []error) []error {
	if len(list) > mostRows {
		return one(fmt.Errorf("%s: %d entries, %d at most", key, len(list), mostRows))
	}
	var errs []error
	for i, entry := range list {
		errs = append(errs, check(fmt.Sprintf("%s[%d]", key, i), entry)...)
	}
	return errs
}

func checkText(at, text string, most int, needed bool) error {
	switch n := utf8.RuneCountInString(text); {
	case needed && strings.TrimSpace(text) == "":
		return fmt.Errorf("%s: empty", at)
	case n > most:
		return fmt.Errorf("%s: %d characters, %d at most", at, n, most)
	}
	return nil
}

func checkSegment(at string, s engine.Segment) []error {
	errs := []error{checkText(at+".title", s.Title, longLine, true), checkText(at+".text", s.Text, longText, true)}
	if s.Check.Prompt != "" {
		errs = append(errs, checkQuestion(at+".check", s.Check)...)
	}
	return errs
}

func checkExample(at string, e engine.Example) []error {
	errs := []error{checkText(at+".problem", e.Problem, longText, true), checkText(at+".answer", e.Answer, longText, true)}
	if e.Given < 0 || e.Given > len(e.Steps) {
		errs = append(errs, fmt.Errorf("%s.given: %d, but there are %d steps", at, e.Given, len(e.Steps)))
	}
	return append(errs, checkList(at+".steps", e.Steps, func(at, s string) []error { return one(checkText(at, s, longText, true)) })...)
}

func checkQuestion(at string, q engine.Question) []error {
	errs := []error{
		checkText(at+".prompt", q.Prompt, longLine*2, true),
		checkText(at+".hint", q.Hint, longLine*2, false),
		checkText(at+".answer", q.Answer, longText, true),
	}
	if len(q.Options) == 0 {
		if len(q.Accept) == 0 {
			errs = append(errs, fmt.Errorf("%s: neither options nor accepted answers", at))
		}
		return append(errs, checkList(at+".accept", q.Accept, func(at, s string) []error { return one(checkText(at, s, longLine, true)) })...)
	}
	right, seen := 0, make(map[string]bool)
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", at, i)
		errs = append(errs, checkText(at+".text", o.Text, longLine, true), checkText(at+".comment", o.Comment, longText, false))
		if o.Right {
			right++
		}
		text := strings.ToLower(strings.TrimSpace(o.Text))
		if seen[text] {
			errs = append(errs, fmt.Errorf("%s: the same as another option", at))
		}
		seen[text] = true
	}
	switch {
	case len(q.Options) < 2 || len(q.Options) > mostKeys:
		errs = append(errs, fmt.Errorf("%s.options: %d of them, 2 to %d wanted", at, len(q.Options), mostKeys))
	case right != 1:
		errs = append(errs, fmt.Errorf("%s.options: %d are right, exactly one must be", at, right))
	}
	return errs
}
