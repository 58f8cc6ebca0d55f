package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"parley/engine"
	"parley/engine/settings"
)

// systemDefault is a device that is not chosen.
func systemDefault() string { return lang.L("System default") }

// soundPage is microphone, speaker and echo.
func (v *settingsView) soundPage() []fyne.CanvasObject {
	microphone, level := v.w.microphoneCard(v.handling(), v.add, v.refit)
	speaker := v.speakerCard()
	echo := newTick(v.w.settings.EchoCancel, v.handling())
	v.add(echo)
	echoRow := newRow(lang.L("Take my own voice out of what I hear"), lang.L("So that you can talk over me. Headphones can do without."), echo)
	echo.OnChanged = func(on bool) {
		v.change(echoRow, func() { echo.set(v.w.settings.EchoCancel) }, func(s *settings.Settings) { s.EchoCancel = on })
	}
	v.look, v.leave = level.look, level.leave
	return []fyne.CanvasObject{microphone, speaker, newCard(lang.L("Echo"), echoRow)}
}

// speakerCard chooses the speaker and tries it.
func (v *settingsView) speakerCard() fyne.CanvasObject {
	choose := newPick([]string{systemDefault()}, 0, v.handling(), nil)
	var r *panel
	play := v.handling().action(lang.L("Play a sentence"), func() {
		v.w.sayAloud(sayLoudEnough, func(err error) {
			if err != nil {
				v.tell(r, plain(err), true)
			}
		})
	})
	v.add(choose)
	v.add(play)
	r = newNoted(8, newBeside(frameAround(choose), play, 120))
	v.w.listDevices(func(d devices, err error) {
		if err != nil {
			v.tell(r, plain(err), true)
		}
		offerDevices(choose, d.speakers, v.w.settings.Speaker)
	})
	choose.OnChanged = func(string) {
		name := deviceChosen(choose, v.w.devices.speakers)
		if name == v.w.settings.Speaker {
			return
		}
		v.change(r, func() { offerDevices(choose, v.w.devices.speakers, v.w.settings.Speaker) }, func(s *settings.Settings) { s.Speaker = name })
	}
	return newCard(lang.L("Speaker"), r)
}

// microphoneTest is what of a microphone's card lives: its level, and a test.
type microphoneTest struct {
	w      *Window
	bars   *meter
	say    *iconButton
	note   *wording
	refit  func()
	hint   string // what the note says when there is nothing else
	cancel func() // ends the test; nil: there is none
}

// microphoneCard chooses the microphone, shows how loud it is, and tries it. The
// first start's screen has one, too.
func (w *Window) microphoneCard(h handling, add func(fyne.Focusable), refit func()) (fyne.CanvasObject, *microphoneTest) {
	t := &microphoneTest{w: w, bars: newMeter(loudest, 14), refit: refit}
	choose := newPick([]string{systemDefault()}, 0, h, nil)
	t.say = h.action(lang.L("Say something"), t.toggle)
	add(choose)
	add(t.say)
	controls := newBeside(newBeside(frameAround(choose), t.bars, 150), t.say, 270)
	r := newNoted(8, controls)
	t.note = r.note
	w.listDevices(func(d devices, err error) {
		if err != nil {
			t.tell(plain(err), true)
		}
		offerDevices(choose, d.microphones, w.settings.Microphone)
	})
	choose.OnChanged = func(string) {
		name := deviceChosen(choose, w.devices.microphones)
		if name == w.settings.Microphone {
			return
		}
		w.changeSettings(func(s *settings.Settings) { s.Microphone = name }, func(note string, err error) {
			if err != nil {
				offerDevices(choose, w.devices.microphones, w.settings.Microphone)
				note = plain(err)
			}
			t.tell(note, err != nil)
		})
	}
	return newCard(lang.L("Microphone"), r), t
}

// look follows the session: how loud it is and, when there is no sound, why.
func (t *microphoneTest) look(s State) {
	if t.cancel != nil {
		return // the test shows its own
	}
	t.bars.set(s.Heard)
	hint := ""
	switch {
	case s.Presence.State == engine.NoSound:
		hint = s.Presence.Detail
	case s.Presence.Muted:
		hint = lang.L("You are muted: Ctrl+M, or the microphone beside the circle, ends that.")
	}
	if hint != t.hint {
		t.hint = hint
		t.tell(hint, true)
	}
}

func (t *microphoneTest) tell(text string, failed bool) {
	ink := colMuted
	if failed {
		ink = colAttention
	}
	t.note.say(text, ink)
	t.refit()
}

// leave ends a test that is going on.
func (t *microphoneTest) leave() {
	if t.cancel != nil {
		t.cancel()
	}
}

// toggle begins a test, or ends it.
func (t *microphoneTest) toggle() {
	if t.cancel != nil {
		t.cancel()
		return
	}
	t.say.say(lang.L("Stop"))
	t.tell(lang.L("I’m listening…"), false)
	t.cancel = t.w.bridge.apart(func(ctx context.Context) func() {
		text, err := t.w.setup.Sound.Hear(ctx, func(dbfs float64, text string) {
			t.w.bridge.do(func() { t.hearing(dbfs, text) })
		})
		return func() { t.heard(text, err) }
	})
}

// hearing shows what is heard while the test goes on.
func (t *microphoneTest) hearing(dbfs float64, text string) {
	if t.cancel == nil {
		return
	}
	t.bars.set(heard(t.bars.level, dbfs))
	if text == "" {
		return
	}
	if text = lang.L("I hear: “{{.Words}}”", values{"Words": text}); text != t.note.text {
		t.tell(text, false)
	}
}

// heard says what came of the test.
func (t *microphoneTest) heard(text string, err error) {
	t.cancel = nil
	t.say.say(lang.L("Say something"))
	switch {
	case err != nil:
		t.tell(plain(err), true)
	case text == "":
		t.tell(lang.L("I heard no words. Speak up, come closer, or choose another microphone."), true)
	default:
		t.tell(lang.L("I heard: “{{.Words}}”", values{"Words": text}), false)
	}
}

// devices are those that were listed last, and who waits for a new list.
type devices struct {
	microphones, speakers []SoundDevice
	waiting               []func(devices, error)
}

// listDevices has the devices shown: those that are known at once, and then those
// there are, which takes the system a while.
func (w *Window) listDevices(show func(devices, error)) {
	if w.devices.microphones != nil {
		show(w.devices, nil)
	}
	w.devices.waiting = append(w.devices.waiting, show)
	if len(w.devices.waiting) > 1 {
		return // they are being listed
	}
	w.bridge.dispatch(func() func() {
		microphones, speakers, err := w.setup.Sound.Devices()
		return func() {
			waiting := w.devices.waiting
			w.devices = devices{microphones: microphones, speakers: speakers}
			for _, show := range waiting {
				show(w.devices, err)
			}
		}
	})
}

// offerDevices lets one of the devices be chosen. One that is chosen and not there
// any more stays, so that it can be seen.
func offerDevices(p *pick, devices []SoundDevice, chosen string) {
	options := []string{systemDefault()}
	for _, d := range devices {
		options = append(options, d.Name)
	}
	at := 0
	if chosen != "" {
		if at = 1 + slices.IndexFunc(devices, func(d SoundDevice) bool { return d.Choice == chosen }); at == 0 {
			at = 1 + slices.IndexFunc(devices, func(d SoundDevice) bool { return d.Name == chosen })
		}
		if at == 0 {
			options = append(options, chosen)
			at = len(options) - 1
		}
	}
	p.offer(options, at)
}

// deviceChosen is what the settings keep of the device that is chosen; "" is the
// default.
func deviceChosen(p *pick, devices []SoundDevice) string {
	switch i := p.SelectedIndex(); {
	case i <= 0:
		return ""
	case i <= len(devices):
		return devices[i-1].Choice
	}
	return p.Selected // which is gone, and stays chosen
}

// What is said to try a speaker and a voice.
const (
	sayLoudEnough = "This is how I sound. Is it loud enough?"
	sayHowISound  = "This is how I sound now."
)

// sayAloud has a sentence spoken.
func (w *Window) sayAloud(sentence string, then func(error)) {
	w.bridge.dispatch(func() func() {
		err := w.setup.Sound.Say(sentence)
		return func() { then(err) }
	})
}
