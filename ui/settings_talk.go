package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/engine/settings"
)

// option is a value of a setting as a person calls it.
type option[T comparable] struct {
	value T
	name  string
}

func patiences() []option[settings.Patience] {
	return []option[settings.Patience]{
		{settings.Quick, lang.L("Quick")}, {settings.Balanced, lang.L("Balanced")}, {settings.Patient, lang.L("Patient")},
	}
}

func bargeIns() []option[settings.BargeIn] {
	return []option[settings.BargeIn]{
		{settings.Easily, lang.L("Easily")}, {settings.Normally, lang.L("Normally")}, {settings.Insist, lang.L("Only when I insist")},
	}
}

func voices() []option[settings.Voice] {
	return []option[settings.Voice]{{settings.RMS, "Ray"}, {settings.SLT, "Sally"}}
}

func keeps() []option[settings.Keep] {
	return []option[settings.Keep]{
		{settings.Forever, lang.L("Until I delete them")}, {settings.Month, lang.L("For 30 days")}, {settings.KeptNever, lang.L("Not at all")},
	}
}

func themes() []option[settings.Theme] {
	return []option[settings.Theme]{
		{settings.System, lang.L("As the desktop")}, {settings.Light, lang.L("Light")}, {settings.Dark, lang.L("Dark")},
	}
}

// chooser is a control for one of options, and how to have it show what is in
// force.
func chooser[T comparable](v *settingsView, options []option[T], of func(*settings.Settings) *T, title, help string) *panel {
	var names []string
	for _, o := range options {
		names = append(names, o.name)
	}
	inForce := func() int {
		return slices.IndexFunc(options, func(o option[T]) bool { return o.value == *of(&v.w.settings) })
	}
	p := newPick(names, inForce(), v.handling(), nil)
	v.add(p)
	r := newRow(title, help, p)
	p.OnChanged = func(string) {
		if i := p.SelectedIndex(); i >= 0 && i != inForce() {
			v.change(r, func() { p.offer(names, inForce()) }, func(s *settings.Settings) { *of(s) = options[i].value })
		}
	}
	return r
}

// slider is a control for a number; show says it in words.
func slider[T int | float64](v *settingsView, lowest, highest, step float64, of func(*settings.Settings) *T, show func(float64) string, title, help string) *panel {
	now := float64(*of(&v.w.settings))
	figure := newWording(show(now), colInk, captionSize, false)
	var r *panel
	s := newSlide(lowest, highest, step, now, v.handling(), func(n float64) {
		figure.say(show(n), colInk)
		figure.fit(figure.width)
	}, nil)
	s.OnChangeEnded = func(n float64) {
		if T(n) != *of(&v.w.settings) {
			v.change(r, func() { s.SetValue(float64(*of(&v.w.settings))) }, func(to *settings.Settings) { *of(to) = T(n) })
		}
	}
	v.add(s)
	r = newRow(title, help, newSlideBox(s, figure))
	return r
}

// newSlideBox is a slider with its figure at the right.
func newSlideBox(s *slide, figure *wording) *panel {
	room := figure.MinSize().Width + 14*textScale()
	track := rounded(theme.Color(colLine), 2) // Fyne draws its own in the card's colour
	p := newPanel(func(width float32) float32 {
		h := max(s.MinSize().Height, figure.fit(room))
		sh, fh := s.MinSize().Height, figure.MinSize().Height
		put(track, sh/2, (h-4)/2, width-room-8-sh, 4)
		put(s, 0, (h-sh)/2, width-room-8, sh)
		put(figure, width-room, (h-fh)/2, room, fh)
		return h
	}, track, s, figure)
	p.wished = 180 + room
	return p
}

// ticker is a control for what is on or off.
func ticker(v *settingsView, of func(*settings.Settings) *bool, title, help string) *panel {
	t := newTick(*of(&v.w.settings), v.handling())
	v.add(t)
	r := newRow(title, help, t)
	t.OnChanged = func(on bool) {
		v.change(r, func() { t.set(*of(&v.w.settings)) }, func(s *settings.Settings) { *of(s) = on })
	}
	return r
}

// talkPage is how the conversation is held: patience, barge-in, voice and speed.
func (v *settingsView) talkPage() []fyne.CanvasObject {
	cards := []fyne.CanvasObject{
		newCard(lang.L("Taking turns"), chooser(v, patiences(), func(s *settings.Settings) *settings.Patience { return &s.Patience },
			lang.L("Patience"), lang.L("How long I wait when you fall silent before I answer. You can always talk over me.")),
			chooser(v, bargeIns(), func(s *settings.Settings) *settings.BargeIn { return &s.BargeIn }, lang.L("Interrupting me"),
				lang.L("What it takes to stop me by talking over me. “Easily”: a word, or a cough. “Only when I insist”: about a second of words. “Stop” always works."))),
	}
	voice := []fyne.CanvasObject{
		chooser(v, voices(), func(s *settings.Settings) *settings.Voice { return &s.Voice }, lang.L("Voice"), lang.L("The built-in voices: Ray is a man, Sally a woman.")),
		slider(v, settings.MinSpeed, settings.MaxSpeed, .05, func(s *settings.Settings) *float64 { return &s.Speed },
			func(n float64) string { return decimal(fmt.Sprintf("%.2f×", n)) }, lang.L("Speed"), lang.L("How fast I speak.")),
	}
	if v.setup.Sound != nil {
		hear := v.handling().action(lang.L("Hear it"), nil)
		r := newRow("", "", hear)
		hear.onTap = func() {
			v.w.sayAloud(sayHowISound, func(err error) {
				if err != nil {
					v.tell(r, plain(err), true)
				}
			})
		}
		v.add(hear)
		voice = append(voice, r)
	}
	return append(cards, newCard(lang.L("Voice"), voice...))
}
