package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"parley/engine/settings"
)

// stageWords is a stage as a person sees it.
type stageWords struct {
	stage             Stage
	of                func(*settings.Settings) *settings.Service
	title, help, none string // none: what does it where no service is chosen
}

// stageList are the stages in their order; absent are those that nothing does where no
// service is chosen.
func stageList(absent []Stage) []stageWords {
	list := []stageWords{
		{Answering, func(s *settings.Settings) *settings.Service { return &s.Responder }, lang.L("Answers"),
			lang.L("Who answers. A language model can talk about anything; the built-in tutor knows its dictionaries, sums, timers and what you told it."), lang.L("Built in")},
		{Teaching, func(s *settings.Settings) *settings.Service { return &s.Lesson }, lang.L("Lessons"),
			lang.L("Who writes lessons."), lang.L("As for answers")},
		{Understanding, func(s *settings.Settings) *settings.Service { return &s.Transcriber }, lang.L("Understanding speech"),
			lang.L("Who turns your voice into words. A larger recogniser mistakes less."), lang.L("Built in")},
		{Voicing, func(s *settings.Settings) *settings.Service { return &s.Synthesizer }, lang.L("Voice"),
			lang.L("Who speaks, instead of a built-in voice."), lang.L("Built in")},
	}
	for i := range list {
		if slices.Contains(absent, list[i].stage) {
			list[i].none = lang.L("None in this build")
		}
	}
	return list
}

// anotherAddress is the choice of a service by its address.
func anotherAddress() string { return lang.L("Another address…") }

// enginesPage is who does each stage's work.
func (v *settingsView) enginesPage() []fyne.CanvasObject {
	if !v.sought {
		v.seek()
	}
	var cards []fyne.CanvasObject
	for _, s := range stageList(v.setup.Absent) {
		cards = append(cards, v.stageCard(s))
	}
	cards = append(cards, newCard(lang.L("When a service does not answer"),
		slider(v, settings.MinAnswer, 15, 1, func(s *settings.Settings) *float64 { return &s.AnswerWithin },
			func(n float64) string { return fmt.Sprintf("%.0f s", n) }, lang.L("Wait for it"), lang.L("Then the built-in engine goes on, and says so."))))
	return append(cards, v.foundCard())
}

// seek looks for servers on this computer and shows what was found.
func (v *settingsView) seek() {
	v.sought = true
	v.w.bridge.dispatch(func() func() {
		found := v.setup.Engines.Find(context.Background())
		return func() {
			if v.found = found; len(found) > 0 && v.visible() {
				v.rebuild()
			}
		}
	})
}

// foundCard tells what was found on this computer.
func (v *settingsView) foundCard() fyne.CanvasObject {
	var names []string
	for _, f := range v.found {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	text := lang.L("I found no model server on this computer. Ollama, llama.cpp, LM Studio, whisper.cpp and others are found by themselves when they run.")
	if len(names) > 0 {
		text = strings.Join(names, ", ") + ". " + lang.L("Choose one above; nothing is sent to it before you do.")
	}
	again := v.handling().action(lang.L("Look again"), func() {
		v.found = nil
		v.seek()
	})
	v.add(again)
	return newCard(lang.L("Found on this computer"), newBeside(newWording(text, colMuted, captionSize, false), again, 220))
}

// stageCard chooses who does a stage's work.
func (v *settingsView) stageCard(words stageWords) fyne.CanvasObject {
	now := *words.of(&v.w.settings)
	var offered []Offer
	names := []string{words.none}
	for _, f := range v.found {
		if f.For == "" && (words.stage == Answering || words.stage == Teaching) || f.For == words.stage || words.stage == Teaching && f.For == Answering {
			offered = append(offered, f)
			names = append(names, strings.TrimSuffix(f.Name+" · "+f.Model, " · "))
		}
	}
	names = append(names, anotherAddress())
	at := 0
	if now.URL != "" {
		at = 1 + slices.IndexFunc(offered, func(f Offer) bool { return f.URL == now.URL && f.Model == now.Model })
		if at == 0 {
			at = len(names) - 1
		}
	}
	p := newPick(names, at, v.handling(), nil)
	v.add(p)
	r := newRow(words.title, words.help, p)
	fields := v.serviceFields(words, r)
	fields.Hidden = at != len(names)-1
	p.OnChanged = func(string) {
		i := p.SelectedIndex()
		if fields.Hidden = i != len(names)-1; !fields.Hidden {
			v.tell(r, "", false)
			return // nothing is chosen before there is an address
		}
		service := settings.Service{}
		if i > 0 {
			service.URL, service.Model = offered[i-1].URL, offered[i-1].Model
		}
		v.change(r, func() { p.offer(names, at) }, func(s *settings.Settings) { *words.of(s) = service })
	}
	return newCard("", r, fields)
}

// serviceFields are address, model and key of a service, and whether it works.
func (v *settingsView) serviceFields(words stageWords, r *panel) *panel {
	now := *words.of(&v.w.settings)
	set := func(change func(*settings.Service, string)) func(string) {
		return func(text string) {
			v.change(r, nil, func(s *settings.Settings) { change(words.of(s), strings.TrimSpace(text)) })
		}
	}
	address := newField(now.URL, "https://api.openai.com/v1", false, v.handling(), set(func(s *settings.Service, t string) { s.URL = strings.TrimRight(t, "/") }))
	model := newField(now.Model, lang.L("the server’s own choice"), false, v.handling(), set(func(s *settings.Service, t string) { s.Model = t }))
	rows := []fyne.CanvasObject{newLine(lang.L("Address"), address), newLine(lang.L("Model"), model)}
	controls := []fyne.Focusable{address, model}
	if words.stage == Voicing {
		voice := newField(now.Voice, lang.L("the server’s own choice"), false, v.handling(), set(func(s *settings.Service, t string) { s.Voice = t }))
		rows, controls = append(rows, newLine(lang.L("Voice"), voice)), append(controls, voice)
	}
	key := v.keyField(lang.L("none, or the one that is kept"), r, func(ctx context.Context, secret string) (string, error) {
		return v.setup.Engines.KeepKey(ctx, strings.TrimSpace(address.Text), secret)
	})
	test := v.testButton(r, func(ctx context.Context) (string, error) {
		service := settings.Service{URL: strings.TrimRight(strings.TrimSpace(address.Text), "/"), Model: strings.TrimSpace(model.Text)}
		return v.setup.Engines.Try(ctx, words.stage, service)
	})
	forget := v.forgetButton(lang.L("Forget this key"), r, func(ctx context.Context) (string, error) {
		return v.setup.Engines.ForgetKey(ctx, strings.TrimSpace(address.Text))
	})
	for _, c := range append(controls, key, test, forget) {
		v.add(c)
	}
	return newColumn(8, append(rows, newLine(lang.L("Key"), key), newLine("", newButtons(test, forget)))...)
}

// forgetButton has the secret forgotten that a field beside it takes.
func (v *settingsView) forgetButton(words string, r *panel, forget func(context.Context) (left string, err error)) *iconButton {
	return v.handling().action(words, func() {
		v.w.bridge.dispatch(func() func() {
			left, err := forget(context.Background())
			return func() {
				switch {
				case err != nil:
					v.tell(r, plain(err), true)
				default:
					v.tell(r, strings.TrimSpace(lang.L("It is forgotten.")+" "+left), false)
				}
			}
		})
	})
}

// newLine is a control with its name before it.
func newLine(name string, control fyne.CanvasObject) *panel {
	words := newWording(name, colMuted, captionSize, false)
	words.Hidden = false
	return newPanel(func(width float32) float32 {
		left := 80 * textScale()
		if width-left < 200*textScale() && name != "" { // the name stands above
			h, below := heightAt(words, width), heightAt(control, width)
			put(words, 0, 0, width, h)
			put(control, 0, h, width, below)
			return h + below
		}
		if width-left < 200*textScale() {
			left = 0
		}
		room := width - left
		high := heightAt(control, room)
		h := max(high, heightAt(words, left))
		put(words, 0, (h-words.MinSize().Height)/2, left, words.MinSize().Height)
		put(control, left, (h-high)/2, room, high)
		return h
	}, words, control)
}

// keyField takes a secret, which is given away to be kept and not shown again.
func (v *settingsView) keyField(hint string, r *panel, keep func(ctx context.Context, secret string) (string, error)) *field {
	key := newField("", hint, true, v.handling(), nil)
	key.settle = func(secret string) {
		if secret = strings.TrimSpace(secret); secret == "" {
			return
		}
		v.w.bridge.dispatch(func() func() {
			where, err := keep(context.Background(), secret)
			return func() {
				if err != nil {
					v.tell(r, plain(err), true)
					return
				}
				key.set("")
				v.tell(r, where, false)
			}
		})
	}
	return key
}

// testButton asks whether something works and says what came of it below r.
func (v *settingsView) testButton(r *panel, try func(context.Context) (string, error)) *iconButton {
	running := false
	b := v.handling().action(lang.L("Test"), nil)
	b.onTap = func() {
		if running {
			return
		}
		running = true
		v.tell(r, lang.L("Asking…"), false)
		v.w.bridge.dispatch(func() func() { // after what has just been typed is kept
			return func() {
				v.w.bridge.apart(func(ctx context.Context) func() {
					found, err := try(ctx)
					return func() {
						running = false
						if err != nil {
							found = plain(err)
						}
						v.tell(r, found, err != nil)
					}
				})
			}
		})
	}
	return b
}

// remotePage is a backend on another computer.
func (v *settingsView) remotePage() []fyne.CanvasObject {
	r := newRow(lang.L("A Parley on another computer"), lang.L("It listens, thinks and speaks for this one, which then needs little of its own. Leave the address empty to stay on this computer."), newColumn(0))
	address := newField(v.w.settings.Remote, "https://parley.example.org", false, v.handling(), nil)
	address.settle = func(text string) {
		v.change(r, nil, func(s *settings.Settings) { s.Remote = strings.TrimRight(strings.TrimSpace(text), "/") })
	}
	token := v.keyField(lang.L("none, or the one that is kept"), r, func(ctx context.Context, secret string) (string, error) {
		return v.setup.Remote.KeepToken(ctx, strings.TrimSpace(address.Text), secret)
	})
	test := v.testButton(r, func(ctx context.Context) (string, error) {
		return v.setup.Remote.Try(ctx, strings.TrimRight(strings.TrimSpace(address.Text), "/"), "")
	})
	forget := v.forgetButton(lang.L("Forget this token"), r, func(ctx context.Context) (string, error) {
		return v.setup.Remote.ForgetToken(ctx, strings.TrimSpace(address.Text))
	})
	for _, c := range []fyne.Focusable{address, token, test, forget} {
		v.add(c)
	}
	return []fyne.CanvasObject{
		newCard("", r, newLine(lang.L("Address"), address), newLine(lang.L("Token"), token), newLine("", newButtons(test, forget))),
		newCard(lang.L("While it is away"), ticker(v, func(s *settings.Settings) *bool { return &s.RemoteStandIn },
			lang.L("Go on by myself"), lang.L("This computer then listens and answers with its built-in engine, and says so."))),
	}
}
