package ui

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"fyne.io/fyne/v2/test"
)

func TestParagraphs(t *testing.T) {
	newTestWindow(t, Options{})
	for _, tt := range []struct {
		markdown string
		want     []string
	}{
		{"", nil},
		{"one\ntwo\n\nthree", []string{"one two", "three"}},
		{"## Why\n\nSo **it** is.", []string{"# Why", "So [it] is."}},
		{"### Deep\n\nx", []string{"# Deep", "x"}},
		{"- a\n- **b**: c", []string{"• a", "• [b]: c"}},
		{"2. a\n3. b\n\nafter", []string{"2. a", "3. b", "after"}},
		{"```\nx = 1\ny\n```\nafter", []string{"`x = 1", "`y", "after"}},
		{"see [there](https://a.example/b) now", []string{"see <there> now"}},
		{"![picture](a.png)", nil},
	} {
		var got []string
		for _, p := range paragraphs(tt.markdown) {
			text := p.marker
			if text != "" {
				text += " "
			}
			switch {
			case p.heading:
				text += "# "
			case p.code:
				text += "`"
			}
			for _, r := range p.runs {
				switch {
				case r.link != nil:
					text += "<" + r.text + ">"
				case r.style.Bold && !p.heading:
					text += "[" + r.text + "]"
				default:
					text += r.text
				}
			}
			got = append(got, text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q is %q, want %q", tt.markdown, got, tt.want)
		}
	}
}

// Words stay within the width, are all there, and do not part from their commas.
func TestProseWraps(t *testing.T) {
	newTestWindow(t, Options{})
	p := newPress()
	markdown := "The **chloroplast**, *which* is green, has a donaudampfschifffahrtselektrizitätenhauptbetriebswerk of its own, " + strings.Repeat("light ", 30)
	para := paragraphs(markdown)[0]
	for _, limit := range []float32{160, 240, 500} {
		var lines []string
		for _, line := range p.setRuns(para, limit) {
			text := ""
			for i, piece := range line {
				if end := piece.x + fyne.MeasureText(piece.text, p.body.size, piece.style).Width; end > limit+2 {
					t.Errorf("%q reaches %v of %v", piece.text, end, limit)
				}
				if i > 0 && piece.x > line[i-1].x+p.styled(line[i-1].text, line[i-1].style)+1 {
					text += " "
				}
				text += piece.text
			}
			lines = append(lines, text)
		}
		got := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if want := strings.ReplaceAll(proseText([]paragraph{para}), " ", ""); got != want {
			t.Errorf("at %v: %q, want %q", limit, got, want)
		}
		if !strings.Contains(strings.Join(lines, " "), "chloroplast,") {
			t.Errorf("at %v a comma has a line of its own: %q", limit, lines)
		}
	}
}

func TestLinksOpen(t *testing.T) {
	newTestWindow(t, Options{})
	opened := []string{}
	v := newProse("see [there](https://a.example/b) now", func(u *url.URL) { opened = append(opened, u.String()) })
	v.Resize(fyne.NewSize(300, 100))
	test.TapAt(v, v.links[0].at.AddXY(3, 3))
	test.TapAt(v, fyne.NewPos(290, 5))
	if got := fmt.Sprint(opened); got != "[https://a.example/b]" {
		t.Errorf("opened %s", got)
	}
}
