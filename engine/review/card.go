package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/open-spaced-repetition/go-fsrs/v3"
)

// MaxInterval is the longest time until a card is due again: what is known that
// well need not be asked, but nobody is sure of the next ten years.
const MaxInterval = 10 * 365 * 24 * time.Hour

// Spacing is how long after an answer the next one tells something of the memory:
// to repeat what was heard a moment ago is no recall.
const Spacing = 6 * time.Hour

// ErrCard is wrapped by what is wrong with a stored card.
var ErrCard = errors.New("review: unreadable card")

// Grade is how well a card was answered.
type Grade int

// The grades, as FSRS has them.
const (
	Again Grade = 1 // not known
	Hard  Grade = 2 // known with help, or at the second try
	Good  Grade = 3 // known
	Easy  Grade = 4 // known without a thought
)

// Card is how well something is remembered. The zero value has never been asked.
// As JSON it can be stored.
type Card struct {
	Due        time.Time `json:"due"`        // when to ask again
	Last       time.Time `json:"last"`       // when it was asked; zero: never
	Stability  float64   `json:"stability"`  // days until the chance to recall it is 90 %, > 0
	Difficulty float64   `json:"difficulty"` // 1 to 10
	Reps       int       `json:"reps"`       // how often it was asked
	Lapses     int       `json:"lapses"`     // how often it had been forgotten
}

// Parse reads a card from its JSON; "" is one that was never asked. The error
// wraps [ErrCard].
func Parse(text string) (Card, error) {
	if text == "" {
		return Card{}, nil
	}
	var c Card
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrCard, err)
	}
	if !c.Last.IsZero() && !c.plausible() {
		return Card{}, fmt.Errorf("%w: stability %g, difficulty %g, asked %d times", ErrCard, c.Stability, c.Difficulty, c.Reps)
	}
	return c, nil
}

func (c Card) plausible() bool {
	days := MaxInterval.Hours() / 24
	return c.Stability > 0 && c.Stability <= 100*days && c.Difficulty >= 1 && c.Difficulty <= 10 && c.Reps > 0 && c.Lapses >= 0
}

// String is the card as JSON, for [Parse].
func (c Card) String() string {
	text, err := json.Marshal(c)
	if err != nil { // a time beyond the year 9999 only
		return ""
	}
	return string(text)
}

// Interval is the time between the last asking and the next, 0 if it was never
// asked.
func (c Card) Interval() time.Duration {
	if c.Last.IsZero() {
		return 0
	}
	return c.Due.Sub(c.Last)
}

// Recall is the chance that the card is still known at a time, 0 to 1; 0 if it was
// never asked.
func (c Card) Recall(now time.Time) float64 {
	if c.Last.IsZero() || !c.plausible() {
		return 0
	}
	return scheduler().GetRetrievability(c.toFSRS(), latest(now, c.Last))
}

// Next is the card after it was answered now, as well as grade says; grades out
// of range are taken for the nearest. Intervals are whole days, from one to
// [MaxInterval]. Before [Spacing] is over only [Again] changes the card. A clock that
// was set back counts as no time gone by.
func Next(c Card, grade Grade, now time.Time) Card {
	if !c.Last.IsZero() && !c.plausible() {
		c = Card{}
	}
	now = latest(now, c.Last)
	if !c.Last.IsZero() && now.Sub(c.Last) < Spacing && grade > Again {
		return c
	}
	next := scheduler().Next(c.toFSRS(), now, fsrs.Rating(min(max(grade, Again), Easy))).Card
	interval := min(time.Duration(next.ScheduledDays)*24*time.Hour, MaxInterval)
	return Card{
		Due: now.Add(interval), Last: now,
		Stability:  math.Min(next.Stability, 100*MaxInterval.Hours()/24),
		Difficulty: next.Difficulty,
		Reps:       int(next.Reps),
		Lapses:     int(next.Lapses),
	}
}

// scheduler is FSRS-5 with its authors' default parameters. Steps of minutes are
// left out: nobody sits waiting before a voice, a day is the soonest.
func scheduler() *fsrs.FSRS {
	p := fsrs.DefaultParam()
	p.EnableShortTerm = false
	p.MaximumInterval = MaxInterval.Hours() / 24
	return fsrs.NewFSRS(p)
}

func (c Card) toFSRS() fsrs.Card {
	f := fsrs.Card{
		Due: c.Due, LastReview: c.Last, Stability: c.Stability, Difficulty: c.Difficulty,
		Reps: uint64(max(0, c.Reps)), Lapses: uint64(max(0, c.Lapses)),
	}
	if !c.Last.IsZero() {
		f.State = fsrs.Review
	}
	return f
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
