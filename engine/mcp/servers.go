package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

var (
	// ErrNoTool says that there is no such tool, or not at the moment.
	ErrNoTool = errors.New("mcp: no such tool")

	// ErrUnanswered says that the server did not answer: in time, or at all.
	ErrUnanswered = errors.New("mcp: the tool server did not answer")
)

// CallTime is how long a call may take at most.
const CallTime = 30 * time.Second

// Server is where tools are.
type Server struct {
	Name    string   // put before its tools' names
	Command []string // a program and its arguments; empty where there is a URL
	Env     []string // the program's environment, "NAME=value"; nothing else is in it
	URL     string   // of streamable HTTP
}

// Tool is one that can be called.
type Tool struct {
	Name        string          // for [Servers.Call]: [a-zA-Z0-9_-], at most 64, no two alike
	Server      string          // whose it is
	Title       string          // for the eye
	Description string          // for the model; one line or more
	Schema      json.RawMessage // of its arguments: a JSON Schema object

	// Changes says that it may change something: the user is asked first.
	Changes bool

	original string // the server's name for it
}

// Status is how a server is.
type Status struct {
	Server string
	Tools  int
	Err    error // nil while it is there
}

// Servers are tool servers, kept going by Run.
type Servers struct {
	log  *slog.Logger
	kept []*kept
}

// New gives servers that are not running yet. log may be nil.
func New(servers []Server, log *slog.Logger) *Servers {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Servers{log: log}
	for _, one := range servers {
		s.kept = append(s.kept, &kept{Server: one, log: log, err: errors.New("mcp: it has not been started yet"), suspect: make(chan struct{}, 1)})
	}
	return s
}

// Run starts the servers, and starts those that end again, after a pause that grows
// from a second to a minute. It returns when ctx has ended and all of them have. It is
// called once.
func (s *Servers) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, k := range s.kept {
		all.Go(func() { k.keep(ctx) })
	}
	all.Wait()
}

// Tools are all there are at the moment, by name. It never waits.
func (s *Servers) Tools() []Tool {
	var tools []Tool
	for _, k := range s.kept {
		tools = append(tools, k.list()...)
	}
	slices.SortStableFunc(tools, func(a, b Tool) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(tools, func(a, b Tool) bool { return a.Name == b.Name })
}

// Status tells how each server is, in the order they were given.
func (s *Servers) Status() []Status {
	list := make([]Status, len(s.kept))
	for i, k := range s.kept {
		list[i] = k.status()
	}
	return list
}

// Result is what a tool has answered.
type Result struct {
	Text   string // at most 16 KiB
	Failed bool   // the tool says that it could not do it; Text says why
}

// Call calls a tool with arguments, a JSON object or nothing, and waits for its
// result, for [CallTime] at most. An error wraps [ErrNoTool] or [ErrUnanswered], or is
// ctx's cause.
func (s *Servers) Call(ctx context.Context, tool string, arguments json.RawMessage) (Result, error) {
	if len(arguments) > 0 {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(arguments, &object); err != nil || object == nil {
			return Result{}, fmt.Errorf("mcp: the arguments of %s are no JSON object", tool)
		}
	}
	for _, k := range s.kept {
		for _, t := range k.list() {
			if t.Name == tool {
				return k.call(ctx, t, arguments)
			}
		}
	}
	return Result{}, fmt.Errorf("%w: %s", ErrNoTool, clean(tool, nameMost))
}
