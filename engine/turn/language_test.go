package turn_test

import (
	"strings"
	"testing"
	"time"

	"parley/engine/turn"
)

func TestEnglishCanBeRead(t *testing.T) {
	if turn.English().Sense("what time is it", nil) != turn.Complete {
		t.Error("the language's data has a fault: see ParseLanguage")
	}
}

func TestSense(t *testing.T) {
	for sense, texts := range map[turn.Sense][]string{
		turn.Wordless: {"", "  "},
		turn.Complete: {
			"what is gravity", "what time is it", "What time is it?", "how are you", "set a timer for five minutes", "stop",
			"teach me about photosynthesis", "okay what is the capital of france", "yes", "thank you", "what is two plus two",
			"remember that my sister is called ada", "uh tell me a joke", "how many feet are in a mile", "convert five kilograms to pounds", "remember that my sister is ill", "what is that", "what is the difference between cats and dogs", "could you please explain gravity",
		},
		turn.Open: {
			"remind me to", "what is the", "teach me about", "set a timer for", "set a timer for five", "and then", "um", "tell me a",
			"i was thinking about the", "my number is five five five", "what is two plus", "no i meant", "what is the capital of",
			"convert twelve", "my name is", "convert five kilograms", "what is the difference", "is it true that", "remember that my brother's birthday", "explain in detail how", "what is the largest", "what is two hundred and fifty", "what is forty eight divided by", "my birthday is the twenty",
		},
		turn.Weak:    {"when i was young", "what should i", "hey"},
		turn.Unclear: {"gravity", "the weather was nice yesterday", "i like trains"},
	} {
		for _, text := range texts {
			got := turn.English().Sense(text, nil)
			if got == turn.Likely {
				got = turn.Complete
			}
			if got != sense {
				t.Errorf("%q is %v, want %v", text, got, sense)
			}
		}
	}
}

func TestWait(t *testing.T) {
	wait := func(text string, settled bool, p turn.Patience) time.Duration {
		return turn.New(turn.Config{Patience: p}).Config().Wait(turn.Words{Text: text, Settled: settled}, nil)
	}
	for _, p := range []turn.Patience{turn.Quick, turn.Balanced, turn.Patient} {
		complete, unclear, open := wait("what is gravity", true, p), wait("i like trains", true, p), wait("what is the", true, p)
		if complete >= unclear || unclear >= open {
			t.Errorf("%s: complete %v, unclear %v, open %v", p, complete, unclear, open)
		}
		if guess := wait("what is gravity", false, p); guess <= complete {
			t.Errorf("%s: waits %v for words that may change, %v for such that do not", p, guess, complete)
		}
	}
	if w := wait("what is gravity", true, turn.Balanced); w < 200*ms || w > 300*ms {
		t.Errorf("a whole question waits %v, want 200 to 300 ms", w)
	}
	if w := wait("remind me to", true, turn.Balanced); w < 1500*ms || w > 2000*ms {
		t.Errorf("an open phrase waits %v, want 1.5 to 2 s", w)
	}
}

// What can be answered as it stands is complete, unless it wants more.
func TestWhatIsKnownIsComplete(t *testing.T) {
	c := turn.New(turn.Config{Known: func(string) bool { return true }}).Config()
	for text, want := range map[string]turn.Sense{"seven feet in meters": turn.Complete, "seven feet in the": turn.Open, "what can you do": turn.Complete, "": turn.Wordless,
		"what is the largest animal": turn.Likely, "what is the largest animal in the ocean": turn.Complete, "remember that my doctor is tall": turn.Likely} {
		if got := c.Sense(text); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

func TestPausesAreLearntBoundedAndForgotten(t *testing.T) {
	c, p := turn.New(turn.Config{}).Config(), &turn.Pauses{}
	unclear := func() time.Duration { return c.Wait(turn.Words{Text: "i like trains", Settled: true}, p) }
	usual, most := unclear(), c.Wait(turn.Words{Text: "what is the", Settled: true}, p)
	for range 100 {
		p.Note(time.Minute) // no pause any more
	}
	if unclear() != usual {
		t.Error("a minute's silence counts as a pause")
	}
	for range 5 {
		p.Note(1100 * ms)
	}
	slow := unclear()
	if slow < 1200*ms || slow > most {
		t.Errorf("a user who pauses for 1.1 s is given %v", slow)
	}
	for range 100 {
		p.Note(2900 * ms)
	}
	if unclear() > most {
		t.Errorf("waits %v, at most %v is right", unclear(), most)
	}
	for range 100 {
		p.Note(150 * ms)
	}
	if quick := unclear(); quick >= usual || quick < usual/2 {
		t.Errorf("a user who hardly pauses is given %v, others %v", quick, usual)
	}
	p.Forget()
	if unclear() != usual {
		t.Error("pauses are not forgotten")
	}
}

func TestBackchannelsAndStops(t *testing.T) {
	l := turn.English()
	for _, text := range []string{"", "uh huh", "Uh-huh.", "yeah", "okay right", "mm-hmm", "yeah yeah yeah", "oh i see"} {
		if !l.Backchannel(text) || l.Stop(text) {
			t.Errorf("%q takes the turn", text)
		}
	}
	for _, text := range []string{"yeah but why", "okay what is light", "what", "uh what about light"} {
		if l.Backchannel(text) || l.Stop(text) {
			t.Errorf("%q is a backchannel %v, a stop %v", text, l.Backchannel(text), l.Stop(text))
		}
	}
	for _, text := range []string{"stop", "wait a minute", "hold on", "no that is wrong", "Stop!"} {
		if !l.Stop(text) {
			t.Errorf("%q is no stop", text)
		}
	}
}

func TestInterruption(t *testing.T) {
	type bit struct {
		voiced  bool
		frames  int
		text    string
		settled bool
		sure    float64
	}
	for _, c := range []struct {
		name string
		bits []bit
		want turn.Verdict // the first that is final
		by   int          // frames
		hold bool         // it was silent in between
		how  turn.BargeIn
	}{
		{"a click", []bit{{true, 4, "", false, 0}, {false, 14, "", false, 0}, {false, 1, "", true, 0}}, turn.Forgive, 19, false, ""},
		{"a click that a recogniser makes a word of", []bit{{true, 4, "", false, 0}, {false, 20, "the", true, 0}}, turn.Forgive, 5, false, ""},
		{"a cough", []bit{{true, 30, "", false, 0}, {false, 14, "", false, 0}, {false, 1, "", true, 0}}, turn.Forgive, 45, true, ""},
		{"uh-huh", []bit{{true, 15, "", false, 0}, {true, 25, "uh huh", false, 0}, {false, 14, "uh huh", false, 0}, {false, 1, "uh huh", true, 0}}, turn.Forgive, 55, true, ""},
		{"okay, at first misheard", []bit{{true, 20, "though", false, 0}, {true, 10, "bolt", false, 0}, {true, 5, "okay", false, 0}, {false, 14, "okay", true, 0}}, turn.Forgive, 36, true, ""},
		{"stop", []bit{{true, 12, "", false, 0}, {true, 20, "stop", false, 0}}, turn.Take, 30, true, ""},
		{"a cough that a recogniser makes a word of, and does not believe", []bit{{true, 30, "but", false, 0}, {false, 14, "but", false, 0}, {false, 1, "but", true, 0.3}}, turn.Forgive, 45, true, ""},
		{"assent of which a recogniser makes three words", []bit{{true, 40, "and how", false, 0}, {true, 25, "and how an", false, 0}, {false, 14, "and how an", false, 0}, {false, 1, "and how an", true, 0.48}}, turn.Forgive, 80, true, ""},
		{"a question", []bit{{true, 20, "", false, 0}, {true, 15, "what", false, 0}, {true, 45, "what is gravity", false, 0}}, turn.Take, 70, true, ""},
		{"a stop that the recogniser hardly believes", []bit{{true, 25, "", false, 0}, {false, 14, "wait", false, 0}, {false, 1, "wait", true, 0.3}}, turn.Take, 40, true, ""},
		{"a short word of the user's", []bit{{true, 25, "why", false, 0}, {false, 14, "why", false, 0}, {false, 1, "why", true, 0}}, turn.Take, 40, true, ""},
		{"assent that goes on", []bit{{true, 30, "yeah", false, 0}, {true, 45, "yeah but why", false, 0}}, turn.Take, 70, true, ""},
		{"a voice without words", []bit{{true, 100, "", false, 0}}, turn.Take, 90, true, ""},
		{"a transcriber that says nothing of silence", []bit{{true, 30, "", false, 0}, {false, 160, "", false, 0}}, turn.Forgive, 180, true, ""},
		{"a short word that will do", []bit{{true, 25, "", false, 0}, {false, 14, "why", false, 0}, {false, 1, "why", true, 0.55}}, turn.Take, 40, true, turn.Easily},
		{"… and otherwise would not", []bit{{true, 25, "", false, 0}, {false, 14, "why", false, 0}, {false, 1, "why", true, 0.55}}, turn.Forgive, 40, true, turn.Normally},
		{"two words that will do", []bit{{true, 20, "", false, 0}, {true, 60, "but why", false, 0}}, turn.Take, 40, true, turn.Easily},
		{"assent, whatever else will do", []bit{{true, 15, "", false, 0}, {true, 25, "uh huh", false, 0}, {false, 1, "uh huh", true, 0}}, turn.Forgive, 41, true, turn.Easily},
		{"a click, whatever else will do", []bit{{true, 4, "", false, 0}, {false, 20, "the", true, 0}}, turn.Forgive, 5, false, turn.Easily},
		{"a short word that will not do", []bit{{true, 25, "why", false, 0}, {false, 14, "why", false, 0}, {false, 1, "why", true, 0}}, turn.Forgive, 40, false, turn.Insist},
		{"a question from across the room", []bit{{true, 20, "", false, 0}, {true, 15, "what", false, 0}, {true, 45, "what is gravity", false, 0}, {false, 14, "what is gravity", true, 0}}, turn.Forgive, 81, true, turn.Insist},
		{"a second of words", []bit{{true, 20, "", false, 0}, {true, 80, "tell me what gravity is", false, 0}, {false, 14, "tell me what gravity is", true, 0}}, turn.Take, 101, true, turn.Insist},
		{"words that go on", []bit{{true, 160, "tell me what gravity is", false, 0}}, turn.Take, 120, true, turn.Insist},
		{"stop, always", []bit{{true, 12, "", false, 0}, {true, 20, "stop", false, 0}}, turn.Take, 30, true, turn.Insist},
		{"a stop in half a second, always", []bit{{true, 25, "", false, 0}, {false, 14, "wait", false, 0}, {false, 1, "wait", true, 0.3}}, turn.Take, 40, true, turn.Insist},
		{"a voice without words that does not end", []bit{{true, 220, "", false, 0}}, turn.Take, 200, true, turn.Insist},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := turn.Interruption{Language: turn.English(), BargeIn: c.how}
			held, n := false, 0
			for _, b := range c.bits {
				for range b.frames {
					n++
					switch v := i.Step(b.voiced, turn.Words{Text: b.text, Confidence: b.sure, Settled: b.settled}); v {
					case turn.Take, turn.Forgive:
						if v != c.want || n > c.by || held != c.hold {
							t.Errorf("%v after %d frames, held %v; want %v within %d, held %v", v, n, held, c.want, c.by, c.hold)
						}
						return
					case turn.Hold:
						held = true
					case turn.Undecided:
					}
				}
			}
			t.Errorf("undecided after %d frames", n)
		})
	}
}

func TestLanguageFilesSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"word":                       "line 1",
		"[open]\nthe\n[opne]\n":      `line 3: there is no section "opne"`,
		"; nothing\n[open]\n\nthe\n": "",
	} {
		_, err := turn.ParseLanguage(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseLanguage(f *testing.F) {
	f.Add("[open]\nthe\n[complete]\nwhat is *\n# plus #\n", "what is the")
	f.Fuzz(func(_ *testing.T, text, turnText string) {
		if l, err := turn.ParseLanguage(text); err == nil {
			l.Sense(turnText, nil)
			l.Backchannel(turnText)
			l.Stop(turnText)
		}
	})
}

func BenchmarkSense(b *testing.B) {
	for b.Loop() {
		turn.English().Sense("could you please tell me what the capital of france is", nil)
	}
}
