package history

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// ErrEmptyFact says that a fact must have a word in its subject or its text.
var ErrEmptyFact = errors.New("history: there is nothing to remember in this")

// ErrSameFact says that there is another fact with the same subject.
var ErrSameFact = errors.New("history: there is another fact about the same")

// Fact is something the user asked to have remembered.
type Fact struct {
	Subject string // what it is about: "wifi password"; may be empty
	Text    string
	At      time.Time // when it was told

	// Source is the user's own words that it was taken from.
	Source string
	// Conversation is the one it was told in; 0 if that is not kept (any more).
	Conversation engine.ConversationID
}

// Facts is what the user asked to have remembered. It outlives conversations;
// only with the retention [Off] it ends with the process.
type Facts struct{ store *Store }

// Facts gives the facts kept in s.
func (s *Store) Facts() Facts { return Facts{s} }

// Remember keeps f. It replaces an earlier fact with the same subject (case,
// punctuation and small words like "my" do not count); of facts without a
// subject it replaces one with the same text.
func (f Facts) Remember(ctx context.Context, fact Fact) error {
	key, err := keyOf(fact)
	if err != nil {
		return err
	}
	return f.store.fail("remembering a fact", f.store.placeNow().replaceFact(ctx, key, fact))
}

// keyOf is what two facts about the same have in common.
func keyOf(fact Fact) (string, error) {
	key := factKey(fact.Subject)
	if key == "" {
		key = factKey(fact.Text)
	}
	if key == "" {
		return "", ErrEmptyFact
	}
	return key, nil
}

// replaceFact deletes and inserts, so that the newest fact has the highest id.
func (s *Store) replaceFact(ctx context.Context, key string, fact Fact) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// First of all: the number of what is deleted is not given again.
	var id int64
	if err := tx.QueryRowContext(ctx, `SELECT max(coalesce(max(id), 0) + 1, ?) FROM facts`, s.first).Scan(&id); err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, `DELETE FROM facts WHERE key = ?`, key)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err == nil && n > 0 {
		s.leftover.Store(true) // erased in its time: nobody asked for it to be gone at once
	}
	// A conversation that is not here is none.
	if _, err := tx.ExecContext(ctx, `INSERT INTO facts (id, key, subject, text, at, source, conversation)
		VALUES (?, ?, ?, ?, ?, ?, (SELECT id FROM conversations WHERE id = ?))`,
		id, key, fact.Subject, fact.Text, stamp(fact.At), fact.Source, fact.Conversation); err != nil {
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
	key := factKey(subject)
	if key == "" && strings.TrimSpace(subject) != "" {
		return nil, nil
	}
	kept, err := f.find(ctx, key)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	facts := make([]Fact, len(kept))
	for i, k := range kept {
		facts[i] = k.Fact
	}
	return facts, nil
}

// find gives the facts that share a word with key, or all. Of two with the same
// key the newer stands for both: what is told while nothing is kept cannot
// replace what was kept.
func (f Facts) find(ctx context.Context, key string) ([]KeptFact, error) {
	var facts []KeptFact
	seen := make(map[string]bool)
	for _, h := range f.store.holders() {
		some, err := h.findFacts(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, k := range some {
			key, _ := keyOf(k.Fact) // it had one when it was kept
			if !seen[key] {
				facts = append(facts, k)
			}
			seen[key] = true
		}
	}
	return facts, nil
}

func (s *Store) findFacts(ctx context.Context, key string) ([]KeptFact, error) {
	query, args := `SELECT `+factColumns+` FROM facts f ORDER BY f.id DESC`, []any(nil)
	if key != "" {
		query = `SELECT ` + factColumns + ` FROM facts_words w JOIN facts f ON f.id = w.rowid
			WHERE facts_words MATCH ? ORDER BY f.id DESC`
		args = []any{`"` + strings.ReplaceAll(key, " ", `"* OR "`) + `"*`}
	}
	rows, err := s.read.QueryContext(ctx, query, args...)
	return all(rows, err, scanFact)
}

// Forget drops the fact with this subject, compared as Remember does, and says
// how many were dropped. An empty subject drops every fact. Nothing of them is
// left in the file.
func (f Facts) Forget(ctx context.Context, subject string) (n int, err error) {
	query, args := `DELETE FROM facts`, []any(nil)
	if strings.TrimSpace(subject) != "" {
		query, args = query+` WHERE key = ?`, []any{factKey(subject)}
	}
	for _, h := range f.store.holders() {
		r, err := h.db.ExecContext(ctx, query, args...)
		if err != nil {
			return 0, f.store.fail("forgetting facts", err)
		}
		gone, err := r.RowsAffected()
		if err != nil {
			return 0, f.store.fail("forgetting facts", err)
		}
		n += int(gone)
	}
	if n > 0 {
		f.store.erase(ctx)
	}
	return n, nil
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
