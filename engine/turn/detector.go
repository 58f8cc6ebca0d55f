package turn

import (
	"math/bits"
	"time"
)

// FrameTime is the length of the frames that Step counts in.
const FrameTime = 10 * time.Millisecond

// Frame is what the detector is told of 10 ms of sound. Levels are RMS in dBFS.
type Frame struct {
	Linear    float64 // microphone, echo cancelled linearly
	Clean     float64 // the same with residual echo and noise suppressed
	Reference float64 // what the speaker was playing
	Settled   bool    // the echo canceller knows the room
	Speaking  bool    // a reply is being spoken: a voice now is a barge-in
}

// Decision is what a frame brought about.
type Decision int

// The decisions.
const (
	None    Decision = iota
	Onset            // the user has begun to speak; a turn begins
	BargeIn          // the same, over a reply
	End              // the turn is over
)

// String names the decision.
func (d Decision) String() string {
	return [...]string{"none", "onset", "barge-in", "end"}[d]
}

// Config is what can be chosen. The zero value of a field means its default.
type Config struct {
	// EndSilence is how long the user must be silent for the turn to be over.
	// Default 600 ms.
	EndSilence time.Duration
	// Longest is the longest turn; it ends then, silence or not. Default 60 s.
	Longest time.Duration
}

// How much voice makes an onset: so many voiced frames of the last so many. A
// click or a key does not last that long.
const (
	onsetVoiced, onsetWindow     = 4, 5
	bargeInVoiced, bargeInWindow = 6, 9
	// While the canceller has not settled, echo may come through in bursts.
	unsettledVoiced, unsettledWindow = 14, 16
)

// How far below the speaker's own level a sound may lie and still be the user.
// The canceller takes 27 to 33 dB off an echo that is itself no louder than the
// reference; before it has settled 3 to 12.
const (
	echoReach          = 26.0
	unsettledEchoReach = 8.0
	audible            = -60.0 // dBFS; a quieter reference makes no echo
	// So many frames in which a clearly audible reference left nothing in the
	// microphone show that it cannot hear the speaker (headphones).
	deafFrames = 50
	loud       = -40.0 // dBFS
	// Echo rings on in the room after the speaker has fallen silent, and the
	// reference's peaks are heard between its syllables.
	echoTail = 30 // frames
)

// Detector finds turns in a stream of frames. It is not safe for concurrent
// use; New makes one.
type Detector struct {
	cfg           Config
	linear, clean vad

	recent    uint32  // voiced frames, newest in bit 0
	peak      float64 // envelope of the reference
	sinceEcho int     // frames since the reference was audible
	deaf      int     // frames of a loud reference that the microphone did not hear

	inTurn  bool
	begun   int // frames since the turn's onset
	silence int // frames since the last voiced one
}

// New returns a detector that has heard nothing yet.
func New(cfg Config) *Detector {
	if cfg.EndSilence <= 0 {
		cfg.EndSilence = 600 * time.Millisecond
	}
	if cfg.Longest <= 0 {
		cfg.Longest = time.Minute
	}
	return &Detector{cfg: cfg, linear: newVAD(), clean: newVAD(), peak: audible, sinceEcho: echoTail}
}

// Step takes the next frame.
func (d *Detector) Step(f Frame) Decision {
	voiced := d.voiced(f)
	d.recent <<= 1
	if voiced {
		d.recent |= 1
		d.silence = 0
	} else {
		d.silence++
	}
	if d.inTurn {
		d.begun++
		if d.Silence() >= d.cfg.EndSilence || time.Duration(d.begun)*FrameTime >= d.cfg.Longest {
			d.Reset()
			return End
		}
		return None
	}
	need, window, decision := onsetVoiced, onsetWindow, Onset
	if f.Speaking {
		need, window, decision = bargeInVoiced, bargeInWindow, BargeIn
		if !d.settled(f) && d.sinceEcho < echoTail {
			need, window = unsettledVoiced, unsettledWindow
		}
	}
	if !voiced || ones(d.recent, window) < need {
		return None
	}
	d.inTurn, d.begun = true, window
	return decision
}

// voiced says whether the frame holds the user's voice. While the speaker can
// be heard, that is judged on the signal with residual echo suppressed, and
// what echo could explain does not count.
func (d *Detector) voiced(f Frame) bool {
	if f.Reference > audible {
		d.sinceEcho = 0
	} else if d.sinceEcho < echoTail {
		d.sinceEcho++
	}
	// The envelope of the reference: up at once, down 15 dB a second, as an
	// echo dies away in a room at the slowest.
	d.peak = max(f.Reference, d.peak-0.15)

	if d.peak > loud && f.Linear < d.peak-echoReach {
		d.deaf++
	}

	threshold := lowestFloor
	echo := d.sinceEcho < echoTail
	if echo {
		reach := echoReach
		if !d.settled(f) {
			reach = unsettledEchoReach
		}
		threshold = d.peak - reach
	}
	// Both adapt all the time, so that either is ready when it is needed.
	linear := d.linear.step(f.Linear, threshold)
	clean := d.clean.step(f.Clean, threshold)
	if echo {
		return clean
	}
	return linear
}

// settled says that what is left of the echo is as faint as it gets: the
// canceller knows the room, or the room has no echo.
func (d *Detector) settled(f Frame) bool { return f.Settled || d.deaf >= deafFrames }

// Since is how long ago the current turn's voice began, counted from the first
// voiced frame that made the onset. It is meaningful during a turn.
func (d *Detector) Since() time.Duration { return time.Duration(d.begun) * FrameTime }

// Silence is how long ago the last voiced frame was.
func (d *Detector) Silence() time.Duration { return time.Duration(d.silence) * FrameTime }

// InTurn says whether the user has the floor.
func (d *Detector) InTurn() bool { return d.inTurn }

// Reset ends the turn without a decision (the user muted, or typed instead).
// What is known of the background stays.
func (d *Detector) Reset() { d.inTurn, d.begun, d.recent = false, 0, 0 }

// ones counts the set bits among the newest n.
func ones(recent uint32, n int) int { return bits.OnesCount32(recent & (1<<n - 1)) }
