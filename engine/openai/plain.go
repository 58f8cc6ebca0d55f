package openai

import (
	"strings"
	"unicode"
)

// plain takes out the marks of Markdown that models write against their orders and
// a voice would stumble over: emphasis, code, headings and bullets. Asterisks
// between spaces are left, being arithmetic.
type plain struct {
	last  rune // before the marks held; 0 at the beginning
	marks string
	skip  bool // the space after a mark that began a line
}

const markdownMarks = "*`#-"

// add takes the next piece of a text and returns what of it is to be said.
func (p *plain) add(text string) string {
	var out strings.Builder
	for _, r := range text {
		if strings.ContainsRune(markdownMarks, r) {
			p.marks += string(r)
			continue
		}
		out.WriteString(p.release(r))
		if p.skip = p.skip && (r == ' ' || r == '\t'); p.skip {
			continue
		}
		out.WriteRune(r)
		p.last = r
	}
	return out.String()
}

// rest is what is left at the end.
func (p *plain) rest() string { return p.release('\n') }

func (p *plain) lineBegins() bool { return p.last == 0 || p.last == '\n' }

// release decides about the marks held, now that next follows them.
func (p *plain) release(next rune) string {
	marks := p.marks
	p.marks = ""
	if marks == "" {
		return ""
	}
	if p.lineBegins() && unicode.IsSpace(next) { // a heading, a bullet, a rule
		p.skip = true
		return ""
	}
	if unicode.IsSpace(p.last) && unicode.IsSpace(next) && len(marks) == 1 {
		return marks
	}
	return strings.NewReplacer("*", "", "`", "").Replace(marks)
}
