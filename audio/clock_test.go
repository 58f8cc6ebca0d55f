package audio

import (
	"math/rand/v2"
	"testing"
	"time"

	"parley/audio/pcm"
)

// TestSampleClockFollowsItsDevice runs a device whose callbacks are late by up
// to 5 ms and now and then by 50, whose quartz is off, and which once runs dry.
func TestSampleClockFollowsItsDevice(t *testing.T) {
	for name, ppm := range map[string]float64{"exact": 0, "fast": 100e-6, "slow": -100e-6} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			c := sampleClock{rate: pcm.Rate16k}
			start := time.Now()
			var dry time.Duration
			worst := time.Duration(0)
			for i := range 20000 { // 200 s
				if i == 10000 {
					dry = 25 * time.Millisecond
				}
				due := start.Add(time.Duration(float64(i)*1e7*(1-ppm)) + dry)
				late := time.Duration(rng.Float64() * 5e6)
				if rng.IntN(500) == 0 {
					late = 50 * time.Millisecond
				}
				got := c.mark(due.Add(late), int64(i*160))
				if i < 200 || i >= 10000 && i < 10065 {
					continue // still finding out
				}
				worst = max(worst, got.Sub(due).Abs())
			}
			if worst > 1500*time.Microsecond {
				t.Errorf("off by up to %v", worst)
			}
		})
	}
}
