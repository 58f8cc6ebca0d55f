package coach

import (
	"strings"

	"parley/engine"
)

// planOf is what there is to work with of a lesson: its plan, or, of one that is
// only text, its sections. Nil while it is being written, and without one.
func planOf(l engine.Lesson) *engine.Plan {
	if l.Plan != nil || l.Title == "" || l.Markdown == "" {
		return l.Plan
	}
	p := &engine.Plan{Title: l.Title}
	var title string
	var text []string
	end := func() {
		if whole := strings.TrimSpace(strings.Join(text, "\n")); whole != "" {
			p.Segments = append(p.Segments, engine.Segment{Title: title, Text: whole})
		}
		text = nil
	}
	for line := range strings.Lines(l.Markdown) {
		line = strings.TrimRight(line, "\r\n")
		if rest := strings.TrimLeft(line, "#"); rest != line && strings.HasPrefix(rest, " ") {
			end()
			title = strings.TrimSpace(rest)
			continue
		}
		text = append(text, line)
	}
	end()
	return p
}

// title is what a lesson is called in a spoken sentence.
func title(p *engine.Plan) string {
	name := speakable(p.Title)
	for _, before := range []string{"A lesson on ", "A lesson about ", "Lesson: ", "Lesson on ", "Introduction to ", "An introduction to "} {
		if len(name) > len(before) && strings.EqualFold(name[:len(before)], before) {
			name = name[len(before):]
		}
	}
	if name == "" {
		return "this lesson"
	}
	return name
}
