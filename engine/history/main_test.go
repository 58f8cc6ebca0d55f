package history

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		writeUntilKilled(path) // this is the child of TestKilled
	}
	goleak.VerifyTestMain(m)
}

var began = time.Date(2026, 3, 14, 15, 9, 26, 535897932, time.UTC)

// open opens a history that is closed at the end of the test.
func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fresh(t *testing.T) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "history.db"))
}

// tell begins a conversation of the given turns, the user's and the replies in
// alternation.
func tell(t *testing.T, s *Store, at time.Time, turns ...string) engine.ConversationID {
	t.Helper()
	c, err := s.BeginConversation(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range turns {
		turn := engine.Turn{ID: engine.TurnID(i/2 + 1), Who: engine.User, At: at.Add(time.Duration(i) * time.Second), Text: text, Heard: text}
		if i%2 == 1 {
			turn.Who = engine.Assistant
		}
		if err := s.SaveTurn(t.Context(), c, turn); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

var discard = slog.New(slog.DiscardHandler)
