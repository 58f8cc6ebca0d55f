package openai

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley/engine"
)

// What the asker can do is offered beside our tools; a call of it ends the reply,
// and the next request tells the model what came of it.
func TestFunctionsOfTheAsker(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){calling("weather", `{"city":"Rome"}`), saying("It is", " sunny.")}}
	box := &toolbox{tools: someTools}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box})
	req := engine.Request{
		Text: "what is the weather in Rome", Instructions: "Speak like a sailor.", MustCall: "weather",
		Functions: []engine.Function{{Name: "weather", Description: "of a city", Parameters: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}}}`)}, {Name: "not a name"}},
	}
	var call engine.Call
	for piece, err := range r.Respond(t.Context(), req) {
		if err != nil {
			t.Fatal(err)
		}
		if one, ok := piece.(engine.Call); ok {
			call = one
		}
	}
	if call.Name != "weather" || call.Arguments != `{"city":"Rome"}` || call.ID == "" {
		t.Fatalf("called %+v", call)
	}
	if len(box.calls) != 0 {
		t.Errorf("our own tools were called: %q", box.calls)
	}
	req.Called = []engine.Called{{Call: call, Output: "sunny"}}
	if got := take(t, r, req, true); got.err != nil || got.words != "It is sunny." {
		t.Errorf("%q, %v", got.words, got.err)
	}
	asked := c.requests()
	if len(asked) != 2 || len(asked[0].Tools) != len(someTools)+1 {
		t.Fatalf("%d requests; the first offers %d tools", len(asked), len(asked[0].Tools))
	}
	if must, err := json.Marshal(asked[0].ToolChoice); err != nil || !strings.Contains(string(must), "weather") || asked[1].ToolChoice != nil {
		t.Errorf("the model must call %s, then %v", must, asked[1].ToolChoice)
	}
	if !strings.Contains(asked[0].Messages[0].Content, "sailor") {
		t.Error("the asker's instructions were not told")
	}
	last := asked[1].Messages
	if n := len(last); last[n-1].Role != "tool" || last[n-1].Content != "sunny" || last[n-1].ToolCallID != call.ID || len(last[n-2].ToolCalls) != 1 {
		t.Errorf("the model was told %+v", last)
	}
}
