package tutor

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

func TestCall(t *testing.T) {
	tests := []struct {
		name string
		args map[string]any
		want string
	}{
		{"calculate", map[string]any{"expression": "2+2"}, "Two plus two is 4."},
		{"convert", map[string]any{"from": "3 feet", "to": "inches"}, "Three feet is 36 inches."},
		{"time", nil, "It's three oh five in the afternoon."},
		{"set_timer", map[string]any{"duration": 90.0}, "Your one minute thirty second timer is set."},
		{"set_timer", map[string]any{"duration": "ten minutes", "label": "tea"}, "Your tea timer is set for ten minutes."},
		{"set_timer", map[string]any{"duration": time.Minute, "task": "call my mom"}, "I'll remind you in one minute: call your mom."},
		{"define", map[string]any{"word": "violin"}, "A violin is a bowed stringed instrument that is the highest member of the violin family."},
		{"days_until", map[string]any{"day": "christmas"}, "There are thirty-three days until Christmas, which is on Friday, December 25th."},
	}
	tutor := newTutor(t)
	for _, tt := range tests {
		a, err := tutor.Call(t.Context(), tt.name, tt.args)
		if err != nil || a.Text() != tt.want {
			t.Errorf("%s: got %q, %v", tt.name, a.Text(), err)
		}
	}
}

func TestCallRefuses(t *testing.T) {
	tests := []struct {
		name string
		args map[string]any
		want error
	}{
		{"fly", nil, ErrNoSkill},
		{"calculate", nil, ErrBadArg},
		{"calculate", map[string]any{"expression": 3}, ErrBadArg},
		{"calculate", map[string]any{"expression": " "}, ErrBadArg},
		{"calculate", map[string]any{"expression": "2+2", "color": "red"}, ErrBadArg},
		{"set_timer", map[string]any{"duration": "soon"}, ErrBadArg},
		{"set_timer", map[string]any{"duration": -1.0}, ErrBadArg},
		{"set_timer", map[string]any{"duration": 1e18}, ErrBadArg},
		{"year", map[string]any{"what": "decade"}, ErrBadArg},
	}
	tutor := newTutor(t)
	for _, tt := range tests {
		if a, err := tutor.Call(t.Context(), tt.name, tt.args); !errors.Is(err, tt.want) {
			t.Errorf("%s %v: got %q, %v", tt.name, tt.args, a.Text(), err)
		}
	}
}

// Every skill can be told apart and explained, and survives whatever text its
// arguments may be.
func TestSkillsAreDescribed(t *testing.T) {
	tutor := newTutor(t)
	name := regexp.MustCompile(`^[a-z_]+$`)
	seen := make(map[string]bool)
	for _, s := range tutor.Skills() {
		if !name.MatchString(s.Name) || seen[s.Name] || !strings.HasSuffix(s.Description, ".") {
			t.Errorf("%q: %q", s.Name, s.Description)
		}
		seen[s.Name] = true
		for _, strange := range []string{"x", "the", "1/0", "\xff\x00", strings.Repeat("a ", 5000), "zero", "a", "of", "🙂"} {
			args := make(map[string]any)
			for _, a := range s.Args {
				if a.Description == "" || !name.MatchString(a.Name) {
					t.Errorf("%s: argument %+v", s.Name, a)
				}
				args[a.Name] = strange
			}
			if a, err := tutor.Call(t.Context(), s.Name, args); err != nil && !errors.Is(err, ErrBadArg) {
				t.Errorf("%s(%.20q): %q, %v", s.Name, strange, a.Text(), err)
			}
		}
	}
}

func TestFactsAreRememberedAsDetected(t *testing.T) {
	n := &notebook{}
	tutor := New(Options{Memory: n})
	for reply, err := range tutor.Respond(t.Context(), engine.Request{Text: "for your information the key is under the mat", Teaching: engine.Teaching{Kind: engine.TeachFact, Topic: "the key is under the mat"}}) {
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := reply.(engine.Effect); ok {
			if err := e.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(n.facts) != 1 || n.facts[0].Subject != "key" || n.facts[0].Text != "the key is under the mat" {
		t.Errorf("got %v", n.facts)
	}
}

func TestWithoutDictionaryAndMemory(t *testing.T) {
	tutor := New(Options{})
	for said, want := range map[string]string{
		"what is gravity": noDictionary, "what is another word for big": noDictionary, "what is the opposite of hot": noDictionary, "use run in a sentence": noDictionary,
		"what are the parts of a hand": noDictionary, "what is the capital of spain": noDictionary,
		"remember that my name is ada": noMemory, "what is my name": noMemory, "forget my name": noMemory, "what do you remember": noMemory, "forget everything you know about me": noMemory,
	} {
		if got := ask(t, tutor, said); got != want {
			t.Errorf("%q: got %q", said, got)
		}
	}
}

// broken is a memory that fails.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) Remember(context.Context, Fact) error           { return errBroken }
func (broken) Recall(context.Context, string) ([]Fact, error) { return nil, errBroken }
func (broken) Forget(context.Context, string) (int, error)    { return 0, errBroken }

func TestMemoryThatFails(t *testing.T) {
	tutor := New(Options{Memory: broken{}})
	for _, said := range []string{"what is my name", "forget my name", "what do you remember"} {
		for reply, err := range tutor.Respond(t.Context(), engine.Request{Text: said}) {
			if !errors.Is(err, errBroken) {
				t.Errorf("%q: got %v, %v", said, reply, err)
			}
		}
	}
	for _, said := range []string{"remember that my name is ada", "forget everything you know about me"} {
		for reply := range tutor.Respond(t.Context(), engine.Request{Text: said}) {
			if e, ok := reply.(engine.Effect); ok {
				if err := e.Do(t.Context()); !errors.Is(err, errBroken) {
					t.Errorf("%q: got %v", said, err)
				}
			}
		}
	}
}

func TestForgetNamesOneSubjectAtATime(t *testing.T) {
	// A fact without a subject must not make Forget drop everything.
	n := &notebook{facts: []Fact{{Text: "the moon is round"}, {Subject: "name", Text: "your name is ada"}}}
	tutor := New(Options{Memory: n})
	ask(t, tutor, "forget about the moon")
	if len(n.facts) != 2 {
		t.Errorf("left: %v", n.facts)
	}
}

func TestReplyStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pieces := 0
	for range newTutor(t).Respond(ctx, engine.Request{Text: "what can you do"}) {
		pieces++
		cancel()
	}
	if pieces != 1 {
		t.Errorf("%d pieces", pieces)
	}
}

func TestFirstWordsComeAtOnce(t *testing.T) {
	tutor := newTutor(t)
	for _, said := range []string{"what is gravity", "what kinds of dogs are there", "what is the capital of france", "who won the cup", strings.Repeat("plus one ", 60)} {
		ask(t, tutor, said) // the files are read for the first time
		began := time.Now()
		for range tutor.Respond(t.Context(), engine.Request{Text: said}) {
			break
		}
		// Two milliseconds on a quiet machine; a busy one under the race
		// detector gets a hundred times that.
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("%q: %v", said, took)
		}
	}
}

func BenchmarkRespond(b *testing.B) {
	for _, said := range []string{"what time is it", "what is gravity", "what is seventeen times twenty three", "who won the world cup", "what kinds of dogs are there"} {
		tutor := newTutor(b)
		b.Run(said, func(b *testing.B) {
			for b.Loop() {
				for range tutor.Respond(b.Context(), engine.Request{Text: said}) {
					break
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Options{})
	}
}
