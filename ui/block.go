package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// block is something whose height follows from its width. Fyne asks for the
// least size before it tells the width; so who lays blocks out fits them first,
// and their least height is then right.
type block interface {
	fyne.CanvasObject
	fit(width float32) (height float32)
}

// heightAt is how high o is at a width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	if b, ok := o.(block); ok {
		return b.fit(width)
	}
	return o.MinSize().Height
}

// put gives o its place and size.
func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(whole(x), whole(y)))
	o.Resize(fyne.NewSize(width, height))
}

// panel is a block of other objects, which arrange places.
type panel struct {
	widget.BaseWidget
	objects       []fyne.CanvasObject
	arrange       func(width float32) (height float32)
	width, height float32
	wished        float32  // how wide it wants to be; 0: it does not mind
	note          *wording // of a setting: what came of it; see newRow
}

func newPanel(arrange func(width float32) float32, objects ...fyne.CanvasObject) *panel {
	p := &panel{objects: objects, arrange: arrange}
	p.ExtendBaseWidget(p)
	return p
}

func (p *panel) fit(width float32) float32 {
	p.width, p.height = width, p.arrange(width)
	return p.height
}

// MinSize is for Fyne.
func (p *panel) MinSize() fyne.Size { return fyne.NewSize(0, p.height) }

// CreateRenderer is for Fyne.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Layout: panelLayout{p}, Objects: p.objects})
}

// panelLayout fits a panel to the width that it is given.
type panelLayout struct{ p *panel }

func (l panelLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width != l.p.width {
		l.p.fit(size.Width)
	}
}

func (l panelLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.p.MinSize() }

// newColumn sets objects below one another; hidden ones take no room.
func newColumn(gap float32, objects ...fyne.CanvasObject) *panel {
	return newPanel(func(width float32) float32 {
		y := -gap
		for _, o := range objects {
			if !o.Visible() {
				continue
			}
			y += gap
			h := heightAt(o, width)
			put(o, 0, y, width, h)
			y += h
		}
		return max(0, y)
	}, objects...)
}

// newBeside sets left and, at the right end and in the middle of the height,
// right. Where left would be narrower than least, right comes below it.
func newBeside(left, right fyne.CanvasObject, least float32) *panel {
	const gap = 16
	return newPanel(func(width float32) float32 {
		if !right.Visible() {
			h := heightAt(left, width)
			put(left, 0, 0, width, h)
			return h
		}
		want := wish(right)
		if width-want-gap < least*textScale() {
			h := heightAt(left, width)
			put(left, 0, 0, width, h)
			if _, button := right.(*iconButton); !button {
				want = width
			}
			below := heightAt(right, want)
			put(right, 0, h+8, min(want, width), below)
			return h + 8 + below
		}
		w := width - want - gap
		lh, rh := heightAt(left, w), heightAt(right, want)
		h := max(lh, rh)
		put(left, 0, (h-lh)/2, w, lh)
		put(right, width-want, (h-rh)/2, want, rh)
		return h
	}, left, right)
}

// newButtons sets buttons beside one another, in as many lines as they need.
func newButtons(buttons ...fyne.CanvasObject) *panel {
	const gap = 10
	return newPanel(func(width float32) float32 {
		x, y, high := float32(0), float32(0), float32(0)
		for _, b := range buttons {
			size := b.MinSize()
			if x > 0 && x+size.Width > width {
				x, y, high = 0, y+high+gap, 0
			}
			put(b, x, y, size.Width, size.Height)
			x, high = x+size.Width+gap, max(high, size.Height)
		}
		return y + high
	}, buttons...)
}

// wish is how wide something wants to be.
func wish(o fyne.CanvasObject) float32 {
	w := o.MinSize().Width
	switch o := o.(type) {
	case *wording:
		w = o.inOneLine().Width // also once it has been laid out
	case *panel:
		w = max(w, o.wished)
	case *pick:
		w = 230 * textScale()
	case *field:
		w = 300 * textScale()
	}
	return w
}

// textScale is how much larger than normal text is.
func textScale() float32 { return theme.Size(theme.SizeNameText) / 14 }

// newCard is a framed part of a page with a title; empty: without.
func newCard(title string, parts ...fyne.CanvasObject) *panel {
	const pad = 16
	frame := rounded(theme.Color(colCard), 12)
	frame.StrokeColor, frame.StrokeWidth = theme.Color(colLine), 1
	if title != "" {
		parts = append([]fyne.CanvasObject{newWording(title, colInk, theme.SizeNameText, true)}, parts...)
	}
	inside := newColumn(12, parts...)
	return newPanel(func(width float32) float32 {
		h := inside.fit(width - 2*pad)
		put(inside, pad, pad, width-2*pad, h)
		put(frame, 0, 0, width, h+2*pad)
		return h + 2*pad
	}, frame, inside)
}
