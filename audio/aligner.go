package audio

import (
	"math"

	"parley/audio/pcm"
)

// How the aligner looks for the echo. Lengths are in samples at 16 kHz.
const (
	alignWindow   = 4096      // sound that is compared: 256 ms
	alignEarliest = -100 * 16 // the echo may lead the reference by this
	alignLatest   = 500 * 16  // … or lag it by this
	alignStep     = 4         // the search is at a quarter of the rate, then refined
	// An echo that is first found to lag the reference by 0 to alignReach is left
	// where it is: the canceller has begun to learn it. Any other is made to lag it
	// by alignHome: a little, so that most of the canceller's tail is left for the
	// room.
	alignReach = 120 * 16
	alignHome  = 15 * 16
	// alignSlack is a displacement that the canceller follows by itself.
	alignSlack = 6
	// Two finds in a row must agree, unless the echo is this plain; below
	// alignFaint it is none.
	alignPlain = 0.8
	alignFaint = 0.5
	// How often it looks while the echo is not being removed, in frames: more
	// and more seldom while nothing is found (headphones have no echo).
	alignOften  = 10
	alignSeldom = 200
	// The echo is being removed when the canceller takes off 6 dB, over about
	// 100 ms.
	alignWorks  = 0.25
	alignSmooth = 0.1
	// What is subtracted is no echo when the sound has been 6 dB louder after the
	// canceller than before it for so many frames: a voice was alike enough to the
	// reply to be taken for one (a displaced echo makes 3 dB).
	alignFancy       = 4.0
	alignFancyFrames = 12
	// After so many frames of speech of which nothing could be removed nor found,
	// there is no echo any more: somebody put on headphones.
	alignGone = 300
	// After so many looks that found none, there is none: half a second of speech
	// and more.
	alignAbsent = 3
)

// aligner finds out by how much the echo lags the reference, and moves the
// reference so that it is always as much as the canceller has learnt. Devices
// that run dry, a flush, or another sound server displace the two against each
// other; no clock tells of it as surely as the sound itself.
type aligner struct {
	mic     [alignWindow]int16 // circular
	at      int
	filled  int // frames with an audible reference, up to a window's worth
	raw     float64
	left    float64 // energy after the canceller
	wait    int     // frames until the next look
	pause   int
	homed   bool // the echo has been found
	home    int  // the lag at which the canceller learnt it
	failing int  // frames since it was last removed
	fancied int  // frames in a row that the canceller has made louder
	misses  int  // looks in a row that found none
	suspect int  // what the last look found; alignNone for nothing
	buffers [2][]float64
}

const alignNone = math.MinInt

// begin forgets everything: another device.
func (a *aligner) begin() {
	*a = aligner{suspect: alignNone, pause: alignOften, buffers: a.buffers}
}

// look takes the frame just cancelled. It returns by how many samples the
// reference must be read earlier (negative: later), and whether the canceller's
// filter is useless from then on.
func (a *aligner) look(r *reference, mic, linear, far []int16) (earlier int, relearn bool) {
	for _, s := range mic {
		a.mic[a.at] = s
		a.at = (a.at + 1) % len(a.mic)
	}
	if pcm.Level(far) < echoAudible {
		a.filled = max(0, a.filled-1)
		return 0, false
	}
	a.filled = min(a.filled+1, len(a.mic)/frameSamples)
	a.raw += alignSmooth * (power(mic) - a.raw)
	a.left += alignSmooth * (power(linear) - a.left)
	if a.left > alignFancy*a.raw {
		a.fancied++
	} else {
		a.fancied = 0
	}
	if a.homed && a.works() {
		a.pause, a.wait, a.suspect, a.failing = alignOften, 0, alignNone, 0
		return 0, false
	}
	if a.failing++; a.failing > alignGone {
		a.homed, a.failing = false, 0
	}
	if a.wait--; a.wait > 0 || a.filled < len(a.mic)/frameSamples*2/3 {
		return 0, false
	}
	lag, likeness := a.find(r)
	if likeness < alignFaint {
		a.suspect = alignNone
		a.misses++
		a.pause = min(2*a.pause, alignSeldom)
		a.wait = a.pause
		return 0, false
	}
	a.wait, a.misses = alignOften, 0
	if a.agrees(lag) || likeness > alignPlain {
		a.suspect, a.pause = alignNone, alignOften
		return a.displaced(lag)
	}
	a.suspect = lag
	return 0, false
}

// imagined says that the canceller subtracts an echo that is not there.
func (a *aligner) imagined() bool { return a.fancied >= alignFancyFrames }

// works says whether the canceller is removing an echo.
func (a *aligner) works() bool { return a.left < alignWorks*a.raw }

// absent says that there is no echo to be found.
func (a *aligner) absent() bool { return !a.homed && a.misses >= alignAbsent }

// agrees says whether the last look found the same.
func (a *aligner) agrees(lag int) bool {
	return a.suspect != alignNone && lag-a.suspect <= alignSlack && a.suspect-lag <= alignSlack
}

// displaced is what follows from the echo being found at lag.
func (a *aligner) displaced(lag int) (earlier int, relearn bool) {
	first := !a.homed
	if first {
		a.home = lag
		if lag < 0 || lag > alignReach {
			a.home = alignHome
		}
	}
	a.homed, a.failing = true, 0
	earlier = lag - a.home
	if earlier <= alignSlack && earlier >= -alignSlack {
		earlier = 0
	}
	return earlier, first && earlier != 0
}

// find compares the microphone's last sound with the reference at every lag, by
// normalised correlation, and returns where they are most alike, and how much
// (0 to 1).
func (a *aligner) find(r *reference) (lag int, likeness float64) {
	mic, far := a.window(r)
	n, lags := alignWindow/alignStep, (alignLatest-alignEarliest)/alignStep
	best := 0.0
	energy := 0.0 // of far under the window at this lag
	for _, v := range far[:n] {
		energy += v * v
	}
	own := 0.0
	for _, v := range mic {
		own += v * v
	}
	// far[k:] lags by alignLatest - k steps.
	for k := range lags {
		if k > 0 {
			energy += far[k+n-1]*far[k+n-1] - far[k-1]*far[k-1]
		}
		sum := 0.0
		for i, v := range mic {
			sum += v * far[k+i]
		}
		if like := sum * sum / (energy*own + 1); energy > 0 && like > best {
			best, lag = like, alignLatest-k*alignStep
		}
	}
	return a.refine(r, lag), math.Sqrt(best)
}

// window fills the buffers with the microphone's last sound and all of the
// reference that it may be an echo of, at a quarter of the rate.
func (a *aligner) window(r *reference) (mic, far []float64) {
	mic, far = a.buffers[0][:0], a.buffers[1][:0]
	for i := 0; i < alignWindow; i += alignStep {
		sum := 0.0
		for j := range alignStep {
			sum += float64(a.mic[(a.at+i+j)%alignWindow])
		}
		mic = append(mic, sum)
	}
	from := r.position - alignWindow - alignLatest
	for i := int64(0); i < alignWindow+alignLatest-alignEarliest; i += alignStep {
		sum := 0.0
		for j := range int64(alignStep) {
			sum += float64(r.sample(from + i + j))
		}
		far = append(far, sum)
	}
	a.buffers = [2][]float64{mic, far}
	return mic, far
}

// refine finds the lag to the sample.
func (a *aligner) refine(r *reference, near int) (lag int) {
	most := math.Inf(-1)
	for l := near - alignStep; l <= near+alignStep; l++ {
		sum := 0.0
		for i := range alignWindow {
			sum += float64(a.mic[(a.at+i)%alignWindow]) * float64(r.sample(r.position-alignWindow-int64(l)+int64(i)))
		}
		if sum = math.Abs(sum); sum > most {
			most, lag = sum, l
		}
	}
	return lag
}

// power is the mean square of samples.
func power(samples []int16) float64 {
	sum := 0.0
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return sum / float64(len(samples))
}
