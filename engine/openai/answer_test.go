package openai

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// toolbox is a Toolbox that keeps what it was asked to do.
type toolbox struct {
	tools   []Tool
	calls   []string
	changed atomic.Int32
	err     error
}

func (b *toolbox) Tools(context.Context) []Tool { return b.tools }

func (b *toolbox) Call(_ context.Context, name string, args json.RawMessage) (Outcome, error) {
	b.calls = append(b.calls, name+string(args))
	out := Outcome{Text: "result of " + name}
	if name == "remember" {
		out.Effect = func(context.Context) error { b.changed.Add(1); return nil }
	}
	return out, b.err
}

var someTools = []Tool{
	{Name: "clock", Description: "the time", Schema: json.RawMessage(`{"type":"object","properties":{"place":{"type":"string"}}}`)},
	{Name: "remember", Description: "keep a fact"},
	{Name: "send_mail", Description: "sends", Changes: true},
	{Name: "delete_file", Description: "deletes", Changes: true, Asks: true},
}

func TestToolRounds(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){
		calling("clock", `{"place":"Rome"}`),
		calling("remember", `{"fact":"x"}`),
		saying("It is", " noon."),
	}}
	box := &toolbox{tools: someTools}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box, Lessons: true})
	got := take(t, r, engine.Request{Text: "what time is it in Rome"}, true)
	if got.err != nil || got.words != "It is noon." {
		t.Fatalf("%q, %v", got.words, got.err)
	}
	want := []engine.ToolUse{
		{Tool: "clock", Arguments: `{"place":"Rome"}`, Result: "result of clock"},
		{Tool: "remember", Arguments: `{"fact":"x"}`, Result: "result of remember"},
	}
	if !slices.Equal(got.used, want) || box.changed.Load() != 1 {
		t.Errorf("used %+v, changed %d", got.used, box.changed.Load())
	}
	asked := c.requests()
	if len(asked) != 3 || len(asked[0].Tools) != 5 {
		t.Fatalf("%d requests, %d tools", len(asked), len(asked[0].Tools))
	}
	last := asked[2].Messages
	if n := len(last); last[n-1].Role != "tool" || last[n-1].ToolCallID != "call_remember" || last[n-1].Content != "result of remember" ||
		last[n-2].ToolCalls[0].Function.Arguments != `{"fact":"x"}` || last[n-3].Content != "result of clock" {
		t.Errorf("the model was reminded of %+v", last)
	}
}

// TestSpeculation: of a reply that is thrown away nothing has happened.
func TestSpeculation(t *testing.T) {
	for _, name := range []string{"remember", "send_mail", "delete_file"} {
		c := &chats{answers: []func(http.ResponseWriter){calling(name, `{}`), saying("Done.")}}
		box := &toolbox{tools: someTools}
		r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box})
		for range 3 {
			take(t, r, engine.Request{Text: "do it"}, false)
		}
		if box.changed.Load() != 0 || name != "remember" && len(box.calls) != 0 || r.pending.Load() != nil {
			t.Errorf("%s: calls %q, changed %d, pending %v", name, box.calls, box.changed.Load(), r.pending.Load())
		}
	}
	c := &chats{answers: []func(http.ResponseWriter){calling("send_mail", `{}`), saying("Done.")}}
	box := &toolbox{tools: someTools}
	got := take(t, responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box}), engine.Request{Text: "do it"}, true)
	if len(box.calls) != 1 || got.words != "Done." || got.used[0].Result != "result of send_mail" {
		t.Errorf("committed: calls %q, %+v", box.calls, got)
	}
}

// TestTroubleWithTools: the model is told, and the reply goes on.
func TestTroubleWithTools(t *testing.T) {
	for name, c := range map[string]struct {
		call func(http.ResponseWriter)
		err  error
		want string
	}{
		"fails":     {calling("clock", `{}`), errors.New("no clock here"), "Failed: no clock here"},
		"unknown":   {calling("teleport", `{}`), nil, `Failed: there is no tool "teleport"`},
		"half JSON": {calling("clock", `{"place":"Ro`), nil, "Failed: the arguments are no JSON object"},
		"no object": {calling("clock", `[1]`), nil, "Failed: the arguments are no JSON object"},
	} {
		server := &chats{answers: []func(http.ResponseWriter){c.call, saying("I could not.")}}
		r := responder(t, ResponderConfig{Service: serve(t, server.ServeHTTP), Tools: &toolbox{tools: someTools, err: c.err}})
		got := take(t, r, engine.Request{Text: "time"}, true)
		if got.err != nil || got.words != "I could not." || len(got.used) != 1 || !got.used[0].Failed || got.used[0].Result != c.want {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		messages := server.requests()[1].Messages
		if m := messages[len(messages)-2]; !json.Valid([]byte(m.ToolCalls[0].Function.Arguments)) {
			t.Errorf("%s: the server is sent arguments that are no JSON", name)
		}
	}
}

// TestRoundsEnd: a model that never stops calling is stopped.
func TestRoundsEnd(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){calling("clock", `{}`)}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: &toolbox{tools: someTools}})
	got := take(t, r, engine.Request{Text: "time"}, true)
	asked := c.requests()
	if !errors.Is(got.err, ErrEmpty) || len(got.used) != mostRounds || len(asked) != mostRounds+1 || asked[mostRounds].ToolChoice != "none" {
		t.Errorf("%v after %d calls and %d requests", got.err, len(got.used), len(asked))
	}
}

// TestNoTools: a model that cannot call tools answers without.
func TestNoTools(t *testing.T) {
	refuse := func(w http.ResponseWriter) {
		status(400, `{"error":{"message":"registry.ollama.ai/library/gemma:2b does not support tools"}}`)(w, nil)
	}
	c := &chats{answers: []func(http.ResponseWriter){refuse, saying("Hello."), saying("Again.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: &toolbox{tools: someTools}})
	first, second := take(t, r, engine.Request{Text: "hi"}, true), take(t, r, engine.Request{Text: "hi"}, true)
	if first.words != "Hello." || second.words != "Again." || len(c.requests()) != 3 || len(c.requests()[2].Tools) != 0 {
		t.Errorf("%+v %+v", first, second)
	}
}

// TestLimits: what the library knows of a model is told, or done without.
func TestLimits(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){saying("Hello.")}}
	service := serve(t, c.ServeHTTP)
	service.Effort, service.Temperature = "low", 0.5
	service.Model = "any"
	if got := take(t, responder(t, ResponderConfig{Service: service}), engine.Request{Text: "hi"}, true); got.err != nil ||
		c.requests()[0].ReasoningEffort != "low" || c.requests()[0].Temperature != 0.5 || c.requests()[0].Model != "any" {
		t.Errorf("%+v, asked %+v", got, c.requests())
	}
	service.Model = "gpt-5-mini"
	if got := take(t, responder(t, ResponderConfig{Service: service}), engine.Request{Text: "hi"}, true); !errors.Is(got.err, ErrRequest) || !strings.Contains(got.err.Error(), "gpt-5-mini lets nobody set its temperature") {
		t.Error(got.err)
	}
	service.Model, service.Temperature = api.GPT6Sol, 0
	got := take(t, responder(t, ResponderConfig{Service: service, Tools: &toolbox{tools: someTools}}), engine.Request{Text: "hi"}, true)
	asked := c.requests()
	if got.words != "Hello." || len(asked[len(asked)-1].Tools) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestLessonTool(t *testing.T) {
	lesson := calling("lesson", `{"topic":" tides ","level":"a child"}`)
	c := &chats{answers: []func(http.ResponseWriter){lesson, lesson, saying("It is on its way.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Lessons: true})
	got := take(t, r, engine.Request{Text: "I never got tides"}, true)
	if got.err != nil || got.words != "It is on its way." || !slices.EqualFunc(got.taught, []engine.LessonRequest{{Topic: "tides", Level: "a child"}}, func(a, b engine.LessonRequest) bool {
		return a.Topic == b.Topic && a.Level == b.Level && a.Goal == b.Goal
	}) {
		t.Errorf("%+v", got)
	}
	// What the rules have found is not taught twice.
	c = &chats{answers: []func(http.ResponseWriter){lesson, saying("It is on its way.")}}
	r = responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Lessons: true})
	got = take(t, r, engine.Request{Text: "teach me tides", Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "tides"}}, true)
	if got.err != nil || len(got.taught) != 0 {
		t.Errorf("%+v", got)
	}
}
