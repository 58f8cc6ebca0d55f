package openai

import (
	_ "embed" // the prompts
	"strings"
)

//go:embed prompts/voice.md
var voicePrompt string

//go:embed prompts/summary.md
var summaryPrompt string

// VoicePrompt is the prompt that a Responder uses unless it is given another: the
// file prompts/voice.md.
func VoicePrompt() string { return strings.TrimSpace(voicePrompt) }

// SummaryPrompt is the prompt that long conversations are summarised by unless
// another is given: the file prompts/summary.md.
func SummaryPrompt() string { return strings.TrimSpace(summaryPrompt) }
