package tutor

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

// announced is an announcement and when it came, from the beginning of the test.
type announced struct {
	after    time.Duration
	sentence string
}

// listen collects announcements until ctx ends.
func listen(ctx context.Context, announcements iter.Seq[string], out *[]announced) {
	began := time.Now()
	for s := range announcements {
		*out = append(*out, announced{time.Since(began), s})
	}
}

func TestTimersAreAnnouncedWhenTheyEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tutor := New(Options{})
		ctx, cancel := context.WithCancel(t.Context())
		var got []announced
		done := make(chan struct{})
		go func() {
			defer close(done)
			listen(ctx, tutor.Announcements(ctx), &got)
		}()
		for _, said := range []string{
			"set a timer for twelve minutes", "set a pasta timer for ten minutes", "remind me to call my mom in half an hour", "set a timer for five minutes", "cancel the five minute timer",
		} {
			ask(t, tutor, said)
		}
		time.Sleep(time.Hour)
		cancel()
		<-done
		want := []announced{
			{10 * time.Minute, "Your pasta timer is done."},
			{12 * time.Minute, "Your twelve minute timer is done."},
			{30 * time.Minute, "Here is your reminder: call your mom."},
		}
		if len(got) != len(want) {
			t.Fatalf("got %v", got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("got %v, want %v", got[i], want[i])
			}
		}
	})
}

func TestTimerThatEndedUnheardIsAnnouncedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tutor := New(Options{})
		ask(t, tutor, "set a tea timer for three minutes")
		ask(t, tutor, "remind me in three minutes to turn the oven off")
		time.Sleep(10 * time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var got []announced
		listen(ctx, tutor.Announcements(ctx), &got)
		if len(got) != 2 || got[0].sentence != "Your tea timer was done seven minutes ago." ||
			got[1].sentence != "I should have reminded you seven minutes ago: turn the oven off." {
			t.Errorf("got %v", got)
		}
	})
}

func TestAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its clock begins at midnight UTC, 1 January 2000
		tutor := New(Options{Now: func() time.Time { return time.Now().UTC() }})
		if said := ask(t, tutor, "wake me up at six thirty"); said != "Your alarm is set for 6:30 in the morning." {
			t.Errorf("got %q", said)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		var got []announced
		listen(ctx, tutor.Announcements(ctx), &got)
		if len(got) != 1 || got[0] != (announced{6*time.Hour + 30*time.Minute, "It's 6:30 in the morning. This is your alarm."}) {
			t.Errorf("got %v", got)
		}
	})
}

// A timer set by a reply that is thrown away does not run.
func TestTimerOnlyRunsWhenItsEffectDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tutor := New(Options{})
		for reply, err := range tutor.Respond(t.Context(), engine.Request{Text: "set a timer for one minute"}) {
			if _, effect := reply.(engine.Effect); !effect || err != nil {
				t.Errorf("first piece %v, %v", reply, err)
			}
			break
		}
		if n := len(tutor.timers.running()); n != 0 {
			t.Errorf("%d timers", n)
		}
	})
}

func TestTimersAreBounded(t *testing.T) {
	tutor := New(Options{})
	for range mostTimers {
		ask(t, tutor, "set a timer for one hour")
	}
	if said := ask(t, tutor, "set a timer for one hour"); said != full {
		t.Errorf("got %q", said)
	}
	if n := len(tutor.timers.running()); n != mostTimers {
		t.Errorf("%d timers", n)
	}
}

func TestParseHour(t *testing.T) {
	tests := map[string]string{ // at 15:05
		"seven": "22 19:00", "seven thirty": "22 19:30", "three": "23 03:00", "7:30 am": "23 07:30", "7 30pm": "22 19:30", "7pm": "22 19:00", "noon": "23 12:00", "midnight": "23 00:00",
		"half past six": "22 18:30", "quarter to five": "22 16:45", "ten to five": "22 16:50", "six in the morning": "23 06:00", "tomorrow at eight": "23 08:00", "eight p m": "22 20:00",
		"seven oh five": "22 19:05", "five o'clock": "22 17:00", "quarter to one": "23 00:45", "eighteen thirty": "22 18:30", "twelve": "23 00:00",
		"twelve p m": "23 12:00", "banana": "", "": "", "ninety": "", "seven ninety": "", "twenty five": "", "at": "", "half past": "", "to five": "",
	}
	for text, want := range tests {
		at, ok := parseHour(text, noon)
		got := ""
		if ok {
			got = at.Format("2 15:04")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
