package tutor

import (
	"strings"
	"testing"

	"parley/engine"
)

// What was hardly understood is asked back, once; yes answers what was meant.
func TestDoubtIsSaidAndSettled(t *testing.T) {
	tutor := newTutor(t)
	var turns []engine.Turn
	say := func(text string, confidence float64) string {
		t.Helper()
		reply := ""
		for piece, err := range tutor.Respond(t.Context(), engine.Request{Text: text, Turns: turns, Confidence: confidence}) {
			if err != nil {
				t.Fatal(err)
			}
			if w, ok := piece.(engine.Words); ok {
				reply += w.Text
			}
		}
		turns = append(turns, engine.Turn{Who: engine.User, Text: text, Heard: text}, engine.Turn{Who: engine.Assistant, Text: reply, Heard: reply})
		return reply
	}
	if got := say("what is gravity", 0.1); got != "Did you say: what is gravity?" {
		t.Errorf("asked back %q", got)
	}
	if got := say("Yes.", 0.1); !strings.Contains(got, "ravity") || strings.Contains(got, "Did you") {
		t.Errorf("after yes: %q", got)
	}
	if got := say("the hat of wonder lee", 0.1); strings.Contains(got, "Did you say") {
		t.Errorf("asked back twice in a row: %q", got)
	}
	turns = nil
	if got := say("what is gravity", 0.3); !strings.Contains(got, "force") {
		t.Errorf("what a skill understands is doubted too soon: %q", got)
	}
	if got := say("the hat of wonder lee", 0.3); !strings.HasPrefix(got, "Did you say") {
		t.Errorf("what no skill understands is not doubted: %q", got)
	}
	if got := say("no", 0.9); got != "Then please say it again." {
		t.Errorf("after no: %q", got)
	}
	turns = nil
	for _, confidence := range []float64{0, 0.9} {
		if got := say("the hat of wonder lee", confidence); strings.HasPrefix(got, "Did you say") {
			t.Errorf("doubted at a confidence of %v", confidence)
		}
	}
}
