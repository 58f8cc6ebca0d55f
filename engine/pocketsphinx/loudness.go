package pocketsphinx

import "parley/audio/pcm"

const (
	// above is by how much speech is louder than what goes on without it, in dB.
	above = 9

	// enough is how many frames (10 ms) of it show that the user goes on.
	enough = 4

	// rising is by how much the quietest level is let rise with each frame, in
	// dB: 10 dB in ten seconds.
	rising = 0.01
)

// loudness tells frames that are louder than the quietest ones.
type loudness struct {
	floor float64
	begun bool
}

// loud says whether samples may be speech.
func (l *loudness) loud(samples []int16) bool {
	level := max(pcm.Level(samples), -80)
	if !l.begun || level < l.floor {
		l.floor, l.begun = level, true
	}
	l.floor += rising
	return level > l.floor+above
}
