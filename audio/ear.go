package audio

import (
	"iter"
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// A frame of the microphone waits for what the monitor heard meanwhile, where
// that comes later: two streams of one server deliver within a period.
const (
	earPatience = 30 * time.Millisecond
	earPoll     = 2 * time.Millisecond
)

// ear cuts what was captured into frames and takes the echo out of them. What
// the speaker played it knows from the sound server's monitor, where there is
// one, and else from what we handed over.
type ear struct {
	canceller canceller // nil: the echo stays in
	monitor   *monitor  // nil: there is none
	heard     reference // by the monitor
	ours      reference // handed over
	current   *reference
	unheard   int   // frames in which we were loud and the monitor silent
	vain      int64 // what the monitor had told when it was last waited for in vain
	aligner   aligner
	frame     []int16
	far, own  [frameSamples]int16
}

// newEar makes an ear that takes what is played, if cancel says so, out of what
// it hears. played and monitor may be nil.
func newEar(cancel bool, played *tap, monitor *monitor) (*ear, error) {
	e := &ear{frame: make([]int16, 0, frameSamples), ours: reference{tap: played, lead: referenceLead}}
	e.current = &e.ours
	if !cancel || played == nil {
		return e, nil
	}
	if e.monitor = monitor; monitor != nil {
		e.heard = reference{tap: monitor.heard, lead: monitorLead}
	}
	var err error
	e.canceller, err = newCanceller(&e.ours)
	return e, err
}

func (e *ear) close() {
	if e.canceller != nil {
		e.canceller.Close()
	}
}

// begin starts over, on another device.
func (e *ear) begin() {
	e.frame = e.frame[:0]
	e.ours.stop()
	e.heard.stop()
	e.learn()
}

// learn forgets the echo.
func (e *ear) learn() {
	e.aligner.begin()
	if e.canceller != nil {
		e.canceller.Reset()
	}
}

// hear yields a Heard for every frame that b completes.
func (e *ear) hear(b *block) iter.Seq[engine.Heard] {
	return func(yield func(engine.Heard) bool) {
		for i := 0; i < b.n; {
			n := min(frameSamples-len(e.frame), b.n-i)
			e.frame = append(e.frame, b.samples[i:i+n]...)
			i += n
			if len(e.frame) < frameSamples {
				return
			}
			e.await()
			h := e.process()
			e.frame = e.frame[:0]
			if !yield(h) {
				return
			}
		}
	}
}

// await waits until the monitor has told what was played during the frame. One that
// has told nothing since it was last waited for in vain is not waited for again: three
// periods for each frame, and the ear would never catch up.
func (e *ear) await() {
	if e.current != &e.heard || e.heard.covers() || e.heard.next == e.vain {
		return
	}
	for waited := time.Duration(0); waited < earPatience; waited += earPoll {
		time.Sleep(earPoll)
		if e.heard.covers() {
			return
		}
	}
	e.vain = e.heard.next
}

// process takes a whole frame.
func (e *ear) process() engine.Heard {
	e.choose()
	moved := e.current.frame(e.far[:], e.aligner.homed)
	if e.canceller == nil {
		level := pcm.Level(e.far[:])
		return engine.Heard{Linear: slices.Clone(e.frame), Reference: level, Echo: pcm.Silence, Settled: true}
	}
	if moved {
		e.learn()
	}
	h := e.canceller.Process(e.frame, e.far[:])
	earlier, relearn := e.aligner.look(e.current, e.frame, h.Linear, e.far[:])
	if earlier != 0 {
		e.current.shift(-earlier)
	}
	if relearn {
		e.canceller.Reset()
	}
	if e.aligner.imagined() {
		e.learn()
	}
	if !e.aligner.homed {
		// What is subtracted is no echo, but the filter's fancy.
		h.Settled, h.Echo = e.aligner.absent(), pcm.Silence
		if h.Settled {
			copy(h.Linear, e.frame)
			copy(h.Clean, e.frame)
		}
	}
	return h
}

// choose goes over to the monitor while it is live, and back.
func (e *ear) choose() {
	if e.monitor == nil {
		return
	}
	best := &e.ours
	if e.monitor.live.Load() {
		best = &e.heard
	}
	if best != e.current {
		e.current = best
		e.heard.take()
		e.heard.stop()
		e.unheard = 0
		e.learn()
	}
	if e.current != &e.heard {
		e.heard.take()
		return
	}
	// Does it hear us at all?
	e.ours.frame(e.own[:], false)
	switch {
	case pcm.Level(e.far[:]) > echoQuiet: // the frame before
		e.unheard = 0
	case pcm.Level(e.own[:]) > strayLoud:
		if e.unheard++; e.unheard > strayFrames {
			e.monitor.strayed()
		}
	}
}
