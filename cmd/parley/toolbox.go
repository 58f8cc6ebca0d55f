package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parley/engine/mcp"
	"parley/engine/openai"
	"parley/engine/tutor"
)

// skillBox is the tutor's skills as a language model's tools.
type skillBox struct{ tutor *tutor.Tutor }

var _ openai.Toolbox = skillBox{}

// Tools implements [openai.Toolbox].
func (b skillBox) Tools(context.Context) []openai.Tool {
	var tools []openai.Tool
	for _, s := range b.tutor.Tools() {
		tools = append(tools, openai.Tool{Name: s.Name, Description: s.Description, Schema: schemaOf(s.Args)})
	}
	return tools
}

// schemaOf is a skill's arguments as a JSON Schema.
func schemaOf(args []tutor.Arg) json.RawMessage {
	type property struct {
		Type        string `json:"type"`
		Description string `json:"description,omitempty"`
	}
	properties, required := map[string]property{}, []string{}
	for _, arg := range args {
		p := property{Type: "string", Description: arg.Description}
		switch arg.Kind {
		case tutor.Number:
			p.Type = "number"
		case tutor.Duration:
			p.Description += ` As words ("five minutes") or seconds.`
		case tutor.Text:
		}
		properties[arg.Name] = p
		if arg.Required {
			required = append(required, arg.Name)
		}
	}
	schema, err := json.Marshal(map[string]any{"type": "object", "properties": properties, "required": required})
	if err != nil { // strings always can be written
		return nil
	}
	return schema
}

// Call implements [openai.Toolbox].
func (b skillBox) Call(ctx context.Context, name string, args json.RawMessage) (openai.Outcome, error) {
	raw := map[string]any{}
	if err := json.Unmarshal(args, &raw); err != nil {
		return openai.Outcome{}, fmt.Errorf("arguments of %s are not a JSON object: %w", name, err)
	}
	answer, err := b.tutor.Call(ctx, name, raw)
	if err != nil {
		return openai.Outcome{}, err
	}
	return openai.Outcome{Text: answer.Text(), Effect: answer.Effect}, nil
}

// serverBox is the tools of tool servers. One that changes something asks first.
type serverBox struct{ servers *mcp.Servers }

// Tools implements [openai.Toolbox].
func (b serverBox) Tools(context.Context) []openai.Tool {
	var tools []openai.Tool
	for _, t := range b.servers.Tools() {
		tools = append(tools, openai.Tool{Name: t.Name, Description: t.Description, Schema: t.Schema, Changes: t.Changes, Asks: t.Changes})
	}
	return tools
}

// Call implements [openai.Toolbox].
func (b serverBox) Call(ctx context.Context, name string, args json.RawMessage) (openai.Outcome, error) {
	result, err := b.servers.Call(ctx, name, args)
	if err == nil && result.Failed {
		err = fmt.Errorf("%w: %s", errToolFailed, result.Text)
	}
	return openai.Outcome{Text: result.Text}, err
}

// errToolFailed says that a tool itself says that it failed.
var errToolFailed = errors.New("tools: the tool failed")

// toolboxes are several as one; of tools with the same name the first counts.
type toolboxes []openai.Toolbox

// Tools implements [openai.Toolbox].
func (all toolboxes) Tools(ctx context.Context) []openai.Tool {
	var tools []openai.Tool
	for _, b := range all {
		tools = append(tools, b.Tools(ctx)...)
	}
	return tools
}

// Call implements [openai.Toolbox].
func (all toolboxes) Call(ctx context.Context, name string, args json.RawMessage) (openai.Outcome, error) {
	for _, b := range all {
		if slices.ContainsFunc(b.Tools(ctx), func(t openai.Tool) bool { return t.Name == name }) {
			return b.Call(ctx, name, args)
		}
	}
	return openai.Outcome{}, fmt.Errorf("tools: there is no tool %q", name)
}
