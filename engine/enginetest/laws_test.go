package enginetest

import (
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// A law that cannot be broken proves nothing: each doctored performance must be
// caught by the law it breaks.
func TestLawsCatchWhatBreaksThem(t *testing.T) {
	start := time.Now()
	at := func(turn engine.TurnID, body engine.EventBody) engine.Event {
		return engine.Event{At: start, Turn: turn, Body: body}
	}
	text, done := engine.ReplyText{Text: "Yes."}, engine.ReplyDone{Text: "Yes.", Heard: "Yes."}
	kept := []engine.Turn{{ID: 1, Who: engine.Assistant, Text: "Yes.", Heard: "Yes."}}
	played := []PlayedWord{{Text: "Yes.", Until: start}}
	for _, c := range []struct {
		law    string
		events []engine.Event
		late   []engine.Event // nil: as events
		kept   []engine.Turn
		played []PlayedWord
		done   []Done
	}{
		{law: "", events: []engine.Event{at(1, engine.SpeechStarted{}), at(1, engine.TranscriptFinal{Text: "so"}), at(1, text), at(1, engine.ReplyAudioStarted{}), at(1, done)}, kept: kept, played: played},
		{law: "law 1", events: []engine.Event{at(1, engine.ReplyAudioStarted{}), at(2, engine.ReplyAudioStarted{})}},
		{law: "law 2", events: []engine.Event{at(1, text)}},
		{law: "law 3", events: []engine.Event{at(1, text), at(1, done), at(1, text)}},
		{law: "law 3", events: []engine.Event{at(1, text), at(1, done)}, kept: kept, played: []PlayedWord{{Text: "Yes.", Until: start.Add(time.Second)}}},
		{law: "law 4", events: []engine.Event{at(1, text), at(2, engine.TranscriptFinal{Text: "but"}), at(1, done)}},
		{law: "law 5", events: []engine.Event{at(1, text), at(1, done)}, late: []engine.Event{at(1, text)}},
		{law: "law 6", events: []engine.Event{at(1, engine.SpeechStarted{})}},
		{law: "law 6", events: []engine.Event{at(1, engine.TranscriptFinal{Text: "so"}), at(1, engine.TranscriptFinal{Text: "so"})}},
		{law: "law 6", events: []engine.Event{at(1, engine.TranscriptFinal{Text: "so"})}, done: []Done{{"so", start}, {"so", start}}},
		{law: "law 6", events: []engine.Event{at(1, engine.TranscriptFinal{Text: "so"})}, done: []Done{{"so", start.Add(-time.Second)}}},
		{law: "law 7", events: []engine.Event{at(1, text), at(1, done)}, kept: kept},
		{law: "law 7", events: []engine.Event{at(1, text), at(1, done)}, played: played},
		{law: "law 7", events: []engine.Event{at(1, done)}, kept: kept, played: played},
	} {
		p := Performance{Start: start, Events: c.events, Late: c.late, Turns: c.kept, Played: c.played, Done: c.done}
		if c.late == nil {
			p.Late = p.Events
		}
		found := strings.Join(Laws(p), "; ")
		if c.law == "" && found != "" || !strings.Contains(found, c.law) {
			t.Errorf("want a breach of %q, found %q", c.law, found)
		}
	}
}

func TestParseNamesTheLineThatIsWrong(t *testing.T) {
	for _, text := range []string{"user 1s", "user x 2s hi\nend 1s", "sing 1s\nend 1s", "do 1s dance\nend 1s", "answer hello\nend 1s", ""} {
		if _, err := Parse("bad", text); err == nil || !strings.Contains(err.Error(), "bad") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}
