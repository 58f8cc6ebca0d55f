package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// answer is one reply being made.
type answer struct {
	r        *Responder
	req      engine.Request
	yield    func(engine.Reply, error) bool
	stopped  bool // nobody wants more of it
	tools    []Tool
	messages []api.ChatCompletionMessage
	taught   bool // a lesson is being written
	said     bool // some words
	space    bool // … and between them and the next belongs one
}

// give yields a piece and says whether more is wanted.
func (a *answer) give(piece engine.Reply) bool {
	a.stopped = a.stopped || !a.yield(piece, nil)
	return !a.stopped
}

// over says whether nobody wants more of the answer.
func (a *answer) over(ctx context.Context) bool { return a.stopped || ctx.Err() != nil }

// say yields words.
func (a *answer) say(text string) bool {
	if text == "" {
		return !a.stopped
	}
	if a.space && !unicode.IsSpace(rune(text[0])) {
		text = " " + text
	}
	a.space, a.said = false, a.said || strings.TrimSpace(text) != ""
	return a.give(engine.Words{Text: text})
}

// run makes the reply: the model's words, what its calls give, its words on that.
func (a *answer) run(ctx context.Context) error {
	a.taught = a.req.Teaching.Kind == engine.TeachLesson
	a.tools = a.r.tools(ctx, functions(a.req))
	confirmed, note, settled := a.settle(ctx)
	if settled || a.over(ctx) {
		return nil
	}
	a.messages = slices.Concat(a.r.messages(a.req, note), confirmed.exchange(), called(a.req.Called))
	for round := range mostRounds + 1 {
		calls, err := a.round(ctx, round == mostRounds)
		if err != nil {
			return err
		}
		if a.over(ctx) {
			return nil
		}
		if len(calls) == 0 || round == mostRounds {
			break
		}
		if over := a.callAll(ctx, calls); over || a.over(ctx) {
			return nil
		}
		a.space = a.said
	}
	if !a.said {
		return &failure{kind: ErrEmpty, text: a.r.cfg.host() + " answered without a word; another model may do better"}
	}
	return nil
}

// round has the model write once and returns what it wants called. In the last
// round it may call nothing.
func (a *answer) round(ctx context.Context, last bool) ([]api.ToolCall, error) {
	req := api.ChatCompletionRequest{Messages: a.messages, Tools: offered(a.tools)}
	if last && len(a.tools) > 0 {
		req.ToolChoice = "none"
	} else if must := a.choice(); must != nil {
		req.ToolChoice = must
	}
	var (
		whole wholeCalls
		words strings.Builder
		clean plain
	)
	for p, err := range a.r.cfg.chat(ctx, req) {
		var failed *failure
		if errors.As(err, &failed) && len(a.tools) > 0 && !a.said && noTools(failed) {
			a.r.cfg.log().Info("the model knows no tools; it goes without", "failure", failed.kind)
			a.r.toolless.Store(true)
			a.tools = nil
			return a.round(ctx, last)
		}
		if err != nil {
			return nil, err
		}
		words.WriteString(p.text)
		if err := whole.add(p.calls); err != nil {
			return nil, &failure{kind: ErrFormat, text: a.r.cfg.host() + " wants more tools called than makes sense"}
		}
		if !a.say(clean.add(p.text)) {
			return nil, nil
		}
	}
	a.say(clean.rest())
	calls := whole.done()
	if len(calls) > 0 {
		a.messages = append(a.messages, api.ChatCompletionMessage{
			Role: api.ChatMessageRoleAssistant, Content: words.String(), ToolCalls: remembered(calls),
		})
	}
	return calls, nil
}

// remembered is calls as the model is reminded of them: servers read the
// arguments, and refuse what is not JSON.
func remembered(calls []api.ToolCall) []api.ToolCall {
	valid := slices.Clone(calls)
	for i := range valid {
		if !isObject(valid[i].Function.Arguments) {
			valid[i].Function.Arguments = "{}"
		}
	}
	return valid
}

func isObject(arguments string) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal([]byte(arguments), &object) == nil && object != nil
}

// callAll makes the calls of a round. The reply is over where it asks whether it may
// make one, or leaves some to the asker.
func (a *answer) callAll(ctx context.Context, calls []api.ToolCall) (over bool) {
	for _, c := range calls {
		use := engine.ToolUse{Tool: c.Function.Name, Arguments: c.Function.Arguments}
		t, known := a.tool(c.Function.Name)
		var err error
		switch {
		case !known:
			err = fmt.Errorf("there is no tool %q", c.Function.Name)
		case a.theirs(t.Name):
			a.give(engine.Call{ID: c.ID, Name: t.Name, Arguments: remembered([]api.ToolCall{c})[0].Function.Arguments})
			over = true
			continue
		case !isObject(c.Function.Arguments):
			err = errors.New("the arguments are no JSON object")
		case a.r.cfg.Lessons && t.Name == lessonTool.Name:
			use.Result, err = a.teach(json.RawMessage(c.Function.Arguments))
		case t.Asks:
			q := newQuestion(t, c)
			a.give(engine.Effect{Do: func(context.Context) error { a.r.pending.Store(q); return nil }, Apart: true})
			a.space = a.said
			a.say(q.text)
			return true
		default:
			use.Result, err = a.call(ctx, t, json.RawMessage(c.Function.Arguments), nil)
		}
		if a.over(ctx) {
			return false
		}
		a.used(&use, err)
		a.messages = append(a.messages, api.ChatCompletionMessage{Role: api.ChatMessageRoleTool, ToolCallID: c.ID, Content: use.Result})
	}
	return over
}

func (a *answer) tool(name string) (Tool, bool) {
	i := slices.IndexFunc(a.tools, func(t Tool) bool { return t.Name == name })
	if i < 0 {
		return Tool{}, false
	}
	return a.tools[i], true
}

// used tells of a call for the eye. A failed one is told to the model, too.
func (a *answer) used(use *engine.ToolUse, err error) {
	if err != nil {
		use.Failed, use.Result = true, "Failed: "+err.Error()
	}
	if use.Result == "" {
		use.Result = "Done."
	}
	if len(use.Result) > longestResult {
		use.Result = strings.ToValidUTF8(use.Result[:longestResult], "") + " … (cut)"
	}
	a.give(engine.Used{ToolUse: *use})
}

var errNotDone = errors.New("the call was not made")

// call calls a tool: at once, or, where that changes something, as an effect,
// which before precedes.
func (a *answer) call(ctx context.Context, t Tool, args json.RawMessage, before func()) (string, error) {
	box := a.r.cfg.Tools
	if !t.Changes && before == nil {
		ctx, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		out, err := box.Call(ctx, t.Name, args)
		if err == nil && out.Effect != nil {
			a.give(engine.Effect{Do: out.Effect, Apart: true})
		}
		return out.Text, err
	}
	text, err := "", errNotDone
	a.give(engine.Effect{Do: func(ctx context.Context) error {
		if before != nil {
			before()
		}
		within, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		var out Outcome
		out, err = box.Call(within, t.Name, args)
		if err == nil && out.Effect != nil {
			err = out.Effect(within)
		}
		text = out.Text
		return context.Cause(ctx) // the call's own failure is for the model to tell
	}})
	return text, err
}

// teach has a lesson written, one in a reply at most.
func (a *answer) teach(args json.RawMessage) (string, error) {
	if a.taught {
		return "A lesson is being written already. Say so in one sentence.", nil
	}
	req, err := lessonRequest(args)
	if err != nil {
		return "", err
	}
	a.taught = true
	a.give(engine.Teach{LessonRequest: req})
	return "The lesson is being written and will appear beside the conversation. Say so in one sentence.", nil
}
