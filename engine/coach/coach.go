package coach

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
)

// ErrNoNext says that a coach has nobody to hand on to.
var ErrNoNext = errors.New("coach: there is no responder after it; set Options.Next")

// Options are what a coach is made of.
type Options struct {
	Next engine.Responder // answers everything that is not about the lesson
	Deck Deck             // nil: nothing is reviewed

	// Teaches says whether a lesson about a topic can be written; nil: about any.
	Teaches func(topic string) bool
	// Other says whether somebody else would take up what was said, rather than
	// take it for the answer to a question; nil: only its first words tell. It is
	// asked while the user speaks and must be quick.
	Other func(text string) bool

	// Slower has a text, which is said next, spoken slowly; nil: it is said in short
	// breaths instead.
	Slower func(text string)

	Now     func() time.Time // nil: time.Now
	Offered time.Time        // when due cards were last offered; see [Coach.Greeting]
	Log     *slog.Logger     // nil: the default one
}

// Coach is an [engine.Responder] that stands before another one. It is safe for
// use by several goroutines.
type Coach struct {
	next    engine.Responder
	deck    Deck
	teaches func(string) bool
	other   func(string) bool
	slower  func(string)
	now     func() time.Time
	log     *slog.Logger

	mu      sync.Mutex
	state   state
	offered time.Time
}

var _ engine.Responder = (*Coach)(nil)

// New makes a coach, in some ten milliseconds. It starts nothing.
func New(o Options) *Coach {
	c := &Coach{next: o.Next, deck: o.Deck, teaches: o.Teaches, other: o.Other, slower: o.Slower, now: o.Now, log: o.Log, offered: o.Offered}
	theBook() // so that no turn waits for it
	if c.teaches == nil {
		c.teaches = func(string) bool { return true }
	}
	if c.other == nil {
		c.other = func(string) bool { return false }
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	return c
}

// Respond takes what concerns the lesson and hands on everything else. Whatever
// it changes, it changes in effects.
func (c *Coach) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		t := c.begin(req)
		mine := t.take(ctx)
		for _, piece := range t.pieces(mine) {
			if ctx.Err() != nil || !yield(piece, nil) {
				return
			}
		}
		if mine {
			return
		}
		if c.next == nil {
			yield(nil, ErrNoNext)
			return
		}
		c.next.Respond(ctx, req)(yield)
	}
}

// Phrasings are the ways to ask for what the coach does: (a|b) is a choice,
// [a|b] may be left out, {topic} stands for what is asked about, and a word after ~
// is what recognisers make of the one that was said.
func (c *Coach) Phrasings() []string {
	all := []string{
		"[option|letter|answer|i think [it is]|i choose|i say|it is] (a|b|c|d) [please]",
		"[i think|i choose|i take] the (first|second|third|fourth|last) [one|option|answer]", "[option|number] (one|two|three|four)",
		"[i think] [it is|it's] {topic}", "is it {topic}", "(keep it simple|simple|in depth|go into depth|for beginners|for a beginner|for my exam|for school|for work)",
	}
	for _, p := range phrasings {
		all = append(all, p.said...)
	}
	return all
}

// Understands says whether what was said is a whole turn for the coach: a wish,
// or, while a question waits, its answer. It changes nothing.
func (c *Coach) Understands(text string) bool {
	if _, _, ok := theBook().find(text, c.other); ok {
		return true
	}
	st := c.current()
	if st.ask == askLevel {
		_, _, ok := levelAndGoal(text)
		return ok
	}
	if st.asked == nil {
		return false
	}
	j := judge(st.asked.question, text)
	return j.verdict == right || j.sure
}

// Expecting says whether a question waits for its answer, so that a word or a
// letter is a whole turn.
func (c *Coach) Expecting() bool {
	st := c.current()
	return st.ask != askNothing || st.asked != nil && !st.away
}

func (c *Coach) current() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

func (c *Coach) set(st state) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = st
}
