//go:build !race

package history

import "time"

const (
	manyTurns   = 100_000
	manyKills   = 50
	bothWrite   = 100
	writerPause = time.Millisecond
)
