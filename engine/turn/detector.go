package turn

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// FrameTime is the length of the frames that Step counts in.
const FrameTime = 10 * time.Millisecond

// Frame is what the detector is told of 10 ms of sound. Levels are RMS in dBFS.
type Frame struct {
	Linear    float64 // microphone, echo cancelled linearly
	Clean     float64 // the same with residual echo and noise suppressed
	Reference float64 // what the speaker was playing
	Echo      float64 // what of it would be in the microphone, were it not cancelled
	Settled   bool    // the echo canceller knows the room
	Speaking  bool    // a reply is being spoken
}

// Decision is what a frame brought about.
type Decision int

// The decisions.
const (
	None   Decision = iota
	Onset           // the user has begun to speak; a turn begins
	Pause           // silence for a moment, within a turn: it may be its end
	Resume          // the user speaks again after a pause
	End             // the turn is over
)

// String names the decision.
func (d Decision) String() string {
	return [...]string{"none", "onset", "pause", "resume", "end"}[d]
}

// Config is what can be chosen. The zero value of a field means its default.
type Config struct {
	Patience Patience // default Balanced
	BargeIn  BargeIn  // default Normally
	// Language says what words tell about turns. Default English.
	Language *Language
	// Known says whether words are something that can be answered as they stand.
	// Nil means that nothing is known.
	Known func(text string) bool
	// Pauses are this user's of earlier conversations; see [Detector.Pauses].
	Pauses []time.Duration
	// Longest is the longest turn; it ends then, silence or not. Default 60 s.
	Longest time.Duration
}

// How much voice makes an onset: so many voiced frames of the last so many. A
// click or a key does not last that long.
type amount struct{ voiced, window int }

var (
	onset    = amount{4, 5}
	overlaid = amount{2, 3} // over a reply: it only makes the reply softer, for now; then see [BargeIn]
	// A voice no louder than the echo may be the echo itself, until the canceller
	// knows the room, and when a device ran dry and displaced it: it takes a third
	// of a second and more to find it again.
	doubtful = amount{50, 60}
)

const (
	pauseAfter = 12 // frames of silence that make a pause
	// A user who speaks again so soon after his turn's end was cut off: that was
	// one of his pauses.
	goneOn = 70
)

// A voice is surely no echo when it is so much louder than that would be, in
// dB: a displaced echo and what is wrongly subtracted make 3 together.
const echoDoubt = 5.0

// How far below the speaker's own level a sound may lie and still be the user.
// The canceller takes 27 to 33 dB off an echo that is itself no louder than the
// reference; before it has settled 3 to 12.
const (
	echoReach          = 26.0
	unsettledEchoReach = 8.0
	audible            = -60.0 // dBFS; a quieter reference makes no echo
	// A third of a second of a loud reference that leaves nothing in the microphone
	// shows that it cannot hear the speaker (headphones).
	deafFrames = 30
	deafReach  = 36.0 // dB below the reference
	// Where an echo was known of, deafness may only be the canceller's success.
	echoGone = 6000  // frames: a minute
	loud     = -30.0 // dBFS
	// Echo rings on in the room after the speaker has fallen silent, and the
	// reference's peaks are heard between its syllables.
	echoTail = 30 // frames
)

// Detector finds turns in a stream of frames. It is not safe for concurrent
// use; New makes one.
type Detector struct {
	cfg           Config
	linear, clean vad

	recent    uint64  // voiced frames, newest in bit 0
	peak      float64 // envelope of the reference
	echo      float64 // … and of the echo
	sinceEcho int     // frames since the reference was audible
	deaf      deafness
	echoless  int // frames since an echo was last known of

	inTurn  bool
	paused  bool
	wait    time.Duration // the silence that ends this turn
	ended   int           // frames since the last turn's end; beyond goneOn it does not matter
	pauses  Pauses
	begun   int // frames since the turn's onset
	silence int // frames since the last voiced one
}

// New returns a detector that has heard nothing yet.
func New(cfg Config) *Detector {
	if cfg.Language == nil {
		cfg.Language = English()
	}
	if cfg.Longest <= 0 {
		cfg.Longest = time.Minute
	}
	var pauses Pauses
	for _, p := range cfg.Pauses {
		pauses.Note(p)
	}
	return &Detector{cfg: cfg, pauses: pauses, linear: newVAD(), clean: newVAD(), peak: audible, echo: audible, echoless: echoGone, sinceEcho: echoTail, ended: goneOn + 1}
}

// Config is what was chosen, with its defaults.
func (d *Detector) Config() Config { return d.cfg }

// Step takes the next frame.
func (d *Detector) Step(f Frame) Decision {
	voiced := d.voiced(f)
	d.recent <<= 1
	if voiced {
		d.recent |= 1
	}
	if d.inTurn {
		return d.within(voiced)
	}
	d.ended = min(d.ended+1, goneOn+1)
	need := d.needed(f)
	if !voiced || d.recentVoice(need.window) < need.voiced {
		return None
	}
	if d.ended <= goneOn {
		d.pauses.Note(d.wait + time.Duration(d.ended)*FrameTime)
	}
	d.inTurn, d.paused, d.begun, d.silence = true, false, need.window, 0
	d.wait = d.cfg.Patience.table().wordless
	d.deaf.frames = 0
	return Onset
}

// within is a step in a turn.
func (d *Detector) within(voiced bool) Decision {
	d.begun++
	// One voiced frame in a silence is a click.
	pause := d.Silence()
	if voiced && d.recentVoice(3) >= 2 {
		d.silence = 0
	} else {
		d.silence++
	}
	switch {
	case d.silence >= pauseAfter && d.Silence() >= d.wait, time.Duration(d.begun)*FrameTime >= d.cfg.Longest:
		d.Reset()
		d.ended = 0
		return End
	case d.silence == pauseAfter && !d.paused:
		d.paused = true
		return Pause
	case d.silence == 0 && d.paused:
		d.paused = false
		d.pauses.Note(pause)
		return Resume
	}
	return None
}

// Hear tells what is known of the turn's words by now, and so how much silence
// ends it: see [Config.Wait].
func (d *Detector) Hear(words Words) {
	d.wait = d.cfg.Wait(words, &d.pauses)
}

// SetPatience changes how long a user who has fallen silent is waited for.
func (d *Detector) SetPatience(p Patience) { d.cfg.Patience = p }

// SetBargeIn changes how much it takes to interrupt a reply.
func (d *Detector) SetBargeIn(b BargeIn) { d.cfg.BargeIn = b }

// Pauses are this user's newest pauses within turns, oldest first, to be kept for
// the next conversation.
func (d *Detector) Pauses() []time.Duration { return slices.Clone(d.pauses.recent) }

// ForgetPauses forgets how this user pauses.
func (d *Detector) ForgetPauses() { d.pauses.Forget() }

// needed is how much voice begins a turn: more, the more likely it is the
// reply's own echo.
func (d *Detector) needed(f Frame) amount {
	quick := onset
	if f.Speaking {
		quick = overlaid
	}
	switch {
	case d.sinceEcho >= echoTail, d.noEcho(f):
		return quick
	case !f.Settled, f.Clean < d.echo+echoDoubt:
		return doubtful
	default:
		return quick
	}
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
	// How loud an echo can be is remembered for longer, 3 dB a second: while a
	// device is stuck, nobody knows.
	d.echo = max(f.Echo, d.echo-0.03)
	if d.echoless++; f.Echo > audible {
		d.echoless = 0
	}

	if !d.inTurn { // else what is heard is the user
		d.deaf.step(f.Linear, f.Reference)
	}

	threshold := lowestFloor
	echo := d.sinceEcho < echoTail && !d.noEcho(f)
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

// deafness finds out whether the microphone hears the speaker at all.
type deafness struct {
	frames   int     // with a loud reference, in this stretch
	mic, ref float64 // loudest in it
	now      bool    // what the last whole stretch showed …
	doubts   int     // … unless something was heard in only one: that may be the user
}

func (s *deafness) step(mic, ref float64) {
	if s.frames == 0 {
		s.mic, s.ref = math.Inf(-1), math.Inf(-1)
	}
	if ref > loud {
		s.frames++
	}
	s.mic, s.ref = max(s.mic, mic), max(s.ref, ref)
	if s.frames < deafFrames {
		return
	}
	s.frames = 0
	if s.mic < s.ref-deafReach {
		s.now, s.doubts = true, 0
	} else if s.doubts++; s.doubts > 1 {
		s.now = false
	}
}

// settled says that what is left of the echo is as faint as it gets: the
// canceller knows the room, or the room has no echo.
func (d *Detector) settled(f Frame) bool { return f.Settled || d.noEcho(f) }

// noEcho says that the microphone does not hear the speaker: the canceller has
// looked for an echo and knows of none; or it is deaf to it, and not because an
// echo known of is being removed.
func (d *Detector) noEcho(f Frame) bool {
	return f.Settled && d.echo <= audible || d.deaf.now && d.echoless >= echoGone
}

// Since is how long ago the current turn's voice began, counted from the first
// voiced frame that made the onset. It is meaningful during a turn.
func (d *Detector) Since() time.Duration { return time.Duration(d.begun) * FrameTime }

// Voice says whether the last frame held the user's voice.
func (d *Detector) Voice() bool { return d.recent&1 != 0 }

// Silence is how long ago the last voice was. It is meaningful during a turn.
func (d *Detector) Silence() time.Duration { return time.Duration(d.silence) * FrameTime }

// InTurn says whether the user has the floor.
func (d *Detector) InTurn() bool { return d.inTurn }

// Reset ends the turn without a decision (the user muted, or typed instead).
// What is known of the background stays.
func (d *Detector) Reset() { d.inTurn, d.paused, d.begun, d.recent = false, false, 0, 0 }

// recentVoice counts the voiced frames among the newest n.
func (d *Detector) recentVoice(n int) int { return bits.OnesCount64(d.recent & (1<<n - 1)) }
