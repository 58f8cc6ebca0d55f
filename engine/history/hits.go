package history

import (
	"context"
	"strings"
)

// What stands around a match in an excerpt, as SQLite gives it. Neither is said.
const (
	opening = "\x01"
	closing = "\x02"
)

// index is a full-text index and how what it finds is read. Of a table x with
// rows r, its name is x_words and its rowids are those of x.
type index struct {
	table   string
	columns string
	scan    func(r row, hit *Hit, more ...any) error
	minor   bool // no more than a fifth of the hits are its
}

// indexes are in the order of what they find.
var indexes = []index{
	{"conversations", `r.id`, func(r row, hit *Hit, more ...any) error {
		return r.Scan(append([]any{&hit.Conversation.ID}, more...)...)
	}, true},
	{"lessons", strings.ReplaceAll(lessonColumns, "l.", "r."), func(r row, hit *Hit, more ...any) (err error) {
		hit.Lesson, err = scanLessonInfo(r, more...)
		hit.Conversation.ID = hit.Lesson.Conversation
		return err
	}, true},
	{"turns", qualified("r", turnColumns) + `, r.conversation,
		(SELECT count(*) FROM turns b WHERE b.conversation = r.conversation AND b.id < r.id)`, func(r row, hit *Hit, more ...any) (err error) {
		hit.Turn, err = scanTurn(r, append([]any{&hit.Conversation.ID, &hit.Place}, more...)...)
		return err
	}, false},
}

// share is how many of the hits may be from this index.
func (in index) share(limit int) int {
	if in.minor {
		return max(1, limit/5)
	}
	return limit
}

// found is a hit and where it is.
type found struct {
	Hit
	place
}

type place struct {
	table  string
	number int64
	holder *Store
}

// find gives the newest rows of an index that match, their conversations by
// number only.
func (s *Store) find(ctx context.Context, in index, match string, limit int) ([]found, error) {
	words := in.table + "_words"
	rows, err := s.read.QueryContext(ctx, `SELECT `+in.columns+`, r.id, snippet(`+words+`, -1, '`+opening+`', '`+closing+`', '…', 16)
		FROM `+words+` w JOIN `+in.table+` r ON r.id = w.rowid WHERE `+words+` MATCH ? ORDER BY w.rowid DESC LIMIT ?`, match, limit)
	return all(rows, err, func(r row) (found, error) {
		f := found{place: place{table: in.table, holder: s}, Hit: Hit{Place: -1}}
		err := in.scan(r, &f.Hit, &f.number, &f.Excerpt)
		f.Excerpt, f.Marks = marked(f.Excerpt)
		return f, err
	})
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
