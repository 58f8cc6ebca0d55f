package lesson

import (
	"fmt"
	"iter"
	"strings"

	"parley/engine"
)

// The members of a plan, by their names in JSON.
const (
	keyTitle          = "title"
	keyLevel          = "level"
	keyGoal           = "goal"
	keyObjectives     = "objectives"
	keyBefore         = "before"
	keySegments       = "segments"
	keyExamples       = "examples"
	keyMisconceptions = "misconceptions"
	keyQuiz           = "quiz"
	keySummary        = "summary"
	keyGlossary       = "glossary"
	keySources        = "sources"
	keyNote           = "note"
)

// keys are the members of a plan in the order in which they are taught, and in
// which a model is asked for them.
var keys = []string{
	keyTitle, keyLevel, keyGoal, keyObjectives, keyBefore, keySegments, keyExamples, keyMisconceptions,
	keyQuiz, keySummary, keyGlossary, keySources, keyNote,
}

// Markdown is a plan as text: all its sections.
func Markdown(p engine.Plan) string {
	var text strings.Builder
	for section := range Sections(p) {
		text.WriteString(section)
	}
	return text.String()
}

// Sections yields a plan as Markdown, section by section; each ends with an empty
// line. The first is the title, a heading of level 1. What gives answers away (hints
// first) comes last but for the sources.
func Sections(p engine.Plan) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := range sections(p) {
			if text := section(p, at); text != "" && !yield(text) {
				return
			}
		}
	}
}

// place names a section: a member of the plan, and which entry of it where every
// entry is a section by itself.
type place struct {
	key   string
	entry int
}

// closing are the sections that are made of the whole plan.
const closing = "answers"

// sections yields the places of a plan's sections in the order of the text.
func sections(p engine.Plan) iter.Seq[place] {
	return func(yield func(place) bool) {
		for _, key := range keys {
			count := 1
			switch key {
			case keySegments:
				count = len(p.Segments)
			case keyExamples:
				count = len(p.Examples)
			case keySources:
				if !yield(place{closing, 0}) {
					return
				}
			}
			for entry := range count {
				if !yield(place{key, entry}) {
					return
				}
			}
		}
	}
}

// section is the Markdown of one section; empty where there is nothing to tell.
func section(p engine.Plan, at place) string {
	switch at.key {
	case keyTitle:
		return "# " + capital(line(p.Title)) + "\n\n"
	case keyLevel:
		return paragraph("Level: ", p.Level)
	case keyGoal:
		return paragraph("Goal: ", p.Goal)
	case keyObjectives:
		return bullets("After this lesson you can", p.Objectives)
	case keyBefore:
		return bullets("What you should know first", p.Before)
	case keySegments:
		s := p.Segments[at.entry]
		return fmt.Sprintf("## %d. %s\n\n%s%s", at.entry+1, line(s.Title), body(s.Text), ask(fmt.Sprintf("Check %d", at.entry+1), s.Check))
	case keyExamples:
		return example(p.Examples[at.entry])
	case keyMisconceptions:
		var items []string
		for _, m := range p.Misconceptions {
			items = append(items, "*Not so:* "+line(m.Belief)+" *Rather:* "+line(m.Correction))
		}
		return bullets("Common misconceptions", items)
	case keyQuiz:
		text := ""
		for i, q := range p.Quiz {
			text += ask(fmt.Sprintf("Question %d", i+1), q)
		}
		return headed("Quiz", text)
	case keySummary:
		return headed("Summary", body(p.Summary))
	case keyGlossary:
		var items []string
		for _, t := range p.Glossary {
			items = append(items, "**"+line(t.Word)+"**: "+line(t.Meaning))
		}
		return bullets("Glossary", items)
	case closing:
		return hints(p) + answers(p)
	case keySources:
		return bullets("Sources", p.Sources)
	case keyNote:
		if note := body(p.Note); note != "" {
			return "---\n\n" + note
		}
	}
	return ""
}

// ask is a question without its answer.
func ask(name string, q engine.Question) string {
	if q.Prompt == "" {
		return ""
	}
	text := "**" + name + ".** " + plain(line(q.Prompt)) + "\n\n"
	for i, o := range q.Options {
		text += "- " + letter(i) + ". " + plain(line(o.Text)) + "\n"
	}
	if len(q.Options) > 0 {
		text += "\n"
	}
	return text
}

// example is a problem and as many steps as are given away.
func example(e engine.Example) string {
	title := "Now you"
	switch given := min(e.Given, len(e.Steps)); {
	case given > 0 && given == len(e.Steps):
		title = "A worked example"
	case given > 0:
		title = "Half-worked: you finish it"
	}
	text := "## " + title + "\n\n" + body(e.Problem)
	for i, step := range e.Steps[:min(max(e.Given, 0), len(e.Steps))] {
		text += fmt.Sprintf("%d. %s\n", i+1, line(step))
	}
	if e.Given > 0 {
		text += "\n"
	}
	if worked(e) {
		return text + "**Answer.** " + body(e.Answer)
	}
	return text
}

// worked says whether nothing of an example is left to the learner.
func worked(e engine.Example) bool { return len(e.Steps) > 0 && e.Given >= len(e.Steps) }

func headed(title, text string) string {
	if text == "" {
		return ""
	}
	return "## " + title + "\n\n" + text
}

func bullets(title string, items []string) string {
	text := ""
	for _, item := range items {
		if item = line(item); item != "" {
			text += "- " + item + "\n"
		}
	}
	if text != "" {
		text += "\n"
	}
	return headed(title, text)
}

func paragraph(label, text string) string {
	if text = line(text); text == "" {
		return ""
	}
	return label + text + "\n\n"
}

// letter names an option.
func letter(i int) string { return string(rune('A' + i)) }

// line is text in one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// body is text in paragraphs, whose lines are no headings, since those are ours, and
// begin no HTML, which would swallow what follows.
func body(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	code := false
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimLeft(l, " "), "```") {
			code = !code
		}
		if t := strings.TrimLeft(l, " "); !code && (strings.HasPrefix(t, "#") || strings.HasPrefix(t, "<")) && len(l)-len(t) < 4 {
			lines[i] = "\\" + t
		}
	}
	if code { // never closed: it would swallow what follows
		lines = append(lines, "```")
	}
	return strings.Join(lines, "\n") + "\n\n"
}
