package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
)

var _ engine.Store = (*Store)(nil)

// Store is an open history. Its methods may be called from several goroutines,
// and several processes may have the same file open.
type Store struct {
	db     *sql.DB // writes
	read   *sql.DB // reads, so that a long search holds up no turn; in memory the same as db
	path   string  // empty in memory
	notice string
	log    *slog.Logger

	first    int64        // the lowest number it gives to what it keeps
	current  atomic.Int64 // the conversation that was last begun, read or added to
	off      atomic.Bool  // nothing of what is said is written
	monthly  atomic.Bool  // what is older than a month is deleted
	leftover atomic.Bool  // what was deleted may still stand in the write-ahead log

	// unkept is where it goes what is said while off; nil as long as that never was.
	unkept atomic.Pointer[Store]

	stop    context.CancelFunc // of what keeps the file tidy; nil in memory
	keeping sync.WaitGroup
}

// Open opens the history at path, making the file (0600) and its folder (0700)
// where they are missing. A damaged file is set aside and a new one begun; see
// [Store.Notice]. Its errors wrap [ErrNewer], [ErrForeign], [ErrUnwritable] or
// [ErrLocked], are one line, and leave everything as it was; the caller can go
// on with [OpenMemory].
func Open(ctx context.Context, path string, log *slog.Logger) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, wrap("opening", err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain("making its folder", path, err)
	}
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, explain("locking its folder", path, err)
	}
	defer unlock()

	s := &Store{path: path, log: log, first: 1}
	err = s.open(ctx)
	if errors.Is(err, ErrDamaged) {
		aside, asideErr := setAside(path, time.Now())
		if asideErr != nil {
			return nil, explain("setting the damaged file aside", path, asideErr)
		}
		log.Warn("history was damaged and set aside", "as", aside, "because", err)
		s.notice = fmt.Sprintf("The history was damaged. It is kept as %s, and a new one has been begun.", aside)
		err = s.open(ctx)
	}
	if err != nil {
		return nil, err
	}
	tidying, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.keeping.Go(func() { s.keepTidy(tidying) })
	return s, nil
}

// OpenMemory begins a history that ends with the process, for when no file can
// be used. Its notice is empty: the caller knows why.
func OpenMemory(ctx context.Context, log *slog.Logger) (*Store, error) {
	return openMemory(ctx, log, 1)
}

func openMemory(ctx context.Context, log *slog.Logger, first int64) (*Store, error) {
	s := &Store{log: log, first: first}
	var err error
	if s.db, err = connect("file::memory:"); err != nil {
		return nil, wrap("opening in memory", err)
	}
	s.read = s.db
	if err := migrate(ctx, s.db, migrations); err != nil {
		s.db.Close()
		return nil, wrap("opening in memory", err)
	}
	if err := s.numberFrom(ctx, first); err != nil {
		s.db.Close()
		return nil, wrap("opening in memory", err)
	}
	return s, nil
}

// numberFrom makes first the lowest number of a conversation that is begun now.
func (s *Store) numberFrom(ctx context.Context, first int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES ('conversations', ?)`, first-1)
	return err
}

// Notice is one sentence for the user about what was found on opening; empty
// when all was well.
func (s *Store) Notice() string { return s.notice }

// Path is where the history is; empty when in memory.
func (s *Store) Path() string { return s.path }

// Close closes the file. The store is of no use afterwards.
func (s *Store) Close() error {
	if s.stop != nil {
		s.stop()
		s.keeping.Wait()
	}
	if unkept := s.unkept.Swap(nil); unkept != nil {
		_ = unkept.Close() // it goes with its memory
	}
	// The writer last: the last connection to go clears up the write-ahead log.
	return s.fail("closing", errors.Join(s.read.Close(), s.db.Close()))
}

func (s *Store) open(ctx context.Context) error {
	if orphaned(s.path) {
		return fmt.Errorf("%w: %s is missing or empty, but its write-ahead log is not", ErrDamaged, s.path)
	}
	// SQLite makes files by the umask alone. The log files get the mode of this one.
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case err == nil:
		f.Close()
	case !errors.Is(err, fs.ErrExist):
		return explain("making the file", s.path, err)
	}
	uri := fileURI(s.path)
	if s.db, err = connect(uri); err != nil {
		return explain("opening", s.path, err)
	}
	if err := s.prepare(ctx); err != nil {
		s.db.Close()
		return explain("opening", s.path, err)
	}
	if s.read, err = connect(uri, "query_only(1)"); err != nil {
		s.db.Close()
		return explain("opening", s.path, err)
	}
	return nil
}

// fileURI names a file as SQLite wants it; one on a Windows drive begins with a
// slash, too (https://sqlite.org/uri.html#the_uri_path).
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// connect opens the database, with the settings that belong to a connection:
// foreign keys checked, a wait of 1 s for another process that is writing, a
// page cache of 1 MB, zeros over what is deleted, no temporary files, and no
// fsync at each commit (with a write-ahead log that loses nothing when the
// process is killed, and nothing but the last moments when the power fails;
// https://sqlite.org/pragma.html#pragma_synchronous).
func connect(uri string, more ...string) (*sql.DB, error) {
	q := url.Values{
		"_pragma": append(more, "busy_timeout(1000)", "foreign_keys(1)", "synchronous(NORMAL)", "cache_size(-1000)",
			"secure_delete(1)", "temp_store(MEMORY)"),
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", uri+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	// One connection each, so that goroutines queue here instead of polling
	// each other's file lock.
	db.SetMaxOpenConns(1)
	return db, nil
}

func (s *Store) prepare(ctx context.Context) error {
	version, fresh, err := inspect(ctx, s.db)
	if err != nil {
		return err
	}
	if !fresh {
		if err := s.checkAtStart(ctx); err != nil {
			return err
		}
	}
	if _, err := s.db.ExecContext(ctx, `PRAGMA journal_mode = WAL`); err != nil {
		return err
	}
	if err := migrate(ctx, s.db, migrations); err != nil || fresh || version >= erasing {
		return err
	}
	_, err = s.db.ExecContext(ctx, `VACUUM`)
	return err
}

// fail explains err and, if it says that the file is damaged, sees to it that
// the next Open looks closely.
func (s *Store) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = explain(doing, s.path, err)
	if errors.Is(err, ErrDamaged) && s.path != "" {
		s.log.Error("history is damaged", "while", doing, "err", err)
		suspect(s.path)
	}
	return err
}
