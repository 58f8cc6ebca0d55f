package coach

import (
	"context"
	"fmt"
	"time"

	"parley/engine"
	"parley/engine/review"
)

// Card is a quiz question as the deck keeps it.
type Card struct {
	Lesson   engine.LessonID // with Index, what names the card
	Index    int             // of the question in the lesson's quiz, from 0
	Question engine.Question
	Title    string    // the lesson's
	State    string    // a [review.Card] as JSON; "" if it was never asked
	Due      time.Time // when to ask it again
}

// Deck keeps cards.
type Deck interface {
	// Due are the cards to be asked by now, those due longest first, limit of them at
	// most.
	Due(ctx context.Context, now time.Time, limit int) ([]Card, error)
	// State is a card's State, "" for one that was never asked.
	State(ctx context.Context, lesson engine.LessonID, index int) (string, error)
	// Grade keeps a card that was answered: its State and Due are new.
	Grade(ctx context.Context, card Card) error
}

const (
	mostCounted  = 500 // cards that are counted
	mostReviewed = 20  // cards in one review: more tires
)

// grade books an answer when the turn is committed. What fails is logged: it must
// not end the lesson.
func (t *turn) grade(card Card, grade review.Grade) {
	deck := t.coach.deck
	if deck == nil || grade == 0 || card.Lesson == 0 {
		return
	}
	log, now := t.coach.log, t.coach.now()
	t.save = func(ctx context.Context) {
		stored, err := deck.State(ctx, card.Lesson, card.Index)
		if err != nil {
			log.Warn("coach: card not read", "error", err)
			return
		}
		state, err := review.Parse(stored)
		if err != nil { // it begins anew
			log.Warn("coach: card begun anew", "error", err)
		}
		state = review.Next(state, grade, now)
		card.State, card.Due = state.String(), state.Due
		if err := deck.Grade(ctx, card); err != nil {
			log.Warn("coach: card not saved", "error", err)
		}
	}
}

// noLesson is how to get something to be asked about.
const noLesson = "There is nothing to ask you about yet. Say, for example: teach me about gravity."

// quizWithout: a quiz is wanted where there is no lesson.
func (t *turn) quizWithout(ctx context.Context) bool {
	if t.coach.deck != nil {
		if due, err := t.coach.deck.Due(ctx, t.coach.now(), mostReviewed); err == nil && len(due) > 0 {
			return t.review(ctx)
		}
	}
	t.say(noLesson)
	return true
}

// review asks the cards that are due.
func (t *turn) review(ctx context.Context) bool {
	if t.coach.deck == nil {
		return false
	}
	if t.now.run == reviewing && t.now.asked != nil && !t.now.away {
		return t.askAgain("We're in the middle of it.")
	}
	due, err := t.coach.deck.Due(ctx, t.coach.now(), mostReviewed)
	switch {
	case err != nil:
		t.coach.log.Warn("coach: due cards not read", "error", err)
		t.say("I can't look into your cards right now. Please try again later.")
		return true
	case len(due) == 0:
		t.say(t.pick("There is nothing to review now.", "Nothing is due for review right now."))
		return true
	}
	t.now.run, t.now.cards, t.now.seen, t.now.recalls, t.now.asked, t.now.offer = reviewing, due, 0, 0, nil, offerNothing
	t.say(count(len(due), "card", "cards") + ".")
	return t.nextCard(ctx)
}

// nextCard asks the next card, or ends the review.
func (t *turn) nextCard(ctx context.Context) bool {
	t.now.asked = nil
	if len(t.now.cards) == 0 {
		t.now.run = idle
		t.say(fmt.Sprintf("That's all for now. You knew %d of %d.", t.now.recalls, t.now.seen))
		if due, err := t.coach.deck.Due(ctx, t.coach.now(), mostReviewed+1); err == nil && len(due) > t.now.seen && t.now.seen == mostReviewed {
			t.say("There are more for another time.")
		}
		return true
	}
	card := t.now.cards[0]
	if t.now.seen == 0 || t.was.asked == nil || t.was.asked.card.Lesson != card.Lesson {
		t.say("From " + sentence(card.Title))
	}
	t.now.cards = t.now.cards[1:]
	t.ask(asked{question: card.Question, from: ofReview, index: card.Index, card: card})
	return true
}

// tellDue says what there is to review.
func (t *turn) tellDue(ctx context.Context) bool {
	if t.coach.deck == nil {
		return false
	}
	due, err := t.coach.deck.Due(ctx, t.coach.now(), mostCounted)
	switch {
	case err != nil:
		t.coach.log.Warn("coach: due cards not read", "error", err)
		t.say("I can't look into your cards right now. Please try again later.")
	case len(due) == 0:
		t.say(t.pick("There is nothing to review now.", "Nothing is due for review right now."))
	default:
		t.now.offer = offerReview
		t.say(dueOf(due), t.pick("Shall we begin?", "Shall we do that now?"))
	}
	return true
}

// dueOf says how many cards are due, and of what.
func dueOf(due []Card) string {
	var titles []string
	counts := make(map[string]int)
	for _, c := range due {
		if counts[c.Title]++; counts[c.Title] == 1 {
			titles = append(titles, c.Title)
		}
	}
	all := count(len(due), "card is due", "cards are due")
	if len(titles) == 1 {
		return fmt.Sprintf("%s, on %s.", all, speakable(titles[0]))
	}
	var parts []string
	others := len(due)
	for _, title := range titles[:min(3, len(titles))] {
		parts = append(parts, fmt.Sprintf("%d on %s", counts[title], speakable(title)))
		others -= counts[title]
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf("%d on other things", others))
	}
	return fmt.Sprintf("%s: %s.", all, list(parts))
}

// Greeting offers the due cards in one sentence, once a day at most; false where
// there is nothing to offer. Whoever says it keeps the time for [Options].Offered.
func (c *Coach) Greeting(ctx context.Context) (string, bool) {
	if c.deck == nil {
		return "", false
	}
	now := c.now()
	c.mu.Lock()
	offered := c.offered
	c.mu.Unlock()
	if !offered.IsZero() && sameDay(offered, now) {
		return "", false
	}
	due, err := c.deck.Due(ctx, now, mostCounted)
	if err != nil {
		c.log.Warn("coach: due cards not read", "error", err)
		return "", false
	}
	if len(due) == 0 {
		return "", false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offered = now
	c.state.offer = offerReview
	all := dueOf(due)
	return all[:len(all)-1] + "; say review when you like.", true
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.In(b.Location()).Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}
