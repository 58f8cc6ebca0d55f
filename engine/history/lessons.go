package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/engine"
)

// LessonInfo is a kept lesson as a list shows it.
type LessonInfo struct {
	ID           engine.LessonID
	Title        string
	Conversation engine.ConversationID // it was made in this one, and is deleted with it
	At           time.Time             // when it was made
	Questions    int                   // in its quiz
}

// KeptLesson is a kept lesson, whole.
type KeptLesson struct {
	LessonInfo
	Lesson engine.Lesson
}

// SaveLesson implements engine.Store. It also makes a card for each question of
// the lesson's quiz (see [Store.Cards]), in the place of those that were never asked of
// an earlier lesson of that title in the conversation. It returns [ErrNotFound] if
// there is no conversation c.
func (s *Store) SaveLesson(ctx context.Context, c engine.ConversationID, l engine.Lesson, at time.Time) (engine.LessonID, error) {
	place, err := s.placeOf(ctx, c)
	if err != nil {
		return 0, s.failOf(c, "saving a lesson", err)
	}
	id, err := place.saveLesson(ctx, c, l, at)
	return id, s.failOf(c, "saving a lesson", err)
}

func (s *Store) saveLesson(ctx context.Context, c engine.ConversationID, l engine.Lesson, at time.Time) (engine.LessonID, error) {
	plan, err := encode(l.Plan, l.Plan == nil)
	if err != nil {
		return 0, err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	r, err := tx.ExecContext(ctx, `INSERT INTO lessons (id, conversation, at, title, markdown, plan, words)
		VALUES ((SELECT max(coalesce(max(id), 0) + 1, ?) FROM lessons), ?, ?, ?, ?, ?, ?)`,
		s.first, c, stamp(at), l.Title, l.Markdown, plan, unsaid(l))
	if err != nil {
		return 0, err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return 0, err
	}
	if l.Plan != nil {
		// A lesson that was written anew, simpler or in more depth, is asked of instead.
		_, err := tx.ExecContext(ctx, `DELETE FROM cards WHERE state = '' AND lesson IN
			(SELECT id FROM lessons WHERE conversation = ? AND title = ? COLLATE NOCASE AND id <> ?)`, c, l.Title, id)
		if err != nil {
			return 0, err
		}
		if err := makeCards(ctx, tx, engine.LessonID(id), l.Plan.Quiz, at.Add(firstReview)); err != nil {
			return 0, err
		}
	}
	return engine.LessonID(id), tx.Commit()
}

// unsaid is what the plan says and the Markdown does not: it is to be found too.
func unsaid(l engine.Lesson) string {
	if l.Plan == nil {
		return ""
	}
	var more []string
	for _, text := range planTexts(l.Plan) {
		if text = strings.TrimSpace(text); text != "" && !strings.Contains(l.Markdown, text) {
			more = append(more, text)
		}
	}
	return strings.Join(more, "\n")
}

// planTexts are all texts of a plan.
func planTexts(p *engine.Plan) []string {
	texts := []string{p.Title, p.Level, p.Goal, p.Summary, p.Note}
	texts = append(append(append(texts, p.Objectives...), p.Before...), p.Sources...)
	questions := p.Quiz
	for _, s := range p.Segments {
		texts = append(texts, s.Title, s.Text)
		questions = append(questions[:len(questions):len(questions)], s.Check)
	}
	for _, q := range questions {
		texts = append(append(texts, q.Prompt, q.Hint, q.Answer), q.Accept...)
		for _, o := range q.Options {
			texts = append(texts, o.Text, o.Comment)
		}
	}
	for _, e := range p.Examples {
		texts = append(append(texts, e.Problem, e.Answer), e.Steps...)
	}
	for _, m := range p.Misconceptions {
		texts = append(texts, m.Belief, m.Correction)
	}
	for _, t := range p.Glossary {
		texts = append(texts, t.Word, t.Meaning)
	}
	return texts
}

// lessonColumns are what scanLessonInfo reads of a lesson l.
const lessonColumns = `l.id, l.title, l.conversation, l.at, (SELECT count(*) FROM cards k WHERE k.lesson = l.id)`

func scanLessonInfo(r row, more ...any) (info LessonInfo, err error) {
	var at int64
	err = r.Scan(append([]any{&info.ID, &info.Title, &info.Conversation, &at, &info.Questions}, more...)...)
	info.At = unstamp(at)
	return info, err
}

// Lessons lists the lessons of all conversations, newest first, leaving out the
// first offset. A limit of 0 or less means all.
func (s *Store) Lessons(ctx context.Context, limit, offset int) ([]LessonInfo, error) {
	var list []LessonInfo
	for _, h := range s.holders() {
		some, err := h.lessons(ctx, atMost(limit, offset))
		if err != nil {
			return nil, s.fail("listing lessons", err)
		}
		list = append(list, some...)
	}
	return page(list, limit, offset), nil
}

func (s *Store) lessons(ctx context.Context, limit int) ([]LessonInfo, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+lessonColumns+` FROM lessons l ORDER BY l.id DESC LIMIT ?`, limit)
	return all(rows, err, func(r row) (LessonInfo, error) { return scanLessonInfo(r) })
}

// Lesson is a kept lesson by its number. It returns [ErrNoLesson] if there is
// none.
func (s *Store) Lesson(ctx context.Context, id engine.LessonID) (KeptLesson, error) {
	h := s.holder(int64(id))
	l, err := scanLesson(h.read.QueryRowContext(ctx, `SELECT `+lessonColumns+`, l.markdown, l.plan FROM lessons l WHERE l.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return KeptLesson{}, fmt.Errorf("%w (number %d)", ErrNoLesson, id)
	}
	return l, s.fail("reading a lesson", err)
}

func scanLesson(r row) (l KeptLesson, err error) {
	var plan string
	if l.LessonInfo, err = scanLessonInfo(r, &l.Lesson.Markdown, &plan); err != nil {
		return KeptLesson{}, err
	}
	l.Lesson.ID, l.Lesson.Title = l.ID, l.Title
	return l, decode(plan, &l.Lesson.Plan)
}

// lessonsOf are the lessons of a conversation, oldest first.
func lessonsOf(ctx context.Context, tx *sql.Tx, c engine.ConversationID) ([]KeptLesson, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+lessonColumns+`, l.markdown, l.plan FROM lessons l WHERE l.conversation = ? ORDER BY l.id`, c)
	return all(rows, err, scanLesson)
}
