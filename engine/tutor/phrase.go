package tutor

import (
	"regexp"
	"strings"
	"sync"
)

// phrases are ways of saying one thing. They are written as they are said:
//
//	what (time|hour) is it [right] [now]
//	how do you spell {word}
//
// (a|b) is a choice, [a|b] may be left out, {name} is one word or more. A word
// after ~ is what recognisers make of the one that was said. A phrase matches a
// whole sentence, in any case.
type phrases []phrase

type phrase struct {
	said    string
	pattern *regexp.Regexp
}

func compile(patterns ...string) phrases {
	all := make(phrases, len(patterns))
	for i, p := range patterns {
		all[i] = phrase{p, pattern(p)}
	}
	return all
}

// compiled are the patterns that there are, which every tutor has: a backend makes
// one for each session.
var compiled sync.Map // what is said → *regexp.Regexp

func pattern(said string) *regexp.Regexp {
	if known, ok := compiled.Load(said); ok {
		return known.(*regexp.Regexp)
	}
	made, _ := compiled.LoadOrStore(said, regexp.MustCompile("(?i)^"+expand(said)+"$"))
	return made.(*regexp.Regexp)
}

// expand translates a phrase to a regular expression over words that each end
// in a blank.
func expand(pattern string) string {
	var out strings.Builder
	word := ""
	flush := func() {
		if word != "" {
			out.WriteString(regexp.QuoteMeta(word) + " ")
			word = ""
		}
	}
	for _, r := range pattern {
		switch r {
		case '(', '[':
			flush()
			out.WriteString("(?:")
		case '|', ')', ' ':
			flush()
			if r != ' ' {
				out.WriteRune(r)
			}
		case ']':
			flush()
			out.WriteString(")?")
		case '{':
			flush()
			out.WriteString("(?P<")
		case '}':
			out.WriteString(word + `>(?:\S+ )+?)`)
			word = ""
		case '~':
		default:
			word += string(r)
		}
	}
	flush()
	return out.String()
}

// match tries the phrases in turn and returns the words in the slots of the
// first that fits.
func (ps phrases) match(said string) (args, bool) {
	said += " "
	for _, p := range ps {
		m := p.pattern.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		found := make(args)
		for i, name := range p.pattern.SubexpNames() {
			if name != "" && m[i] != "" {
				found[name] = strings.TrimSpace(m[i])
			}
		}
		return found, true
	}
	return nil, false
}
