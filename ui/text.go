package ui

import (
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// line is one line of a wrapped text: the bytes from From to To of it.
type line struct{ From, To int }

// ruler measures words at one size. Most words of a conversation come again, so
// each is measured once; wrapping thousands of turns then costs additions.
type ruler struct {
	size  float32
	words map[string]float32
}

// rulerLimit bounds what a ruler remembers; beyond it, it begins anew.
const rulerLimit = 20_000

func newRuler(size float32) *ruler {
	return &ruler{size: size, words: make(map[string]float32)}
}

// width is that of s in one line, in Fyne's units.
func (r *ruler) width(s string) float32 {
	if w, ok := r.words[s]; ok {
		return w
	}
	if len(r.words) >= rulerLimit {
		clear(r.words)
	}
	w := fyne.MeasureText(s, r.size, fyne.TextStyle{}).Width
	r.words[strings.Clone(s)] = w
	return w
}

// wrap breaks text at spaces into lines at most width wide. A word that is
// wider than a line is broken where it must be. Spaces at a break belong to no
// line. There is always at least one line.
func (r *ruler) wrap(text string, width float32) []line {
	var lines []line
	from := 0
	for para := range strings.SplitSeq(text, "\n") {
		lines = r.wrapParagraph(lines, para, from, width)
		from += len(para) + 1
	}
	return lines
}

func (r *ruler) wrapParagraph(lines []line, para string, at int, width float32) []line {
	space := r.width(" ")
	cur := line{at, at}
	x := float32(0)
	for i := 0; i < len(para); {
		j := i + len(para[i:]) - len(strings.TrimLeftFunc(para[i:], unicode.IsSpace))
		k := j + wordLen(para[j:])
		word := para[j:k]
		if word == "" {
			break
		}
		gap, w := space*float32(j-i), r.width(word)
		if x > 0 && x+gap+w > width {
			lines = append(lines, cur)
			cur, x, gap = line{at + j, at + j}, 0, 0
		}
		for w > width {
			n := r.fitting(word, width)
			if n == len(word) {
				break
			}
			lines = append(lines, line{at + j, at + j + n})
			j, word = j+n, word[n:]
			cur, x, gap = line{at + j, at + j}, 0, 0
			w = r.width(word)
		}
		x += gap + w
		cur.To = at + k
		i = k
	}
	return append(lines, cur)
}

func wordLen(s string) int {
	if n := strings.IndexFunc(s, unicode.IsSpace); n >= 0 {
		return n
	}
	return len(s)
}

// fitting is how many bytes of word fit into width: at least one rune.
func (r *ruler) fitting(word string, width float32) int {
	_, n := utf8.DecodeRuneInString(word)
	for n < len(word) {
		_, size := utf8.DecodeRuneInString(word[n:])
		if fyne.MeasureText(word[:n+size], r.size, fyne.TextStyle{}).Width > width {
			break
		}
		n += size
	}
	return n
}

// widest is the width of the widest of lines.
func (r *ruler) widest(text string, lines []line) float32 {
	w := float32(0)
	for _, l := range lines {
		w = max(w, fyne.MeasureText(text[l.From:l.To], r.size, fyne.TextStyle{}).Width)
	}
	return w
}

// ellipsis is text, or as much of it as fits into width with "…" behind it.
func ellipsis(text string, size, width float32, style fyne.TextStyle) string {
	if fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", size, style).Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRightFunc(string(runes[:lo]), unicode.IsSpace) + "…"
}

// label is a text in the theme's colour and size.
func label(text string, col fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) *canvas.Text {
	t := canvas.NewText(text, theme.Color(col))
	t.TextSize = theme.Size(size)
	t.TextStyle.Bold = bold
	return t
}

// rounded is a filled rectangle with round corners.
func rounded(fill color.Color, radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	r.CornerRadius = radius
	return r
}

// plain is an error as a sentence for the user, without the name of the room it
// comes from.
func plain(err error) string {
	text := oneLine(err.Error())
	if room, rest, ok := strings.Cut(text, ": "); ok && rest != "" && !strings.ContainsFunc(room, func(r rune) bool { return !unicode.IsLower(r) && r != '/' }) {
		text = rest
	}
	if _, must, ok := strings.Cut(text, "; it must be "); ok { // a setting's name says nothing here
		text = "it must be " + strings.TrimSuffix(must, `, or ""`)
	}
	if text = capital(text); text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}
