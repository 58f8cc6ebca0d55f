package history

import (
	"context"
	"database/sql"
	"strings"

	"parley/engine"
)

// titleLength is how many characters a title made of the first words has at most.
const titleLength = 60

// infoColumns are what scanInfo reads of a conversation c. The opening words
// are the user's or, of a conversation the user said nothing in, the reply's.
const infoColumns = `c.id, c.began, c.title,
	(SELECT count(*) FROM turns t WHERE t.conversation = c.id),
	coalesce(
		(SELECT substr(text, 1, 200) FROM turns t WHERE t.conversation = c.id AND who = 'user' AND trim(text) <> '' ORDER BY t.id LIMIT 1),
		(SELECT substr(text, 1, 200) FROM turns t WHERE t.conversation = c.id ORDER BY t.id LIMIT 1),
		'')`

// scanInfo reads infoColumns.
func scanInfo(r row) (info engine.ConversationInfo, err error) {
	var began int64
	var opening string
	err = r.Scan(&info.ID, &began, &info.Title, &info.Turns, &opening)
	info.Began = unstamp(began)
	if info.Title == "" {
		info.Title = firstWords(opening)
	}
	return info, err
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

// Conversations lists those with at least one turn, newest first, leaving out
// the first offset. A limit of 0 or less means all.
func (s *Store) Conversations(ctx context.Context, limit, offset int) ([]engine.ConversationInfo, error) {
	if limit <= 0 {
		limit = -1
	}
	// Not EXISTS: SQLite 3.51.2 makes a join of that and then counts the offset
	// wrongly when it goes through an index.
	rows, err := s.read.QueryContext(ctx, `SELECT `+infoColumns+` FROM conversations c
		WHERE (SELECT 1 FROM turns t WHERE t.conversation = c.id LIMIT 1)
		ORDER BY c.began DESC, c.id DESC LIMIT ? OFFSET ?`, limit, max(offset, 0))
	if err != nil {
		return nil, s.fail("listing conversations", err)
	}
	defer rows.Close()
	var list []engine.ConversationInfo
	for rows.Next() {
		info, err := scanInfo(rows)
		if err != nil {
			return nil, s.fail("listing conversations", err)
		}
		list = append(list, info)
	}
	return list, s.fail("listing conversations", rows.Err())
}

// Rename gives a conversation a title of the user's own; an empty one brings
// back the first words said.
func (s *Store) Rename(ctx context.Context, c engine.ConversationID, title string) error {
	r, err := s.db.ExecContext(ctx, `UPDATE conversations SET title = ? WHERE id = ?`, strings.TrimSpace(title), c)
	return s.failOf(c, "renaming a conversation", mustChange(r, err))
}

// Delete deletes a conversation with its turns and lessons. Facts stay.
func (s *Store) Delete(ctx context.Context, c engine.ConversationID) error {
	r, err := s.db.ExecContext(ctx, `DELETE FROM conversations WHERE id = ?`, c)
	return s.failOf(c, "deleting a conversation", mustChange(r, err))
}

// mustChange is sql.ErrNoRows if a statement that should have changed a row did not.
func mustChange(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return sql.ErrNoRows
}
