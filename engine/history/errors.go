package history

import (
	"context"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a caller may want to tell apart.
var (
	// ErrNotFound: there is no such conversation.
	ErrNotFound = errors.New("history: no such conversation")

	// ErrNoLesson: there is no such lesson.
	ErrNoLesson = errors.New("history: no such lesson")

	// ErrNoCard: there is no such card.
	ErrNoCard = errors.New("history: no such card")

	// ErrNoFact: there is no such fact.
	ErrNoFact = errors.New("history: no such fact")

	// ErrDamaged: the file cannot be read as it stands. From a method it means
	// that the damage was found after Open; the next Open checks the whole
	// file and sets it aside.
	ErrDamaged = errors.New("history: the file is damaged")

	// ErrNewer: the file was written by a later version. It was not changed.
	ErrNewer = errors.New("history: the file is from a newer version of Parley")

	// ErrForeign: the file is another program's database. It was not changed.
	ErrForeign = errors.New("history: the file belongs to another program")

	// ErrUnwritable: the place does not let us write, or the disk is full.
	// The conversation can go on with [OpenMemory].
	ErrUnwritable = errors.New("history: cannot write")

	// ErrLocked: another program kept the file locked for too long.
	ErrLocked = errors.New("history: the file is in use")
)

// explain gives err, which arose while doing something to the file at path, as
// one line that says what to do, wrapping a sentinel where there is one.
func explain(doing, path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return wrap(doing, err)
	}
	switch {
	case errors.Is(err, ErrNewer):
		return fmt.Errorf("%w: %s; update Parley, or move the file away", err, path)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("%w: %s; move it away", err, path)
	case errors.Is(err, ErrDamaged):
		return damaged(doing, path, err)
	}
	switch primaryCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged(doing, path, fmt.Errorf("%w: %w", ErrDamaged, err))
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w to %s: the disk is full; free some space (%s: %w)", ErrUnwritable, path, doing, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR:
		return unwritable(doing, path, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %s; close the other program that has it open (%s: %w)", ErrLocked, path, doing, err)
	}
	if errors.Is(err, os.ErrPermission) || errors.As(err, new(*os.PathError)) {
		return unwritable(doing, path, err)
	}
	return wrap(doing, err)
}

// damaged takes an error that wraps ErrDamaged.
func damaged(doing, path string, err error) error {
	return fmt.Errorf("%w (%s %s); start Parley again: it keeps the damaged file under another name and begins a new one",
		err, doing, path)
}

func unwritable(doing, path string, err error) error {
	return fmt.Errorf("%w to %s: check that its folder exists, is yours and has room (%s: %w)", ErrUnwritable, path, doing, err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("history: %s: %w", doing, err)
}

// primaryCode is SQLite's result code in err without its extended part, 0 if
// there is none (https://sqlite.org/rescode.html).
func primaryCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}
