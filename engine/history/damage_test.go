package history

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/engine"
)

// written makes a history of some twenty pages at path and closes it.
func written(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	for range 2 {
		tell(t, s, began, strings.Split(strings.Repeat(strings.Repeat("what is the meaning of gravity? ", 20)+"|", 40), "|")...)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func asides(t *testing.T, path string) []string {
	t.Helper()
	names, err := filepath.Glob(path + ".damaged-*")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestDamagedFileIsSetAside(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.db")
	written(t, good)
	sound := read(t, good)
	zeroed := func(from, to int) []byte {
		b := bytes.Clone(sound)
		clear(b[from:to])
		return b
	}
	for name, content := range map[string][]byte{
		// Of a single byte SQLite thinks as of none (an old workaround in its unix VFS).
		"two bytes":         []byte("xy"),
		"text":              []byte(strings.Repeat("this is not a database\n", 1000)),
		"zeros":             make([]byte, 8192),
		"magic only":        sound[:16],
		"header only":       sound[:100],
		"first page only":   sound[:4096],
		"half":              sound[:len(sound)/2],
		"half a page less":  sound[:len(sound)-2048],
		"a page less":       sound[:len(sound)-4096],
		"no header":         zeroed(0, 100),
		"no schema":         zeroed(100, 4096),
		"a page zeroed":     zeroed(5*4096, 6*4096),
		"last page zeroed":  zeroed(len(sound)-4096, len(sound)),
		"wrong page size":   append(append(bytes.Clone(sound[:16]), 0, 3), sound[18:]...),
		"half of it zeroed": zeroed(len(sound)/2, len(sound)),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			write(t, path, content)
			s := open(t, path)
			names := asides(t, path)
			if len(names) != 1 || !bytes.Equal(read(t, names[0]), content) {
				t.Fatalf("set aside: %q", names)
			}
			if !strings.Contains(s.Notice(), names[0]) {
				t.Errorf("notice %q", s.Notice())
			}
			c := tell(t, s, began, "hello")
			s.Close()
			s = open(t, path)
			if got, err := s.Conversation(t.Context(), c); err != nil || len(got.Turns) != 1 || s.Notice() != "" {
				t.Errorf("begun anew: %+v, %v, notice %q", got, err, s.Notice())
			}
		})
	}
}

func TestNothingToSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	write(t, path, nil)
	if s := open(t, path); s.Notice() != "" || len(asides(t, path)) != 0 {
		t.Errorf("zero length: notice %q", s.Notice())
	}
}

// A write-ahead log without its file holds turns that SQLite would delete.
func TestOrphanedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	tell(t, s, began, "hello")
	wal := read(t, path+"-wal")
	for _, lost := range []func(string) error{os.Remove, func(p string) error { return os.Truncate(p, 0) }} {
		other := filepath.Join(t.TempDir(), "history.db")
		write(t, other, []byte("x"))
		write(t, other+"-wal", wal)
		if err := lost(other); err != nil {
			t.Fatal(err)
		}
		s := open(t, other)
		names, _ := filepath.Glob(other + ".damaged-*-wal")
		if s.Notice() == "" || len(names) != 1 || !bytes.Equal(read(t, names[0]), wal) {
			t.Errorf("notice %q, set aside %q", s.Notice(), names)
		}
	}
}

func TestSetAsideTakesAFreeName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	for range 3 {
		for _, ending := range []string{"", "-wal", "-shm"} {
			write(t, path+ending, []byte("x"+ending))
		}
		aside, err := setAside(path, began)
		if err != nil {
			t.Fatal(err)
		}
		for _, ending := range []string{"", "-wal", "-shm"} {
			if got := read(t, aside+ending); string(got) != "x"+ending {
				t.Errorf("%s%s holds %q", aside, ending, got)
			}
		}
	}
	if names := asides(t, path); len(names) != 9 {
		t.Errorf("%q", names)
	}
}

// Two that start at once on a damaged file set it aside once.
func TestDamagedFileOpenedTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	write(t, path, []byte("garbage"))
	var wg sync.WaitGroup
	var notices [4]string
	for i := range notices {
		wg.Go(func() {
			s, err := Open(t.Context(), path, discard)
			if err != nil {
				t.Error(err)
				return
			}
			notices[i] = s.Notice()
			if _, err := s.BeginConversation(t.Context(), began); err != nil {
				t.Error(err)
			}
			s.Close()
		})
	}
	wg.Wait()
	if told := len(strings.Join(notices[:], "")); len(asides(t, path)) != 1 || told == 0 {
		t.Errorf("set aside %q, notices %q", asides(t, path), notices)
	}
}

// Damage that comes while the history is open gives ErrDamaged, and the next
// start looks at the whole file.
func TestDamageFoundLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	written(t, path)
	s := open(t, path)
	b := read(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteAt(bytes.Repeat([]byte{0xff}, len(b)-2*4096), 2*4096)
	f.Close()

	_, err = s.Conversation(t.Context(), 1)
	if !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v", err)
	}
	t.Log(err)
	if _, err := os.Stat(path + suspectEnding); err != nil {
		t.Error(err)
	}
	if err := s.Check(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("Check: %v", err)
	}
	s.Close()
	if s := open(t, path); s.Notice() == "" {
		t.Error("the next start does not notice")
	}
	if _, err := os.Stat(path + suspectEnding); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still suspected: %v", err)
	}
}

func TestSuspectedWithoutCause(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	written(t, path)
	suspect(path)
	s := open(t, path)
	if list, err := s.Conversations(t.Context(), 0, 0); err != nil || len(list) != 2 || s.Notice() != "" {
		t.Errorf("%d, %v, notice %q", len(list), err, s.Notice())
	}
	if _, err := os.Stat(path + suspectEnding); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still suspected: %v", err)
	}
}

func TestNotOurs(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      error
	}{
		{"newer", `PRAGMA application_id = 0x50726c79; PRAGMA user_version = 99; CREATE TABLE x (y); INSERT INTO x VALUES (1)`, ErrNewer},
		{"foreign", `PRAGMA user_version = 1; CREATE TABLE bookmarks (url)`, ErrForeign},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(c.sql); err != nil {
				t.Fatal(err)
			}
			db.Close()
			before := read(t, path)
			_, err = Open(t.Context(), path, discard)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			t.Log(err)
			left, _ := filepath.Glob(path + "*")
			if !bytes.Equal(before, read(t, path)) || len(left) != 1 {
				t.Errorf("it was touched: %q", left)
			}
		})
	}
}

func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), []byte("x"))
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"below a file":     filepath.Join(dir, "file", "history.db"),
		"in no real place": "/proc/parley/history.db",
		"is a folder":      filepath.Join(dir, "folder"),
	} {
		_, err := Open(t.Context(), path, discard)
		if !errors.Is(err, ErrUnwritable) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		t.Log(err)
	}
	for _, c := range []struct{ name, pragma, hint string }{
		{"disk full", `PRAGMA max_page_count = 1`, "free some space"},
		{"read-only", `PRAGMA query_only = 1`, "is yours"},
	} {
		s := fresh(t)
		conv := tell(t, s, began, "hello")
		if _, err := s.db.ExecContext(t.Context(), c.pragma); err != nil {
			t.Fatal(err)
		}
		err := s.SaveTurn(t.Context(), conv, engine.Turn{Text: strings.Repeat("x", 1<<20)})
		if !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%s: %v", c.name, err)
		}
		t.Log(err)
		if got, err := s.Conversation(t.Context(), conv); err != nil || len(got.Turns) != 1 {
			t.Errorf("%s: what was there cannot be read: %v", c.name, err)
		}
	}
}

func TestLocked(t *testing.T) {
	s := fresh(t)
	other := open(t, s.Path())
	tx, err := other.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	start := time.Now()
	_, err = s.BeginConversation(t.Context(), began)
	if took := time.Since(start); !errors.Is(err, ErrLocked) || took < 200*time.Millisecond || took > 2*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

// A history that is too large to be checked in time opens all the same, and
// giving up on opening is not damage.
func TestLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	c := tell(t, s, began, "hello")
	long := engine.ToolUse{Tool: "read", Result: strings.Repeat("long ", wholeSize/5)}
	for range 3 {
		if err := s.SaveTurn(t.Context(), c, engine.Turn{Who: engine.Assistant, Tools: []engine.ToolUse{long}}); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(gone, path, discard); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	s = open(t, path)
	if got, err := s.Conversation(t.Context(), c); err != nil || len(got.Turns) != 4 || got.Turns[3].Tools[0] != long || s.Notice() != "" {
		t.Errorf("%d turns, %v, notice %q", len(got.Turns), err, s.Notice())
	}
}
