package history

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// ErrEmptyFact says that a fact must have a word in its subject or its text.
var ErrEmptyFact = errors.New("history: there is nothing to remember in this")

// Fact is something the user asked to have remembered.
type Fact struct {
	Subject string // what it is about: "wifi password"; may be empty
	Text    string
	At      time.Time
}

// Facts is what the user asked to have remembered. It outlives conversations.
type Facts struct{ store *Store }

// Facts gives the facts kept in s.
func (s *Store) Facts() Facts { return Facts{s} }

// Remember keeps f. It replaces an earlier fact with the same subject (case,
// punctuation and small words like "my" do not count); of facts without a
// subject it replaces one with the same text.
func (f Facts) Remember(ctx context.Context, fact Fact) error {
	key := factKey(fact.Subject)
	if key == "" {
		key = factKey(fact.Text)
	}
	if key == "" {
		return ErrEmptyFact
	}
	err := f.replace(ctx, key, fact)
	return f.store.fail("remembering a fact", err)
}

// replace deletes and inserts, so that the newest fact has the highest id.
func (f Facts) replace(ctx context.Context, key string, fact Fact) error {
	tx, err := f.store.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `DELETE FROM facts WHERE key = ?`, key); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO facts (key, subject, text, at) VALUES (?, ?, ?, ?)`,
		key, fact.Subject, fact.Text, stamp(fact.At)); err != nil {
		return err
	}
	return tx.Commit()
}

// Recall gives the facts that may be about subject, newest first: those that
// share a word with it, or the beginning of one, in their subject or their text
// ("keys" and "key" are the same word). Small words count only where there is
// no other. An empty subject gives every fact.
func (f Facts) Recall(ctx context.Context, subject string) ([]Fact, error) {
	facts, err := f.recall(ctx, subject)
	return facts, f.store.fail("recalling facts", err)
}

func (f Facts) recall(ctx context.Context, subject string) ([]Fact, error) {
	query, args := `SELECT subject, text, at FROM facts ORDER BY id DESC`, []any(nil)
	if strings.TrimSpace(subject) != "" {
		key := factKey(subject)
		if key == "" {
			return nil, nil
		}
		query = `SELECT f.subject, f.text, f.at FROM facts_words w JOIN facts f ON f.id = w.rowid
			WHERE facts_words MATCH ? ORDER BY f.id DESC`
		args = []any{`"` + strings.ReplaceAll(key, " ", `"* OR "`) + `"*`}
	}
	rows, err := f.store.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var facts []Fact
	for rows.Next() {
		var fact Fact
		var at int64
		if err := rows.Scan(&fact.Subject, &fact.Text, &at); err != nil {
			return nil, err
		}
		fact.At = unstamp(at)
		facts = append(facts, fact)
	}
	return facts, rows.Err()
}

// Forget drops the fact with this subject, compared as Remember does, and says
// how many were dropped. An empty subject drops every fact.
func (f Facts) Forget(ctx context.Context, subject string) (n int, err error) {
	query, args := `DELETE FROM facts`, []any(nil)
	if strings.TrimSpace(subject) != "" {
		query, args = query+` WHERE key = ?`, []any{factKey(subject)}
	}
	r, err := f.store.db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, f.store.fail("forgetting facts", err)
	}
	gone, err := r.RowsAffected()
	return int(gone), f.store.fail("forgetting facts", err)
}

// smallWords say nothing about which fact is meant.
var smallWords = []string{"a", "about", "an", "are", "is", "my", "of", "our", "s", "that", "the", "was", "were", "your"}

// factKey is the words of subject that count, separated by spaces; if none
// counts, all of them.
func factKey(subject string) string {
	all := words(subject)
	counting := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return slices.Contains(smallWords, w) })
	if len(counting) == 0 {
		counting = all
	}
	return strings.Join(counting, " ")
}
