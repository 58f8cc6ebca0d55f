package tutor

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/wordnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// notebook is a Memory in a slice.
type notebook struct {
	mu    sync.Mutex
	facts []Fact
}

func (n *notebook) Remember(_ context.Context, f Fact) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.facts = slices.DeleteFunc(n.facts, func(o Fact) bool { return o.Subject == f.Subject })
	n.facts = slices.Insert(n.facts, 0, f)
	return nil
}

func (n *notebook) Recall(_ context.Context, subject string) ([]Fact, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.facts), nil
}

func (n *notebook) Forget(_ context.Context, subject string) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	before := len(n.facts)
	n.facts = slices.DeleteFunc(n.facts, func(o Fact) bool { return subject == "" || o.Subject == subject })
	return before - len(n.facts), nil
}

// noon is the time in most tests: Sunday, 22 November 2026, five past three.
var noon = time.Date(2026, 11, 22, 15, 5, 0, 0, time.UTC)

func newTutor(tb testing.TB) *Tutor {
	tb.Helper()
	d, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	return New(Options{Dictionary: d, Memory: &notebook{}, Now: func() time.Time { return noon }})
}

// ask runs a turn as a conversation does, effects and all, and returns what was
// said.
func ask(tb testing.TB, tutor *Tutor, text string, turns ...engine.Turn) string {
	tb.Helper()
	var said strings.Builder
	for reply, err := range tutor.Respond(tb.Context(), engine.Request{Text: text, Turns: turns}) {
		if err != nil {
			tb.Fatalf("%q: %v", text, err)
		}
		switch r := reply.(type) {
		case engine.Words:
			said.WriteString(r.Text)
		case engine.Effect:
			if err := r.Do(tb.Context()); err != nil {
				tb.Fatalf("%q: effect: %v", text, err)
			}
		}
	}
	return said.String()
}

func TestUnderstands(t *testing.T) {
	tu := New(Options{})
	for text, want := range map[string]bool{
		"what time is it":                true,
		"please set a timer for an hour": true,
		"what is gravity":                true,
		"stop that":                      false,
		"the guard the blue cloud":       false,
		"":                               false,
	} {
		if got := tu.Understands(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if len(tu.timers.timers) > 0 {
		t.Error("asking set a timer")
	}
}

// Every skill that hears is asked for in some way, and its phrasings are
// understood where nothing is left open in them.
func TestPhrasings(t *testing.T) {
	tu := New(Options{})
	all := tu.Phrasings()
	for _, s := range tu.Skills() {
		if s.match != nil && len(s.Phrasings()) == 0 {
			t.Errorf("%s: no phrasing", s.Name)
		}
	}
	for _, want := range []string{"how old are you", "come again"} {
		if !slices.Contains(all, want) || !tu.Understands(want) {
			t.Errorf("%q is none of the %d phrasings, or not understood", want, len(all))
		}
	}
}

func TestWhatIsOfThisDesk(t *testing.T) {
	tutor := New(Options{})
	for text, want := range map[string]bool{
		"what time is it": true, "set a timer for five minutes": true, "remember that my sister's name is Ada": true,
		"what is my sister's name": true, "be more patient": true, "what day is it today": true,
		"what is gravity": false, "teach me about volcanoes": false, "what is two plus two": false, "hello": false, "": false,
		"who was Ada Lovelace": false,
	} {
		if got := tutor.OfThisDesk(text); got != want {
			t.Errorf("%q is of this desk: %v", text, got)
		}
	}
}
