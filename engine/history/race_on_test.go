//go:build race

package history

import "time"

// Under the race detector SQLite, which is Go here, is fifty times slower: what is
// measured or repeated is less there, and a writer leaves the other more time.
const (
	manyTurns   = 3_000
	manyKills   = 8
	bothWrite   = 30
	writerPause = 50 * time.Millisecond
)
