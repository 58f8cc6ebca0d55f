package lesson

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"parley/engine"
)

// draft is a plan that comes member by member, and what has been shown of it.
type draft struct {
	plan  engine.Plan
	shown map[place]bool
	seen  map[string]int // how many values of each key have come, or entries of its list
	upTo  int            // where in the answer what has been shown ends
	next  int            // the first key that may still be shown as it comes
	held  bool           // something is wrong or out of order: the rest is shown at the end
	wrong []error
}

// take puts a member into the plan and returns its Markdown, if it can be shown at
// once: it is right, and everything before it has been shown.
func (d *draft) take(m member) string {
	order := slices.Index(keys, m.key)
	if order < 0 {
		return "" // nothing that we asked for
	}
	if d.seen == nil {
		d.seen = make(map[string]int)
	}
	if d.seen[m.key] != max(m.entry, 0) {
		d.held = true
		d.wrong = append(d.wrong, fmt.Errorf("%s: given twice", m.key))
		return ""
	}
	d.seen[m.key]++
	if err := set(&d.plan, m); err != nil {
		d.held = true
		d.wrong = append(d.wrong, err)
		return ""
	}
	at := place{m.key, max(m.entry, 0)}
	part := d.plan
	if m.entry >= 0 { // what was right of the list before it need not be told again
		part.Segments, part.Examples = tail(part.Segments, m.entry), tail(part.Examples, m.entry)
	}
	if len(slices.DeleteFunc(checkMember(part, m.key), func(err error) bool { return err == nil })) > 0 || order < d.next || m.key != keyTitle && !d.shown[place{keyTitle, 0}] {
		d.held = true
	}
	// The end gives answers away, and is made of everything: it waits.
	if d.held || order >= slices.Index(keys, keySources) || byEntry(m.key) && m.entry < 0 {
		return ""
	}
	d.next, d.upTo = order, m.end
	return d.show(at)
}

// tail is the last entry of a list, if it has as many as that.
func tail[T any](list []T, entry int) []T { return list[min(entry, len(list)):] }

// show marks a section as shown, and returns it.
func (d *draft) show(at place) string {
	if d.shown[at] {
		return ""
	}
	if d.shown == nil {
		d.shown = make(map[place]bool)
	}
	d.shown[at] = true
	return section(d.plan, at)
}

// rest yields the sections that have not been shown.
func (d *draft) rest() iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := range sections(d.plan) {
			if text := d.show(at); text != "" && !yield(text) {
				return
			}
		}
	}
}

// problems says what is wrong with the plan as it has come.
func (d *draft) problems() error {
	return errors.Join(append(slices.Clone(d.wrong), Validate(d.plan))...)
}

// replace puts another plan in the place of what has not been shown.
func (d *draft) replace(p engine.Plan) {
	for at := range d.shown {
		switch at.key {
		case keySegments:
			if at.entry >= len(p.Segments) {
				p.Segments = append(p.Segments, make([]engine.Segment, at.entry+1-len(p.Segments))...)
			}
			p.Segments[at.entry] = d.plan.Segments[at.entry]
		case keyExamples:
			if at.entry >= len(p.Examples) {
				p.Examples = append(p.Examples, make([]engine.Example, at.entry+1-len(p.Examples))...)
			}
			p.Examples[at.entry] = d.plan.Examples[at.entry]
		default:
			keep(&p, d.plan, at.key)
		}
	}
	d.plan, d.wrong = p, nil
}

// keep copies a member from one plan to another.
func keep(to *engine.Plan, from engine.Plan, key string) {
	switch key {
	case keyTitle:
		to.Title = from.Title
	case keyLevel:
		to.Level = from.Level
	case keyGoal:
		to.Goal = from.Goal
	case keyObjectives:
		to.Objectives = from.Objectives
	case keyBefore:
		to.Before = from.Before
	case keyMisconceptions:
		to.Misconceptions = from.Misconceptions
	case keyQuiz:
		to.Quiz = from.Quiz
	case keySummary:
		to.Summary = from.Summary
	case keyGlossary:
		to.Glossary = from.Glossary
	}
}

// set decodes a member into a plan.
func set(p *engine.Plan, m member) error {
	var into any
	switch {
	case m.key == keySegments && m.entry >= 0:
		p.Segments = append(p.Segments, engine.Segment{})
		into = &p.Segments[len(p.Segments)-1]
	case m.key == keyExamples && m.entry >= 0:
		p.Examples = append(p.Examples, engine.Example{})
		into = &p.Examples[len(p.Examples)-1]
	default:
		into = field(p, m.key)
	}
	err := json.Unmarshal(m.value, into)
	var mistyped *json.UnmarshalTypeError
	at := m.key
	if m.entry >= 0 {
		at = fmt.Sprintf("%s[%d]", m.key, m.entry)
	}
	switch {
	case errors.As(err, &mistyped):
		return fmt.Errorf("%s: a %s where %s is wanted", strings.TrimSuffix(at+"."+mistyped.Field, "."), mistyped.Value, mistyped.Type)
	case err != nil:
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

// field is where a plan keeps a member.
func field(p *engine.Plan, key string) any {
	return map[string]any{
		keyTitle: &p.Title, keyLevel: &p.Level, keyGoal: &p.Goal, keyObjectives: &p.Objectives, keyBefore: &p.Before,
		keySegments: &p.Segments, keyExamples: &p.Examples, keyMisconceptions: &p.Misconceptions, keyQuiz: &p.Quiz,
		keySummary: &p.Summary, keyGlossary: &p.Glossary, keySources: &p.Sources, keyNote: &p.Note,
	}[key]
}
