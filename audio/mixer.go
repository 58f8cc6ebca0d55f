package audio

import (
	"math"
	"sync/atomic"
	"time"

	"parley/audio/pcm"
)

// deviceRate is what the speaker is opened at.
const deviceRate = pcm.Rate24k

// mixerRecords is how many callbacks are remembered, one to two seconds of
// them: more than any device is ahead of its sound.
const mixerRecords = 128

// mixer is what an output device draws from: the queue where there is
// something, else silence. It remembers which sample of the queue is heard when.
type mixer struct {
	queue     *pcm.Ring
	epoch     time.Time
	busy      atomic.Bool // an outlet is filling; never waited for
	records   [mixerRecords]record
	latest    atomic.Int64 // number of records made
	reference *tap         // what was handed over, by the time it was
	recording *tap         // what was heard, by the time it was
}

// record is what was handed over in one callback. The fields are atomic since
// they are read while the device goes on.
type record struct {
	heard atomic.Int64 // when its first sample is heard, after epoch
	from  atomic.Int64 // position in the queue
	n     atomic.Int64 // samples of the queue in it; what follows is silence
	level atomic.Uint64
}

func newMixer(reference, recording *tap) *mixer {
	return &mixer{
		queue:     pcm.NewRing(deviceRate.Samples(4 * time.Second)),
		epoch:     time.Now(),
		reference: reference,
		recording: recording,
	}
}

// position returns which sample of the queue is being heard at the time now.
func (m *mixer) position(now time.Time) uint64 {
	r, at := m.recordAt(now)
	if r == nil {
		return 0
	}
	ahead := deviceRate.Samples(at - time.Duration(r.heard.Load()))
	return uint64(r.from.Load() + max(0, min(r.n.Load(), int64(ahead))))
}

// postpone says that what was handed over, and was to be heard after a time, is
// heard by that much later. The device does not ask for samples meanwhile.
func (m *mixer) postpone(after time.Time, by time.Duration) {
	for k := m.latest.Load(); k > max(0, m.latest.Load()-mixerRecords); k-- {
		r := &m.records[k%mixerRecords]
		heard := time.Duration(r.heard.Load())
		if heard+deviceRate.Duration(int(r.n.Load())) <= after.Sub(m.epoch) {
			return
		}
		r.heard.Store(int64(heard + by))
	}
}

// level is how loud what is being heard at the time now is, in dBFS.
func (m *mixer) level(now time.Time) float64 {
	r, at := m.recordAt(now)
	if r == nil || at-time.Duration(r.heard.Load()) > deviceSilence {
		return pcm.Silence
	}
	return math.Float64frombits(r.level.Load())
}

// recordAt finds the newest record that is heard by now, or else the oldest.
func (m *mixer) recordAt(now time.Time) (*record, time.Duration) {
	at := now.Sub(m.epoch)
	var r *record
	latest := m.latest.Load()
	// The oldest few may be written over meanwhile.
	for k := latest; k > max(0, latest-mixerRecords+8); k-- {
		r = &m.records[k%mixerRecords]
		if time.Duration(r.heard.Load()) <= at {
			break
		}
	}
	return r, at
}

// outlet is one device's draw on a mixer, with the device's own clock.
type outlet struct {
	mixer   *mixer
	latency time.Duration // from handing a sample over to hearing it
	clock   sampleClock
	began   time.Time
	given   int64
	undone  int64        // of dropped, what the reference has been told of
	closed  atomic.Bool  // the device is given up; it gets silence
	last    atomic.Int64 // when it last asked, after the mixer's epoch
	dropped atomic.Int64 // samples that it was given and that a flush took back
	drew    atomic.Bool  // it has been given something
	racing  atomic.Bool  // it asks for far more than it can be playing
	gain    gain
	scales  bool        // the device is told of the gain and follows it itself
	held    atomic.Bool // silence is wanted, and the queue left as it is
	resumed atomic.Bool // the device did not ask for a while, as it was told
	scratch [outletScratch]int16
}

// outletScratch is the most that a device asks for at once, in samples; of more
// than that the reference has the loudness wrong.
const outletScratch = 4096

// raceAhead is how far ahead of real time a device may draw before it is known
// to play nothing (ALSA's null device asks as fast as it can).
const raceAhead = time.Second

func newOutlet(m *mixer, latency time.Duration) *outlet {
	o := &outlet{mixer: m, latency: latency, clock: sampleClock{rate: deviceRate}}
	o.last.Store(int64(time.Since(m.epoch)))
	return o
}

// fill is called by the device for its next samples.
func (o *outlet) fill(out []int16) {
	now := time.Now()
	m := o.mixer
	o.last.Store(int64(now.Sub(m.epoch)))
	if o.closed.Load() || o.racing.Load() || !m.busy.CompareAndSwap(false, true) {
		clear(out)
		return
	}
	defer m.busy.Store(false)
	if o.began.IsZero() {
		o.began = now
	}
	dropped := o.dropped.Load()
	handed := o.given - dropped
	if deviceRate.Duration(int(handed))-now.Sub(o.began) > raceAhead {
		o.racing.Store(true)
		clear(out)
		return
	}
	if o.resumed.Swap(false) {
		o.clock = sampleClock{rate: deviceRate}
	}
	at := o.clock.mark(now, handed)
	heard := at.Add(o.latency)
	o.given += int64(len(out))

	from := m.queue.Position()
	n := 0
	if !o.held.Load() {
		n = m.queue.Read(out)
	}
	clear(out[n:])
	heardOut := o.soften(out)
	level := pcm.Silence
	if n > 0 {
		level = pcm.Level(heardOut)
	}
	k := m.latest.Load() + 1
	r := &m.records[k%mixerRecords]
	r.heard.Store(int64(heard.Sub(m.epoch)))
	r.from.Store(int64(from))
	r.n.Store(int64(n))
	r.level.Store(math.Float64bits(level))
	m.latest.Store(k)
	o.drew.Store(true)
	m.reference.offerAfter(int(dropped-o.undone), at, deviceRate, heardOut)
	o.undone = dropped
	m.recording.offer(heard, deviceRate, heardOut)
}

// soften applies the gain and returns what will be heard, which a device that
// follows the gain itself is not to be given.
func (o *outlet) soften(out []int16) []int16 {
	from, to := o.gain.follow()
	if from == 1 && to == 1 {
		return out
	}
	if o.scales && len(out) <= len(o.scratch) {
		out = o.scratch[:copy(o.scratch[:], out)]
	}
	scale(out, from, to)
	return out
}

// silentFor is how long the device has not asked for anything.
func (o *outlet) silentFor(now time.Time) time.Duration {
	return now.Sub(o.mixer.epoch) - time.Duration(o.last.Load())
}
