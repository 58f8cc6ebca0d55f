package history

import (
	"context"
	"strings"
	"unicode"

	"parley/engine"
)

// Hit is a turn that a search found.
type Hit struct {
	Conversation engine.ConversationInfo
	Turn         engine.Turn
	Excerpt      string // up to 16 words of the turn's text around the first match
}

// searchLimit is how many hits a search gives when it is not told.
const searchLimit = 50

// Search finds the turns that hold every word of the query, or a word that
// begins with it, ignoring case and accents, newest first: limit of them, or
// 50 if limit is 0 or less. A query without a letter or a digit finds nothing.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]Hit, error) {
	terms := words(query)
	if len(terms) == 0 {
		return nil, nil
	}
	if limit <= 0 {
		limit = searchLimit
	}
	hits, err := s.search(ctx, `"`+strings.Join(terms, `"* "`)+`"*`, limit)
	return hits, s.fail("searching", err)
}

func (s *Store) search(ctx context.Context, match string, limit int) ([]Hit, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+qualified("t", turnColumns)+`, t.conversation,
			snippet(turns_words, 0, '', '', '…', 16)
		FROM turns_words JOIN turns t ON t.id = turns_words.rowid
		WHERE turns_words MATCH ? ORDER BY turns_words.rowid DESC LIMIT ?`, match, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hits []Hit
	for rows.Next() {
		var h Hit
		h.Turn, err = scanTurn(rows, &h.Conversation.ID, &h.Excerpt)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// After the rows are closed: there is one connection.
	known := make(map[engine.ConversationID]engine.ConversationInfo)
	for i := range hits {
		c := hits[i].Conversation.ID
		if _, ok := known[c]; !ok {
			known[c], err = scanInfo(s.read.QueryRowContext(ctx, `SELECT `+infoColumns+` FROM conversations c WHERE id = ?`, c))
			if err != nil {
				return nil, err
			}
		}
		hits[i].Conversation = known[c]
	}
	return hits, nil
}

// words splits text as SQLite's unicode61 tokenizer does, in lower case. The
// result holds letters, digits and marks only, so it needs no escaping in a
// full-text query beyond quotes.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.In(r, unicode.L, unicode.N, unicode.M)
	})
}

// qualified puts a table's name before each of the columns.
func qualified(table, columns string) string {
	names := strings.Split(columns, ",")
	for i, name := range names {
		names[i] = table + "." + strings.TrimSpace(name)
	}
	return strings.Join(names, ", ")
}
