package remote

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/engine"
)

// A spoken turn costs one request: the words answer the soft end, and the reply comes
// with them.
func TestTurnSpoken(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard(fmt.Sprintf(" what is  question %d ", n), 0.75)
		s.reply(fmt.Sprintf("The answer is %d.", n))
		s.done()
	})
	var history []engine.Turn
	for n := range 3 {
		words, answer := fmt.Sprintf("what is question %d", n), fmt.Sprintf("The answer is %d.", n)
		soft, final := hear(t, rung, silent+loud+silent+"-?"+silent)
		if !slices.Equal(soft, []string{words}) || final.Text != words || !final.Final || final.Soft || final.Confidence != 0.75 || final.Stable != 4 {
			t.Errorf("heard %q, %+v", soft, final)
		}
		var text string
		var sound time.Duration
		var times []engine.Word
		for piece, err := range rung.Respond(t.Context(), engine.Request{Text: words, Turns: history}) {
			v, ok := piece.(engine.Voiced)
			if err != nil || !ok {
				t.Fatalf("%#v, %v", piece, err)
			}
			text += v.Text
			sound += v.Frame.Duration()
			times = append(times, v.Words...)
		}
		if text != answer || sound != 400*time.Millisecond || len(times) != 4 || times[3] != (engine.Word{From: 14, To: 16, Start: 300 * time.Millisecond, End: 400 * time.Millisecond}) {
			t.Errorf("%q, %v, %v", text, sound, times)
		}
		history = append(history, past(words, answer)...)
	}
	asked := b.requests()
	if len(asked) != 3 {
		t.Fatalf("%d requests", len(asked))
	}
	last := asked[2]
	if len(last.History) != 4 || last.History[3].Role != "assistant" || last.History[3].Words() != "The answer is 1." || last.Text != "" ||
		last.Audio == nil || last.Audio.Format.Rate != 16000 || last.Session.Model != "parley" || last.Session.Audio.Output.Voice != "slt" || *last.Session.Audio.Output.Speed != 1.2 {
		t.Errorf("asked %+v", last)
	}
}

// The user goes on: what was posted is ended, and the whole is posted again, but not
// for every pause.
func TestTurnResumed(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard(fmt.Sprint("posted ", n), 0)
		if n < 3 {
			s.hang()
			return
		}
		s.reply("Yes.")
		s.done()
	})
	pause := silent + "-?" + loud
	soft, final := hear(t, rung, loud+pause+pause+pause+silent+"-"+loud+silent+"-"+silent)
	if !slices.Equal(soft, []string{"posted 0", "posted 1", "posted 2"}) || final.Text != "posted 3" {
		t.Errorf("heard %q, %+v", soft, final)
	}
	ended := []int{b.aborted(t), b.aborted(t), b.aborted(t)}
	slices.Sort(ended)
	if !slices.Equal(ended, []int{0, 1, 2}) {
		t.Errorf("ended %v", ended)
	}
	if text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "posted 3"})); err != nil || text != "Yes." {
		t.Errorf("%q, %v", text, err)
	}
	if n := len(b.requests()); n != 4 {
		t.Errorf("%d requests", n)
	}
}

// Asked for anything else than what the kept answer is to, it asks anew.
func TestTurnOther(t *testing.T) {
	for name, req := range map[string]engine.Request{
		"other words":     {Text: "what is that"},
		"another history": {Text: "what is this", Turns: past("Hello.", "Hi.")},
		"instructions":    {Text: "what is this", Instructions: "Be brief."},
	} {
		t.Run(name, func(t *testing.T) {
			rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
				if n == 0 {
					s.heard("what is this", 0)
					s.hang()
					return
				}
				s.reply("That.")
				s.done()
			})
			hear(t, rung, loud+silent+"-?")
			if text, err := replied(rung.Respond(t.Context(), req)); err != nil || text != "That." {
				t.Errorf("%q, %v", text, err)
			}
			if n := b.aborted(t); n != 0 {
				t.Errorf("ended %d", n)
			}
			asked := b.requests()
			if len(asked) != 2 || asked[1].Text != req.Text || len(asked[1].History) != len(req.Turns) || asked[1].Audio != nil {
				t.Errorf("asked %+v", asked)
			}
			if req.Instructions != "" && *asked[1].Session.Instructions != req.Instructions {
				t.Errorf("instructions %v", asked[1].Session)
			}
		})
	}
}

// What is kept and breaks before anything of it was wanted is asked for again.
func TestTurnKeptBreaks(t *testing.T) {
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		s.heard("hello", 0)
		if n > 0 {
			s.reply("Hi.")
			s.done()
		}
	})
	hear(t, rung, loud+silent+"-?")
	if text, err := replied(rung.Respond(t.Context(), engine.Request{Text: "hello"})); err != nil || text != "Hi." || len(b.requests()) != 2 {
		t.Errorf("%q, %v, %d requests", text, err, len(b.requests()))
	}
}

// Of two utterances that are being transcribed each gets its words; the older's reply
// is not waited for.
func TestTurnTwoAtOnce(t *testing.T) {
	go1 := make(chan struct{})
	rung, b := turns(t, func(n int, _ turnRequest, s *sender) {
		if n == 0 {
			s.raw(": on its way\n\n")
			<-go1
		}
		s.heard(fmt.Sprint("words ", n), 0)
		s.hang()
	})
	var all sync.WaitGroup
	var first engine.Hypothesis
	all.Go(func() {
		for h := range rung.Transcribe(t.Context(), voice(loud, nil)) {
			first = h
		}
	})
	for len(b.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	_, second := hear(t, rung, loud)
	close(go1)
	all.Wait()
	if first.Text != "words 0" || second.Text != "words 1" {
		t.Errorf("%+v, %+v", first, second)
	}
	if n := b.aborted(t); n != 0 {
		t.Errorf("ended %d", n)
	}
}

// An utterance that is nothing costs nothing further.
func TestTurnDropped(t *testing.T) {
	rung, b := turns(t, func(_ int, _ turnRequest, s *sender) {
		s.raw(": on its way\n\n")
		s.hang()
	})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		for h, err := range rung.Transcribe(ctx, voice(loud+silent+"-"+silent, nil)) {
			t.Errorf("heard %+v, %v", h, err)
		}
	})
	for len(b.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	all.Wait()
	b.aborted(t)
	// Less than a syllable is not even posted.
	if _, final := hear(t, rung, "...-.."); final.Text != "" || !final.Final || len(b.requests()) != 1 {
		t.Errorf("heard %+v", final)
	}
}

func TestTurnInterruptedHistory(t *testing.T) {
	got := items([]engine.Turn{
		{Who: engine.User, Text: "Tell me.", Heard: "Tell me."},
		{Who: engine.Assistant, Text: "Once upon a time.", Heard: "Once upon", Interrupted: true},
		{Who: engine.Assistant, Text: "Unheard.", Interrupted: true},
		{Who: engine.Assistant, Text: "Only shown."},
	})
	if len(got) != 3 || got[1].Status != "incomplete" || got[1].Words() != "Once upon" || got[2].Words() != "Only shown." || same(got[1], message(engine.Assistant, "Once upon", false)) {
		t.Errorf("%+v", got)
	}
}
