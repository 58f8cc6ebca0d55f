package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// erase takes what has been deleted out of the write-ahead log, where its pages
// stand as they were. In the file itself they are overwritten with zeros
// (https://sqlite.org/pragma.html#pragma_secure_delete). If another program is
// reading, it is tried again later.
func (s *Store) erase(ctx context.Context) {
	err := s.emptyLog(ctx)
	s.leftover.Store(err != nil)
	if err != nil {
		s.log.Info("what was deleted will be erased later", "err", err)
	}
}

// emptyLog brings everything into the file and cuts the write-ahead log to
// nothing.
func (s *Store) emptyLog(ctx context.Context) error {
	if s.path == "" {
		return nil
	}
	var busy, pages, written int
	if err := s.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &written); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("%w: %s; close the other program that has it open, and try again", ErrLocked, s.path)
	}
	return nil
}

// Clear deletes everything: conversations, lessons, cards, notes and facts, kept
// or not, and the files that were set aside as damaged. When it has returned nil,
// nothing of it is left in the history's folder. The conversation being held is
// gone too; the caller begins a new one.
func (s *Store) Clear(ctx context.Context) error {
	for _, h := range s.holders() {
		if err := h.recreate(ctx); err != nil {
			return s.fail("clearing everything", err)
		}
	}
	if s.path == "" {
		return nil
	}
	if _, err := s.db.ExecContext(ctx, `VACUUM`); err != nil {
		return s.fail("clearing everything", err)
	}
	s.leftover.Store(true)
	if err := s.emptyLog(ctx); err != nil {
		return s.fail("clearing everything", err)
	}
	s.leftover.Store(false)
	return s.fail("clearing everything", s.removeDamaged())
}

// recreate drops every table and makes them anew, in one transaction. That takes
// the same time for a large history as for a small one. Numbers are not given
// again.
func (s *Store) recreate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'conversations'`).Scan(&last); err != nil {
		return err
	}
	steps := append([]string{`
		DROP TABLE turns_words; DROP TABLE lessons_words; DROP TABLE conversations_words; DROP TABLE facts_words;
		DROP TABLE cards; DROP TABLE notes; DROP TABLE facts; DROP TABLE lessons; DROP TABLE turns; DROP TABLE conversations;`},
		migrations...)
	for _, step := range steps {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES ('conversations', ?)`, last); err != nil {
		return err
	}
	return tx.Commit()
}

// removeDamaged removes what [Open] has set aside.
func (s *Store) removeDamaged() error {
	dir, name := filepath.Split(s.path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), name+damagedMark) {
			errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
