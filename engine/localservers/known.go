package localservers

import (
	"slices"
	"strings"
)

// Names that more than one place knows.
const (
	ollama     = "ollama"
	whisperCPP = "whisper.cpp"
	speaches   = "speaches"
)

// known are the servers that are looked for. Their ports and what they write into
// "owned_by" are from their documentation and sources, as of 2026.
var known = []struct {
	name    string
	port    int
	ownedBy string // in lower case; "": it says nothing, or each model's maker
	header  string // its Server header begins with it, in lower case
}{
	{ollama, 11434, "library", ""},
	{"llama.cpp", 8080, "llamacpp", "llama.cpp"},
	{"LM Studio", 1234, "organization_owner", ""},
	{"LocalAI", 8080, "", ""},
	{"vLLM", 8000, "vllm", ""},
	{whisperCPP, 8080, "", "whisper.cpp"},
	{speaches, 8000, "", ""},
	{"Kokoro-FastAPI", 8880, "kokoro", ""},
}

// name tells which server lists these models; "" where it cannot be told.
func name(port int, header string, models []listed) string {
	header = strings.ToLower(header)
	for _, k := range known {
		owned := k.ownedBy != "" && slices.ContainsFunc(models, func(m listed) bool { return strings.EqualFold(m.OwnedBy, k.ownedBy) })
		if owned || k.header != "" && strings.HasPrefix(header, k.header) {
			return k.name
		}
	}
	switch {
	case slices.ContainsFunc(models, func(m listed) bool {
		return strings.HasSuffix(m.Task, "speech-recognition") || m.Task == "text-to-speech"
	}):
		return speaches // alone in saying what a model is for
	case port == 8080 && len(models) > 0 && !slices.ContainsFunc(models, func(m listed) bool { return m.OwnedBy != "" }):
		return "LocalAI" // alone in leaving the owner out
	}
	return ""
}
