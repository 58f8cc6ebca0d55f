package standby

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

const embedded = "It is noon."

func pair(steps ...step[engine.Reply]) (*Responder, *responder, *responder) {
	first := &responder{steps: steps}
	second := &responder{steps: []step[engine.Reply]{{value: words(embedded)}}}
	return &Responder{First: first, Second: second, Options: explained(nil)}, first, second
}

func TestRespond(t *testing.T) {
	acted := engine.Effect{Do: func(context.Context) error { return nil }}
	for name, c := range map[string]struct {
		steps []step[engine.Reply]
		want  string
		after time.Duration
	}{
		"answers":                    {[]step[engine.Reply]{{value: words("Hello ")}, {value: words("there.")}}, "Hello there.", 0},
		"slow but going":             {[]step[engine.Reply]{{after: 3 * time.Second, value: words("Hello ")}, {after: 9 * time.Second, value: words("there.")}}, "Hello there.", 12 * time.Second},
		"silence":                    {nil, "", 0},
		"tool first":                 {[]step[engine.Reply]{{value: engine.Used{}}, {after: 10 * time.Second, value: words("Hello.")}}, "Hello.", 10 * time.Second},
		"fails":                      {[]step[engine.Reply]{{after: time.Second, err: errKey}}, "The language model isn't answering: its key was refused. I'll answer this one myself. " + embedded, time.Second},
		"fails, unclear":             {[]step[engine.Reply]{{err: errors.New("?")}}, "The language model isn't answering, so I'll answer this one myself. " + embedded, 0},
		"hangs":                      {[]step[engine.Reply]{{hang: true}}, "The language model isn't answering, so I'll answer this one myself. " + embedded, DefaultWithin},
		"fails after use":            {[]step[engine.Reply]{{value: engine.Used{}}, {err: errKey}}, "The language model isn't answering: its key was refused. I'll answer this one myself. " + embedded, 0},
		"breaks off":                 {[]step[engine.Reply]{{value: words("The capital of ")}, {err: errKey}}, "The capital of … " + "Sorry, the language model broke off there: its key was refused.", 0},
		"breaks off late":            {[]step[engine.Reply]{{value: words("Yes.")}, {err: errors.New("?")}}, "Yes. " + "Sorry, the language model broke off there.", 0},
		"breaks off, already spoken": {[]step[engine.Reply]{{value: engine.Voiced{Text: "Yes."}}, {err: errors.New("?")}}, "Yes. " + "Sorry, the language model broke off there.", 0},
		"after an effect":            {[]step[engine.Reply]{{value: acted}, {err: errKey}}, "Sorry, the language model broke off there: its key was refused.", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, _, _ := pair(c.steps...)
				start := time.Now()
				got := said(t, r.Respond(t.Context(), engine.Request{}), true)
				if got != c.want || time.Since(start) != c.after {
					t.Errorf("after %v: %q\nwant after %v: %q", time.Since(start), got, c.after, c.want)
				}
			})
		})
	}
}

// A service that fails rests, for a growing pause; it is told once; one success
// forgets it all.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, first, _ := pair(step[engine.Reply]{err: errKey})
		ask := func() string { return said(t, r.Respond(t.Context(), engine.Request{}), true) }
		if got := ask(); got == embedded {
			t.Errorf("not told: %q", got)
		}
		for _, seconds := range []int{5, 10, 20, 40, 60, 60} {
			pause := time.Duration(seconds) * time.Second
			calls := first.calls
			time.Sleep(pause - time.Nanosecond)
			if got := ask(); got != embedded || first.calls != calls {
				t.Errorf("within the pause: %q, %d calls more", got, first.calls-calls)
			}
			time.Sleep(time.Nanosecond)
			if got := ask(); got != embedded || first.calls != calls+1 {
				t.Errorf("after %v: %q, %d calls more", pause, got, first.calls-calls)
			}
		}
		time.Sleep(longestPause)
		bad := first.steps
		first.steps = []step[engine.Reply]{{value: words("Back.")}}
		if got := ask(); got != "Back." {
			t.Errorf("got %q", got)
		}
		first.steps = bad
		if got := ask(); got == embedded {
			t.Errorf("a new outage is not told: %q", got)
		}
		calls := first.calls
		time.Sleep(firstPause)
		if ask(); first.calls != calls+1 {
			t.Error("the pause did not begin anew")
		}
	})
}

// A reply that was prepared and thrown away has told nobody anything.
func TestDraftTellsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, first, _ := pair(step[engine.Reply]{err: errKey})
		told := said(t, r.Respond(t.Context(), engine.Request{}), false)
		if again := said(t, r.Respond(t.Context(), engine.Request{}), true); again != told || first.calls != 1 {
			t.Errorf("got %q, then %q, %d calls", told, again, first.calls)
		}
		if third := said(t, r.Respond(t.Context(), engine.Request{}), true); third != embedded {
			t.Errorf("told again: %q", third)
		}
	})
}

// A cancelled call is neither a success nor a failure, and ends at once.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, first, second := pair(step[engine.Reply]{hang: true})
		r.Failed = func(err error) { t.Errorf("counted as a failure: %v", err) }
		for _, after := range []time.Duration{0, time.Second, DefaultWithin - 1} {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			start := time.Now()
			if got := said(t, r.Respond(ctx, engine.Request{}), true); got != "" || time.Since(start) != after {
				t.Errorf("got %q after %v", got, time.Since(start))
			}
			cancel()
		}
		if first.calls != 3 || second.calls != 0 {
			t.Errorf("%d and %d calls", first.calls, second.calls)
		}
		// Nor does it end an outage.
		r.Failed = nil
		first.steps = []step[engine.Reply]{{err: errKey}}
		said(t, r.Respond(t.Context(), engine.Request{}), true)
		time.Sleep(firstPause)
		first.steps = []step[engine.Reply]{{value: words("One ")}, {value: words("two.")}}
		for range r.Respond(t.Context(), engine.Request{}) {
			break
		}
		if _, untold := r.outage.untold(); untold || r.outage.err == nil {
			t.Error("a reply that was stopped counts")
		}
	})
}

type responderFunc func(yield func(engine.Reply, error) bool)

func (f responderFunc) Respond(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
	return iter.Seq2[engine.Reply, error](f)
}

// First works out its next piece only when the one before has been taken, so that
// it may rely on an effect having been done.
func TestLockstep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := false
		first := responderFunc(func(yield func(engine.Reply, error) bool) {
			yield(engine.Effect{Do: func(context.Context) error {
				time.Sleep(10 * time.Second)
				done = true
				return nil
			}}, nil)
			if !done {
				t.Error("asked for more before the effect was done")
			}
			yield(words("Done."), nil)
		})
		r := &Responder{First: first, Second: first}
		if got := said(t, r.Respond(t.Context(), engine.Request{}), true); got != "Done." {
			t.Errorf("got %q", got)
		}
	})
}

// What stands first is called by its name, where it has one.
func TestANameIsSaid(t *testing.T) {
	for _, c := range []struct {
		first []step[engine.Reply]
		want  string
	}{
		{[]step[engine.Reply]{{err: errKey}}, "The study's computer isn't answering: its key was refused. I'll answer this one myself. " + embedded},
		{[]step[engine.Reply]{{value: words("Yes.")}, {err: errKey}}, "Yes. Sorry, the study's computer broke off there: its key was refused."},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, _, _ := pair(c.first...)
			r.Who = "the study's computer"
			if got := said(t, r.Respond(t.Context(), engine.Request{}), true); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
