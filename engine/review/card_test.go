package review_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine/review"
)

var began = time.Date(2022, 11, 29, 12, 30, 0, 0, time.UTC)

const day = 24 * time.Hour

// The published example of FSRS-5 without steps of minutes: go-fsrs v3.3.1,
// fsrs_test.go, TestLongTermScheduler.
func TestPublishedExample(t *testing.T) {
	grades := []review.Grade{3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3}
	days := []int{3, 11, 35, 101, 269, 669, 12, 2, 5, 12, 26, 55, 112}
	stability := []float64{3.173, 10.7389, 34.5776, 100.7483, 269.2838, 669.3093, 11.8987, 2.236, 5.2001, 11.8993, 26.4917, 55.4949, 111.9726}
	difficulty := []float64{5.2824, 5.273, 5.2635, 5.2542, 5.2448, 5.2355, 6.7654, 7.794, 7.773, 7.7521, 7.7312, 7.7105, 7.6899}
	var c review.Card
	now := began
	for i, g := range grades {
		c = review.Next(c, g, now)
		if got := int(c.Interval() / day); got != days[i] {
			t.Errorf("answer %d: due after %d days, want %d", i+1, got, days[i])
		}
		if math.Abs(c.Stability-stability[i]) > 5e-5 || math.Abs(c.Difficulty-difficulty[i]) > 5e-5 {
			t.Errorf("answer %d: stability %.4f difficulty %.4f, want %.4f %.4f", i+1, c.Stability, c.Difficulty, stability[i], difficulty[i])
		}
		now = c.Due
	}
	if c.Reps != 13 || c.Lapses != 2 {
		t.Errorf("asked %d times, forgotten %d times", c.Reps, c.Lapses)
	}
}

func TestRecallFallsFromOneThroughNinetyPercent(t *testing.T) {
	c := review.Next(review.Card{}, review.Good, began)
	after := func(days float64) float64 { return c.Recall(began.Add(time.Duration(days * float64(day)))) }
	if after(0) != 1 || math.Abs(after(c.Stability)-0.9) > 1e-6 || after(100) >= after(10) {
		t.Errorf("recall %g, %g, %g, %g", after(0), after(c.Stability), after(10), after(100))
	}
	if got := (review.Card{}).Recall(began); got != 0 {
		t.Errorf("what was never asked is known by %g", got)
	}
}

func TestSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c review.Card
		now := began
		for range rapid.IntRange(1, 40).Draw(t, "answers") {
			// early, late, on the day, or with the clock set back
			now = now.Add(time.Duration(rapid.Int64Range(-5, 4000).Draw(t, "days")) * day)
			g := review.Grade(rapid.IntRange(0, 5).Draw(t, "grade"))
			next := review.Next(c, g, now)
			if !c.Last.IsZero() && now.Sub(c.Last) < review.Spacing && g > review.Again {
				if next != c {
					t.Fatalf("repeated at once, %v became %v", c, next)
				}
				continue
			}
			if next.Interval() < day || next.Interval() > review.MaxInterval {
				t.Fatalf("due after %v", next.Interval())
			}
			if math.IsNaN(next.Stability) || next.Stability <= 0 || next.Difficulty < 1 || next.Difficulty > 10 {
				t.Fatalf("stability %g difficulty %g", next.Stability, next.Difficulty)
			}
			if next.Reps != c.Reps+1 || next.Last.Before(c.Last) {
				t.Fatalf("asked %d times, last at %v", next.Reps, next.Last)
			}
			known := !c.Last.IsZero()
			if known && g >= review.Good && (next.Stability < c.Stability*0.999 && c.Stability < 1e5) {
				t.Fatalf("a right answer took stability from %g to %g", c.Stability, next.Stability)
			}
			if known && g <= review.Again && (next.Stability > c.Stability || next.Lapses != c.Lapses+1) {
				t.Fatalf("a wrong answer took stability from %g to %g, lapses to %d", c.Stability, next.Stability, next.Lapses)
			}
			harder := review.Next(c, review.Hard, now).Interval()
			again := review.Next(c, review.Again, now).Interval()
			if again > harder || harder > review.Next(c, review.Good, now).Interval() {
				t.Fatalf("again %v, hard %v, good %v", again, harder, review.Next(c, review.Good, now).Interval())
			}
			stored, err := review.Parse(next.String())
			if err != nil || !stored.Due.Equal(next.Due) || stored.Stability != next.Stability {
				t.Fatalf("stored as %s, read as %v, %v", next, stored, err)
			}
			c = next
		}
	})
}

func TestOnTimeSuccessGrowsTheInterval(t *testing.T) {
	var c review.Card
	for c.Interval() < review.MaxInterval {
		next := review.Next(c, review.Good, latest(began, c.Due))
		if next.Interval() <= c.Interval() {
			t.Fatalf("from %v to %v", c.Interval(), next.Interval())
		}
		c = next
	}
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func TestBadCardsAreRefused(t *testing.T) {
	for _, text := range []string{
		"{", `{"last":"2022-11-29T12:30:00Z"}`, `{"last":"2022-11-29T12:30:00Z","stability":-1,"difficulty":5,"reps":1}`,
		`{"last":"2022-11-29T12:30:00Z","stability":1e300,"difficulty":5,"reps":1}`,
		`{"last":"2022-11-29T12:30:00Z","stability":3,"difficulty":11,"reps":1}`, `[]`,
	} {
		if c, err := review.Parse(text); !errors.Is(err, review.ErrCard) {
			t.Errorf("%s was read as %v, %v", text, c, err)
		}
	}
	if c, err := review.Parse(""); err != nil || c != (review.Card{}) {
		t.Errorf("nothing was read as %v, %v", c, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add(review.Next(review.Card{}, review.Hard, began).String())
	f.Add(`{"last":"2022-11-29T12:30:00Z","stability":1e-300,"difficulty":10,"reps":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := review.Parse(text)
		if err != nil {
			return
		}
		for g := review.Again; g <= review.Easy; g++ {
			n := review.Next(c, g, latest(began, c.Last.Add(review.Spacing)))
			if n.Interval() < day || n.Interval() > review.MaxInterval || math.IsNaN(n.Stability) {
				t.Fatalf("%s answered %d: %v", text, g, n)
			}
		}
	})
}
