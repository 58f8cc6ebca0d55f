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
