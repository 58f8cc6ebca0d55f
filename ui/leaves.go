package ui

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"parley/engine/settings"
)

// onThisComputer is where the engine is while nothing else does its work.
const onThisComputer = "On this computer"

// leaving says in one honest sentence what of a conversation leaves this
// computer, as s has it.
func leaving(s settings.Settings) string {
	if at := elsewhere(s.Remote); at != "" {
		sentence := "Your voice and everything said in a conversation go to " + at + ", which answers."
		if s.RemoteStandIn {
			sentence += " Only while it is away does this computer answer by itself."
		}
		return sentence
	}
	parts := []string{}
	tell := func(what, address string) {
		if at := elsewhere(address); at != "" {
			parts = append(parts, what+" "+at)
		}
	}
	lesson := s.Lesson.URL
	if lesson == "" {
		lesson = s.Responder.URL
	}
	tell("the sound of your voice, while you speak, to", s.Transcriber.URL)
	tell("the words of the conversation, with what I remember when it is needed, to", s.Responder.URL)
	if elsewhere(lesson) != elsewhere(s.Responder.URL) {
		tell("the topics of lessons, with what was said before, to", lesson)
	}
	tell("the words that I speak to", s.Synthesizer.URL)
	tools := slices.DeleteFunc(s.ToolServers[:], func(t settings.ToolServer) bool { return elsewhere(t.URL) == "" })
	if s.Responder.URL != "" {
		for _, t := range tools {
			parts = append(parts, "what the tool “"+t.Name+"” is asked to "+elsewhere(t.URL))
		}
	}
	if len(parts) == 0 {
		return "Nothing leaves this computer: listening, thinking and speaking all happen here."
	}
	last := len(parts) - 1
	sentence := parts[last]
	if last > 0 {
		sentence = strings.Join(parts[:last], "; ") + "; and " + sentence
	}
	return "This leaves your computer: " + sentence + ". Nothing else does."
}

// whereabouts says in a few words where the engine is.
func whereabouts(s settings.Settings) string {
	if at := elsewhere(s.Remote); at != "" {
		return at
	}
	for _, address := range []string{s.Responder.URL, s.Transcriber.URL, s.Synthesizer.URL, s.Lesson.URL} {
		if at := elsewhere(address); at != "" {
			return "With " + at
		}
	}
	return onThisComputer
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
