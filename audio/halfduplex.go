package audio

import (
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

const (
	// duplexHold is how long after the speaker its echo may still be heard: it lags
	// by a device's buffer, and rings on in the room.
	duplexHold       = 400 * time.Millisecond
	duplexHoldFrames = int(duplexHold / pcm.FrameTime)
	// roomRise is how fast a room is believed to have become louder, in dB a frame.
	roomRise = 0.05
)

// halfDuplex stands in for an echo canceller where there is none: while the speaker
// plays, and for as long as its echo lasts, the microphone hears the room as it was
// when nobody spoke, instead of what is there. So the assistant never hears itself,
// and is interrupted by a key or a click, not by voice; with headphones, where the
// aligner finds no echo, by voice as ever. It is pure, and for one goroutine at a
// time.
//
// It hears the room and not silence, since a detector that adapts would take the
// room for a voice when it comes back.
type halfDuplex struct {
	room   [frameSamples]int16 // the quietest frame of late
	floor  float64             // how loud that is, rising until there is one as quiet
	played int                 // frames since the speaker was last heard
	ahead  func() float64      // how loud what was handed to the speaker since is, in dBFS
}

// newHalfDuplex makes one that knows no room yet. The reference that Process takes may
// lag behind the echo until the aligner has found that; ahead never does.
func newHalfDuplex(ahead func() float64) *halfDuplex {
	return &halfDuplex{played: duplexHoldFrames + 1, ahead: ahead}
}

// Reset has the room learnt anew from the next frame that is not played over.
func (h *halfDuplex) Reset() { h.floor = 0 }

// Process takes 10 ms (160 samples at 16 kHz) of the microphone and of what the
// speaker plays. While that may be heard, the result holds the room alone. The
// slices in the result are the caller's; mic and reference are not kept.
func (h *halfDuplex) Process(mic, reference []int16) engine.Heard {
	level := pcm.Level(reference)
	if h.played++; max(level, h.ahead()) > echoQuiet {
		h.played = 0
	}
	heard := engine.Heard{Reference: level, Echo: pcm.Silence, Settled: true}
	if h.played <= duplexHoldFrames {
		heard.Linear = slices.Clone(h.room[:])
	} else {
		h.learn(mic)
		heard.Linear = slices.Clone(mic)
	}
	heard.Clean = slices.Clone(heard.Linear)
	return heard
}

// learn keeps mic if it is as quiet as the room.
func (h *halfDuplex) learn(mic []int16) {
	if level := pcm.Level(mic); level <= h.floor {
		h.floor = level
		copy(h.room[:], mic)
	}
	h.floor += roomRise
}

// Close does nothing: it holds nothing.
func (*halfDuplex) Close() {}
