package openai

import (
	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// functions are what the asker can do, as tools. A tool of ours with the same name
// gives way: the asker has said what he wants called.
func functions(req engine.Request) []Tool {
	all := make([]Tool, 0, len(req.Functions))
	for _, f := range req.Functions {
		if toolName.MatchString(f.Name) {
			all = append(all, Tool{Name: f.Name, Description: f.Description, Schema: f.Parameters})
		}
	}
	return all
}

// theirs says whether a tool is a function of the asker's.
func (a *answer) theirs(name string) bool {
	for _, f := range a.req.Functions {
		if f.Name == name {
			return true
		}
	}
	return false
}

// choice is what the model must call, nil if it may choose: only until something
// has been called.
func (a *answer) choice() any {
	switch {
	case a.req.MustCall == "" || len(a.req.Called) > 0 || len(a.tools) == 0:
		return nil
	case a.req.MustCall == engine.AnyFunction:
		return "required"
	}
	return api.ToolChoice{Type: api.ToolTypeFunction, Function: api.ToolFunction{Name: a.req.MustCall}}
}

// called is what the asker has done in answer to the user's words, for the model.
func called(done []engine.Called) []api.ChatCompletionMessage {
	var all []api.ChatCompletionMessage
	for _, c := range done {
		call := api.ToolCall{ID: c.ID, Type: api.ToolTypeFunction, Function: api.FunctionCall{Name: c.Name, Arguments: c.Arguments}}
		all = append(all,
			api.ChatCompletionMessage{Role: api.ChatMessageRoleAssistant, ToolCalls: remembered([]api.ToolCall{call})},
			api.ChatCompletionMessage{Role: api.ChatMessageRoleTool, ToolCallID: c.ID, Content: c.Output})
	}
	return all
}
