package realtime

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// The backend's conversation is made what the request says, with as little as can be.
func TestReconcile(t *testing.T) {
	user := func(id, text string) *item { return &item{id: id, role: roleUser, text: text} }
	spoke := func(id, text string) *item {
		return &item{id: id, role: roleAssistant, text: text, sound: time.Second}
	}
	turns := func(texts ...string) (all []engine.Turn) {
		for i, text := range texts {
			turn := engine.Turn{Who: engine.User, Text: text, Heard: text}
			if i%2 == 1 {
				turn.Who = engine.Assistant
				turn.Heard, _, turn.Interrupted = strings.Cut(text, "|")
				turn.Text = strings.Replace(text, "|", "", 1)
			}
			all = append(all, turn)
		}
		return all
	}
	for _, c := range []struct {
		name  string
		has   []*item
		turns []engine.Turn
		text  string
		want  []string
	}{
		{"nothing yet", nil, nil, "hi", []string{"create user hi"}},
		{"as it is", []*item{user("a", "hi"), spoke("b", "Hello there."), user("c", "bye")}, turns("hi", "Hello there."), "bye", nil},
		{"spaces do not count", []*item{user("a", " hi  there ")}, nil, "hi there", nil},
		{"heard in part", []*item{user("a", "hi"), spoke("b", "one two three four."), user("c", "bye")}, turns("hi", "one two| three four."), "bye", []string{"truncate b 368"}},
		{"not heard at all", []*item{user("a", "hi"), spoke("b", "Hello."), user("c", "bye")}, turns("hi", "|Hello."), "bye", []string{"delete b"}},
		{"a draft in vain", []*item{user("a", "hi"), spoke("b", "Hello.")}, nil, "hi you", []string{"delete a", "delete b", "create user hi you"}},
		{"the draft's words and the spoken ones", []*item{user("a", "hi"), spoke("b", "Hello."), user("a2", "hi")}, turns("hi", "Hello."), "bye", []string{"delete a2", "create user bye"}},
		{"answered on this desk", []*item{user("a", "hi"), spoke("b", "Hello.")}, turns("hi", "Hello.", "what time is it", "Noon."), "bye", []string{"create user what time is it", "create assistant Noon.", "create user bye"}},
		{"written replies are not cut but written anew", []*item{user("a", "hi"), {id: "b", role: roleAssistant, text: "one two"}}, turns("hi", "one| two"), "bye", []string{"delete b", "create assistant one", "create user bye"}},
		{"what is still being understood is left", []*item{user("a", "hi"), {id: "x", role: roleUser, hidden: true}}, nil, "hi", nil},
	} {
		s, n := items{list: c.has}, 0
		events := s.reconcile(wants(engine.Request{Turns: c.turns, Text: c.text}), nil, true, func() string { n++; return fmt.Sprint("p", n) })
		var got []string
		for _, ev := range events {
			switch ev.Type {
			case protocol.ItemCreate:
				got = append(got, "create "+ev.Item.Role+" "+ev.Item.Words())
			case protocol.ItemDelete:
				got = append(got, "delete "+ev.ItemID)
			case protocol.ItemTruncate:
				got = append(got, fmt.Sprint("truncate ", ev.ItemID, " ", *ev.AudioEndMS))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		// What was done is done.
		if again := s.reconcile(wants(engine.Request{Turns: c.turns, Text: c.text}), nil, true, func() string { return "x" }); len(again) > 0 {
			t.Errorf("%s: once more: %v", c.name, again)
		}
	}
}

// Of a long conversation the end is told, and not each time another one.
func TestLongConversations(t *testing.T) {
	var turns []engine.Turn
	s, made, deleted := items{}, 0, 0
	for i := range 300 {
		text := fmt.Sprint("turn ", i)
		for _, ev := range s.reconcile(wants(engine.Request{Turns: turns, Text: text}), nil, false, func() string { made++; return fmt.Sprint(made) }) {
			if ev.Type == protocol.ItemDelete {
				deleted++
			}
		}
		if n := len(s.list); n > turnsMost+1 {
			t.Fatalf("%d items", n)
		}
		turns = append(turns, engine.Turn{Who: engine.User, Text: text, Heard: text})
	}
	if deleted > 300 {
		t.Errorf("%d items were deleted", deleted)
	}
}

// A reply waits for as much of itself as the last ones needed, and no more than
// that.
func TestJitter(t *testing.T) {
	var j jitter
	start := time.Now()
	ms := func(n int) time.Time { return start.Add(time.Duration(n) * time.Millisecond) }
	reply := func(at ...int) arrival {
		var a arrival
		for _, n := range at {
			a.came(ms(n), 40*time.Millisecond)
		}
		return a
	}
	steady := reply(0, 40, 80, 120)
	if j.learn(steady); j.most != 0 || j.wait(ms(0), reply(0)) != 0 {
		t.Errorf("steady: %v", j.most)
	}
	if j.learn(reply(0, 110, 120)); j.most != 70*time.Millisecond {
		t.Errorf("70 ms late: %v", j.most)
	}
	if w := j.wait(ms(10), reply(0)); w != 60*time.Millisecond {
		t.Errorf("waits %v", w)
	}
	if w := j.wait(ms(10), reply(0, 5)); w != 0 {
		t.Errorf("with enough of it waits %v", w)
	}
	if w := j.wait(ms(300), reply(0)); w != 0 {
		t.Errorf("after long waits %v", w)
	}
	if j.learn(steady); j.most != 63*time.Millisecond {
		t.Errorf("it falls to %v", j.most)
	}
	if j.learn(reply(0, 2000)); j.most != jitterMost {
		t.Errorf("bounded at %v", j.most)
	}
}

func FuzzSpread(f *testing.F) {
	f.Add("It pulls you.", 600)
	f.Add("  ", 1)
	f.Add(" a\n\tb", 0)
	f.Fuzz(func(t *testing.T, text string, ms int) {
		whole := time.Duration(ms) * time.Millisecond
		last := engine.Word{}
		for _, w := range spread(text, whole) {
			if w.From < last.To || w.To <= w.From || w.To > len(text) || w.Start > w.End && ms >= 0 {
				t.Fatalf("%+v after %+v of %d bytes", w, last, len(text))
			}
			last = w
		}
	})
}
