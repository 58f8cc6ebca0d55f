package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/engine"
)

// firstReview is how long after its lesson a card is first due: a question that
// was just read tells nothing about what is remembered.
const firstReview = 24 * time.Hour

// CardID names a card.
type CardID int64

// Card is a question of a kept lesson's quiz, to be asked again and again at
// growing intervals.
type Card struct {
	ID          CardID
	Lesson      engine.LessonID // it is deleted with this lesson
	LessonTitle string
	Index       int // of the question in the lesson's quiz, from 0
	Question    engine.Question
	State       []byte // the scheduler's own, JSON; empty: never reviewed
	Due         time.Time
}

// Cards is the cards of all lessons. They begin to be due a day after their
// lesson.
type Cards struct{ store *Store }

// Cards gives the cards kept in s.
func (s *Store) Cards() Cards { return Cards{s} }

// makeCards makes a card of each question.
func (s *Store) makeCards(ctx context.Context, tx *sql.Tx, lesson engine.LessonID, quiz []engine.Question, due time.Time) error {
	for i, q := range quiz {
		question, err := json.Marshal(q)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO cards (id, lesson, place, question, due)
			VALUES ((SELECT max(coalesce(max(id), 0) + 1, ?) FROM cards), ?, ?, ?, ?)`, s.first, lesson, i, string(question), stamp(due)); err != nil {
			return err
		}
	}
	return nil
}

// Due gives the cards that are due at now, the longest due first: limit of them,
// or all if limit is 0 or less.
func (c Cards) Due(ctx context.Context, now time.Time, limit int) ([]Card, error) {
	var due []Card
	for _, h := range c.store.holders() {
		some, err := h.due(ctx, now, atMost(limit, 0))
		if err != nil {
			return nil, c.store.fail("finding due cards", err)
		}
		due = append(due, some...)
	}
	slices.SortStableFunc(due, func(a, b Card) int { return a.Due.Compare(b.Due) })
	return page(due, limit, 0), nil
}

func (s *Store) due(ctx context.Context, now time.Time, limit int) ([]Card, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT k.id, k.lesson, l.title, k.place, k.question, k.state, k.due
		FROM cards k JOIN lessons l ON l.id = k.lesson WHERE k.due <= ? ORDER BY k.due, k.id LIMIT ?`, stamp(now), limit)
	return all(rows, err, scanCard)
}

func scanCard(r row) (card Card, err error) {
	var question, state string
	var due int64
	if err := r.Scan(&card.ID, &card.Lesson, &card.LessonTitle, &card.Index, &question, &state, &due); err != nil {
		return Card{}, err
	}
	if state != "" {
		card.State = []byte(state)
	}
	card.Due = unstamp(due)
	return card, decode(question, &card.Question)
}

// Count says how many cards are due at now.
func (c Cards) Count(ctx context.Context, now time.Time) (n int, err error) {
	for _, h := range c.store.holders() {
		var some int
		if err := h.read.QueryRowContext(ctx, `SELECT count(*) FROM cards WHERE due <= ?`, stamp(now)).Scan(&some); err != nil {
			return 0, c.store.fail("counting due cards", err)
		}
		n += some
	}
	return n, nil
}

// Grade keeps the State and the Due of a card that was reviewed. It returns
// [ErrNoCard] if the card has been deleted.
func (c Cards) Grade(ctx context.Context, card Card) error {
	h := c.store.holder(int64(card.ID))
	r, err := h.db.ExecContext(ctx, `UPDATE cards SET state = ?, due = ? WHERE id = ?`, string(card.State), stamp(card.Due), card.ID)
	if err = mustChange(r, err); errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w (number %d)", ErrNoCard, card.ID)
	}
	return c.store.fail("grading a card", err)
}
