package history

import (
	"context"
	"database/sql"
	"errors"
)

// Note is what [Store.SetNote] has kept under key; empty if nothing.
func (s *Store) Note(ctx context.Context, key string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM notes WHERE key = ?`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, s.fail("reading a note", err)
}

// SetNote keeps a small thing that is to survive a restart, such as when a
// review was last offered. It is written whatever the [Retention]: nothing of
// what is said belongs in it.
func (s *Store) SetNote(ctx context.Context, key, value string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO notes (key, value) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return s.fail("keeping a note", err)
}
