package history

import (
	"slices"
	"testing"
	"time"
)

// Search over 100,000 turns keeps up with typing. The goal is 50 ms on a quiet
// machine (see the log); a busy one gets forty times that.
func TestSearchSpeed(t *testing.T) {
	s := busy(t, manyTurns)
	const limit = 2 * time.Second
	var took []time.Duration
	for _, query := range searches() {
		best := time.Hour
		var hits []Hit
		for range 3 {
			began := time.Now()
			found, err := s.Search(t.Context(), query, 0)
			if err != nil {
				t.Fatal(err)
			}
			took = append(took, time.Since(began))
			best, hits = min(best, took[len(took)-1]), found
		}
		t.Logf("%-24q %2d hits, best %v", query, len(hits), best.Round(10*time.Microsecond))
		if best > limit {
			t.Errorf("%q took %v", query, best)
		}
	}
	slices.Sort(took)
	t.Logf("%d turns, %d searches: p50 %v, p95 %v, slowest %v", manyTurns, len(took), took[len(took)/2], took[len(took)*95/100], took[len(took)-1])
}
