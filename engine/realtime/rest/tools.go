package rest

import (
	"encoding/json"
	"regexp"
	"slices"

	"parley/engine"
)

// tool is a function that the asker can carry out.
type tool struct {
	Type     string `json:"type"` // function
	Function struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"` // JSON schema
	} `json:"function"`
}

// functionName is what OpenAI lets a function be called.
var functionName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// toolChoice says whether a function must be called, and which: mode is auto, none
// or required; with a name it is that one.
type toolChoice struct{ mode, name string }

// UnmarshalJSON implements [json.Unmarshaler].
func (c *toolChoice) UnmarshalJSON(b []byte) error {
	var mode string
	if json.Unmarshal(b, &mode) == nil {
		switch mode {
		case "auto", "none", "required", "": // null is ""
			*c = toolChoice{mode: mode}
			return nil
		}
	}
	var named struct {
		Function struct {
			Name string `json:"name"`
		} `json:"function"`
	}
	if json.Unmarshal(b, &named) != nil || named.Function.Name == "" {
		return invalid("tool_choice", `tool_choice has to be "auto", "none", "required" or {"type": "function", "function": {"name": …}}`)
	}
	*c = toolChoice{mode: "required", name: named.Function.Name}
	return nil
}

// offer puts the functions of tools into req as choice has it.
func offer(req *engine.Request, tools []tool, choice toolChoice) error {
	if choice.mode == "none" {
		return nil
	}
	for _, t := range tools {
		if t.Type != "function" || !functionName.MatchString(t.Function.Name) {
			return invalid("tools", "each tool has to be of type function, with a name of up to 64 letters, digits, _ and -")
		}
		req.Functions = append(req.Functions, engine.Function{Name: t.Function.Name, Description: t.Function.Description, Parameters: t.Function.Parameters})
	}
	if choice.mode != "required" {
		return nil
	}
	req.MustCall = "any"
	if choice.name != "" {
		req.MustCall = choice.name
		if !slices.ContainsFunc(req.Functions, func(f engine.Function) bool { return f.Name == choice.name }) {
			return invalid("tool_choice", "tool_choice wants %.64q called, which is not among the tools", choice.name)
		}
	}
	if len(req.Functions) == 0 {
		return invalid("tool_choice", "tool_choice wants a function called, but there are no tools")
	}
	return nil
}
