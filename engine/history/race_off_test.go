//go:build !race

package history

const (
	manyTurns = 100_000
	manyKills = 50
)
