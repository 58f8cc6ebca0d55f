package main

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"parley/engine"
)

// namedVoice notes what it says.
type namedVoice struct {
	name string
	said *[]string
}

func (v namedVoice) Synthesize(_ context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	*v.said = append(*v.said, v.name+": "+sentence)
	return func(func(engine.Speech, error) bool) {}
}

// What is played slower is said by the slow voice, sentence by sentence; what comes
// between and after is not.
func TestReplaySlower(t *testing.T) {
	var said, announced []string
	asked := 0.0
	r := &replay{voice: namedVoice{"usual", &said}, other: func(speed float64) (engine.Synthesizer, error) {
		asked = speed
		return namedVoice{"slow", &said}, nil
	}}
	if err := r.again(" The moon pulls. The sea follows. ", .75); err != nil {
		t.Fatal(err)
	}
	for text := range r.Announcements(t.Context()) {
		announced = append(announced, text)
		break
	}
	for _, sentence := range []string{"It is noon.", "The moon pulls.", "The sea follows.", "The moon pulls."} {
		r.Synthesize(t.Context(), sentence)
	}
	want := []string{"usual: It is noon.", "slow: The moon pulls.", "slow: The sea follows.", "usual: The moon pulls."}
	if !slices.Equal(said, want) || asked != .75 {
		t.Errorf("said %q at %v, want %q", said, asked, want)
	}
	if !slices.Equal(announced, []string{"The moon pulls. The sea follows."}) {
		t.Errorf("announced %q", announced)
	}

	said = nil
	if err := r.again("The moon pulls.", 1); err != nil {
		t.Fatal(err)
	}
	r.Synthesize(t.Context(), "The moon pulls.")
	if !slices.Equal(said, []string{"usual: The moon pulls."}) {
		t.Errorf("at the usual speed: %q", said)
	}
	r.other = func(float64) (engine.Synthesizer, error) { return nil, errors.New("no such voice") }
	if err := r.again("x", .75); err == nil {
		t.Error("a voice that cannot be made is no error")
	}
}
