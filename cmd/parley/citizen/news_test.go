package citizen

import (
	"testing"

	"parley/assets"
	"parley/engine"
)

func TestFaces(t *testing.T) {
	seen := map[assets.TrayName]engine.State{}
	words := map[string]engine.State{}
	for _, s := range []engine.State{engine.Listening, engine.Hearing, engine.Thinking, engine.Speaking, engine.Muted, engine.NoSound} {
		f := faceOf(engine.StateChanged{State: s, Muted: s == engine.Muted})
		if len(assets.Tray(f.icon)) == 0 || f.words == "" || f.muted != (s == engine.Muted) {
			t.Errorf("%s: %+v", s, f)
		}
		if other, twice := seen[f.icon]; twice {
			t.Errorf("%s looks like %s", s, other)
		}
		if other, twice := words[f.words]; twice {
			t.Errorf("%s reads like %s", s, other)
		}
		seen[f.icon], words[f.words] = s, s
	}
	if f := faceOf(engine.StateChanged{}); f.words != "Starting" || len(assets.Tray(f.icon)) == 0 {
		t.Errorf("before the first state: %+v", f)
	}
}

func TestNews(t *testing.T) {
	ev := func(turn engine.TurnID, b engine.EventBody) engine.Event { return engine.Event{Turn: turn, Body: b} }
	broken := engine.Error{Stage: "microphone", Message: "microphone:\n  unplugged"}
	for _, c := range []struct {
		name   string
		events []engine.Event
		told   []notice
	}{
		{"an answer", []engine.Event{ev(1, engine.SpeechStarted{}), ev(1, engine.TranscriptFinal{Text: "hello"}), ev(1, engine.ReplyDone{Text: "Hello."})}, nil},
		{"an answer to what was typed", []engine.Event{ev(1, engine.TranscriptFinal{Text: "hello", Typed: true}), ev(1, engine.ReplyDone{Text: "Hello."})}, nil},
		{"a timer", []engine.Event{ev(1, engine.TranscriptFinal{Text: "a timer"}), ev(1, engine.ReplyDone{Text: "Set."}), ev(2, engine.ReplyDone{Text: "Your timer\nhas ended."})},
			[]notice{{"Parley", "Your timer has ended."}}},
		{"a timer cut off", []engine.Event{ev(2, engine.ReplyInterrupted{Text: "Your timer has ended.", Heard: "Your"})}, []notice{{"Parley", "Your timer has ended."}}},
		{"a timer with nothing to say", []engine.Event{ev(2, engine.ReplyDone{})}, nil},
		{"a reply under way when watching begins", []engine.Event{
			ev(0, engine.Snapshot{Reply: engine.ReplyProgress{Text: "I think"}}), ev(3, engine.ReplyDone{Text: "I think so."}), ev(4, engine.ReplyDone{Text: "Time."})},
			[]notice{{"Parley", "Time."}}},
		{"errors, each once", []engine.Event{ev(0, broken), ev(0, broken), ev(0, engine.Error{Message: "speaker: unplugged"}), ev(0, engine.Error{Message: "speaker: unplugged"})},
			[]notice{{"Parley has a problem", "microphone: unplugged"}, {"Parley has a problem", "speaker: unplugged"}}},
		{"an error again after it was well", []engine.Event{ev(0, broken), ev(1, engine.TranscriptFinal{Text: "x"}), ev(1, engine.ReplyDone{Text: "y"}), ev(0, broken)},
			[]notice{{"Parley has a problem", "microphone: unplugged"}, {"Parley has a problem", "microphone: unplugged"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n news
			var told []notice
			for _, e := range c.events {
				if what, is := n.fold(e); is {
					told = append(told, what)
				}
			}
			if len(told) != len(c.told) {
				t.Fatalf("told %+v, want %+v", told, c.told)
			}
			for i := range told {
				if told[i] != c.told[i] {
					t.Errorf("told %+v, want %+v", told[i], c.told[i])
				}
			}
		})
	}
}
