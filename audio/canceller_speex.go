//go:build unix

package audio

// #cgo pkg-config: speexdsp
// #include <speex/speex_echo.h>
// #include <speex/speex_preprocess.h>
import "C"

import (
	"errors"
	"math"
	"slices"
	"time"
	"unsafe"

	"parley/audio/pcm"
	"parley/engine"
)

// How the echo canceller is set.
const (
	// echoSettle is how much audible reference it takes to learn a room.
	echoSettle = 3 * time.Second
	// referenceHold is for how long the level of the reference is remembered:
	// the reference leads its echo by as much.
	referenceHold = 80 * time.Millisecond
)

// Canceller removes the speaker's echo from the microphone. It is pure: frames
// in, frames out, no clock. It is for one goroutine at a time.
//
// The filter is speexdsp's (J.-M. Valin, "On Adjusting the Learning Rate in
// Frequency Domain Echo Cancellation With Double-Talk", 2007); its
// preprocessor suppresses residual echo and noise.
type Canceller struct {
	echo   *C.SpeexEchoState
	clean  *C.SpeexPreprocessState
	quiet  int // frames for which the reference has been quiet
	learnt int // frames of audible reference adapted on
	active bool
	levels [referenceHold / pcm.FrameTime]float64
	echoes [referenceHold / pcm.FrameTime]float64
	next   int
	copied [frameSamples]int16 // the echo as the filter believes it to be
}

// cancellerName is what newCanceller makes, for people.
const cancellerName = "speexdsp, linear for the words and suppressed for barge-in"

func newCanceller(*reference) (canceller, error) { return NewCanceller() }

// NewCanceller makes a canceller that knows no room yet. Close frees it.
func NewCanceller() (*Canceller, error) {
	c := &Canceller{
		echo:  C.speex_echo_state_init(frameSamples, C.int(pcm.Rate16k.Samples(echoTail))),
		clean: C.speex_preprocess_state_init(frameSamples, C.int(pcm.Rate16k)),
	}
	if c.echo == nil || c.clean == nil {
		c.Close()
		return nil, errors.New("audio: no memory for the echo canceller")
	}
	rate := C.spx_int32_t(pcm.Rate16k)
	C.speex_echo_ctl(c.echo, C.SPEEX_ECHO_SET_SAMPLING_RATE, unsafe.Pointer(&rate))
	c.Reset()
	return c, nil
}

// Reset forgets the room, as after a change of device.
func (c *Canceller) Reset() {
	C.speex_echo_state_reset(c.echo)
	c.quiet, c.learnt, c.active = tailFrames+1, 0, false
	for i := range c.levels {
		c.levels[i], c.echoes[i] = pcm.Silence, pcm.Silence
	}
}

// Process takes 10 ms (160 samples at 16 kHz) of the microphone and of the
// reference: what the speaker played, as it was before it became the echo. The
// echo may lag the reference by 0 to 200 ms, and must not lead it. Reference
// and Echo
// in the result are the loudest levels of the last 80 ms. Where nothing has been
// played for longer than an echo lasts, Linear equals mic. The slices in the
// result are the caller's; mic and reference are not kept.
func (c *Canceller) Process(mic, reference []int16) engine.Heard {
	level := pcm.Level(reference)
	c.next = (c.next + 1) % len(c.levels)
	c.levels[c.next], c.echoes[c.next] = level, pcm.Silence
	if level > echoQuiet {
		c.quiet = 0
	} else {
		c.quiet++
	}
	if level > echoAudible {
		c.learnt++
	}

	h := engine.Heard{
		Linear:  make([]int16, frameSamples),
		Clean:   make([]int16, frameSamples),
		Settled: c.learnt >= int(echoSettle/pcm.FrameTime),
	}
	was := c.active
	c.active = c.quiet <= tailFrames
	if !was && !c.active {
		copy(h.Linear, mic)
	} else {
		C.speex_echo_cancellation(c.echo, samples(mic), samples(reference), samples(h.Linear))
		for i := range c.copied {
			c.copied[i] = int16(max(math.MinInt16, min(math.MaxInt16, int32(mic[i])-int32(h.Linear[i]))))
		}
		c.echoes[c.next] = pcm.Level(c.copied[:])
	}
	h.Reference, h.Echo = slices.Max(c.levels[:]), slices.Max(c.echoes[:])
	switch {
	case c.active && !was:
		C.speex_preprocess_ctl(c.clean, C.SPEEX_PREPROCESS_SET_ECHO_STATE, unsafe.Pointer(c.echo))
		crossfade(h.Linear, mic, h.Linear)
	case was && !c.active:
		C.speex_preprocess_ctl(c.clean, C.SPEEX_PREPROCESS_SET_ECHO_STATE, nil)
		crossfade(h.Linear, h.Linear, mic)
	}
	copy(h.Clean, h.Linear)
	C.speex_preprocess_run(c.clean, samples(h.Clean))
	return h
}

// crossfade goes from one frame to the other over the length of the frame.
func crossfade(dst, from, to []int16) {
	for i := range dst {
		a := int32(len(dst) - i)
		b := int32(i)
		dst[i] = int16((int32(from[i])*a + int32(to[i])*b) / int32(len(dst)))
	}
}

// Close frees the canceller, which is not to be used afterwards.
func (c *Canceller) Close() {
	if c.echo != nil {
		C.speex_echo_state_destroy(c.echo)
	}
	if c.clean != nil {
		C.speex_preprocess_state_destroy(c.clean)
	}
	c.echo, c.clean = nil, nil
}

func samples(s []int16) *C.spx_int16_t {
	return (*C.spx_int16_t)(unsafe.Pointer(unsafe.SliceData(s[:frameSamples])))
}
