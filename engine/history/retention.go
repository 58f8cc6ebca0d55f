package history

import (
	"context"
	"fmt"
	"time"

	"parley/engine"
)

// Retention is how long what was said is kept.
type Retention string

// The retentions.
const (
	// Forever keeps everything until it is deleted.
	Forever Retention = "forever"

	// Month deletes a conversation, with its lessons and their cards, 30 days
	// after something was last said in it, unless it is pinned or open. Facts stay:
	// the user asked for them to be remembered.
	Month Retention = "30 days"

	// Off writes nothing of what is said, nor of what is made of it (lessons,
	// facts): it is kept in memory and ends with the process. What was kept before
	// stays, can be read, and can be deleted.
	Off Retention = "off"
)

const (
	month = 30 * 24 * time.Hour
	// tidyEvery is how often the file is looked through. An hour rather than a day:
	// a ticker stands still while the machine sleeps.
	tidyEvery = time.Hour
	// tidyWithin bounds a look.
	tidyWithin = time.Minute
)

// firstUnkept is the lowest number of what is kept in memory only. No file gets
// that far.
const firstUnkept = 1 << 40

// SetRetention says how long what is said is kept, from now until it is called
// again or the store is closed; a store begins with [Forever]. With [Month] what
// is too old is deleted before it returns, and then every hour. In the middle of
// a conversation [Off] keeps its earlier turns and writes no further ones. A
// history in memory keeps everything until it is closed.
func (s *Store) SetRetention(ctx context.Context, r Retention) error {
	switch r {
	case Forever, Month, Off:
	default:
		return fmt.Errorf("history: retention is %q; it can be %q, %q or %q", r, Forever, Month, Off)
	}
	if s.path == "" {
		return nil
	}
	if r == Off && s.unkept.Load() == nil {
		unkept, err := openMemory(ctx, s.log, firstUnkept)
		if err != nil {
			return err
		}
		if !s.unkept.CompareAndSwap(nil, unkept) {
			_ = unkept.Close() // another call was first
		}
	}
	s.off.Store(r == Off)
	s.monthly.Store(r == Month)
	if r != Month {
		return nil
	}
	_, err := s.purge(ctx, time.Now())
	return err
}

// keepTidy deletes what has become too old, until ctx ends.
func (s *Store) keepTidy(ctx context.Context) {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			s.tidy(ctx, now)
		}
	}
}

func (s *Store) tidy(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, tidyWithin)
	defer cancel()
	if s.monthly.Load() {
		if n, err := s.purge(ctx, now); err != nil {
			s.log.Warn("old conversations not deleted", "err", err)
		} else if n > 0 {
			s.log.Info("old conversations deleted", "count", n)
		}
	}
	if s.leftover.Load() {
		s.erase(ctx)
	}
}

// purge deletes what is a month old, and says how many conversations that were.
// The one being held stays: more may be said in it.
func (s *Store) purge(ctx context.Context, now time.Time) (n int64, err error) {
	r, err := s.db.ExecContext(ctx, `DELETE FROM conversations WHERE pinned = 0 AND last < ? AND id <> ?`,
		stamp(now.Add(-month)), s.current.Load())
	if err != nil {
		return 0, s.fail("deleting old conversations", err)
	}
	if n, err = r.RowsAffected(); n > 0 {
		s.erase(ctx)
	}
	return n, s.fail("deleting old conversations", err)
}

// placeOf is where what is said in conversation c is to be kept.
func (s *Store) placeOf(ctx context.Context, c engine.ConversationID) (*Store, error) {
	unkept := s.unkept.Load()
	if unkept == nil || c < firstUnkept && !s.off.Load() {
		return s, nil
	}
	if c >= firstUnkept {
		return unkept, nil
	}
	// An earlier conversation goes on: its number, in memory.
	var began int64
	if err := s.read.QueryRowContext(ctx, `SELECT began FROM conversations WHERE id = ?`, c).Scan(&began); err != nil {
		return nil, err
	}
	_, err := unkept.db.ExecContext(ctx, `INSERT OR IGNORE INTO conversations (id, began, last) VALUES (?, ?, ?)`, c, began, began)
	return unkept, err
}

// placeNow is where something that is told now is to be kept.
func (s *Store) placeNow() *Store {
	if unkept := s.unkept.Load(); unkept != nil && s.off.Load() {
		return unkept
	}
	return s
}

// holder is who has what bears this number.
func (s *Store) holder(number int64) *Store {
	if unkept := s.unkept.Load(); unkept != nil && number >= firstUnkept {
		return unkept
	}
	return s
}

// holders are all who have something, what was said last first.
func (s *Store) holders() []*Store {
	if unkept := s.unkept.Load(); unkept != nil {
		return []*Store{unkept, s}
	}
	return []*Store{s}
}
