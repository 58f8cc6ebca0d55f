package ui

import (
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
	"parley/engine"
)

// presenceSide is the width and height of the presence.
const presenceSide = 84

// presence is the one thing in the window that moves: a shape on a soft disc
// that says what Parley is doing. Each state has its own shape, so that none
// is told by colour alone, and it moves only while there is sound or thought.
type presence struct {
	widget.BaseWidget

	state engine.State
	loud  float64
	since time.Time     // when the state began
	phase time.Duration // for how long it has lasted

	disc   *canvas.Circle
	ring   *canvas.Circle
	dots   [3]*canvas.Circle
	bars   [7]*canvas.Rectangle
	dashes [dashCount]*canvas.Line
	slash  *canvas.Image
	square *canvas.Rectangle
	bang   *canvas.Text
}

const dashCount = 14

// barReach is how far each of the seven bars follows the voice: a calm hill, not
// a meter.
var barReach = [7]float64{.30, .55, 1, .70, .95, .60, .28}

func newPresence() *presence {
	p := &presence{disc: &canvas.Circle{}, ring: &canvas.Circle{}, square: rounded(color.Transparent, 8),
		slash: canvas.NewImageFromResource(nil), bang: canvas.NewText("!", color.Transparent)}
	for i := range p.dots {
		p.dots[i] = &canvas.Circle{}
	}
	for i := range p.bars {
		p.bars[i] = rounded(color.Transparent, 2.5)
	}
	for i := range p.dashes {
		p.dashes[i] = &canvas.Line{}
	}
	p.slash.FillMode = canvas.ImageFillContain
	p.bang.TextStyle.Bold = true
	p.ExtendBaseWidget(p)
	p.restyle()
	return p
}

// update shows a state and how loud whoever speaks is, as it is at now.
func (p *presence) update(s engine.State, loud float64, now time.Time) {
	if s == p.state && loud == p.loud && s != engine.Thinking && s != engine.Speaking {
		return
	}
	if s != p.state {
		p.state, p.since = s, now
		p.choose()
	}
	p.loud, p.phase = loud, now.Sub(p.since)
	p.pose()
}

// restyle takes the colours of the theme in force.
func (p *presence) restyle() {
	accent, muted, attention := theme.Color(colAccent), theme.Color(colMuted), theme.Color(colAttention)
	p.disc.FillColor = theme.Color(colAccentSoft)
	p.ring.StrokeColor = accent
	for _, d := range p.dots {
		d.FillColor = theme.Color(colThinking)
	}
	for _, b := range p.bars {
		b.FillColor = accent
	}
	for _, l := range p.dashes {
		l.StrokeColor, l.StrokeWidth = muted, 2
	}
	p.slash.Resource = assets.Icon(assets.MicrophoneOff, muted)
	p.square.StrokeColor, p.square.StrokeWidth = attention, 2
	p.bang.Color, p.bang.TextSize = attention, 20
	p.choose()
	p.Refresh()
}

// choose shows the shape of the state and hides the others.
func (p *presence) choose() {
	show := func(o fyne.CanvasObject, on bool) {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	s := p.state
	show(p.ring, s == engine.Listening || s == engine.Hearing) // Starting is the bare disc
	for _, d := range p.dots {
		show(d, s == engine.Thinking)
	}
	for _, b := range p.bars {
		show(b, s == engine.Speaking)
	}
	for _, l := range p.dashes {
		show(l, s == engine.Muted)
	}
	show(p.slash, s == engine.Muted)
	show(p.square, s == engine.NoSound || s == Ended)
	show(p.bang, s == engine.NoSound || s == Ended)
}

// pose gives the shape its present size.
func (p *presence) pose() {
	const mid = presenceSide / 2
	switch p.state {
	case engine.Listening, engine.Hearing:
		p.ring.StrokeWidth = 2
		radius := float32(26)
		if p.state == engine.Hearing {
			p.ring.StrokeWidth = 5 + 8*float32(p.loud)
			radius += p.ring.StrokeWidth / 4
		}
		p.ring.Position1 = fyne.NewPos(mid-radius, mid-radius)
		p.ring.Position2 = fyne.NewPos(mid+radius, mid+radius)
		p.ring.Refresh()
	case engine.Thinking:
		for i, d := range p.dots {
			r := float32(4)
			if int(p.phase/thinkStep)%len(p.dots) == i {
				r = 6
			}
			x := mid + float32(i-1)*15
			d.Position1, d.Position2 = fyne.NewPos(x-r, mid-r), fyne.NewPos(x+r, mid+r)
			d.Refresh()
		}
	case engine.Speaking:
		for i, b := range p.bars {
			// A slow wave keeps neighbouring bars apart; the voice gives the height.
			sway := .8 + .2*math.Sin(p.phase.Seconds()*9+float64(i)*1.7)
			h := float32(8 + 36*p.loud*barReach[i]*sway)
			b.Move(fyne.NewPos(mid-29.5+float32(i)*9, mid-h/2))
			b.Resize(fyne.NewSize(5, h))
		}
	}
}

const (
	// frameTime is the least time between two draws: 12 a second.
	frameTime = time.Second / 12
	// voiceStep is how long a pose of the presence stands while it follows a
	// voice. Fyne paints the whole window for each, so this is most of what a
	// conversation costs in the window.
	voiceStep = time.Second / 8
	// thinkStep is how long each of the three dots is the large one.
	thinkStep = 320 * time.Millisecond
)

// words says the state below the presence.
func words(s State) string {
	switch s.Presence.State {
	case Starting:
		return lang.L("One moment…")
	case engine.Listening:
		if s.Unheard {
			return lang.L("I didn’t catch that — say it again")
		}
		return lang.L("Listening")
	case engine.Hearing:
		return lang.L("I hear you")
	case engine.Thinking:
		return lang.L("Thinking")
	case engine.Speaking:
		if s.Presence.Muted {
			return lang.L("Speaking — I can’t hear you")
		}
		return lang.L("Speaking — just talk to interrupt")
	case engine.Muted:
		return lang.L("Muted — press Ctrl+M to be heard again")
	case engine.NoSound:
		if s.Presence.Detail != "" {
			return s.Presence.Detail
		}
		return lang.L("No sound device")
	case Ended:
		return lang.L("The conversation has ended — start Parley again to go on")
	}
	return string(s.Presence.State)
}

// MinSize is for Fyne.
func (p *presence) MinSize() fyne.Size { return fyne.NewSquareSize(presenceSide) }

// CreateRenderer is for Fyne.
func (p *presence) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{p.disc, p.ring, p.slash, p.square, p.bang}
	for _, d := range p.dots {
		objects = append(objects, d)
	}
	for _, b := range p.bars {
		objects = append(objects, b)
	}
	for _, l := range p.dashes {
		objects = append(objects, l)
	}
	return &presenceRenderer{p, objects}
}

type presenceRenderer struct {
	p       *presence
	objects []fyne.CanvasObject
}

// Layout puts the still shapes in their places; pose moves the others.
func (r *presenceRenderer) Layout(fyne.Size) {
	const mid = presenceSide / 2
	r.p.disc.Resize(fyne.NewSquareSize(presenceSide))
	const side = 44
	r.p.square.Move(fyne.NewPos(mid-side/2, mid-side/2))
	r.p.square.Resize(fyne.NewSquareSize(side))
	size := r.p.bang.MinSize()
	r.p.bang.Move(fyne.NewPos(mid-size.Width/2, mid-size.Height/2))
	r.p.bang.Resize(size)
	r.p.slash.Move(fyne.NewPos(mid-13, mid-13))
	r.p.slash.Resize(fyne.NewSquareSize(26))
	const radius = 27
	for i, l := range r.p.dashes {
		at := func(turn float64) fyne.Position {
			sin, cos := math.Sincos(2 * math.Pi * turn / dashCount)
			return fyne.NewPos(mid+radius*float32(cos), mid+radius*float32(sin))
		}
		l.Position1, l.Position2 = at(float64(i)-.3), at(float64(i)+.3)
	}
	r.p.pose()
}

func (r *presenceRenderer) MinSize() fyne.Size { return r.p.MinSize() }

func (r *presenceRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *presenceRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *presenceRenderer) Destroy() {}
