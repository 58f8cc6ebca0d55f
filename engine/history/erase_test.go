package history

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// canary is a word that nothing else has. In an index a word may stand without
// its first letters, which it shares with the one before.
const canary = "zyxwvquetzalcoatl"

// canaryIn lists the files in the folder of path that hold what is left of canary.
func canaryIn(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var holding []string
	for _, e := range entries {
		b := bytes.ToLower(read(t, filepath.Join(filepath.Dir(path), e.Name())))
		if bytes.Contains(b, []byte(canary[5:])) {
			holding = append(holding, e.Name())
		}
	}
	return holding
}

// sing makes a conversation that says canary in every place there is.
func sing(t *testing.T, s *Store) engine.ConversationID {
	t.Helper()
	c := tell(t, s, began, "what is a "+canary, "A "+canary+" is a god.", strings.Repeat("many "+canary+" words ", 500))
	if err := s.Rename(t.Context(), c, "On the "+canary); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveTurn(t.Context(), c, engine.Turn{Who: engine.Assistant, Heard: canary, Teaching: engine.Teaching{Topic: canary},
		Tools: []engine.ToolUse{{Tool: "define", Arguments: canary, Result: canary}}}); err != nil {
		t.Fatal(err)
	}
	l := engine.Lesson{Title: canary, Markdown: "# " + canary, Plan: &engine.Plan{Summary: "a " + canary, Quiz: []engine.Question{{Prompt: canary + "?"}}}}
	if _, err := s.SaveLesson(t.Context(), c, l, began); err != nil {
		t.Fatal(err)
	}
	return c
}

func noteFact(t *testing.T, s *Store, c engine.ConversationID) {
	t.Helper()
	f := Fact{Subject: canary, Text: "your bird is a " + canary, Source: "my bird is a " + canary, Conversation: c, At: began}
	if err := s.Facts().Remember(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// What is deleted is in no file any more, though the history is still open.
func TestDeletedIsErased(t *testing.T) {
	s := fresh(t)
	kept := tell(t, s, began, "what is gravity", "A force.")
	c := sing(t, s)
	if len(canaryIn(t, s.Path())) == 0 {
		t.Fatal("it was not written: the test finds nothing")
	}
	if err := s.Delete(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if left := canaryIn(t, s.Path()); len(left) > 0 {
		t.Errorf("after Delete it is in %q", left)
	}

	forgets := map[string]func() error{
		"by subject": func() error { _, err := s.Facts().Forget(t.Context(), canary); return err },
		"all":        func() error { _, err := s.Facts().Forget(t.Context(), ""); return err },
		"by number": func() error {
			facts, err := s.Facts().List(t.Context())
			return errors.Join(err, s.Facts().Delete(t.Context(), facts[0].ID))
		},
		"changed": func() error {
			facts, err := s.Facts().List(t.Context())
			facts[0].Source = ""
			return errors.Join(err, s.Facts().Update(t.Context(), facts[0].ID, "bird", "your bird is a wren"), s.Facts().Delete(t.Context(), facts[0].ID))
		},
	}
	for name, forget := range forgets {
		noteFact(t, s, kept)
		if len(canaryIn(t, s.Path())) == 0 {
			t.Fatal("the fact was not written")
		}
		if err := forget(); err != nil {
			t.Fatal(err)
		}
		if left := canaryIn(t, s.Path()); len(left) > 0 {
			t.Errorf("forgotten %s: it is in %q", name, left)
		}
	}
	// What is told anew replaces what was told before, and that is erased in time.
	noteFact(t, s, kept)
	if err := s.Facts().Remember(t.Context(), Fact{Subject: canary[:3], Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Facts().Remember(t.Context(), Fact{Subject: canary, Text: "hello again"}); err != nil {
		t.Fatal(err)
	}
	facts, err := s.Facts().List(t.Context())
	if err != nil || len(facts) != 2 {
		t.Fatal(facts, err)
	}
	if err := s.Facts().Update(t.Context(), facts[0].ID, "else", "hello again"); err != nil {
		t.Fatal(err)
	}
	s.tidy(t.Context(), time.Now())
	if left := canaryIn(t, s.Path()); len(left) > 0 {
		t.Errorf("replaced: it is in %q", left)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := s.Conversation(t.Context(), kept); err != nil || len(got.Turns) != 2 {
		t.Errorf("the other conversation: %+v, %v", got, err)
	}
}

// While another program reads, it is erased later.
func TestErasedLater(t *testing.T) {
	s := fresh(t)
	c := sing(t, s)
	other := open(t, s.Path())
	tx, err := other.read.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM turns`).Scan(&n); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if err := s.Delete(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := s.Clear(t.Context()); !errors.Is(err, ErrLocked) || strings.Contains(err.Error(), "\n") {
		t.Errorf("Clear beside a reader: %v", err)
	}
	if !s.leftover.Load() || len(canaryIn(t, s.Path())) == 0 {
		t.Fatal("erased beside a reader: the test holds nothing up")
	}
	tx.Rollback()
	s.tidy(t.Context(), time.Now())
	if left := canaryIn(t, s.Path()); len(left) > 0 || s.leftover.Load() {
		t.Errorf("it is in %q", left)
	}
}

func TestClear(t *testing.T) {
	path := filepath.Join(t.TempDir(), "his*tory.db")
	write(t, path, []byte("damaged "+canary))
	bystander := path + ".bak"
	write(t, bystander, []byte("mine"))
	s := open(t, path) // sets it aside
	if len(asidesOf(t, path)) == 0 {
		t.Fatal("nothing was set aside")
	}
	last := sing(t, s)
	noteFact(t, s, last)
	if err := s.SetNote(t.Context(), "offered", canary); err != nil {
		t.Fatal(err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := canaryIn(t, path); len(left) > 0 {
		t.Errorf("it is in %q", left)
	}
	if left := asidesOf(t, path); len(left) > 0 {
		t.Errorf("still there: %q", left)
	}
	if string(read(t, bystander)) != "mine" {
		t.Error("a file that is not ours was touched")
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := s.SaveTurn(t.Context(), last, engine.Turn{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("to the conversation that was held: %v", err)
	}
	// It goes on, and gives no number twice.
	if next := sing(t, s); next <= last {
		t.Errorf("number %d after %d", next, last)
	}
	hits, err := s.Search(t.Context(), canary, 0)
	if err != nil || len(hits) < 4 {
		t.Errorf("%+v, %v", hits, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	// As seen by another that had it open, and after a start.
	s.Close()
	s = open(t, path)
	if list, err := s.List(t.Context(), 0, 0); err != nil || len(list) != 1 || s.Notice() != "" {
		t.Errorf("%+v, %v, notice %q", list, err, s.Notice())
	}
}

func asidesOf(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if strings.Contains(e.Name(), damagedMark) {
			names = append(names, e.Name())
		}
	}
	return names
}

// What an earlier version has deleted, and left between what is kept, is gone
// once this one has opened the file.
func TestLeftByAnEarlierVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	old, err := connect("file:"+path, "secure_delete(0)")
	if err != nil {
		t.Fatal(err)
	}
	old.SetMaxOpenConns(1)
	if _, err := old.Exec(`PRAGMA secure_delete = 0`); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), old, migrations[:erasing-1]); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		statement := fmt.Sprintf(`INSERT INTO conversations (id, began) VALUES (%d, 1);
			INSERT INTO turns (conversation, turn, who, at, text, heard, interrupted, typed, teach_kind, teach_topic, teach_sure, endpoint, stt, ttft, ttfb, voice_to_voice)
			VALUES (%[1]d, 1, 'user', 1, '%s', '', 0, 0, '', '', 0, 0, 0, 0, 0, 0)`, i+1, strings.Repeat(canary+" ", 30))
		if _, err := old.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := old.Exec(`DELETE FROM conversations WHERE id <> 1; UPDATE turns SET text = 'hello'; DELETE FROM turns`); err != nil {
		t.Fatal(err)
	}
	old.Close()
	if len(canaryIn(t, path)) == 0 {
		t.Fatal("nothing was left: the test finds nothing")
	}
	s := open(t, path)
	if err := s.emptyLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := canaryIn(t, path); len(left) > 0 {
		t.Errorf("it is in %q", left)
	}
}
