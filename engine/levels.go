package engine

import (
	"math"

	"parley/audio/pcm"
)

// levelMeter thins levels out for watchers: each stands for levelFrames frames,
// and only changes that can be seen are told.
type levelMeter struct {
	n        int
	mic, spk float64 // loudest since the last
	told     Level
}

const (
	levelFrames = 7     // 70 ms: 14 a second
	levelFloor  = -50.0 // dBFS; quieter is shown as this
	levelStep   = 1.5   // dB; a smaller change is not told
)

// step takes a frame's levels; ok says that level should be told.
func (m *levelMeter) step(mic, spk float64) (level Level, ok bool) {
	if m.n == 0 {
		m.mic, m.spk = pcm.Silence, pcm.Silence
	}
	m.mic, m.spk = max(m.mic, mic), max(m.spk, spk)
	if m.n++; m.n < levelFrames {
		return Level{}, false
	}
	m.n = 0
	level = Level{Microphone: max(levelFloor, m.mic), Speaker: max(levelFloor, m.spk)}
	if math.Abs(level.Microphone-m.told.Microphone) < levelStep && math.Abs(level.Speaker-m.told.Speaker) < levelStep {
		return Level{}, false
	}
	m.told = level
	return level, true
}
