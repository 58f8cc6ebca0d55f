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
	r, err := s.placeNow().db.ExecContext(ctx, `INSERT INTO conversations (began, last) VALUES (?, ?)`, stamp(at), stamp(at))
	if err != nil {
		return 0, s.fail("beginning a conversation", err)
	}
	id, err := r.LastInsertId()
	s.current.Store(id)
	return engine.ConversationID(id), s.fail("beginning a conversation", err)
}

const turnColumns = `turn, who, at, text, heard, interrupted, typed, teach_kind, teach_topic, teach_sure,
	endpoint, stt, ttft, ttfb, voice_to_voice, playout, tools`

// SaveTurn implements engine.Store. Turns are kept in the order they are saved.
// It returns [ErrNotFound] if there is no conversation c.
func (s *Store) SaveTurn(ctx context.Context, c engine.ConversationID, t engine.Turn) error {
	place, err := s.placeOf(ctx, c)
	if err == nil {
		err = place.saveTurn(ctx, c, t)
	}
	s.current.Store(int64(c))
	return s.failOf(c, "saving a turn", err)
}

func (s *Store) saveTurn(ctx context.Context, c engine.ConversationID, t engine.Turn) error {
	tools, err := encode(t.Tools, len(t.Tools) == 0)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx,
		`INSERT INTO turns (conversation, `+turnColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c, t.ID, t.Who, stamp(t.At), t.Text, t.Heard, t.Interrupted, t.Typed,
		t.Teaching.Kind, t.Teaching.Topic, t.Teaching.Confidence,
		int64(t.Timing.Endpoint), int64(t.Timing.STT), int64(t.Timing.TTFT), int64(t.Timing.TTFB),
		int64(t.Timing.VoiceToVoice), int64(t.Timing.Playout), tools)
	return err
}

// Record is a kept conversation with everything that is kept of it.
type Record struct {
	Entry
	Turns   []engine.Turn // oldest first
	Lessons []KeptLesson  // oldest first
}

// Conversation implements engine.Store. It returns [ErrNotFound] if there is no
// conversation c.
func (s *Store) Conversation(ctx context.Context, c engine.ConversationID) (engine.Transcript, error) {
	r, err := s.Record(ctx, c)
	if err != nil {
		return engine.Transcript{}, err
	}
	s.current.Store(int64(c))
	t := engine.Transcript{Info: r.ConversationInfo, Turns: r.Turns}
	if n := len(r.Lessons); n > 0 {
		t.Lesson = r.Lessons[n-1].Lesson
	}
	return t, nil
}

// Record is conversation c, whole. It returns [ErrNotFound] if there is none.
func (s *Store) Record(ctx context.Context, c engine.ConversationID) (Record, error) {
	r, err := s.holder(int64(c)).record(ctx, c)
	if unkept := s.unkept.Load(); err == nil && unkept != nil && c < firstUnkept {
		// What was said in it since nothing is kept any more.
		more, moreErr := unkept.record(ctx, c)
		switch {
		case moreErr == nil:
			r.Entry = joined(r.Entry, more.Entry)
			r.Turns = append(r.Turns, more.Turns...)
			r.Lessons = append(r.Lessons, more.Lessons...)
		case !errors.Is(moreErr, sql.ErrNoRows):
			err = moreErr
		}
	}
	if err != nil {
		return Record{}, s.failOf(c, "reading a conversation", err)
	}
	return r, nil
}

func (s *Store) record(ctx context.Context, c engine.ConversationID) (r Record, err error) {
	// One transaction, so that a turn saved meanwhile is in both or neither.
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Record{}, err
	}
	defer tx.Rollback()

	if r.Entry, err = scanEntry(tx.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM conversations c WHERE id = ?`, c)); err != nil {
		return Record{}, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+turnColumns+` FROM turns WHERE conversation = ? ORDER BY id`, c)
	if r.Turns, err = all(rows, err, func(r row) (engine.Turn, error) { return scanTurn(r) }); err != nil {
		return Record{}, err
	}
	r.Lessons, err = lessonsOf(ctx, tx, c)
	return r, err
}

// failOf is fail for what concerns conversation c.
func (s *Store) failOf(c engine.ConversationID, doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) || primaryCode(err) == sqlite3.SQLITE_CONSTRAINT {
		return fmt.Errorf("%w (number %d)", ErrNotFound, c)
	}
	return s.fail(doing, err)
}

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
