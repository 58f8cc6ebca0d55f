package history

import (
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// What was written by each earlier version is there, whole and searchable,
// after opening it with this one.
func TestMigrations(t *testing.T) {
	// What each version's program had written; later ones are opened with all before.
	const columns = "(id, conversation, turn, who, at, text, heard, interrupted, typed, teach_kind, teach_topic, teach_sure, endpoint, stt, ttft, ttfb, voice_to_voice)"
	content := `
		INSERT INTO conversations (id, began) VALUES (7, 1000000000);
		INSERT INTO turns ` + columns + ` VALUES (1, 7, 1, 'user', 1000000000, 'what is gravity', 'what is gravity', 0, 0, '', '', 0, 0, 0, 0, 0, 0);
		INSERT INTO turns ` + columns + ` VALUES (2, 7, 1, 'assistant', 2000000000, 'A force.', 'A', 1, 0, '', '', 0, 1, 2, 3, 4, 5);
		INSERT INTO lessons (id, conversation, at, title, markdown) VALUES (1, 7, 3000000000, 'Gravity', '# Gravity');
		INSERT INTO facts (id, key, subject, text, at) VALUES (1, 'dog', 'dog', 'your dog is called Rex', 4000000000);`
	for version := 1; version <= len(migrations); version++ {
		path := filepath.Join(t.TempDir(), "history.db")
		old, err := connect("file:" + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := migrate(t.Context(), old, migrations[:version]); err != nil {
			t.Fatal(err)
		}
		if _, err := old.ExecContext(t.Context(), content); err != nil {
			t.Fatal(err)
		}
		old.Close()

		s := open(t, path)
		got, err := s.Conversation(t.Context(), 7)
		if err != nil || len(got.Turns) != 2 || got.Info.Title != "what is gravity" || got.Lesson.Title != "Gravity" ||
			got.Turns[1].Heard != "A" || got.Turns[1].Timing.VoiceToVoice != 5 {
			t.Errorf("from version %d: %+v, %v", version, got, err)
		}
		if hits, err := s.Search(t.Context(), "gravity", 0); err != nil || len(hits) != 2 || hits[0].Lesson.ID != 1 || hits[1].Place != 0 {
			t.Errorf("from version %d: search gives %+v, %v", version, hits, err)
		}
		if list, err := s.List(t.Context(), 0, 0); err != nil || len(list) != 1 || list[0].Last != time.Unix(2, 0) || list[0].Pinned {
			t.Errorf("from version %d: the list is %+v, %v", version, list, err)
		}
		if facts, err := s.Facts().Recall(t.Context(), "rex"); err != nil || len(facts) != 1 {
			t.Errorf("from version %d: facts are %+v, %v", version, facts, err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		var now int
		if err := s.db.QueryRow(`PRAGMA user_version`).Scan(&now); err != nil || now != len(migrations) {
			t.Errorf("from version %d: now version %d, %v", version, now, err)
		}
	}
}

// A step that fails leaves the file as it was.
func TestMigrationThatFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	c := tell(t, s, began, "hello")
	broken := append(slices.Clone(migrations), `DELETE FROM turns; CREATE TABLE turns (x)`)
	if err := migrate(t.Context(), s.db, broken); err == nil {
		t.Fatal("no error")
	}
	if got, err := s.Conversation(t.Context(), c); err != nil || len(got.Turns) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	s.Close()
	if s := open(t, path); s.Notice() != "" {
		t.Error(s.Notice())
	}
}
