package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	sideItemHeight    = 52
	sideHeadingHeight = 34
)

// sideList is the virtual list in the side panel; only the rows in sight have
// objects.
type sideList struct {
	widget.List
	keys keys
}

func newSideList(s *side, k keys) *sideList {
	l := &sideList{keys: k}
	l.HideSeparators = true
	l.Length = func() int { return len(s.rows) }
	l.CreateItem = func() fyne.CanvasObject { return newSideItem() }
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if item, ok := o.(*sideItem); ok && i < len(s.rows) {
			item.show(s.rows[i], s.rows[i].info.ID == s.current)
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey is for Fyne.
func (l *sideList) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		l.keys.key(k)
		return
	}
	l.List.TypedKey(k)
}

// TypedRune is for Fyne.
func (l *sideList) TypedRune(r rune) {
	if r != ' ' { // which opens the conversation
		l.keys.rune(r)
	}
}

// sideItem draws one [sideRow].
type sideItem struct {
	widget.BaseWidget
	row     sideRow
	current bool

	back           *canvas.Rectangle
	title, caption *canvas.Text
}

func newSideItem() *sideItem {
	i := &sideItem{back: rounded(color.Transparent, 8),
		title: label("", colInk, theme.SizeNameText, false), caption: label("", colMuted, theme.SizeNameCaptionText, false)}
	i.ExtendBaseWidget(i)
	return i
}

func (i *sideItem) show(r sideRow, current bool) {
	i.row, i.current = r, current && r.heading == ""
	i.Refresh()
}

// MinSize is for Fyne.
func (i *sideItem) MinSize() fyne.Size { return fyne.NewSize(120, sideItemHeight) }

// CreateRenderer is for Fyne.
func (i *sideItem) CreateRenderer() fyne.WidgetRenderer {
	return &sideItemRenderer{WidgetRenderer: widget.NewSimpleRenderer(i.back), i: i}
}

type sideItemRenderer struct {
	fyne.WidgetRenderer
	i *sideItem
}

func (r *sideItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.i.back, r.i.title, r.i.caption}
}

func (r *sideItemRenderer) Layout(size fyne.Size) {
	i := r.i
	const padX = 10
	i.back.Resize(size)
	i.title.TextSize, i.caption.TextSize = theme.Size(theme.SizeNameText), theme.Size(theme.SizeNameCaptionText)
	if i.row.heading != "" {
		i.title.Text, i.caption.Text = "", i.row.heading
		h := i.caption.MinSize().Height
		i.caption.Move(fyne.NewPos(0, whole(size.Height-h-5)))
		return
	}
	title := i.row.info.Title
	if title == "" {
		title = "Untitled"
	}
	i.title.Text = ellipsis(capital(title), i.title.TextSize, size.Width-2*padX, i.title.TextStyle)
	i.caption.Text = i.row.when
	top, below := i.title.MinSize().Height, i.caption.MinSize().Height
	y := whole((size.Height - top - below) / 2)
	i.title.Move(fyne.NewPos(padX, y))
	i.caption.Move(fyne.NewPos(padX, whole(y+top)))
}

func (r *sideItemRenderer) Refresh() {
	i := r.i
	i.back.FillColor = color.Transparent
	if i.current {
		i.back.FillColor = theme.Color(colAccentSoft)
	}
	i.title.Color, i.caption.Color = theme.Color(colInk), theme.Color(colMuted)
	r.Layout(i.Size())
	i.back.Refresh()
	i.title.Refresh()
	i.caption.Refresh()
}
