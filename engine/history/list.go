package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// titleLength is how many characters a title made of the first words has at most.
const titleLength = 60

// Entry is a kept conversation as a list shows it.
type Entry struct {
	engine.ConversationInfo
	Pinned  bool
	Last    time.Time // when something was last said in it, or it began
	Lessons int
}

// entryColumns are what scanEntry reads of a conversation c. The opening words
// are the user's or, of a conversation the user said nothing in, the reply's.
const entryColumns = `c.id, c.began, c.title, c.pinned, c.last,
	(SELECT count(*) FROM turns t WHERE t.conversation = c.id),
	(SELECT count(*) FROM lessons l WHERE l.conversation = c.id),
	coalesce(
		(SELECT substr(text, 1, 200) FROM turns t WHERE t.conversation = c.id AND who = 'user' AND trim(text) <> '' ORDER BY t.id LIMIT 1),
		(SELECT substr(text, 1, 200) FROM turns t WHERE t.conversation = c.id ORDER BY t.id LIMIT 1),
		'')`

// scanEntry reads entryColumns.
func scanEntry(r row) (e Entry, err error) {
	var began, last int64
	var opening string
	err = r.Scan(&e.ID, &began, &e.Title, &e.Pinned, &last, &e.Turns, &e.Lessons, &opening)
	e.Began, e.Last = unstamp(began), unstamp(last)
	if e.Title == "" {
		e.Title = firstWords(opening)
	}
	return e, err
}

// entry is conversation c, with what was said in it since nothing is kept.
func (s *Store) entry(ctx context.Context, c engine.ConversationID) (Entry, error) {
	const query = `SELECT ` + entryColumns + ` FROM conversations c WHERE id = ?`
	e, err := scanEntry(s.holder(int64(c)).read.QueryRowContext(ctx, query, c))
	unkept := s.unkept.Load()
	if err != nil || unkept == nil || c >= firstUnkept {
		return e, err
	}
	more, err := scanEntry(unkept.read.QueryRowContext(ctx, query, c))
	if errors.Is(err, sql.ErrNoRows) {
		return e, nil
	}
	return joined(e, more), err
}

// joined is one entry for a conversation of which the later part is kept
// elsewhere.
func joined(e, later Entry) Entry {
	e.Turns += later.Turns
	e.Lessons += later.Lessons
	if e.Title == "" {
		e.Title = later.Title
	}
	if later.Last.After(e.Last) {
		e.Last = later.Last
	}
	return e
}

// firstWords is as many whole words of text as make a title.
func firstWords(text string) string {
	var title strings.Builder
	length := 0
	for word := range strings.FieldsSeq(text) {
		runes := []rune(word)
		if length > 0 && length+1+len(runes) > titleLength {
			return title.String() + " …"
		}
		if len(runes) > titleLength {
			return string(runes[:titleLength]) + "…"
		}
		if length > 0 {
			title.WriteByte(' ')
			length++
		}
		title.WriteString(word)
		length += len(runes)
	}
	return title.String()
}

// List lists the conversations with at least one turn, pinned ones first, among
// them and then the others by when something was last said, newest first, leaving
// out the first offset. A limit of 0 or less means all.
func (s *Store) List(ctx context.Context, limit, offset int) ([]Entry, error) {
	var list []Entry
	for _, h := range s.holders() {
		some, err := h.entries(ctx, atMost(limit, offset))
		if err != nil {
			return nil, s.fail("listing conversations", err)
		}
		for _, e := range some {
			i := slices.IndexFunc(list, func(l Entry) bool { return l.ID == e.ID })
			if i < 0 {
				list = append(list, e)
			} else {
				pinned := e.Pinned
				list[i] = joined(e, list[i])
				list[i].Pinned = pinned
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Entry) int {
		if a.Pinned != b.Pinned {
			if a.Pinned {
				return -1
			}
			return 1
		}
		return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(b.ID, a.ID))
	})
	return page(list, limit, offset), nil
}

func (s *Store) entries(ctx context.Context, limit int) ([]Entry, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+entryColumns+` FROM conversations c
		WHERE EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id)
		ORDER BY c.pinned DESC, c.last DESC, c.id DESC LIMIT ?`, limit)
	return all(rows, err, scanEntry)
}

// Conversations is [Store.List] without what the list knows besides.
func (s *Store) Conversations(ctx context.Context, limit, offset int) ([]engine.ConversationInfo, error) {
	list, err := s.List(ctx, limit, offset)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	infos := make([]engine.ConversationInfo, len(list))
	for i, e := range list {
		infos[i] = e.ConversationInfo
	}
	return infos, nil
}

// Rename gives a conversation a title of the user's own; an empty one brings
// back the first words said.
func (s *Store) Rename(ctx context.Context, c engine.ConversationID, title string) error {
	r, err := s.holder(int64(c)).db.ExecContext(ctx, `UPDATE conversations SET title = ? WHERE id = ?`, strings.TrimSpace(title), c)
	return s.failOf(c, "renaming a conversation", mustChange(r, err))
}

// Pin puts a conversation before those that are not pinned, and keeps it from
// being deleted for its age; or takes that back.
func (s *Store) Pin(ctx context.Context, c engine.ConversationID, on bool) error {
	r, err := s.holder(int64(c)).db.ExecContext(ctx, `UPDATE conversations SET pinned = ? WHERE id = ?`, on, c)
	return s.failOf(c, "pinning a conversation", mustChange(r, err))
}

// Delete deletes a conversation with its turns and lessons and their cards, so
// that nothing of it is left in the file. Facts stay, with the words they were
// taken from: they are forgotten through [Store.Facts].
func (s *Store) Delete(ctx context.Context, c engine.ConversationID) error {
	const statement = `DELETE FROM conversations WHERE id = ?`
	r, err := s.holder(int64(c)).db.ExecContext(ctx, statement, c)
	if err = mustChange(r, err); err != nil {
		return s.failOf(c, "deleting a conversation", err)
	}
	if unkept := s.unkept.Load(); unkept != nil && c < firstUnkept {
		if _, err := unkept.db.ExecContext(ctx, statement, c); err != nil {
			return s.fail("deleting a conversation", err)
		}
	}
	s.erase(ctx)
	return nil
}
