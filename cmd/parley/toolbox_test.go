package main

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/engine/tutor"
)

// A model is offered the skills that it does not have itself, and calling one is
// what saying it would be.
func TestSkillBox(t *testing.T) {
	box := skillBox{tutor.New(tutor.Options{})}
	offered := map[string]string{}
	for _, tool := range box.Tools(t.Context()) {
		if !json.Valid(tool.Schema) || tool.Description == "" || tool.Changes || tool.Asks {
			t.Errorf("%+v", tool)
		}
		offered[tool.Name] = string(tool.Schema)
	}
	for _, name := range []string{"time", "calculate", "define", "remember", "recall", "set_timer"} {
		if offered[name] == "" {
			t.Errorf("%s is not offered", name)
		}
	}
	if _, ok := offered["greet"]; ok {
		t.Error("a model is offered to have its greetings said")
	}
	if !strings.Contains(offered["calculate"], `"required":["expression"]`) {
		t.Error(offered["calculate"])
	}

	sum, err := box.Call(t.Context(), "calculate", json.RawMessage(`{"expression":"6 times 7"}`))
	if err != nil || !strings.Contains(sum.Text, "42") || sum.Effect != nil {
		t.Errorf("%+v, %v", sum, err)
	}
	timer, err := box.Call(t.Context(), "set_timer", json.RawMessage(`{"duration":300}`))
	if err != nil || timer.Effect == nil {
		t.Errorf("%+v, %v", timer, err)
	}
	for name, args := range map[string]string{"calculate": `[1]`, "no_such": `{}`, "set_timer": `{"length":3}`} {
		if _, err := box.Call(t.Context(), name, json.RawMessage(args)); err == nil {
			t.Errorf("%s(%s) is no error", name, args)
		}
	}
}
