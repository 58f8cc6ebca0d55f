package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// meter shows a level as a row of bars.
type meter struct {
	widget.BaseWidget
	level int
	bars  []*canvas.Rectangle
	tall  float32
}

// Measures of a bar.
const (
	meterBar = 5
	meterGap = 4
)

func newMeter(bars int, tall float32) *meter {
	m := &meter{tall: tall}
	for range bars {
		m.bars = append(m.bars, rounded(theme.Color(colLine), 2))
	}
	m.ExtendBaseWidget(m)
	return m
}

// set shows a level, from 0 to [loudest].
func (m *meter) set(level int) {
	level = level * len(m.bars) / loudest
	if level == m.level {
		return
	}
	m.level = level
	m.restyle()
}

func (m *meter) restyle() {
	for i, b := range m.bars {
		b.FillColor = theme.Color(colLine)
		if i < m.level {
			b.FillColor = theme.Color(colAccent)
		}
	}
	m.Refresh()
}

// MinSize is for Fyne.
func (m *meter) MinSize() fyne.Size {
	return fyne.NewSize(float32(len(m.bars))*(meterBar+meterGap)-meterGap, m.tall)
}

// CreateRenderer is for Fyne.
func (m *meter) CreateRenderer() fyne.WidgetRenderer {
	box := &fyne.Container{Layout: meterLayout{m}}
	for _, b := range m.bars {
		box.Objects = append(box.Objects, b)
	}
	return widget.NewSimpleRenderer(box)
}

// meterLayout sets the bars in a row.
type meterLayout struct{ m *meter }

func (l meterLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	for i, b := range o {
		put(b, float32(i)*(meterBar+meterGap), (size.Height-l.m.tall)/2, meterBar, l.m.tall)
	}
}

func (l meterLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.m.MinSize() }
