package ui

import (
	"net/netip"
	"net/url"
	"strings"

	"fyne.io/fyne/v2/lang"

	"parley/engine/settings"
)

// onThisComputer is where the engine is while nothing else does its work.
func onThisComputer() string { return lang.L("On this computer") }

// leaving says in one honest sentence what of a conversation leaves this
// computer, as s has it.
func leaving(s settings.Settings) string {
	if at := elsewhere(s.Remote); at != "" {
		sentence := lang.L("Your voice and everything said in a conversation go to {{.Place}}, which answers.", values{"Place": at})
		if s.RemoteStandIn {
			sentence += " " + lang.L("Only while it is away does this computer answer by itself.")
		}
		return sentence
	}
	parts := []string{}
	tell := func(address string, part func(to values) string) {
		if at := elsewhere(address); at != "" {
			parts = append(parts, part(values{"Place": at}))
		}
	}
	lesson := s.Lesson.URL
	if lesson == "" {
		lesson = s.Responder.URL
	}
	tell(s.Transcriber.URL, func(to values) string {
		return lang.L("the sound of your voice, while you speak, to {{.Place}}", to)
	})
	tell(s.Responder.URL, func(to values) string {
		return lang.L("the words of the conversation, with what I remember when it is needed, to {{.Place}}", to)
	})
	if elsewhere(lesson) != elsewhere(s.Responder.URL) {
		tell(lesson, func(to values) string {
			return lang.L("the topics of lessons, with what was said before, to {{.Place}}", to)
		})
	}
	tell(s.Synthesizer.URL, func(to values) string { return lang.L("the words that I speak to {{.Place}}", to) })
	if s.Responder.URL != "" {
		for _, t := range s.ToolServers {
			if t.Off {
				continue
			}
			tell(t.URL, func(to values) string {
				to["Tool"] = t.Name
				return lang.L("what the tool “{{.Tool}}” is asked to {{.Place}}", to)
			})
		}
	}
	if len(parts) == 0 {
		return lang.L("Nothing leaves this computer: listening, thinking and speaking all happen here.")
	}
	last := len(parts) - 1
	sentence := parts[last]
	if last > 0 {
		sentence = lang.L("{{.Parts}}; and {{.Last}}", values{"Parts": strings.Join(parts[:last], "; "), "Last": sentence})
	}
	return lang.L("This leaves your computer: {{.Parts}}. Nothing else does.", values{"Parts": sentence})
}

// whereabouts says in a few words where the engine is.
func whereabouts(s settings.Settings) string {
	if at := elsewhere(s.Remote); at != "" {
		return at
	}
	for _, address := range []string{s.Responder.URL, s.Transcriber.URL, s.Synthesizer.URL, s.Lesson.URL} {
		if at := elsewhere(address); at != "" {
			return lang.L("With {{.Place}}", values{"Place": at})
		}
	}
	return onThisComputer()
}

// elsewhere is the host of an address that is not on this computer, else "".
func elsewhere(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Hostname() == "localhost" {
		return ""
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
		return ""
	}
	return u.Hostname()
}
