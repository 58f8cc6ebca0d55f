package lesson

import (
	"regexp"
	"strings"
	"unicode"

	"parley/engine"
)

// ExportMarkdown is a lesson as a Markdown file: its text as it was shown.
func ExportMarkdown(l engine.Lesson) []byte {
	text := strings.TrimSpace(strings.ReplaceAll(l.Markdown, "\r\n", "\n"))
	if text == "" && l.Plan != nil {
		text = strings.TrimSpace(Markdown(*l.Plan))
	}
	if !strings.HasPrefix(text, "# ") {
		text = strings.TrimSpace("# " + plain(title(l)) + "\n\n" + text)
	}
	return []byte(text + "\n")
}

// FileName is a name for a lesson's file: its title in lower case, of letters and
// digits joined by hyphens, and the ending, such as ".md".
func FileName(l engine.Lesson, ending string) string { return slug(title(l)) + ending }

// longName bounds a file's name, in characters.
const longName = 60

// escaped is a sign that Markdown would take for its own, but for the backslash.
var escaped = regexp.MustCompile(`\\([[:punct:]])`)

// title is a lesson's title, in one line and without Markdown.
func title(l engine.Lesson) string {
	first, _, _ := strings.Cut(l.Markdown, "\n")
	heading, _ := strings.CutPrefix(first, "# ")
	for _, t := range []string{l.Title, planTitle(l.Plan), heading} {
		if t = line(escaped.ReplaceAllString(t, "$1")); t != "" {
			return t
		}
	}
	return "Lesson"
}

func planTitle(p *engine.Plan) string {
	if p == nil {
		return ""
	}
	return p.Title
}

func slug(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	name := []rune(strings.Join(words, "-"))
	if len(name) == 0 {
		return "lesson"
	}
	return strings.Trim(string(name[:min(len(name), longName)]), "-")
}
