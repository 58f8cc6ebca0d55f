package tutor

import (
	"testing"

	"parley/engine"
	"parley/engine/turn"
)

// What changes how the conversation is held is sent when the turn is committed,
// and not before.
func TestManner(t *testing.T) {
	for said, want := range map[string]engine.Command{
		"give me more time please": engine.SetPatience{Patience: turn.Patient},
		"let me finish":            engine.SetPatience{Patience: turn.Patient},
		"answer faster":            engine.SetPatience{Patience: turn.Quick},
		"forget how i pause":       engine.ForgetPauses{},
	} {
		var sent []engine.Command
		tutor := New(Options{Send: func(cmd engine.Command) error { sent = append(sent, cmd); return nil }})
		var effect engine.Effect
		for piece, err := range tutor.Respond(t.Context(), engine.Request{Text: said}) {
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := piece.(engine.Effect); ok {
				effect = e
			}
		}
		if effect.Do == nil || len(sent) > 0 {
			t.Errorf("%q: effect %v, sent at once %v", said, effect.Do != nil, sent)
			continue
		}
		if err := effect.Do(t.Context()); err != nil || len(sent) != 1 || sent[0] != want {
			t.Errorf("%q: sent %v, %v; want %v", said, sent, err, want)
		}
	}
}
