package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"parley/engine"
)

// BeginConversation implements engine.Store. A conversation without turns is
// not listed.
func (s *Store) BeginConversation(ctx context.Context, at time.Time) (engine.ConversationID, error) {
	r, err := s.db.ExecContext(ctx, `INSERT INTO conversations (began) VALUES (?)`, stamp(at))
	if err != nil {
		return 0, s.fail("beginning a conversation", err)
	}
	id, err := r.LastInsertId()
	return engine.ConversationID(id), s.fail("beginning a conversation", err)
}

const turnColumns = `turn, who, at, text, heard, interrupted, typed, teach_kind, teach_topic, teach_sure,
	endpoint, stt, ttft, ttfb, voice_to_voice, playout, tools`

// SaveTurn implements engine.Store. Turns are kept in the order they are saved.
// It returns [ErrNotFound] if there is no conversation c.
func (s *Store) SaveTurn(ctx context.Context, c engine.ConversationID, t engine.Turn) error {
	tools, err := encode(t.Tools, len(t.Tools) == 0)
	if err != nil {
		return s.fail("saving a turn", err)
	}
	_, err = s.db.ExecContext(ctx,
		`INSERT INTO turns (conversation, `+turnColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c, t.ID, t.Who, stamp(t.At), t.Text, t.Heard, t.Interrupted, t.Typed,
		t.Teaching.Kind, t.Teaching.Topic, t.Teaching.Confidence,
		int64(t.Timing.Endpoint), int64(t.Timing.STT), int64(t.Timing.TTFT), int64(t.Timing.TTFB),
		int64(t.Timing.VoiceToVoice), int64(t.Timing.Playout), tools)
	return s.failOf(c, "saving a turn", err)
}

// SaveLesson implements engine.Store. It returns [ErrNotFound] if there is no
// conversation c.
func (s *Store) SaveLesson(ctx context.Context, c engine.ConversationID, l engine.Lesson, at time.Time) (engine.LessonID, error) {
	plan, err := encode(l.Plan, l.Plan == nil)
	if err != nil {
		return 0, s.fail("saving a lesson", err)
	}
	r, err := s.db.ExecContext(ctx, `INSERT INTO lessons (conversation, at, title, markdown, plan) VALUES (?, ?, ?, ?, ?)`,
		c, stamp(at), l.Title, l.Markdown, plan)
	if err != nil {
		return 0, s.failOf(c, "saving a lesson", err)
	}
	id, err := r.LastInsertId()
	return engine.LessonID(id), s.failOf(c, "saving a lesson", err)
}

// Conversation implements engine.Store. It returns [ErrNotFound] if there is no
// conversation c.
func (s *Store) Conversation(ctx context.Context, c engine.ConversationID) (engine.Transcript, error) {
	t, err := s.conversation(ctx, c)
	return t, s.failOf(c, "reading a conversation", err)
}

func (s *Store) conversation(ctx context.Context, c engine.ConversationID) (t engine.Transcript, err error) {
	// One transaction, so that a turn saved meanwhile is in both or neither.
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return engine.Transcript{}, err
	}
	defer tx.Rollback()

	t.Info, err = scanInfo(tx.QueryRowContext(ctx, `SELECT `+infoColumns+` FROM conversations c WHERE id = ?`, c))
	if err != nil {
		return engine.Transcript{}, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+turnColumns+` FROM turns WHERE conversation = ? ORDER BY id`, c)
	if err != nil {
		return engine.Transcript{}, err
	}
	defer rows.Close()
	for rows.Next() {
		turn, err := scanTurn(rows)
		if err != nil {
			return engine.Transcript{}, err
		}
		t.Turns = append(t.Turns, turn)
	}
	if err := rows.Err(); err != nil {
		return engine.Transcript{}, err
	}
	var plan string
	err = tx.QueryRowContext(ctx, `SELECT id, title, markdown, plan FROM lessons WHERE conversation = ? ORDER BY id DESC LIMIT 1`, c).
		Scan(&t.Lesson.ID, &t.Lesson.Title, &t.Lesson.Markdown, &plan)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return engine.Transcript{}, err
	}
	return t, decode(plan, &t.Lesson.Plan)
}

// failOf is fail for what concerns conversation c.
func (s *Store) failOf(c engine.ConversationID, doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) || primaryCode(err) == sqlite3.SQLITE_CONSTRAINT {
		return fmt.Errorf("%w (number %d)", ErrNotFound, c)
	}
	return s.fail(doing, err)
}

type row interface{ Scan(...any) error }

// scanTurn reads turnColumns and then more.
func scanTurn(r row, more ...any) (t engine.Turn, err error) {
	var at int64
	var tools string
	err = r.Scan(append([]any{&t.ID, &t.Who, &at, &t.Text, &t.Heard, &t.Interrupted, &t.Typed,
		&t.Teaching.Kind, &t.Teaching.Topic, &t.Teaching.Confidence,
		&t.Timing.Endpoint, &t.Timing.STT, &t.Timing.TTFT, &t.Timing.TTFB,
		&t.Timing.VoiceToVoice, &t.Timing.Playout, &tools}, more...)...)
	if err != nil {
		return t, err
	}
	t.At = unstamp(at)
	return t, decode(tools, &t.Tools)
}

// encode writes v as JSON; empty is the empty text.
func encode(v any, empty bool) (string, error) {
	if empty {
		return "", nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// decode reads what encode has written.
func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// stamp is t as it is stored; the zero time is 0.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func unstamp(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns)
}
