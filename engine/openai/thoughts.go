package openai

import "strings"

// The marks that reasoning models put around what they think before they answer,
// where their server does not take it out of the answer.
const (
	thinkBegin = "<think>"
	thinkEnd   = "</think>"
)

// thoughts takes what a model thinks out of its answer, piece by piece. Only what
// stands at the very beginning is thought.
type thoughts struct {
	held     string // not yet known to be answer
	thinking bool
	over     bool
}

// add takes the next piece and returns what of the answer has become known.
func (t *thoughts) add(text string) string {
	if t.over || text == "" {
		return text
	}
	t.held += text
	if !t.thinking {
		begun := strings.TrimLeft(t.held, " \t\r\n")
		switch {
		case strings.HasPrefix(begun, thinkBegin):
			t.thinking = true
			t.held = begun[len(thinkBegin):]
		case strings.HasPrefix(thinkBegin, begun):
			return ""
		default:
			t.over = true
			return begun
		}
	}
	_, answer, found := strings.Cut(t.held, thinkEnd)
	if !found { // only the end is needed, for a mark that comes in pieces
		t.held = t.held[max(0, len(t.held)-len(thinkEnd)):]
		return ""
	}
	t.thinking, t.held = false, ""
	return t.add(answer) // which is space, another thought or the answer
}
