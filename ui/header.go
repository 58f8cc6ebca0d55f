package ui

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
	"parley/engine"
)

// headerHeight is that of the strip with the title.
const headerHeight = 56

// header is the strip above the conversation: its title, where the engine is,
// what the microphone hears, how long the last answer took, the menu, and the ways
// to the panels that are hidden.
type header struct {
	box     *fyne.Container
	title   *canvas.Text
	below   *canvas.Text // the title's second line, where one has no room for it
	text    string       // the title, whole
	place   *chip
	where   *hotspot // over the place: what leaves this computer
	heard   *chip
	latency *chip
	timing  engine.Timing
	ask     *hotspot // over the latency: what it is made of
	menu    *iconButton
	lesson  *iconButton
	more    *iconButton
	line    *canvas.Rectangle
}

// headerDoes is what the header leads to.
type headerDoes struct{ side, lesson, menu, place func() }

func newHeader(k keys, does headerDoes) *header {
	h := &header{
		title:   label("", colInk, theme.SizeNameSubHeadingText, true),
		below:   label("", colInk, theme.SizeNameText, true),
		place:   newChip("", true),
		where:   newHotspot(does.place),
		heard:   newLevelChip(),
		latency: newChip("", false),
		menu:    newIconButton(assets.Menu, 36, true, k, does.side),
		lesson:  newIconButton(assets.Lesson, 36, true, k, does.lesson),
		more:    newIconButton(assets.More, 36, true, k, does.menu),
		line:    canvas.NewRectangle(theme.Color(colLine)),
	}
	h.ask = newHotspot(h.explain)
	h.lesson.set(assets.Lesson, colAccent, true)
	objects := []fyne.CanvasObject{h.title, h.below, h.line, h.menu}
	for _, c := range []*chip{h.place, h.heard, h.latency} {
		objects = append(objects, c.objects()...)
	}
	h.box = &fyne.Container{Layout: h, Objects: append(objects, h.where, h.ask, h.more, h.lesson)}
	return h
}

// setPlace shows where the engine is.
func (h *header) setPlace(text string) {
	if h.place.text.Text != text {
		h.place.text.Text = text
		h.box.Refresh()
	}
}

// update shows the title, how long the last reply took and how loud the
// microphone is.
func (h *header) update(title string, timing engine.Timing, heard int) {
	if title == "" {
		title = lang.L("New conversation")
	}
	text := ""
	if timing.VoiceToVoice > 0 {
		text = seconds(timing.VoiceToVoice)
	}
	h.timing = timing
	h.heard.level.set(heard)
	if title == h.text && text == h.latency.text.Text {
		return
	}
	h.text = title
	h.latency.text.Text = text
	h.latency.text.Refresh()
	h.box.Refresh()
}

// explain shows where the last reply's delay went.
func (h *header) explain() {
	c := fyne.CurrentApp().Driver().CanvasForObject(h.ask)
	if c == nil || h.timing.VoiceToVoice <= 0 {
		return
	}
	rows := []fyne.CanvasObject{}
	for _, part := range delays(h.timing) {
		rows = append(rows, label(part.name, colMuted, theme.SizeNameCaptionText, false),
			label(part.took, colInk, theme.SizeNameCaptionText, false))
	}
	box := container.NewPadded(container.New(layout.NewFormLayout(), rows...))
	pop := widget.NewPopUp(box, c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.ask)
	pop.ShowAtPosition(fyne.NewPos(at.X+h.ask.Size().Width-pop.MinSize().Width, headerHeight))
}

// delay is a part of a reply's delay, in words.
type delay struct{ name, took string }

// delays are the parts of a reply's delay, in their order, and the whole.
func delays(t engine.Timing) []delay {
	return []delay{
		{lang.L("Sure that you had finished"), seconds(t.Endpoint)},
		{lang.L("Understood"), seconds(t.STT)},
		{lang.L("First words"), seconds(t.TTFT)},
		{lang.L("First sound"), seconds(t.TTFB)},
		{lang.L("Loudspeaker"), seconds(t.Playout)},
		{lang.L("From your last sound to the first of the answer"), seconds(t.VoiceToVoice)},
	}
}

func seconds(d time.Duration) string { return decimal(fmt.Sprintf("%.2f s", d.Seconds())) }

func (h *header) restyle() {
	h.title.Color, h.below.Color = theme.Color(colInk), theme.Color(colInk) // the layout sets their size
	h.line.FillColor = theme.Color(colLine)
	h.place.restyle()
	h.heard.restyle()
	h.latency.restyle()
	h.menu.restyle()
	h.more.restyle()
	h.lesson.restyle()
	h.box.Refresh()
}

// Layout is for Fyne.
func (h *header) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const mid = (headerHeight - 1) / 2.
	left, right := float32(marginX), size.Width-marginX
	if h.menu.Visible() {
		left = 12
		h.menu.Resize(h.menu.MinSize())
		h.menu.Move(fyne.NewPos(left, mid-h.menu.side/2))
		left += h.menu.side + 8
	}
	right += 8
	for _, b := range []*iconButton{h.more, h.lesson} {
		if b.Visible() {
			b.Resize(b.MinSize())
			b.Move(fyne.NewPos(right-b.side, mid-b.side/2))
			right -= b.side + 2
		}
	}
	right -= 4
	// What matters least gives way first: where the engine is, then the level.
	room := right - left - 130*textScale()
	for _, c := range []struct {
		*chip
		spot fyne.CanvasObject
	}{{h.latency, h.ask}, {h.heard, nil}, {h.place, h.where}} {
		end := right
		if room -= c.width() + 10; room >= 0 || c.chip == h.latency {
			right = c.place(right, mid)
		} else {
			c.hide()
		}
		if c.spot != nil {
			c.spot.Move(fyne.NewPos(right+10, 0))
			c.spot.Resize(fyne.NewSize(max(0, end-right-10), headerHeight-1))
		}
	}
	h.placeTitle(left, right-left-8, mid)
	h.line.Resize(fyne.NewSize(size.Width, 1))
	h.line.Move(fyne.NewPos(0, headerHeight-1))
}

// placeTitle sets the title from left, no wider than room: in one line; or smaller,
// in two, where they are not too high; or in as much of one as there is room for.
func (h *header) placeTitle(left, room, mid float32) {
	bold := h.title.TextStyle
	large, small := theme.Size(theme.SizeNameSubHeadingText), theme.Size(theme.SizeNameText)
	h.title.TextSize, h.below.TextSize, h.below.Hidden = large, small, true
	if high := fyne.MeasureText(h.text, small, bold).Height; 2*high <= headerHeight-8 && fyne.MeasureText(h.text, large, bold).Width > room {
		h.title.TextSize = small
		if lines := newRuler(small).wrap(h.text, max(room, 1)/boldWider); len(lines) > 1 {
			h.title.Text, h.below.Text = h.text[:lines[0].To], wholeWord(ellipsis(h.text[lines[1].From:], small, room, bold))
			h.below.Hidden = false
			t := h.title.MinSize()
			put(h.title, left, whole(mid-t.Height)+1, t.Width, t.Height)
			put(h.below, left, whole(mid)-1, h.below.MinSize().Width, t.Height)
			h.title.Refresh()
			h.below.Refresh()
			return
		}
	}
	h.title.Text = wholeWord(ellipsis(h.text, h.title.TextSize, room, bold))
	t := h.title.MinSize()
	put(h.title, left, whole(mid-t.Height/2), t.Width, t.Height)
	h.title.Refresh()
	h.below.Refresh()
}

// wholeWord is a text that was cut within a word, without the rest of that word,
// unless that is most of it.
func wholeWord(text string) string {
	if cut, ok := strings.CutSuffix(text, "…"); ok {
		if n := strings.LastIndexFunc(cut, unicode.IsSpace); 2*n > len(cut) {
			return cut[:n] + "…"
		}
	}
	return text
}

// MinSize is for Fyne.
func (h *header) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, headerHeight) }
