package tutor

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// converse holds a conversation: "> what is said" (or "! what is said | topic" where
// the detector finds a fact), each followed by the answer.
func converse(t *testing.T, score string) *notebook {
	t.Helper()
	n := &notebook{}
	tutor := New(Options{Memory: n, Now: func() time.Time { return noon }, Dictionary: newTutor(t).dictionary})
	var turns []engine.Turn
	var got string
	for line := range strings.SplitSeq(strings.TrimSpace(score), "\n") {
		line = strings.TrimSpace(line)
		text, asked := strings.CutPrefix(line, "> ")
		taught, told := strings.CutPrefix(line, "! ")
		switch {
		case asked:
			got = ask(t, tutor, text, turns...)
		case told:
			var topic string
			text, topic, _ = strings.Cut(taught, " | ")
			got = teach(t, tutor, text, topic, turns)
		case line != got:
			t.Errorf("%q: got %q, want %q", turns[len(turns)-2].Text, got, line)
			continue
		default:
			continue
		}
		turns = append(turns, engine.Turn{Who: engine.User, Text: text, Heard: text}, engine.Turn{Who: engine.Assistant, Text: got, Heard: got})
	}
	return n
}

func teach(t *testing.T, tutor *Tutor, text, topic string, turns []engine.Turn) string {
	t.Helper()
	var said strings.Builder
	req := engine.Request{Text: text, Turns: turns, Conversation: 7, Teaching: engine.Teaching{Kind: engine.TeachFact, Topic: topic, Confidence: 1}}
	for reply, err := range tutor.Respond(t.Context(), req) {
		if err != nil {
			t.Fatal(err)
		}
		switch r := reply.(type) {
		case engine.Words:
			said.WriteString(r.Text)
		case engine.Effect:
			if err := r.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return said.String()
}

func TestMemory(t *testing.T) {
	for name, score := range map[string]string{
		"a name": `
			! from now on call me Max | call me max
			All right, I'll call you Max.
			> what is my name
			Your name is Max.
			> who am i
			Your name is Max.
			> please call me Captain Hook
			All right, I'll call you Captain Hook.
			> what's my name
			Your name is Captain Hook.`,
		"no name": `
			> call me back
			That's beyond what I know offline. Try asking what a word means, or ask me to teach you about a topic.`,
		"a word": `
			> what does blarg mean
			My offline dictionary has nothing about blarg.
			! blarg means a small mess | blarg means a small mess
			I'll remember that blarg means a small mess.
			> what does blarg mean
			Blarg means a small mess.
			> what is blarg
			Blarg means a small mess.
			> define blarg
			Blarg means a small mess.
			! the word violin means my old cat | violin means my old cat
			I'll remember that violin means your old cat.
			> what is a violin
			Violin means your old cat.`,
		"corrected by name": `
			! my sister's name is eva | my sister's name is eva
			I'll remember that your sister's name is eva.
			! no, her name is Ada not Eva | her name is Ada not Eva
			I've corrected that: your sister's name is Ada.
			> what is my sister's name
			Your sister's name is Ada.
			! actually my sister's name is Ida | my sister's name is Ida
			I've corrected that: your sister's name is Ida.
			> what do you remember
			Your sister's name is Ida.`,
		"corrected by a pronoun": `
			> remember that my brother's name is rob
			I'll remember that your brother's name is rob.
			> what is my brother's name
			Your brother's name is rob.
			> actually it's Bob
			I've corrected that: your brother's name is Bob.
			> no, it's fine
			I'm not sure what you mean. You can ask me the time, a sum, or what a word means.
			> what is my brother's name
			Your brother's name is Bob.`,
		"spelled": `
			> remember that my daughter is called cait
			I'll remember that your daughter is called cait.
			! actually it's spelled K-A-T-E | it's spelled K-A-T-E
			I've corrected that: your daughter is called Kate.
			! no my name is spelled s a r a h | my name is spelled s a r a h
			I've corrected that: your name is Sarah.
			> what is my name
			Your name is Sarah.
			! it's spelled with an h at the end | it's spelled with an h at the end
			I'll remember that Sarah is spelled with an h at the end.`,
		"something about the same": `
			> remember that my sister lives in rome
			I'll remember that your sister lives in rome.
			> no, it is Milan not Rome
			I've corrected that: your sister lives in Milan.
			! her name is Eva | her name is Eva
			I've corrected that: your sister's name is Eva.
			> where does my sister live
			Your sister lives in Milan.`,
		"no correction": `
			> remember that my brother's name is rob
			I'll remember that your brother's name is rob.
			> no what time is it
			I'm not sure what you mean. You can ask me the time, a sum, or what a word means.
			> actually there is a problem
			I didn't quite get that. Could you put it another way?
			> actually the weather is nice
			I'm not sure I heard that right. Could you say it again?
			> what is my brother's name
			Your brother's name is rob.`,
		"set right": `
			! actually the capital of Australia is Canberra, not Sydney | the capital of Australia is Canberra, not Sydney
			I've corrected that: the capital of Australia is Canberra.
			> what is the capital of Australia
			The capital of Australia is Canberra.`,
		"nothing to correct": `
			> actually it's Bob
			I'm not sure what to correct. Say: remember that, and then the whole of it.
			! it's spelled k a t e | it's spelled k a t e
			I'm not sure what to correct. Say: remember that, and then the whole of it.`,
		"how it is known": `
			> how do you know that
			You didn't tell me that. What else I know, I have from what is installed on this computer.
			! for your information my sister's name is Ada. | my sister's name is Ada
			I'll remember that your sister's name is Ada.
			> what is my sister's name
			Your sister's name is Ada.
			> how do you know that
			You told me just now. You said: for your information my sister's name is Ada.
			> when did I tell you my sister's name
			You told me just now. You said: for your information my sister's name is Ada.
			> when did i tell you about my shoe size
			You haven't told me that yet.`,
	} {
		t.Run(name, func(t *testing.T) { converse(t, score) })
	}
}

func TestFactsKnowTheirSource(t *testing.T) {
	n := converse(t, `! for your information the key is under the mat | the key is under the mat`)
	want := Fact{Subject: "key", Text: "the key is under the mat", At: noon, Source: "for your information the key is under the mat", Conversation: 7}
	if len(n.facts) != 1 || n.facts[0] != want {
		t.Errorf("got %+v, want %+v", n.facts, want)
	}
}

// A model's call has the words it passes on.
func TestCalledFactsKnowTheirSource(t *testing.T) {
	n := &notebook{}
	tutor := New(Options{Memory: n, Now: func() time.Time { return noon }})
	for name, args := range map[string]map[string]any{
		"remember": {"fact": "my cat is grey"}, "learn_name": {"name": "Max"},
	} {
		a, err := tutor.Call(t.Context(), name, args)
		if err != nil || a.Effect == nil || a.Effect(context.Background()) != nil {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	facts, err := n.Recall(t.Context(), "")
	if err != nil || len(facts) != 2 {
		t.Fatalf("%+v, %v", facts, err)
	}
	for _, f := range facts {
		if f.Subject == "cat" && f.Source != "my cat is grey" {
			t.Errorf("%+v", f)
		}
	}
}

func TestTimeAgo(t *testing.T) {
	for want, at := range map[string]time.Time{
		"":                                       {},
		" just now":                              noon.Add(-time.Minute),
		" today at eight oh five in the morning": noon.Add(-7 * time.Hour),
		" yesterday at eleven oh five at night":  noon.Add(-16 * time.Hour),
		" on Tuesday, November 17th, at three oh five in the afternoon":        noon.AddDate(0, 0, -5),
		" on Saturday, November 22nd, 2025, at three oh five in the afternoon": noon.AddDate(-1, 0, 0),
	} {
		if got := timeAgo(at, noon); got != want {
			t.Errorf("%v: got %q, want %q", at, got, want)
		}
	}
}

func FuzzCorrect(f *testing.F) {
	for _, s := range []string{"no it's Bob", "actually her name is Ada not Eva", "it is spelled k a t e", "is is is", "no", "my name is not", "it is not not", "é is spelled x y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		n := &notebook{facts: []Fact{{Subject: "sister lives", Text: "your sister lives in rome"}, {Subject: "x", Text: "x"}}}
		tutor := New(Options{Memory: n, Now: func() time.Time { return noon }})
		for _, last := range []string{"Your sister lives in rome.", "X."} {
			teach(t, tutor, said, said, []engine.Turn{{Who: engine.Assistant, Text: last}})
		}
		for _, fact := range n.facts {
			if fact.Text == "" {
				t.Errorf("%q: an empty fact", said)
			}
		}
	})
}
