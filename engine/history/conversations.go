package history

import (
	"context"
	"database/sql"
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
	endpoint, stt, ttft, ttfb, voice_to_voice, playout`

// SaveTurn implements engine.Store. Turns are kept in the order they are saved.
// It returns [ErrNotFound] if there is no conversation c.
func (s *Store) SaveTurn(ctx context.Context, c engine.ConversationID, t engine.Turn) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO turns (conversation, `+turnColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c, t.ID, t.Who, stamp(t.At), t.Text, t.Heard, t.Interrupted, t.Typed,
		t.Teaching.Kind, t.Teaching.Topic, t.Teaching.Confidence,
		int64(t.Timing.Endpoint), int64(t.Timing.STT), int64(t.Timing.TTFT), int64(t.Timing.TTFB),
		int64(t.Timing.VoiceToVoice), int64(t.Timing.Playout))
	return s.failOf(c, "saving a turn", err)
}

// SaveLesson implements engine.Store. It returns [ErrNotFound] if there is no
// conversation c.
func (s *Store) SaveLesson(ctx context.Context, c engine.ConversationID, l engine.Lesson, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO lessons (conversation, at, title, markdown) VALUES (?, ?, ?, ?)`,
		c, stamp(at), l.Title, l.Markdown)
	return s.failOf(c, "saving a lesson", err)
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
	err = tx.QueryRowContext(ctx, `SELECT title, markdown FROM lessons WHERE conversation = ? ORDER BY id DESC LIMIT 1`, c).
		Scan(&t.Lesson.Title, &t.Lesson.Markdown)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return engine.Transcript{}, err
	}
	return t, nil
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
	err = r.Scan(append([]any{&t.ID, &t.Who, &at, &t.Text, &t.Heard, &t.Interrupted, &t.Typed,
		&t.Teaching.Kind, &t.Teaching.Topic, &t.Teaching.Confidence,
		&t.Timing.Endpoint, &t.Timing.STT, &t.Timing.TTFT, &t.Timing.TTFB,
		&t.Timing.VoiceToVoice, &t.Timing.Playout}, more...)...)
	t.At = unstamp(at)
	return t, err
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
