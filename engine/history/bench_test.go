package history

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// busy makes a history of so many turns at once, 20 to a conversation, 15 words
// each of a vocabulary in which, as in speech, few words are most of what is
// said; and a lesson for every hundredth conversation.
func busy(tb testing.TB, turns int) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), filepath.Join(tb.TempDir(), "history.db"), discard)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	tx, err := s.db.BeginTx(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer tx.Rollback()
	// Indexing all at once takes a fifth of the time.
	if _, err := tx.ExecContext(tb.Context(), `DROP TRIGGER turns_added; DROP TRIGGER turns_dated`); err != nil {
		tb.Fatal(err)
	}
	say, err := tx.PrepareContext(tb.Context(), `INSERT INTO turns (conversation, `+turnColumns+`)
		VALUES (?, ?, ?, ?, ?, '', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, '')`)
	if err != nil {
		tb.Fatal(err)
	}
	defer say.Close()
	random := rand.New(rand.NewPCG(1, 2))
	spoken := rand.NewZipf(random, 1.1, 4, vocabulary-1)
	text := func(words int) string {
		var text strings.Builder
		for range words {
			text.WriteString(spelled(int(spoken.Uint64())) + " ")
		}
		return text.String()
	}
	for i := range turns {
		c, at := i/20+1, began.Add(time.Duration(i)*time.Minute)
		if i%20 == 0 {
			if _, err := tx.ExecContext(tb.Context(), `INSERT INTO conversations (id, began) VALUES (?, ?)`, c, stamp(at)); err != nil {
				tb.Fatal(err)
			}
		}
		if i%2000 == 0 {
			if _, err := tx.ExecContext(tb.Context(), `INSERT INTO lessons (conversation, at, title, markdown) VALUES (?, ?, ?, ?)`,
				c, stamp(at), text(3), text(800)); err != nil {
				tb.Fatal(err)
			}
		}
		if _, err := say.ExecContext(tb.Context(), c, i%20/2+1, engine.User, stamp(at), text(15)); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := tx.ExecContext(tb.Context(), `INSERT INTO turns_words(turns_words) VALUES ('rebuild')`); err != nil {
		tb.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		tb.Fatal(err)
	}
	return s
}

const vocabulary = 20_000

// spelled is a word for each number: pronounceable, the same in every run, and
// with many that begin alike.
func spelled(n int) string {
	var word strings.Builder
	for n += 17; n > 0; n /= 85 {
		word.WriteByte("tsbcdfghjklmnprvw"[n%17])
		word.WriteByte("aeiou"[n/17%5])
	}
	return word.String()
}

// searches are what may be asked: common and rare words, one and several, whole
// and as they are being typed.
func searches() []string {
	common, often, rare := spelled(0), spelled(40), spelled(vocabulary-9)
	queries := []string{"t", "s", "ta", common, often, rare, common + " " + often, often + " " + common + " " + spelled(3),
		common + " " + rare, rare + " t", common + " t", "t s", "t s b", "nothing like it", "zzz " + common}
	for i := range rare {
		queries = append(queries, rare[:i+1], common+" "+rare[:i+1])
	}
	return queries
}

func BenchmarkSearch(b *testing.B) {
	s := busy(b, 100_000)
	for _, query := range searches() {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Search(b.Context(), query, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// years makes a history of so many conversations of 20 turns of 15 words each:
// 250 are about a year of one conversation each working day.
func years(b *testing.B, conversations int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "history.db")
	s, err := Open(b.Context(), path, discard)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range conversations {
		c, err := s.BeginConversation(b.Context(), began.Add(time.Duration(i)*time.Hour))
		if err != nil {
			b.Fatal(err)
		}
		for n := range 20 {
			if err := s.SaveTurn(b.Context(), c, someTurn(random, n)); err != nil {
				b.Fatal(err)
			}
		}
	}
	return path
}

func someTurn(random *rand.Rand, n int) engine.Turn {
	var text strings.Builder
	for range 15 {
		fmt.Fprintf(&text, "word%d ", int(random.ExpFloat64()*2000))
	}
	return engine.Turn{ID: engine.TurnID(n/2 + 1), Who: engine.User, At: began, Text: text.String(), Heard: text.String()}
}

func BenchmarkSaveTurn(b *testing.B) {
	s, err := Open(b.Context(), filepath.Join(b.TempDir(), "history.db"), discard)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c, err := s.BeginConversation(b.Context(), began)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		if err := s.SaveTurn(b.Context(), c, someTurn(random, 0)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYears(b *testing.B) {
	for _, conversations := range []int{0, 250, 2500} {
		path := years(b, conversations)
		b.Run(fmt.Sprintf("open/%d", conversations), func(b *testing.B) {
			for b.Loop() {
				s, err := Open(b.Context(), path, discard)
				if err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
		s, err := Open(b.Context(), path, discard)
		if err != nil {
			b.Fatal(err)
		}
		for name, do := range map[string]func() error{
			"check":  func() error { return s.Check(b.Context()) },
			"list":   func() error { _, err := s.Conversations(b.Context(), 50, 0); return err },
			"search": func() error { _, err := s.Search(b.Context(), "word1", 0); return err },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, conversations), func(b *testing.B) {
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		s.Close()
	}
}
