package openai

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// question asks the user whether a tool may be called.
type question struct {
	tool   Tool
	call   api.ToolCall
	text   string
	result string // what came of it; of a question that was answered with yes
}

// What of a call's arguments is read out.
const (
	mostArguments   = 4
	longestArgument = 60 // bytes of one
)

// newQuestion words the question ourselves, from what will be called and not from
// what the model, or whoever it has read, says about it.
func newQuestion(t Tool, c api.ToolCall) *question {
	name := strings.Join(strings.FieldsFunc(t.Name, func(r rune) bool { return r == '_' || r == '-' }), " ")
	text := "Shall I use " + name
	var args map[string]any
	if json.Unmarshal([]byte(c.Function.Arguments), &args) == nil && len(args) > 0 {
		var told []string
		for _, key := range slices.Sorted(maps.Keys(args)) {
			if len(told) == mostArguments {
				told = append(told, "and more")
				break
			}
			told = append(told, strings.ReplaceAll(key, "_", " ")+" "+spokenValue(args[key]))
		}
		text += ", with " + strings.Join(told, ", ")
	}
	return &question{tool: t, call: c, text: text + "?"}
}

// spokenValue is an argument on one line, without the marks that end a sentence.
func spokenValue(v any) string {
	text, ok := v.(string)
	if !ok {
		raw, err := json.Marshal(v)
		if err != nil {
			return "something"
		}
		text = string(raw)
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longestArgument {
		text = strings.ToValidUTF8(text[:longestArgument], "") + " and so on"
	}
	return text
}

// asked says whether turns end with the question, heard to its end.
func (q *question) asked(turns []engine.Turn) bool {
	if len(turns) == 0 {
		return false
	}
	last := turns[len(turns)-1]
	return last.Who == engine.Assistant && strings.HasSuffix(strings.TrimSpace(heard(last)), q.text)
}

// exchange is the call and its result, for the model.
func (q *question) exchange() []api.ChatCompletionMessage {
	if q == nil {
		return nil
	}
	return []api.ChatCompletionMessage{
		{Role: api.ChatMessageRoleAssistant, ToolCalls: remembered([]api.ToolCall{q.call})},
		{Role: api.ChatMessageRoleTool, ToolCallID: q.call.ID, Content: q.result},
	}
}

// settle takes the user's turn for the answer to the question that was asked, if
// one was: yes makes the call, anything else does not. It returns the question if
// the call was made; note is what the model should know of it, and over says that
// the reply is already complete.
func (a *answer) settle(ctx context.Context) (confirmed *question, note string, over bool) {
	q := a.r.pending.Load()
	if q == nil {
		return nil, "", false
	}
	drop := func() { a.r.pending.CompareAndSwap(q, nil) }
	said := unclear
	asked := q.asked(a.req.Turns)
	if asked {
		said = yesOrNo(a.req.Text)
	}
	if said == yes {
		done := *q
		use := engine.ToolUse{Tool: q.tool.Name, Arguments: q.call.Function.Arguments}
		var err error
		use.Result, err = a.call(ctx, q.tool, json.RawMessage(q.call.Function.Arguments), drop)
		if !a.stopped {
			a.used(&use, err)
		}
		done.result = use.Result
		return &done, "", false
	}
	a.give(engine.Effect{Do: func(context.Context) error { drop(); return nil }, Apart: true})
	switch {
	case said == no:
		a.say("All right, I won't.")
		return nil, "", true
	case asked:
		return nil, refusedNote, false
	}
	return nil, "", false
}

// consent is what an answer to a question comes to.
type consent int

const (
	unclear consent = iota
	yes
	no
)

var (
	yesWords = setOf("yes yeah yep yup sure ok okay alright right correct absolutely certainly definitely affirmative")
	noWords  = setOf("no nope nah not don't dont never stop cancel wait leave negative")
	// doWords say neither by themselves, but go with yes, and some alone are one.
	doWords = setOf("please do it that go ahead of course thanks thank you i want to all let's just now")
	goAhead = map[string]bool{"do": true, "do it": true, "do that": true, "go ahead": true, "of course": true, "please do": true,
		"please do it": true, "please do that": true, "please go ahead": true, "go ahead please": true, "please": true, "all right": true}
)

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// yesOrNo judges the words of an answer. A yes has to be nothing but a yes.
func yesOrNo(text string) consent {
	said := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\''
	})
	agreed, refused, only := false, false, true
	for _, w := range said {
		agreed = agreed || yesWords[w]
		refused = refused || noWords[w]
		only = only && (yesWords[w] || noWords[w] || doWords[w])
	}
	switch {
	case !only || agreed && refused:
		return unclear
	case refused:
		return no
	case agreed, goAhead[strings.Join(said, " ")]:
		return yes
	}
	return unclear
}

// refusedNote tells the model what became of a question that had no yes.
const refusedNote = "You had asked whether to use a tool. The user did not say yes, so it was not used."
