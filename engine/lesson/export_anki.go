package lesson

import (
	"html"
	"slices"
	"strings"

	"parley/engine"
)

// ankiHead begins the file. The headers are those of "Text Files" in Anki's manual
// (docs.ankiweb.net/importing/text-files.html), known since Anki 2.1.54; earlier ones
// take them for comments.
const ankiHead = "#separator:tab\n#html:true\n#deck:Parley\n#notetype:Basic\n#columns:Front\tBack\tTags\n#tags column:3\n"

// ExportAnki is a lesson as text that Anki imports: a note for every question and
// every word of the glossary; of a lesson without a plan, for every section. Anki
// tells notes apart by their first field: it begins with the lesson's title and holds
// nothing that may change, so that importing again updates the notes, and what was
// learned stays.
func ExportAnki(l engine.Lesson) ([]byte, error) {
	d := deck{lesson: title(l)}
	if l.Plan == nil {
		if err := d.sections(string(ExportMarkdown(l))); err != nil {
			return nil, err
		}
		return []byte(d.text()), nil
	}
	for _, q := range asked(*l.Plan) {
		d.question(q)
	}
	for _, t := range l.Plan.Glossary {
		word, err := inline(t.Word)
		if err != nil {
			return nil, err
		}
		meaning, err := inline(t.Meaning)
		if err != nil {
			return nil, err
		}
		d.add("What is this: <b>"+word+"</b>?", meaning, "word")
	}
	return []byte(d.text()), nil
}

// deck collects notes.
type deck struct {
	lesson string
	lines  []string
	fronts []string
}

// add adds a note, unless there is one with that front.
func (d *deck) add(front, back, kind string) {
	front = "<small>" + cell(d.lesson) + "</small><br>" + front
	if slices.Contains(d.fronts, front) {
		return
	}
	d.fronts = append(d.fronts, front)
	d.lines = append(d.lines, front+"\t"+back+"\tparley parley::"+slug(d.lesson)+" parley::"+kind)
}

func (d *deck) text() string {
	text := ankiHead
	for _, l := range d.lines {
		text += l + "\n"
	}
	return text
}

// question adds a question; its options are on the front, in the order of the
// alphabet, since that of the lesson may change.
func (d *deck) question(q engine.Question) {
	front := cell(q.Prompt)
	options := slices.SortedStableFunc(slices.Values(q.Options), func(a, b engine.Option) int { return strings.Compare(a.Text, b.Text) })
	for _, o := range options {
		front += "<br>• " + cell(o.Text)
	}
	back := ""
	for _, o := range options {
		if o.Right {
			back += "<b>" + cell(o.Text) + "</b><br>"
		}
	}
	back += cell(q.Answer)
	if q.Hint != "" {
		back += "<br><br>Hint: " + cell(q.Hint)
	}
	for _, o := range options {
		if o.Comment != "" && !o.Right {
			back += "<br>• " + cell(o.Text) + ": " + cell(o.Comment)
		}
	}
	d.add(front, back, "question")
}

// sections adds a note for every section of a text.
func (d *deck) sections(markdown string) error {
	for i, part := range strings.Split("\n"+markdown, "\n## ") {
		if i == 0 {
			_, part, _ = strings.Cut(strings.TrimSpace(part), "\n")
			part = d.lesson + "\n" + part
		}
		heading, text, _ := strings.Cut(part, "\n")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		back, err := inline(text)
		if err != nil {
			return err
		}
		head, err := inline(heading)
		if err != nil {
			return err
		}
		d.add(head, back, "section")
	}
	return nil
}

// cell is plain text as a field in HTML, of one line: quotation marks are escaped,
// too, since one that begins a field would quote it.
func cell(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(strings.TrimSpace(text), "\t", " ")), "\n", "<br>")
}
