package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
)

// Measures of a turn, in Fyne's units.
const (
	marginX     = 26  // of the conversation, left and right, at least
	columnMax   = 760 // width of the conversation between its margins, at most
	bubblePadX  = 15  // between a bubble's edge and its words
	bubblePadY  = 9   //
	rowGap      = 18  // above a turn
	replyShare  = .86 // of the width, at most, for a reply
	bubbleShare = .76 // of the width, at most, for a bubble
	measureMax  = 620 // a line longer than this is hard to read
	wordPad     = 2   // of the spoken word's background, left and right
)

// press sets rows: it knows the sizes of type in use and how high a row is at a
// given width, and makes the objects that show it.
type press struct {
	body       *ruler
	small      *ruler
	lineHeight float32
	nameHeight float32
}

// newPress takes the sizes of the theme in force.
func newPress() *press {
	body := theme.Size(theme.SizeNameText)
	small := theme.Size(theme.SizeNameCaptionText)
	return &press{body: newRuler(body), small: newRuler(small), lineHeight: whole(body * 1.57), nameHeight: whole(small * 1.75)}
}

// margin is the room left and right of the conversation, which stands in the
// middle of a wide window.
func margin(width float32) float32 { return whole(max(marginX, (width-columnMax)/2)) }

// textWidth is the widest that the words of a row may be.
func textWidth(k Kind, width float32) float32 {
	inner := width - 2*margin(width)
	switch k {
	case UserRow:
		return min(inner*bubbleShare, measureMax) - 2*bubblePadX
	case ReplyRow:
		return min(inner*replyShare, measureMax)
	}
	return inner - 2*bubblePadX - errorIcon
}

const errorIcon = 26 // width kept for the sign before an error

// set breaks a row into lines. The mark of a reply that was cut off stands on
// the last line when there is room, else on a line of its own (markBelow).
func (p *press) set(r Row, width float32) (lines []line, markBelow bool) {
	limit := textWidth(r.Kind, width)
	lines = p.body.wrap(r.Text, limit)
	if r.Mark != "" && r.Text != "" {
		last := lines[len(lines)-1]
		end := p.body.width(r.Text[last.From:last.To] + " ")
		markBelow = end+p.small.width(r.Mark) > limit
	}
	return lines, markBelow
}

// height is that of the row and the gap above it.
func (p *press) height(r Row, width float32) float32 {
	lines, markBelow := p.set(r, width)
	h := float32(len(lines)) * p.lineHeight
	if markBelow {
		h += p.lineHeight
	}
	if r.Kind == ReplyRow {
		return rowGap + p.nameHeight + h
	}
	return rowGap + h + 2*bubblePadY
}

// roughly is the height of a row, or about that: to measure it takes to know how
// wide each of its words is.
func (p *press) roughly(r Row, width float32, exact bool) float32 {
	if exact {
		return p.height(r, width)
	}
	const letter = .52 // width of a letter, spaces included, as a share of the type's size
	lines := 1 + int(float32(len(r.Text))*letter*p.body.size/textWidth(r.Kind, width))
	h := float32(lines) * p.lineHeight
	if r.Kind == ReplyRow {
		return rowGap + p.nameHeight + h
	}
	return rowGap + h + 2*bubblePadY
}

// paint makes the objects of a row, at their places in a box of that width.
func (p *press) paint(r Row, width float32) *fyne.Container {
	box := easel{}
	lines, markBelow := p.set(r, width)
	switch r.Kind {
	case UserRow:
		p.paintBubble(&box, r, lines, width)
	case ReplyRow:
		p.paintReply(&box, r, lines, margin(width), markBelow)
	default:
		p.paintAside(&box, r, lines, width)
	}
	return &fyne.Container{Objects: box.objects}
}

// easel gathers placed objects.
type easel struct{ objects []fyne.CanvasObject }

func (e *easel) add(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(whole(x), whole(y)))
	o.Resize(fyne.NewSize(w, h))
	e.objects = append(e.objects, o)
}

func (e *easel) addText(t *canvas.Text, x, y, h float32) {
	size := t.MinSize()
	e.add(t, x, y+(h-size.Height)/2, size.Width, size.Height)
}

// whole is x on a whole unit: text between two pixels is blurred.
func whole(x float32) float32 { return float32(math.Round(float64(x))) }

func (p *press) paintBubble(box *easel, r Row, lines []line, width float32) {
	w := whole(p.body.widest(r.Text, lines)) + 2*bubblePadX
	h := float32(len(lines))*p.lineHeight + 2*bubblePadY
	x := whole(width - margin(width) - w)
	bubble := rounded(theme.Color(colBubble), 16)
	bubble.BottomRightCornerRadius = 4
	box.add(bubble, x, rowGap, w, h)
	p.paintWords(box, r, lines, x+bubblePadX, rowGap+bubblePadY)
}

func (p *press) paintReply(box *easel, r Row, lines []line, left float32, markBelow bool) {
	name := label("Parley", colMuted, theme.SizeNameCaptionText, false)
	box.addText(name, left, rowGap, p.nameHeight)
	if text, fill, ink := badge(r.Badge); text != "" {
		x := left + name.MinSize().Width + 8
		t := label(text, ink, theme.SizeNameCaptionText, false)
		box.add(rounded(theme.Color(fill), 5), x, rowGap+1, t.MinSize().Width+16, p.nameHeight-2)
		box.addText(t, x+8, rowGap, p.nameHeight)
	}
	y := rowGap + p.nameHeight
	p.paintWords(box, r, lines, left, y)
	if r.Mark == "" {
		return
	}
	last := lines[len(lines)-1]
	x, y := left, y+float32(len(lines)-1)*p.lineHeight
	switch {
	case markBelow:
		y += p.lineHeight
	case last.To > last.From:
		x += p.body.width(r.Text[last.From:last.To] + " ")
	}
	box.addText(label(r.Mark, colAttention, theme.SizeNameCaptionText, false), x, y, p.lineHeight+1)
}

// nameWidth is that of what stands above a reply's words.
func (p *press) nameWidth(r Row) float32 {
	name := p.small.width("Parley")
	if text, _, _ := badge(r.Badge); text != "" {
		name += 8 + p.small.width(text) + 16
	}
	return name
}

// badge is the words and colours for what was recognised in a turn.
func badge(k engine.TeachingKind) (text string, fill, ink fyne.ThemeColorName) {
	switch k {
	case engine.TeachLesson:
		return lang.L("Lesson"), colAccentSoft, colAccent
	case engine.TeachFact:
		return lang.L("Remembered"), colAttentionSoft, colAttention
	}
	return "", "", ""
}

// paintAside draws what neither party said: an error or a notice.
func (p *press) paintAside(box *easel, r Row, lines []line, width float32) {
	fill, ink, sign := colAttentionSoft, colAttention, "!"
	switch r.Kind {
	case NoticeRow:
		fill, ink, sign = colAccentSoft, colAccent, "i"
	case ToolRow:
		fill, ink, sign = colBubble, colMuted, "→"
	}
	left := margin(width)
	h := float32(len(lines))*p.lineHeight + 2*bubblePadY
	box.add(rounded(theme.Color(fill), 10), left, rowGap, width-2*left, h)
	ring := rounded(theme.Color(fill), 4)
	ring.StrokeColor, ring.StrokeWidth = theme.Color(ink), 1.5
	const side = 16
	y := rowGap + bubblePadY + (p.lineHeight-side)/2
	box.add(ring, left+bubblePadX-2, y, side, side)
	t := label(sign, ink, theme.SizeNameCaptionText, true)
	box.addText(t, left+bubblePadX-2+(side-t.MinSize().Width)/2, y, side)
	r.Sure, r.Now = len(r.Text), len(r.Text)
	p.paintWords(box, r, lines, left+bubblePadX+errorIcon-4, rowGap+bubblePadY)
}

// paintWords draws the three parts of a row's text: certain or said, being
// spoken, and not yet.
func (p *press) paintWords(box *easel, r Row, lines []line, x, y float32) {
	parts := [3]struct {
		line
		ink fyne.ThemeColorName
	}{{line{0, r.Sure}, colInk}, {line{r.Sure, r.Now}, colInk}, {line{r.Now, len(r.Text)}, colFaint}}
	for i, l := range lines {
		top := y + float32(i)*p.lineHeight
		for n, part := range parts {
			from, to := max(l.From, part.From), min(l.To, part.To)
			if from >= to {
				continue
			}
			t := label(r.Text[from:to], part.ink, theme.SizeNameText, false)
			t.TextStyle.Italic = n == 2 && r.Kind == UserRow // not by colour alone; hardly wider
			left := x + fyne.MeasureText(r.Text[l.From:from], t.TextSize, fyne.TextStyle{}).Width
			if n == 1 {
				box.add(rounded(theme.Color(colSpoken), 4), left-wordPad, top, t.MinSize().Width+2*wordPad, p.lineHeight)
			}
			box.addText(t, left, top, p.lineHeight)
		}
	}
}
