package audio

import (
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// What is known of echoes.
const (
	frameSamples = 160                    // 10 ms at 16 kHz
	echoTail     = 250 * time.Millisecond // longest echo that is removed, counted from the reference
	tailFrames   = int(echoTail / pcm.FrameTime)
	// The reference counts as playing above echoQuiet and as something to learn
	// from above echoAudible, in dBFS.
	echoQuiet   = -75.0
	echoAudible = -50.0
)

// canceller keeps the speaker's echo out of what the microphone hears: a [Canceller]
// where there is speexdsp, else a halfDuplex.
type canceller interface {
	// Process takes 10 ms of the microphone and of the reference.
	Process(mic, reference []int16) engine.Heard
	// Reset forgets the room, as after a change of device.
	Reset()
	Close()
}

// EchoCancelling says, for people, what keeps the echo out on this system, or why
// nothing can.
func EchoCancelling() (what string, err error) {
	c, err := newCanceller(&reference{})
	if err != nil {
		return "", err
	}
	c.Close()
	return cancellerName, nil
}
