package pcm

import "time"

// Rate is a number of samples per second, in Hz.
type Rate int

// The rates that Parley itself produces.
const (
	Rate16k Rate = 16000 // microphone, recogniser, flite
	Rate24k Rate = 24000 // OpenAI-style speech
	Rate48k Rate = 48000 // most sound devices
)

// Duration is how long n samples last at this rate.
func (r Rate) Duration(n int) time.Duration {
	if r <= 0 {
		return 0
	}
	return time.Duration(int64(n) * int64(time.Second) / int64(r))
}

// Samples is how many whole samples fit into d at this rate.
func (r Rate) Samples(d time.Duration) int {
	return int(int64(d) * int64(r) / int64(time.Second))
}

// FrameTime is the length of the frames that the microphone delivers and that
// every decision about turns is made on.
const FrameTime = 10 * time.Millisecond

// Frame is a stretch of mono sound. Whoever yields a Frame gives it away: the
// receiver may keep the samples, the giver does not touch them again.
type Frame struct {
	Rate    Rate
	Samples []int16
}

// Duration is how long the frame lasts.
func (f Frame) Duration() time.Duration { return f.Rate.Duration(len(f.Samples)) }
