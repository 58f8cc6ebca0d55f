package engine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/turn"
)

// The laws hold whoever speaks when, whatever fails and whatever is clicked.
func TestLawsHoldUnderRandomScores(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		score := randomScore(rt)
		var p enginetest.Performance
		synctest.Test(t, func(*testing.T) { p = enginetest.Perform(score, local) })
		if wrong := enginetest.Laws(p); len(wrong) > 0 {
			rt.Fatalf("%s\n%s", strings.Join(wrong, "\n"), p.Log())
		}
	})
}

func randomScore(rt *rapid.T) enginetest.Score {
	ms := func(label string, from, to int) time.Duration {
		return time.Duration(rapid.IntRange(from, to).Draw(rt, label)) * time.Millisecond
	}
	score, err := enginetest.Parse("random", "end 1s")
	if err != nil {
		rt.Fatal(err)
	}
	at := time.Duration(0)
	questions := []string{
		"what is gravity", "stop", "tell me a long story please", "hm", "teach me about light", "", "yeah", "uh huh", "remind me to", "and then i went", "remember the milk",
	}
	for range rapid.IntRange(1, 6).Draw(rt, "lines") {
		from := at + ms("gap", 10, 4000)
		to := from + ms("length", 20, 2000)
		text := rapid.SampledFrom(questions).Draw(rt, "question")
		score.Lines = append(score.Lines, enginetest.Line{From: from, To: to, Words: strings.Fields(text)})
		at = to
	}
	score.Voiced = rapid.SampledFrom([]string{"", "", "early"}).Draw(rt, "voiced")
	score.Plain = rapid.IntRange(0, 3).Draw(rt, "plain") == 0
	score.Answers["what is gravity"] = "Gravity pulls masses together. It keeps your feet on the ground. So it is."
	score.Answers["hm"] = ""
	for _, stage := range []string{"transcriber", "responder", "synthesizer", "lesson"} {
		score.Delays[stage] = ms(stage, 0, 1500)
		if rapid.IntRange(0, 4).Draw(rt, "faulty") == 0 {
			score.Faults = append(score.Faults, enginetest.Fault{
				Stage: stage, Nth: rapid.IntRange(1, 4).Draw(rt, "nth"), Hang: rapid.Bool().Draw(rt, "hang"),
			})
		}
	}
	commands := []engine.Command{
		engine.Interrupt{}, engine.Say{Text: "what is gravity"}, engine.Say{Text: "wait"}, engine.Mute{On: true}, engine.Mute{},
		engine.NewConversation{}, engine.OpenConversation{ID: 1},
		engine.Talk{On: true}, engine.Talk{}, engine.ManualTurns{On: true}, engine.ManualTurns{}, engine.ForgetPauses{},
		engine.SetBargeIn{BargeIn: turn.Easily}, engine.SetBargeIn{BargeIn: turn.Insist},
	}
	acted := time.Duration(0)
	for range rapid.IntRange(0, 5).Draw(rt, "acts") {
		acted += ms("wait", 0, 3000)
		score.Acts = append(score.Acts, enginetest.Act{At: acted, Command: rapid.SampledFrom(commands).Draw(rt, "command")})
	}
	for range rapid.IntRange(0, 2).Draw(rt, "announcements") {
		score.Announced = append(score.Announced, enginetest.Said{At: ms("announce", 0, 8000), Text: "Time is up."})
	}
	if rapid.IntRange(0, 3).Draw(rt, "loses") == 0 {
		from := ms("lost", 0, 6000)
		score.Losses = append(score.Losses, enginetest.Loss{
			Device: rapid.SampledFrom([]string{"microphone", "speaker"}).Draw(rt, "device"), From: from, To: from + ms("away", 10, 3000),
		})
	}
	score.End = max(at, acted) + ms("rest", 0, 6000)
	return score
}

// Law 10: what a conversation holds on to is its text. An hour of talk, in
// virtual time; its last forty minutes may cost what its words cost and no more.
func TestMemoryDoesNotGrowBeyondTheText(t *testing.T) {
	talk := func(minutes int) (heap uint64, turns int) {
		var b strings.Builder
		const every = 20 * time.Second
		for at := time.Second; at < time.Duration(minutes)*time.Minute; at += every {
			fmt.Fprintf(&b, "user %v %v what is gravity\n", at, at+time.Second)
		}
		fmt.Fprintf(&b, "answer what is gravity => Gravity pulls masses together.\nend %dm\n", minutes)
		score, err := enginetest.Parse("long", b.String())
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(*testing.T) {
			p := enginetest.PerformUnwatched(score, local, func() {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				heap = m.HeapAlloc
			})
			turns = len(p.Turns)
		})
		return heap, turns
	}
	before, few := talk(20)
	after, many := talk(60)
	if many < few+200 {
		t.Fatalf("only %d turns in the last forty minutes", many-few)
	}
	perTurn := (int64(after) - int64(before)) / int64(many-few)
	t.Logf("%d turns: %d bytes; %d turns: %d bytes; %d bytes a turn", few, before, many, after, perTurn)
	// A turn and the score's own line and books come to about 1 kB; a second
	// of its sound alone would be 32 kB.
	if perTurn > 4096 {
		t.Errorf("a turn costs %d bytes", perTurn)
	}
}
