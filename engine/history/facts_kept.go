package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley/engine"
)

// FactID names a kept fact. It changes when the fact is told anew.
type FactID int64

// KeptFact is a fact as a list shows it.
type KeptFact struct {
	ID FactID
	Fact
}

const factColumns = `f.id, f.subject, f.text, f.at, f.source, coalesce(f.conversation, 0)`

func scanFact(r row) (k KeptFact, err error) {
	var at int64
	err = r.Scan(&k.ID, &k.Subject, &k.Text, &at, &k.Source, &k.Conversation)
	k.At = unstamp(at)
	return k, err
}

// List gives every fact, newest first.
func (f Facts) List(ctx context.Context) ([]KeptFact, error) {
	facts, err := f.find(ctx, "")
	return facts, f.store.fail("listing facts", err)
}

// Update changes what a fact says, as the user has corrected it by hand: its
// Subject and its Text. It returns [ErrNoFact] if there is no such fact, and
// [ErrSameFact] if there is another one with that subject.
func (f Facts) Update(ctx context.Context, id FactID, subject, text string) error {
	key, err := keyOf(Fact{Subject: subject, Text: text})
	if err != nil {
		return err
	}
	h := f.store.holder(int64(id))
	var other FactID
	err = h.read.QueryRowContext(ctx, `SELECT id FROM facts WHERE key = ? AND id <> ?`, key, id).Scan(&other)
	if err == nil {
		return fmt.Errorf("%w: %q", ErrSameFact, subject)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return f.store.fail("changing a fact", err)
	}
	r, err := h.db.ExecContext(ctx, `UPDATE facts SET key = ?, subject = ?, text = ? WHERE id = ?`, key, subject, text, id)
	return f.changed(ctx, id, "changing a fact", mustChange(r, err))
}

// Delete drops a fact, and nothing of it is left in the file. It returns
// [ErrNoFact] if there is no such fact.
func (f Facts) Delete(ctx context.Context, id FactID) error {
	r, err := f.store.holder(int64(id)).db.ExecContext(ctx, `DELETE FROM facts WHERE id = ?`, id)
	return f.changed(ctx, id, "forgetting a fact", mustChange(r, err))
}

func (f Facts) changed(ctx context.Context, id FactID, doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w (number %d)", ErrNoFact, id)
	}
	if err == nil {
		f.store.erase(ctx)
	}
	return f.store.fail(doing, err)
}

// Told finds where a fact was told: the conversation, and which of its turns, from
// 0. It is false if that is not kept.
func (f Facts) Told(ctx context.Context, fact Fact) (c engine.ConversationID, place int, ok bool, err error) {
	if fact.Conversation == 0 || fact.Source == "" {
		return 0, 0, false, nil
	}
	h := f.store.holder(int64(fact.Conversation))
	err = h.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM turns b WHERE b.conversation = t.conversation AND b.id < t.id)
		FROM turns t WHERE t.conversation = ? AND t.who = 'user' AND t.text = ? ORDER BY abs(t.at - ?) LIMIT 1`,
		fact.Conversation, fact.Source, stamp(fact.At)).Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	return fact.Conversation, place, err == nil, f.store.fail("finding where a fact was told", err)
}
