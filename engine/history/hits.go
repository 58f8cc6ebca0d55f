package history

import (
	"context"
	"strings"

	"parley/engine"
)

// tables are the full-text indexes in the order of what they find; rowids are
// those of the table without "_words".
var tables = []string{"conversations_words", "lessons_words", "turns_words"}

// What stands around a match in an excerpt, as SQLite gives it. Neither is said.
const (
	opening = "\x01"
	closing = "\x02"
)

// found is a row of a full-text index.
type found struct {
	what    place
	excerpt string
}

// place is where a row is.
type place struct {
	table  string
	number int64
	holder *Store
}

// find gives the newest rows of a full-text index that match.
func (s *Store) find(ctx context.Context, table, match string, limit int) ([]found, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT rowid, snippet(`+table+`, -1, '`+opening+`', '`+closing+`', '…', 16)
		FROM `+table+` WHERE `+table+` MATCH ? ORDER BY rowid DESC LIMIT ?`, match, limit)
	return all(rows, err, func(r row) (found, error) {
		f := found{what: place{table: table, holder: s}}
		return f, r.Scan(&f.what.number, &f.excerpt)
	})
}

// hit reads what was found.
func (s *Store) hit(ctx context.Context, f found) (Hit, error) {
	holder := f.what.holder
	h, err := holder.readHit(ctx, f)
	if err != nil || holder == s || h.Conversation.ID >= firstUnkept {
		return h, err
	}
	// The later part of a conversation that was begun while it was kept.
	earlier, err := s.entry(ctx, h.Conversation.ID)
	if h.Place >= 0 {
		h.Place += earlier.Turns
	}
	h.Conversation = joined(earlier, Entry{ConversationInfo: h.Conversation}).ConversationInfo
	return h, err
}

func (s *Store) readHit(ctx context.Context, f found) (h Hit, err error) {
	h.Place = -1
	h.Excerpt, h.Marks = marked(f.excerpt)
	c := engine.ConversationID(f.what.number)
	switch f.what.table {
	case "turns_words":
		h.Turn, err = scanTurn(s.read.QueryRowContext(ctx, `SELECT `+qualified("t", turnColumns)+`, t.conversation,
			(SELECT count(*) FROM turns b WHERE b.conversation = t.conversation AND b.id < t.id)
			FROM turns t WHERE t.id = ?`, f.what.number), &c, &h.Place)
	case "lessons_words":
		h.Lesson, err = scanLessonInfo(s.read.QueryRowContext(ctx, `SELECT `+lessonColumns+` FROM lessons l WHERE l.id = ?`, f.what.number))
		c = h.Lesson.Conversation
	}
	if err != nil {
		return Hit{}, err
	}
	entry, err := s.entry(ctx, c)
	h.Conversation = entry.ConversationInfo
	return h, err
}

// marked takes the marks out of an excerpt.
func marked(excerpt string) (string, []Mark) {
	var text strings.Builder
	var marks []Mark
	from := -1
	for _, r := range excerpt {
		switch string(r) {
		case opening:
			from = text.Len()
		case closing:
			if from >= 0 && from < text.Len() {
				marks = append(marks, Mark{from, text.Len()})
			}
			from = -1
		default:
			text.WriteRune(r)
		}
	}
	return text.String(), marks
}
