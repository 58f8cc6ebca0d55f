package engine

import (
	"slices"
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		pieces []string
		want   []string
	}{
		{[]string{"One. Two! Three?"}, []string{"One.", "Two!", "Three?"}},
		{[]string{"Pi is 3.14159. ", "Good", "."}, []string{"Pi is 3.14159.", "Good."}},
		{[]string{"Dr. Smith met Mr. J. Doe. They talked."}, []string{"Dr. Smith met Mr. J. Doe.", "They talked."}},
		{[]string{`He said "stop." Then he left.`}, []string{`He said "stop."`, "Then he left."}},
		{[]string{"Pi is 3.14, e.g. here. He said \"No.\" She left… Good?"}, []string{"Pi is 3.14, e.g. here.", `He said "No."`, "She left…", "Good?"}},
		{[]string{"no end"}, []string{"no end"}},
		{[]string{"When light meets water", ", it bends", ", as you see. The", " rest, however long it may be, waits", "."},
			[]string{"When light meets water, it bends, as you see.", "The rest, however long it may be, waits."}},
		{[]string{"When light meets the water, it", " bends. Yes, indeed it does, always."}, []string{"When light meets the water,", "it bends.", "Yes, indeed it does, always."}},
		{[]string{"Of all the planets, it is the largest one."}, []string{"Of all the planets, it is the largest one."}},
		{[]string{"line\nnext line\n"}, []string{"line", "next line"}},
		{[]string{"  ", "\n", ""}, nil},
		{[]string{"bad \xff\xfe bytes. Go on."}, []string{"bad \xff\xfe bytes.", "Go on."}},
		{[]string{strings.Repeat("word ", 200)}, []string{strings.TrimSpace(strings.Repeat("word ", 81)), strings.TrimSpace(strings.Repeat("word ", 81)), strings.TrimSpace(strings.Repeat("word ", 38))}},
	} {
		text := strings.Join(c.pieces, "")
		var s Sentences
		var got []string
		note := func(one Sentence) {
			if !strings.HasPrefix(text[one.From:], one.Text) {
				t.Errorf("%q is said to begin at byte %d of %q", one.Text, one.From, text)
			}
			got = append(got, one.Text)
		}
		for _, piece := range c.pieces {
			for one := range s.Add(piece) {
				note(one)
			}
		}
		if one, ok := s.Rest(); ok {
			note(one)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", text, got, c.want)
		}
	}
}

func FuzzSentencesLoseNothing(f *testing.F) {
	f.Add("One. Two! 3.14 \xff e.g. this", 5)
	f.Fuzz(func(t *testing.T, text string, at int) {
		at = max(0, min(at, len(text)))
		var s Sentences
		var b strings.Builder
		for _, piece := range []string{text[:at], text[at:]} {
			for one := range s.Add(piece) {
				b.WriteString(one.Text)
			}
		}
		if one, ok := s.Rest(); ok {
			b.WriteString(one.Text)
		}
		if got, want := strings.Join(strings.Fields(b.String()), ""), strings.Join(strings.Fields(text), ""); got != want {
			t.Errorf("sentences make %q, want %q", got, want)
		}
	})
}

func TestIsStop(t *testing.T) {
	for text, want := range map[string]bool{
		"stop": true, "Stop!": true, "wait, wait": true, "Hold on.": true, "be quiet": true, "never mind": true,
		"": false, "stop the timer": false, "wait for me": false, "what is a stop": false,
	} {
		if got := isStop(text); got != want {
			t.Errorf("isStop(%q) = %v", text, got)
		}
	}
}
