package history

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"

	"parley/engine"
)

// Hit is what a search found: a turn, a lesson, or a conversation by the title
// that the user gave it.
type Hit struct {
	Conversation engine.ConversationInfo

	// Place is which of the conversation's turns was found, from 0 (an index of
	// [engine.Transcript.Turns]); -1 if it was not a turn.
	Place int
	Turn  engine.Turn

	// Lesson is the lesson that was found; zero if it was not a lesson.
	Lesson LessonInfo

	Excerpt string // up to 16 words around the first match
	Marks   []Mark // what of the excerpt was searched for
}

// Mark is a piece of an excerpt, in bytes.
type Mark struct{ From, To int }

// searchLimit is how many hits a search gives when it is not told.
const searchLimit = 50

// Search finds the turns, lessons and titles that hold every word of the query,
// or a word that begins with it, ignoring case and accents: limit of them, or 50
// if limit is 0 or less. First come those that hold the words as they stand one
// after the other, then those that hold them as whole words, then those where
// some are only begun (so that it can be called at each key); within each, titles
// and lessons (a fifth of the limit at most) before turns, and newest first. A
// query without a letter or a digit finds nothing.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]Hit, error) {
	terms := words(query)
	if len(terms) == 0 {
		return nil, nil
	}
	if limit <= 0 {
		limit = searchLimit
	}
	hits, err := s.search(ctx, matches(terms), limit)
	return hits, s.fail("searching", err)
}

func (s *Store) search(ctx context.Context, matches []string, limit int) ([]Hit, error) {
	var hits []Hit
	known := make(map[engine.ConversationID]engine.ConversationInfo)
	seen := make(map[place]bool)
	for _, match := range matches {
		for _, in := range indexes {
			for _, h := range s.holders() {
				found, err := h.find(ctx, in, match, in.share(limit))
				if err != nil {
					return nil, err
				}
				for _, f := range found {
					if seen[f.place] {
						continue
					}
					seen[f.place] = true
					ok, err := s.introduce(ctx, &f.Hit, h, known)
					if err != nil {
						return nil, err
					}
					if ok {
						hits = append(hits, f.Hit)
					}
				}
			}
			if len(hits) >= limit {
				return hits[:limit], nil
			}
		}
	}
	return hits, nil
}

// introduce completes a hit, found by holder, with its conversation. It is false
// if that has been deleted meanwhile.
func (s *Store) introduce(ctx context.Context, hit *Hit, holder *Store, known map[engine.ConversationID]engine.ConversationInfo) (bool, error) {
	c := hit.Conversation.ID
	if holder != s && c < firstUnkept && hit.Place >= 0 {
		// The later part of a conversation that was begun while it was kept.
		var before int
		if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM turns WHERE conversation = ?`, c).Scan(&before); err != nil {
			return false, err
		}
		hit.Place += before
	}
	if _, ok := known[c]; !ok {
		e, err := s.entry(ctx, c)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		known[c] = e.ConversationInfo
	}
	hit.Conversation = known[c]
	return true, nil
}

// matches are the full-text queries for these words, the closest first.
func matches(terms []string) []string {
	whole := `"` + strings.Join(terms, `" "`) + `"`
	begun := `"` + strings.Join(terms, `"* "`) + `"*`
	if len(terms) == 1 {
		return []string{whole, begun}
	}
	return []string{`"` + strings.Join(terms, " ") + `"`, whole, begun}
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
