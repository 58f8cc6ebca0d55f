package pcm

import "math"

// Silence is the level reported for digital silence, in dBFS.
const Silence = -96.0

// Level is the root mean square of samples in dB relative to full scale:
// [Silence] for silence or no samples, 0 for a full-scale square wave.
func Level(samples []int16) float64 {
	if len(samples) == 0 {
		return Silence
	}
	var sum float64
	for _, s := range samples {
		v := float64(s)
		sum += v * v
	}
	rms := math.Sqrt(sum/float64(len(samples))) / 32768
	if rms <= 0 {
		return Silence
	}
	return math.Max(Silence, 20*math.Log10(rms))
}
