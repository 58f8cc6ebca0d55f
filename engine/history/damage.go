package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"
)

// What checking may cost a start: a file of up to wholeSize bytes (about a year
// of daily conversations) is checked whole, of a larger one as much as
// checkLimit allows.
const (
	wholeSize  = 4 << 20
	checkLimit = 100 * time.Millisecond
)

// The files SQLite keeps beside the database (https://sqlite.org/wal.html).
var companions = []string{"-wal", "-shm"}

// orphaned says whether there is a write-ahead log without the file it belongs
// to. SQLite would delete the log; its turns may be all that is left.
func orphaned(path string) bool {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return false
	}
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// damagedMark parts the name of a file that was set aside from when it was.
const damagedMark = ".damaged-"

// setAside renames the file and its companions to history.db.damaged-TIME, and
// returns the new name. The companions keep their endings, so that SQLite's
// recovery tools find them together.
func setAside(path string, now time.Time) (string, error) {
	name := path + damagedMark + now.Format("20060102-150405")
	aside := name
	for n := 2; taken(aside); n++ {
		aside = fmt.Sprintf("%s-%d", name, n)
	}
	for _, ending := range append([]string{""}, companions...) {
		err := os.Rename(path+ending, aside+ending)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	os.Remove(path + suspectEnding)
	return aside, nil
}

func taken(name string) bool {
	for _, ending := range append([]string{""}, companions...) {
		if _, err := os.Lstat(name + ending); err == nil {
			return true
		}
	}
	return false
}

// suspectEnding names an empty file that says that damage was met while the
// history was in use.
const suspectEnding = ".suspect"

// suspect leaves the mark. On failure the next start finds the damage only if
// its quick check gets that far.
func suspect(path string) {
	if f, err := os.OpenFile(path+suspectEnding, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
		f.Close()
	}
}

// checkAtStart looks for damage: briefly, or thoroughly if it was met before.
func (s *Store) checkAtStart(ctx context.Context) error {
	if _, err := os.Stat(s.path + suspectEnding); err == nil {
		if err := check(ctx, s.db, `PRAGMA integrity_check(1)`); err != nil {
			return err
		}
		return os.Remove(s.path + suspectEnding)
	}
	const quick = `PRAGMA quick_check(1)`
	if info, err := os.Stat(s.path); err == nil && info.Size() <= wholeSize {
		return check(ctx, s.db, quick)
	}
	limited, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	err := check(limited, s.db, quick)
	if err != nil && limited.Err() != nil && ctx.Err() == nil && !errors.Is(err, ErrDamaged) {
		s.log.Debug("history is too large to be checked whole at start", "limit", checkLimit)
		return nil
	}
	return err
}

// Check reads the whole file and returns an error that wraps [ErrDamaged] if
// something in it is wrong. Ten years of daily conversations take about a second.
func (s *Store) Check(ctx context.Context) error {
	return s.fail("checking", check(ctx, s.read, `PRAGMA integrity_check(1)`))
}

func check(ctx context.Context, db *sql.DB, pragma string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, pragma).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	return nil
}
