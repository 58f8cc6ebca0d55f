package pocketsphinx

import (
	"strings"
	"testing"

	"parley/engine"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"<s> go forward </s>", "go forward"},
		{"read(2) it ++NOISE++ [SPEECH] <sil> out(3)", "read it out"},
		{"it's o'clock", "it's o'clock"},
		{"(2)", "(2)"},
	} {
		if got := strings.Join(words(c.text), " "); got != c.want {
			t.Errorf("words(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPartials(t *testing.T) {
	type step struct {
		text   string
		stable int // -1: nothing new
	}
	for name, steps := range map[string][]step{
		"grows":             {{"", -1}, {"go", 0}, {"go on", 0}, {"go on now", 1}, {"go on now", -1}, {"go on now then", 2}},
		"shrinks and holds": {{"a b c d", 2}, {"a b", 2}, {"a b e", 2}},
		"revised":           {{"a b c d e", 3}, {"a x c", 1}, {"a x c d", 2}},
		"emptied":           {{"a b c", 1}, {"", 0}, {"a", 0}},
		"fillers":           {{"<sil>", -1}, {"go <sil>", 0}, {"go [SPEECH]", -1}},
	} {
		var p partials
		for i, s := range steps {
			h, changed := p.next(words(s.text))
			if changed != (s.stable >= 0) || changed && h.Stable != s.stable || h.Final {
				t.Errorf("%s, step %d: %+v, %v; want stable %d", name, i, h, changed, s.stable)
			}
		}
	}
	want := engine.Hypothesis{Text: "go on", Stable: 2}
	if got := (hypothesis{words: words("<s> go on(2) </s>")}).whole(); got != want {
		t.Errorf("%+v", got)
	}
}
