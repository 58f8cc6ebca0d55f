package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

func TestTurnsComeBackAsTheyWere(t *testing.T) {
	turns := []engine.Turn{
		{ID: 1, Who: engine.User, At: began.Local(), Text: "teach me about photosynthesis", Heard: "teach me about photosynthesis",
			Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "photosynthesis", Confidence: 0.9}},
		{ID: 1, Who: engine.Assistant, At: began.Add(time.Second).Local(), Text: "Gladly. Plants — like “ferns” — eat light.", Heard: "Gladly.", Interrupted: true,
			Tools:  []engine.ToolUse{{Tool: "define", Arguments: `{"word":"fern"}`, Result: "A plant."}, {Tool: "x", Failed: true}},
			Timing: engine.Timing{Endpoint: 500 * time.Millisecond, STT: 1, TTFT: 2, TTFB: 3, Playout: 4, VoiceToVoice: 600 * time.Millisecond}},
		{ID: 2, Who: engine.User, At: began.Add(time.Minute).Local(), Text: "it's 'quoted'; DROP TABLE turns", Heard: "it's 'quoted'; DROP TABLE turns", Typed: true},
		{ID: 2, Who: engine.Assistant},                // silence, at no time
		{ID: 1, Who: engine.User, Text: "a\x00b\xff"}, // another session went on with it and counts from 1
	}
	lesson := engine.Lesson{Title: "Photosynthesis", Markdown: "# Photosynthesis\n\n…", Plan: &engine.Plan{Title: "Photosynthesis", Objectives: []string{"say what it is"}}}
	for name, make := range map[string]func(*testing.T) *Store{
		"file": fresh,
		"memory": func(t *testing.T) *Store {
			s, err := OpenMemory(t.Context(), discard)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := make(t)
			tell(t, s, began, "another")
			c, err := s.BeginConversation(t.Context(), began)
			if err != nil {
				t.Fatal(err)
			}
			for _, turn := range turns {
				if err := s.SaveTurn(t.Context(), c, turn); err != nil {
					t.Fatal(err)
				}
			}
			for _, l := range []engine.Lesson{{Title: "An earlier one"}, lesson} {
				id, err := s.SaveLesson(t.Context(), c, l, began)
				if err != nil {
					t.Fatal(err)
				}
				lesson.ID = id
			}
			got, err := s.Conversation(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			want := engine.Transcript{
				Info:   engine.ConversationInfo{ID: c, Title: "teach me about photosynthesis", Began: began.Local(), Turns: len(turns)},
				Turns:  turns,
				Lesson: lesson,
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%+v, want\n%+v", got, want)
			}
		})
	}
}

func TestNoSuchConversation(t *testing.T) {
	s := fresh(t)
	const none = 99
	for name, do := range map[string]func(context.Context) error{
		"turn":   func(ctx context.Context) error { return s.SaveTurn(ctx, none, engine.Turn{Who: engine.User}) },
		"lesson": func(ctx context.Context) error { _, err := s.SaveLesson(ctx, none, engine.Lesson{}, began); return err },
		"read":   func(ctx context.Context) error { _, err := s.Conversation(ctx, none); return err },
		"rename": func(ctx context.Context) error { return s.Rename(ctx, none, "x") },
		"pin":    func(ctx context.Context) error { return s.Pin(ctx, none, true) },
		"delete": func(ctx context.Context) error { return s.Delete(ctx, none) },
	} {
		if err := do(t.Context()); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestList(t *testing.T) {
	s := fresh(t)
	first := tell(t, s, began, "  what time\nis it  ", "Noon.")
	tell(t, s, began) // nothing was said
	announced := tell(t, s, began.Add(2*time.Hour))
	if err := s.SaveTurn(t.Context(), announced, engine.Turn{Who: engine.Assistant, Text: "Your timer has ended."}); err != nil {
		t.Fatal(err)
	}
	named := tell(t, s, began.Add(time.Hour), "hello")
	if err := s.Rename(t.Context(), named, " A talk "); err != nil {
		t.Fatal(err)
	}
	all := []engine.ConversationInfo{
		{ID: announced, Title: "Your timer has ended.", Began: began.Add(2 * time.Hour).Local(), Turns: 1},
		{ID: named, Title: "A talk", Began: began.Add(time.Hour).Local(), Turns: 1},
		{ID: first, Title: "what time is it", Began: began.Local(), Turns: 2},
	}
	for _, c := range []struct {
		limit, offset int
		want          []engine.ConversationInfo
	}{
		{0, 0, all}, {2, 0, all[:2]}, {2, 2, all[2:]}, {5, 3, nil}, {-1, -1, all},
	} {
		got, err := s.Conversations(t.Context(), c.limit, c.offset)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("limit %d offset %d: %+v, %v, want %+v", c.limit, c.offset, got, err, c.want)
		}
	}

	// A pinned one comes first, and then the one in which something was said last.
	if err := s.Pin(t.Context(), named, true); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveTurn(t.Context(), first, engine.Turn{Who: engine.User, Text: "and now", At: began.Add(9 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	list, err := s.List(t.Context(), 0, 0)
	if err != nil || len(list) != 3 || list[0].ID != named || !list[0].Pinned || list[1].ID != first ||
		!list[1].Last.Equal(began.Add(9*time.Hour)) || list[1].Pinned || list[2].ID != announced {
		t.Errorf("pinned: %+v, %v", list, err)
	}

	if err := s.Delete(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Conversation(t.Context(), first); !errors.Is(err, ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
	if hits, err := s.Search(t.Context(), "noon", 0); err != nil || len(hits) != 0 {
		t.Errorf("after Delete, search finds %v, %v", hits, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if next := tell(t, s, began); next <= announced {
		t.Errorf("number %d was given again", next)
	}
}

func TestFirstWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		" what  is\ngravity ":            "what is gravity",
		strings.Repeat("word ", 30):      strings.Repeat("word ", 12) + "…",
		strings.Repeat("é", titleLength): strings.Repeat("é", titleLength),
		strings.Repeat("é", 99):          strings.Repeat("é", titleLength) + "…",
	} {
		if got := firstWords(in); got != want {
			t.Errorf("firstWords(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "parley", "history?100%#1.db")
	s := open(t, path)
	tell(t, s, began, "hello")
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700 | os.ModeDir,
		path:               0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
	if s.Path() != path || s.Notice() != "" {
		t.Errorf("path %q, notice %q", s.Path(), s.Notice())
	}
}
