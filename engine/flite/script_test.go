package flite

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestRuns(t *testing.T) {
	for _, c := range []struct {
		word string
		want string // joined by |
	}{
		{"hello,", "hello,"},
		{"it’s", "it's"},
		{"“quoted”", `"quoted"`},
		{"😀", ""},
		{"—", ""},
		{"...", ""},
		{"one—two", "one,|two"},
		{"20°C", "20|degrees|C"},
		{"7*8", "7|times|8"},
		{"**bold**", "bold"},
		{"café", "cafe"},
		{"naïve…", "naive..."},
		{"€5", "euros|5"},
		{"3.5", "3.5"},
		{"$20", "$20"},
		{"你好", ""},
		{"snake_case", "snake|case"},
		{"\xff\xfe", ""},
		{strings.Repeat("a", 90), strings.Repeat("a", 40) + "|" + strings.Repeat("a", 40) + "|" + strings.Repeat("a", 10)},
	} {
		if got := strings.Join(runs(c.word), "|"); got != c.want {
			t.Errorf("runs(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestPiecesAreCutWhereASpeakerBreathes(t *testing.T) {
	_, pieces := script("Gravity is the force of attraction between all masses in the universe; especially the attraction of " +
		"the earth's mass for bodies near its surface, which, as Newton described three hundred years ago, explains why the " +
		"planets stay in their orbits and why an apple falls to the ground when it leaves its branch.")
	var got []string
	for _, p := range pieces {
		got = append(got, p.text)
	}
	want := []string{
		"Gravity is the force of attraction between all masses in the universe;",
		"especially the attraction of the earth's mass for bodies near its surface, which,",
		"as Newton described three hundred years ago,",
		"explains why the planets stay in their orbits and why an apple falls to the ground",
		"when it leaves its branch.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("pieces:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func FuzzScript(f *testing.F) {
	for _, s := range []string{"", " ", "Hello, world.", "It's 3.5 — \"really\" $20, in 2026…", "😀 done 😀", "a\u00a0b\u2003c",
		strings.Repeat("x", 500), strings.Repeat("word ", 60), "\xff\xfe ok", "(\"'", "1*2*3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, pieces := script(s)
		if fields := strings.Fields(s); len(fields) != len(words) {
			t.Fatalf("%d words, want %d", len(words), len(fields))
		} else {
			for i, w := range words {
				if s[w.From:w.To] != fields[i] {
					t.Fatalf("word %d is %q, want %q", i, s[w.From:w.To], fields[i])
				}
			}
		}
		done, last := 0, -1
		for _, p := range pieces {
			if len(p.runs) == 0 || len(p.text) > longestPiece+longestRun || p.done < done {
				t.Fatalf("bad piece %+v after %d", p, done)
			}
			done = p.done
			for _, r := range p.runs {
				if r.word < last || r.word >= len(words) || p.text[r.from:r.to] == "" {
					t.Fatalf("bad run %+v in %q", r, p.text)
				}
				last = r.word
			}
			if i := strings.IndexFunc(p.text, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' || r == utf8.RuneError }); i >= 0 {
				t.Fatalf("flite can't read %q", p.text)
			}
		}
		if len(pieces) > 0 && done != len(words) {
			t.Fatalf("%d words done of %d", done, len(words))
		}
	})
}
