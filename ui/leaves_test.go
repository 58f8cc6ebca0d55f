package ui

import (
	"testing"

	"parley/engine/settings"
)

// What leaves this computer is said as it is.
func TestLeaving(t *testing.T) {
	const nothing = "Nothing leaves this computer: listening, thinking and speaking all happen here."
	cloud := settings.Service{URL: "https://api.openai.com/v1"}
	for name, tt := range map[string]struct {
		change          func(*settings.Settings)
		sentence, where string
	}{
		"nothing": {func(*settings.Settings) {}, nothing, onThisComputer()},
		"a server on this computer": {func(s *settings.Settings) {
			s.Responder.URL, s.Transcriber.URL, s.Synthesizer.URL = "http://127.0.0.1:11434/v1", "http://[::1]:8080", "http://localhost:8880/v1"
		}, nothing, onThisComputer()},
		"answers": {func(s *settings.Settings) { s.Responder = cloud },
			"This leaves your computer: the words of the conversation, with what I remember when it is needed, to api.openai.com. Nothing else does.", "With api.openai.com"},
		"lessons elsewhere": {func(s *settings.Settings) { s.Responder.URL, s.Lesson = "http://127.0.0.1:11434/v1", cloud },
			"This leaves your computer: the topics of lessons, with what was said before, to api.openai.com. Nothing else does.", "With api.openai.com"},
		"voice both ways": {func(s *settings.Settings) { s.Transcriber, s.Synthesizer = cloud, cloud },
			"This leaves your computer: the sound of your voice, while you speak, to api.openai.com; and the words that I speak to api.openai.com. Nothing else does.", "With api.openai.com"},
		"a tool": {func(s *settings.Settings) {
			s.Responder.URL = "http://127.0.0.1:11434/v1"
			s.ToolServers[0] = settings.ToolServer{Name: "files", Command: "mcp-files"}
			s.ToolServers[1] = settings.ToolServer{Name: "wiki", URL: "https://example.org/mcp"}
		}, "This leaves your computer: what the tool “wiki” is asked to example.org. Nothing else does.", onThisComputer()},
		"a tool that is off": {func(s *settings.Settings) {
			s.Responder.URL = "http://127.0.0.1:11434/v1"
			s.ToolServers[0] = settings.ToolServer{Name: "wiki", URL: "https://example.org/mcp", Off: true}
		}, nothing, onThisComputer()},
		"a tool that nobody asks": {func(s *settings.Settings) {
			s.ToolServers[1] = settings.ToolServer{Name: "wiki", URL: "https://example.org/mcp"}
		}, nothing, onThisComputer()},
		"another computer": {func(s *settings.Settings) { s.Remote, s.Responder = "wss://desk.example.org/v1", cloud },
			"Your voice and everything said in a conversation go to desk.example.org, which answers. Only while it is away does this computer answer by itself.", "desk.example.org"},
	} {
		s := settings.Default()
		tt.change(&s)
		if got := leaving(s); got != tt.sentence {
			t.Errorf("%s: %q, want %q", name, got, tt.sentence)
		}
		if got := whereabouts(s); got != tt.where {
			t.Errorf("%s: where: %q, want %q", name, got, tt.where)
		}
	}
}
