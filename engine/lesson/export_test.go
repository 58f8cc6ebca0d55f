package lesson

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"parley/engine"
)

// nasty is a lesson whose texts have all that a format could stumble over.
func nasty() engine.Lesson {
	p := goodPlan()
	p.Title = `Tabs	& <b>"quotes"</b>`
	p.Segments[0].Text = "A ![picture](https://example.org/p.png), [run](javascript:alert(1)) and `code` <em>\n\n<script>alert(1)</script>\n\n```\na\tb\n```"
	p.Segments[0].Check = engine.Question{
		Prompt: "\"Is\ta < b\nor b > a?\"", Answer: "a < b & so on", Hint: "<i>",
		Options: []engine.Option{{Text: "yes\t<b>", Right: true, Comment: "\"Yes\""}, {Text: "no\nnever", Comment: "a\tb"}},
	}
	p.Glossary = append(p.Glossary, engine.Term{Word: "*lever*\tbar", Meaning: "a **bar**\n\n```\na\tb\n```"})
	return engine.Lesson{Title: p.Title, Markdown: Markdown(p), Plan: &p}
}

func TestExport(t *testing.T) {
	p := goodPlan()
	for name, l := range map[string]engine.Lesson{
		"plain":   {Title: "Levers", Markdown: Markdown(p), Plan: &p},
		"nasty":   nasty(),
		"no-plan": {Title: "Levers", Markdown: "# Levers\n\nA bar.\n\n## The law\n\nForce *times* arm.\n\n- a\n- b\n\n## Empty\n"},
		"empty":   {},
	} {
		page, err := ExportHTML(l)
		if err != nil {
			t.Fatal(err)
		}
		cards, err := ExportAnki(l)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "export/"+name+".html", string(page))
		golden(t, "export/"+name+".txt", string(cards))
		golden(t, "export/"+name+".md", string(ExportMarkdown(l)))
	}
}

// Anki reads the notes as CSV: every line has three columns, and no front comes
// twice.
func TestAnkiCanRead(t *testing.T) {
	b := newBuilder(t)
	_, bank := write(t, b, engine.LessonRequest{Topic: "bank", Level: "in depth"})
	for _, l := range []engine.Lesson{nasty(), {Title: "Bank", Plan: bank}, {Title: "T", Markdown: "# T\n\na\tb\n\n## \"x\"\n\ny"}} {
		text, err := ExportAnki(l)
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma, r.Comment, r.FieldsPerRecord = '\t', '#', 3
		notes, err := r.ReadAll()
		if err != nil || len(notes) == 0 {
			t.Fatalf("%s: %d notes, %v", l.Title, len(notes), err)
		}
		fronts := make(map[string]bool)
		for _, n := range notes {
			if fronts[n[0]] || n[1] == "" || strings.ContainsAny(n[2], "<&\"") {
				t.Errorf("%s: %q", l.Title, n)
			}
			fronts[n[0]] = true
		}
	}
}

// Importing again finds the notes again: another order of the options, other
// comments and other answers leave the fronts as they were.
func TestAnkiFrontsAreStable(t *testing.T) {
	fronts := func(p engine.Plan) string {
		text, err := ExportAnki(engine.Lesson{Title: "Levers", Plan: &p})
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`(?m)\t.*$`).ReplaceAllString(string(text), "")
	}
	changed := goodPlan()
	q := &changed.Segments[0].Check
	q.Options[0], q.Options[2] = q.Options[2], q.Options[0]
	q.Options[0].Comment, q.Answer, q.Hint = "other", "other", "other"
	changed.Glossary[0].Meaning = "other"
	if a, b := fronts(goodPlan()), fronts(changed); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestPagesFetchAndRunNothing(t *testing.T) {
	page, err := ExportHTML(nasty())
	if err != nil {
		t.Fatal(err)
	}
	if bad := regexp.MustCompile(`(?i)<(script|img|link|iframe|object)|javascript:|\son\w+=|url\(|src=`).Find(page); bad != nil {
		t.Errorf("the page has %q", bad)
	}
}

func TestFileName(t *testing.T) {
	for want, l := range map[string]engine.Lesson{
		"the-french-revolution.md":            {Title: "The French Revolution!"},
		"lesson.md":                           {Title: "../.."},
		"öl-2.md":                             {Markdown: "# Öl/2\n\nx"},
		"c.md":                                {Plan: &engine.Plan{Title: "C++"}},
		strings.Repeat("a", longName) + ".md": {Title: strings.Repeat("a", 300)},
	} {
		if got := FileName(l, ".md"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
