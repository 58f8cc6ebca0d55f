package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/engine/settings"
)

// toolsShown is how many of a server's tools are named.
const toolsShown = 8

// toolsPage is the tool servers there are, and a way to add one.
func (v *settingsView) toolsPage() []fyne.CanvasObject {
	text := lang.L("A tool server gives a language model more to work with: files, a calendar, the web. It is a program on this computer, or an address, and speaks the Model Context Protocol (MCP).")
	parts := []fyne.CanvasObject{newWording(text, colMuted, theme.SizeNameText, false)}
	if v.w.settings.Responder.URL == "" {
		parts = append(parts, newWording(lang.L("They are used once a language model answers: choose one under “Engines”."), colAttention, theme.SizeNameText, true))
	}
	cards := []fyne.CanvasObject{newColumn(8, parts...)}
	notes := map[string]*wording{}
	for _, t := range toolServers(v.w.settings) {
		card, note := v.toolCard(t)
		if !t.Off {
			notes[t.Name] = note
		}
		cards = append(cards, card)
	}
	if v.w.settings.Responder.URL != "" && len(notes) > 0 {
		v.lookAtTools(notes)
	}
	return append(cards, v.addToolCard())
}

// toolServers are those of the settings, in their order.
func toolServers(s settings.Settings) []settings.ToolServer {
	return slices.DeleteFunc(slices.Clone(s.ToolServers[:]), func(t settings.ToolServer) bool { return t == settings.ToolServer{} })
}

// changeTools changes the settings' tool servers and draws the page anew; r says what
// was refused.
func (v *settingsView) changeTools(r *panel, undo func(), change func([]settings.ToolServer) []settings.ToolServer) {
	v.w.changeSettings(func(s *settings.Settings) {
		all := change(toolServers(*s))
		s.ToolServers = [settings.MostToolServers]settings.ToolServer{}
		copy(s.ToolServers[:], all)
	}, func(_ string, err error) {
		if err == nil {
			v.rebuild()
			return
		}
		undo()
		v.tell(r, plain(err), true)
	})
}

// toolCard is a tool server: on or off, how it is, and a way to remove it.
func (v *settingsView) toolCard(t settings.ToolServer) (card *panel, note *wording) {
	on := newTick(!t.Off, v.handling())
	r := newRow(t.Name, t.Command+t.URL, on)
	this := func(other settings.ToolServer) bool { return other.Name == t.Name }
	on.OnChanged = func(checked bool) {
		v.changeTools(r, func() { on.set(!t.Off) }, func(all []settings.ToolServer) []settings.ToolServer {
			if i := slices.IndexFunc(all, this); i >= 0 {
				all[i].Off = !checked
			}
			return all
		})
	}
	remove := v.handling().action(lang.L("Remove"), func() {
		v.changeTools(r, func() {}, func(all []settings.ToolServer) []settings.ToolServer { return slices.DeleteFunc(all, this) })
	})
	v.add(on)
	v.add(remove)
	note = newWording("", colMuted, captionSize, false)
	if t.Off {
		note.say(lang.L("Off"), colMuted)
	}
	return newCard("", r, newBeside(note, remove, 120)), note
}

// lookAtTools asks how the tool servers are and says so in their notes.
func (v *settingsView) lookAtTools(notes map[string]*wording) {
	for _, note := range notes {
		note.say(lang.L("Asking…"), colMuted)
	}
	left := false
	end := v.w.bridge.apart(func(ctx context.Context) func() {
		all := v.setup.Tools.Status(ctx)
		return func() {
			if left {
				return
			}
			for name, note := range notes {
				i := slices.IndexFunc(all, func(s ToolStatus) bool { return s.Server == name })
				if i < 0 {
					note.say("", colMuted)
					continue
				}
				text, failed := all[i].words()
				ink := colMuted
				if failed {
					ink = colAttention
				}
				note.say(text, ink)
			}
			v.refit()
		}
	})
	v.leave = func() {
		left = true
		end()
	}
}

// words are how a server is.
func (s ToolStatus) words() (text string, failed bool) {
	if s.Err != nil {
		return plain(s.Err), true
	}
	text = lang.N("{{.Count}} tools", len(s.Tools), values{"Count": len(s.Tools)})
	if len(s.Tools) == 0 {
		return text, false
	}
	named := strings.Join(s.Tools[:min(toolsShown, len(s.Tools))], ", ")
	if len(s.Tools) > toolsShown {
		named += " …"
	}
	return text + ": " + named, false
}

// addToolCard takes the name and the command or address of a new tool server.
func (v *settingsView) addToolCard() *panel {
	keep := func(string) {} // only the button does something
	name := newField("", "files", false, v.handling(), keep)
	what := newField("", "mcp-files /home/me/notes", false, v.handling(), keep)
	r := newNoted(6, newColumn(8, newLine(lang.L("Name"), name), newLine(lang.L("Command or address"), what)))
	add := v.handling().action(lang.L("Add"), func() {
		all := toolServers(v.w.settings)
		t, err := settings.NewToolServer(strings.TrimSpace(name.Text), strings.TrimSpace(what.Text))
		same := func(other settings.ToolServer) bool { return strings.EqualFold(other.Name, t.Name) }
		switch {
		case errors.Is(err, settings.ErrToolName):
			v.tell(r, lang.L("Give it a name of letters, digits, - and _."), true)
		case err != nil:
			v.tell(r, lang.L("Enter a program with its arguments, or an address without a password: http://…"), true)
		case slices.ContainsFunc(all, same):
			v.tell(r, lang.L("There is one of that name."), true)
		case len(all) == settings.MostToolServers:
			v.tell(r, lang.L("There are {{.Count}} already: remove one first.", values{"Count": len(all)}), true)
		default:
			v.changeTools(r, func() {}, func(all []settings.ToolServer) []settings.ToolServer { return append(all, t) })
		}
	})
	for _, c := range []fyne.Focusable{name, what, add} {
		v.add(c)
	}
	return newCard(lang.L("Add a tool server"), r, newButtons(add))
}
