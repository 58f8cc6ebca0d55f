package pocketsphinx

import "parley/audio/pcm"

const (
	// above is by how much speech is louder than what goes on without it, and
	// below by how much softer than the loudest, in dB.
	above = 9
	below = 30

	// enough is how many frames (10 ms) of it show that the user goes on.
	enough = 4

	// drift is by how much the quietest level is let rise, and the loudest fall,
	// with each frame, in dB: 10 dB in ten seconds.
	drift = 0.01
)

// loudness tells frames that are as loud as speech.
type loudness struct {
	quietest, loudest float64 // dBFS
	begun             bool
}

// loud says whether samples may be speech.
func (l *loudness) loud(samples []int16) bool {
	level := max(pcm.Level(samples), -80)
	if !l.begun {
		l.quietest, l.loudest, l.begun = level, level, true
	}
	l.quietest = min(l.quietest+drift, level)
	l.loudest = max(l.loudest-drift, level)
	return level > l.quietest+above && level > l.loudest-below
}
