package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

// sayHello is said once, at the first start.
const sayHello = "Hello, I'm Parley. Just talk to me."

// firstRun is the screen of the first start: what it hears, how it sounds, what it
// found, and what to try. Nothing has to be done there: whoever just talks is
// answered, and finds himself in the conversation.
type firstRun struct {
	w    *Window
	keys keys

	box    *fyne.Container
	back   *canvas.Rectangle
	scroll *container.Scroll
	page   *panel
	test   *microphoneTest // nil where there is no sound to check
	found  []Offer
}

// welcome opens the screen of the first start, greets aloud, and looks around.
func (w *Window) welcome(k keys) {
	f := &firstRun{w: w, keys: k, back: &canvas.Rectangle{}, scroll: container.NewVScroll(newColumn(0)), page: newColumn(0)}
	f.box = &fyne.Container{Layout: firstLayout{f}, Objects: []fyne.CanvasObject{f.back, f.scroll}}
	f.box.Hidden = true
	w.first = f
	w.content.Add(f.box)
	w.cover(f.box)
	f.restyle()
	w.changeSettings(func(s *settings.Settings) { s.Greeted = true }, func(_ string, err error) {
		if err == nil && w.setup.Sound != nil {
			w.sayAloud(sayHello, func(error) {}) // the microphone's card says what is wrong
		}
	})
	if w.setup.Engines != nil {
		w.bridge.dispatch(func() func() {
			found := w.setup.Engines.Find(context.Background())
			return func() { f.found = found; f.restyle() }
		})
	}
}

// hide leads to the conversation.
func (f *firstRun) hide() {
	if f.test != nil {
		f.test.leave()
	}
	f.w.first = nil
	f.w.content.Remove(f.box)
	f.w.cover(f.w.frame.box)
}

// update follows the session. A turn that is spoken leads to the conversation.
func (f *firstRun) update(s State) {
	for i := range s.Thread.Len() {
		if s.Thread.At(i).Kind == UserRow && s.Thread.At(i).Done {
			f.hide()
			return
		}
	}
	if f.test != nil {
		f.test.look(s)
	}
}

// restyle makes the screen anew, in the theme now in force.
func (f *firstRun) restyle() {
	f.back.FillColor = theme.Color(theme.ColorNameBackground)
	if f.test != nil {
		f.test.leave()
	}
	h := handling{keys: f.keys, shortcut: f.w.shortcut, reveal: func(fyne.CanvasObject) {}}
	parts := []fyne.CanvasObject{newHello()}
	if absent := f.w.setup.Absent; slices.Contains(absent, Understanding) || slices.Contains(absent, Voicing) {
		parts = append(parts, f.speechCard(h))
	} else {
		parts = append(parts, newWording(leaving(f.w.settings), colMuted, theme.SizeNameText, false))
	}
	if f.w.setup.Sound != nil {
		var microphone fyne.CanvasObject
		microphone, f.test = f.w.microphoneCard(h, func(fyne.Focusable) {}, f.refit)
		parts = append(parts, microphone)
		if !slices.Contains(f.w.setup.Absent, Voicing) {
			parts = append(parts, f.voiceCard(h))
		}
	}
	if f.w.setup.Engines != nil {
		parts = append(parts, f.foundCard(h))
	}
	parts = append(parts, newWording(lang.L("Try saying, or tap"), colMuted, theme.SizeNameText, false), f.tries())
	start := newIconButton("", 40*max(1, textScale()*.8), false, f.keys, f.hide)
	start.filled = true
	start.say(lang.L("Start talking"))
	start.face.CornerRadius = start.side / 2
	f.page = newPage(true, append(parts, newPanel(func(float32) float32 {
		put(start, 0, 6, start.MinSize().Width+24, start.side)
		return start.side + 6
	}, start))...)
	f.scroll.Content = f.page
	f.refit()
	f.update(f.w.shown.State)
}

func (f *firstRun) refit() {
	f.page.fit(f.scroll.Size().Width)
	f.page.Resize(fyne.NewSize(f.scroll.Size().Width, f.page.height))
	f.scroll.Refresh()
}

// newHello is the screen's title with Parley's mark before it.
func newHello() *panel {
	mark := canvas.NewCircle(theme.Color(colAccent))
	title := newWording(lang.L("Hello, I’m Parley"), colInk, theme.SizeNameHeadingText, true)
	return newPanel(func(width float32) float32 {
		h := title.fit(width - 34)
		put(mark, 0, (h-22)/2, 22, 22)
		put(title, 34, 0, width-34, h)
		return h
	}, mark, title)
}

// speechCard leads to where what this build lacks is chosen.
func (f *firstRun) speechCard(h handling) fyne.CanvasObject {
	needs := lang.L("To hear you and to speak, this build needs services, or a Parley on another computer. Typing works at once.")
	choose := h.action(lang.L("Choose…"), func() {
		f.hide()
		f.w.openSettings()
		if v := f.w.adjust; v != nil {
			v.turnToEngines()
		}
	})
	return newCard(lang.L("Speech"), newBeside(newWording(needs, colInk, theme.SizeNameText, false), choose, 220))
}

// voiceCard lets the voice be heard and chosen.
func (f *firstRun) voiceCard(h handling) fyne.CanvasObject {
	names, at := []string{}, 0
	for i, o := range voices() {
		names = append(names, o.name)
		if o.value == f.w.settings.Voice {
			at = i
		}
	}
	note := newWording("", colMuted, captionSize, false)
	said := func(err error) {
		if err != nil {
			note.say(plain(err), colAttention)
			f.refit()
		}
	}
	choose := newPick(names, at, h, func(i int) {
		if voices()[i].value != f.w.settings.Voice {
			f.w.changeSettings(func(s *settings.Settings) { s.Voice = voices()[i].value }, func(_ string, err error) { said(err) })
		}
	})
	hear := h.action(lang.L("Hear it"), func() { f.w.sayAloud(sayHowISound, said) })
	return newCard(lang.L("Voice"), newBeside(frameAround(choose), hear, 120), note)
}

// foundCard offers what was found on this computer.
func (f *firstRun) foundCard(h handling) fyne.CanvasObject {
	note := newWording("", colMuted, captionSize, false)
	chosen := f.w.settings.Responder
	state := func(inUse bool) fyne.CanvasObject {
		text := lang.L("goes on when others fail")
		if inUse {
			text = lang.L("in use")
		}
		return newWording(text, colMuted, captionSize, false)
	}
	lines := []fyne.CanvasObject{}
	for _, o := range f.found {
		if o.For != "" && o.For != Answering || len(lines) == mostOffers {
			continue
		}
		name := newWording(strings.TrimSuffix(o.Name+" · "+o.Model, " · "), colInk, theme.SizeNameText, false)
		if chosen.URL == o.URL && chosen.Model == o.Model {
			lines = append(lines, newBeside(name, state(true), 120))
			continue
		}
		use := h.action(lang.L("Use for answers"), func() {
			f.w.changeSettings(func(s *settings.Settings) { s.Responder = settings.Service{URL: o.URL, Model: o.Model} }, func(_ string, err error) {
				if err != nil {
					note.say(plain(err), colAttention)
					f.refit()
					return
				}
				f.restyle()
			})
		})
		lines = append(lines, newBeside(name, use, 120))
	}
	lines = append(lines, newBeside(newWording(lang.L("Built-in tutor"), colInk, theme.SizeNameText, false), state(chosen.URL == ""), 120), note)
	return newCard(lang.L("Found on this computer"), lines...)
}

// mostOffers is how many models the first start's screen offers.
const mostOffers = 3

// tries are the examples, each to be tapped, with what it is good for: behind it
// where there is room for all three, else below.
func (f *firstRun) tries() fyne.CanvasObject {
	const gap = 14
	wide := float32(0)
	for _, e := range examples() {
		wide = max(wide, widthOf(e.say, theme.SizeNameText)+gap+widthOf(e.means, captionSize))
	}
	var lines []fyne.CanvasObject
	for _, e := range examples() {
		b := newIconButton("", 34, true, f.keys, func() {
			f.hide()
			f.w.send(engine.Say{Text: strings.Trim(e.say, "“”")})
		})
		b.label.Text = e.say // hidden: words before it break into lines
		words, means := newWording(e.say, colInk, theme.SizeNameText, false), newWording(e.means, colMuted, captionSize, false)
		lines = append(lines, newPanel(func(width float32) float32 {
			h := words.fit(width)
			if wide <= width {
				left := widthOf(e.say, theme.SizeNameText) + gap
				below := means.fit(width - left)
				put(b, -buttonPadX, 0, width+2*buttonPadX, h+14)
				put(words, 0, 7, width, h)
				put(means, left, 7+(h-below)*.6, width-left, below)
				return h + 14
			}
			below := means.fit(width)
			put(b, -buttonPadX, 0, width+2*buttonPadX, h+below+14)
			put(words, 0, 7, width, h)
			put(means, 0, 7+h, width, below)
			return h + below + 14
		}, b, words, means))
	}
	return newColumn(0, lines...)
}

// widthOf is how wide text is in one line.
func widthOf(text string, size fyne.ThemeSizeName) float32 {
	return fyne.MeasureText(text, theme.Size(size), fyne.TextStyle{}).Width
}

// firstLayout gives the page all the room.
type firstLayout struct{ f *firstRun }

func (l firstLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	put(l.f.back, 0, 0, size.Width, size.Height)
	put(l.f.scroll, 0, 0, size.Width, size.Height)
	l.f.refit()
}

func (firstLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 400) }
