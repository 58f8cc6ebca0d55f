//go:build race

package history

// Under the race detector SQLite, which is Go here, is fifty times slower: what is
// measured or repeated is less there.
const (
	manyTurns = 3_000
	manyKills = 8
)
