package stock

import (
	"strings"
	"testing"
)

func TestAgents(t *testing.T) {
	p := newTap(t, serve(t))
	told := node(t, "agents.mjs", p.address)

	var turn struct {
		Heard, Said string
		AudioMS     int
	}
	told.read(t, "spoken", &turn)
	if turn.Heard != spoken["time"] || !strings.HasPrefix(turn.Said, "It's ") || turn.AudioMS < 500 {
		t.Errorf("the spoken turn: %+v", turn)
	}

	var tool struct{ City string }
	told.read(t, "tool", &tool)
	told.read(t, "function", &turn)
	if tool.City != "Paris" || turn.Said != "Sunny in Paris." {
		t.Errorf("the function is called for %q, and said is %q", tool.City, turn.Said)
	}

	// What was not heard any more is no part of the conversation.
	var cut struct {
		HeardMS int
		Left    string
	}
	told.read(t, "interrupted", &cut)
	if cut.HeardMS <= 0 || !strings.HasPrefix(cut.Left, "I can tell") || strings.Contains(cut.Left, "lesson") {
		t.Errorf("after %d ms what is left is %q", cut.HeardMS, cut.Left)
	}
	told.read(t, "after", &turn)
	if turn.Heard != spoken["time"] || !strings.HasPrefix(turn.Said, "It's ") {
		t.Errorf("the turn that interrupted: %+v", turn)
	}

	var not struct{ Not []string }
	told.read(t, "understood", &not)
	if len(not.Not) > 0 {
		t.Errorf("it cannot parse %q", not.Not)
	}
	p.plain(t)
}
