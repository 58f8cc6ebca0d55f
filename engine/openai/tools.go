package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// Toolbox is what a model may call.
type Toolbox interface {
	// Tools lists them. Asked at every turn, it should answer at once and, for the
	// sake of servers that keep what they have read, the same each time.
	Tools(ctx context.Context) []Tool

	// Call calls one of them; args is a JSON object. It may be called for a reply
	// that is thrown away: what changes anything belongs into [Outcome].Effect, or
	// the tool has Changes set.
	Call(ctx context.Context, name string, args json.RawMessage) (Outcome, error)
}

// Tool is something that a model can call.
type Tool struct {
	Name        string          // letters, digits, "_" and "-", at most 64
	Description string          // for the model
	Schema      json.RawMessage // JSON Schema of the arguments, an object; empty: there are none

	// Changes says that Call itself changes something. It is made only once the
	// turn is committed, and so delays the reply.
	Changes bool

	// Asks says that the user is asked first, aloud. Without his yes in the next
	// turn, Call is not made.
	Asks bool
}

// Outcome is what came of a call.
type Outcome struct {
	Text string // for the model

	// Effect is what the call is to change; it happens once the turn is committed.
	// Text is true after it. Nil where nothing changes.
	Effect func(context.Context) error
}

// Bounds of tool calling.
const (
	mostRounds    = 4                // of calls in a reply
	mostCalls     = 8                // in a round
	longestResult = 8 << 10          // bytes of a result that the model is shown
	callTime      = 15 * time.Second // for a call
)

// lessonTool has a lesson written.
var lessonTool = Tool{
	Name: "lesson",
	Description: "Have a full written lesson made and shown beside the conversation. Call it when the user wants to be taught a topic " +
		"in depth, not for a question that a sentence answers.",
	Schema: json.RawMessage(`{"type":"object","properties":{"topic":{"type":"string","description":"what it is about, a few words"},` +
		`"level":{"type":"string","description":"for whom, if the user said so"},"goal":{"type":"string","description":"what for, if the user said so"}},` +
		`"required":["topic"]}`),
}

var toolName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// tools are those that can be offered, the asker's functions and ours, in the order
// of their names, so that a prompt begins the same each time.
func (r *Responder) tools(ctx context.Context, all []Tool) []Tool {
	if r.toolless.Load() {
		return nil
	}
	if r.cfg.Lessons {
		all = append(all, lessonTool)
	}
	if r.cfg.Tools != nil {
		for _, t := range r.cfg.Tools.Tools(ctx) {
			ours := r.cfg.Lessons && t.Name == lessonTool.Name
			if toolName.MatchString(t.Name) && !ours {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Tool) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b Tool) bool { return a.Name == b.Name })
}

// offered is tools in the library's words.
func offered(tools []Tool) []api.Tool {
	all := make([]api.Tool, len(tools))
	for i, t := range tools {
		schema := t.Schema
		if len(schema) == 0 || !json.Valid(schema) {
			schema = json.RawMessage(`{"type":"object","properties":{}}`)
		}
		all[i] = api.Tool{Type: api.ToolTypeFunction, Function: &api.FunctionDefinition{
			Name: t.Name, Description: t.Description, Parameters: schema,
		}}
	}
	return all
}

// wholeCalls are the tool calls that a stream brings in pieces.
type wholeCalls struct{ list []api.ToolCall }

// Limits of what is put together.
const longestArguments = 64 << 10

var errCalls = errors.New("more tool calls than anybody needs")

// add joins the next pieces. A piece belongs to the newest call with its index, or,
// where a server gives none, to the newest of all. Servers that give each call the
// same index begin another with another id and a name.
func (w *wholeCalls) add(pieces []api.ToolCall) error {
	for _, p := range pieces {
		c := w.of(p)
		if c == nil {
			if len(w.list) == mostCalls {
				return errCalls
			}
			w.list = append(w.list, api.ToolCall{Index: p.Index, Type: api.ToolTypeFunction})
			c = &w.list[len(w.list)-1]
		}
		if c.ID == "" {
			c.ID = p.ID
		}
		if c.Function.Name == "" {
			c.Function.Name = p.Function.Name
		}
		if len(c.Function.Arguments)+len(p.Function.Arguments) > longestArguments {
			return errCalls
		}
		c.Function.Arguments += p.Function.Arguments
	}
	return nil
}

// of is the call that a piece belongs to, nil if it begins one.
func (w *wholeCalls) of(p api.ToolCall) *api.ToolCall {
	for i := len(w.list) - 1; i >= 0; i-- {
		c := &w.list[i]
		if p.Index != nil && c.Index != nil && *p.Index != *c.Index {
			continue
		}
		if p.ID != "" && c.ID != "" && p.ID != c.ID && p.Function.Name != "" {
			return nil
		}
		return c
	}
	return nil
}

// done is the calls as a model is reminded of them: each with an id, none with an
// index, each with arguments.
func (w *wholeCalls) done() []api.ToolCall {
	for i := range w.list {
		c := &w.list[i]
		c.Index = nil
		if c.ID == "" {
			c.ID = fmt.Sprintf("call_%d", i+1)
		}
		if strings.TrimSpace(c.Function.Arguments) == "" {
			c.Function.Arguments = "{}"
		}
	}
	return w.list
}

// lessonRequest reads the arguments of the lesson tool.
func lessonRequest(args json.RawMessage) (engine.LessonRequest, error) {
	var asked struct{ Topic, Level, Goal string }
	if err := json.Unmarshal(args, &asked); err != nil || strings.TrimSpace(asked.Topic) == "" {
		return engine.LessonRequest{}, errors.New("the topic is missing")
	}
	return engine.LessonRequest{Topic: strings.TrimSpace(asked.Topic), Level: strings.TrimSpace(asked.Level), Goal: strings.TrimSpace(asked.Goal)}, nil
}
