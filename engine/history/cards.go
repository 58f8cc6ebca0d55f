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

// Card is a question of a kept lesson's quiz, to be asked again and again at
// growing intervals.
type Card struct {
	Lesson   engine.LessonID // with Index, what names the card; it is deleted with the lesson
	Index    int             // of the question in the lesson's quiz, from 0
	Question engine.Question
	Title    string // the lesson's
	State    string // the scheduler's own, JSON; empty: never reviewed
	Due      time.Time
}

// Cards is the cards of all lessons. They begin to be due a day after their
// lesson.
type Cards struct{ store *Store }

// Cards gives the cards kept in s.
func (s *Store) Cards() Cards { return Cards{s} }

// makeCards makes a card of each question.
func makeCards(ctx context.Context, tx *sql.Tx, lesson engine.LessonID, quiz []engine.Question, due time.Time) error {
	for i, q := range quiz {
		question, err := json.Marshal(q)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO cards (lesson, place, question, due) VALUES (?, ?, ?, ?)`,
			lesson, i, string(question), stamp(due)); err != nil {
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
	rows, err := s.read.QueryContext(ctx, `SELECT k.lesson, k.place, k.question, l.title, k.state, k.due
		FROM cards k JOIN lessons l ON l.id = k.lesson WHERE k.due <= ? ORDER BY k.due, k.id LIMIT ?`, stamp(now), limit)
	return all(rows, err, scanCard)
}

func scanCard(r row) (card Card, err error) {
	var question string
	var due int64
	if err := r.Scan(&card.Lesson, &card.Index, &question, &card.Title, &card.State, &due); err != nil {
		return Card{}, err
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

// State is the State of a card; empty if it was never reviewed. It returns
// [ErrNoCard] if there is no such card.
func (c Cards) State(ctx context.Context, lesson engine.LessonID, index int) (state string, err error) {
	h := c.store.holder(int64(lesson))
	err = h.read.QueryRowContext(ctx, `SELECT state FROM cards WHERE lesson = ? AND place = ?`, lesson, index).Scan(&state)
	return state, c.fail(lesson, index, "reading a card", err)
}

// Grade keeps the State and the Due of a card that was reviewed. It returns
// [ErrNoCard] if the card has been deleted.
func (c Cards) Grade(ctx context.Context, card Card) error {
	h := c.store.holder(int64(card.Lesson))
	r, err := h.db.ExecContext(ctx, `UPDATE cards SET state = ?, due = ? WHERE lesson = ? AND place = ?`, card.State, stamp(card.Due), card.Lesson, card.Index)
	return c.fail(card.Lesson, card.Index, "grading a card", mustChange(r, err))
}

func (c Cards) fail(lesson engine.LessonID, index int, doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w (question %d of lesson %d)", ErrNoCard, index+1, lesson)
	}
	return c.store.fail(doing, err)
}
