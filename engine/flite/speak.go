package flite

/*
#cgo LDFLAGS: -lflite_cmu_us_rms -lflite_cmu_us_slt -lflite_cmu_us_awb -lflite_cmu_us_kal16 -lflite_usenglish -lflite_cmulex -lflite -lm
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"sync"
	"unsafe"

	"parley/audio/pcm"
)

// token is what flite says of a stretch of the text it was given.
type token struct {
	from, to   int     // bytes
	start, end float64 // seconds; end < 0: not spoken
}

// receiver is told what flite makes of an utterance: first, and once, the
// tokens, then the sound. Audio may not keep samples, and returns false to stop.
type receiver interface {
	tokens([]token)
	audio(samples []int16, rate pcm.Rate) bool
}

var (
	errSpeak = errors.New("flite: synthesis failed")

	// library has room for one utterance at a time: flite counts references to
	// shared values without locks.
	library = make(chan struct{}, 1)
	begin   = sync.OnceFunc(func() { C.parley_flite_begin() })
)

// speak says text, which must be printable ASCII, and returns when it is all
// said, r has had enough or, before it has begun, stop is closed. Stretch is how
// much longer than normal it takes.
func speak(voice int, text string, stretch float64, r receiver, stop <-chan struct{}) error {
	select {
	case library <- struct{}{}:
		defer func() { <-library }()
	case <-stop:
		return nil
	}
	begin()
	h := cgo.NewHandle(r)
	defer h.Delete()
	ctext := C.CString(text)
	defer C.free(unsafe.Pointer(ctext))
	if C.parley_flite_speak(C.int(voice), ctext, C.float(stretch), C.uintptr_t(h)) != 0 {
		return errSpeak
	}
	return nil
}

//export parleyFliteTokens
func parleyFliteTokens(h C.uintptr_t, first *C.parley_token, n C.int) {
	r := cgo.Handle(h).Value().(receiver)
	ts := make([]token, n)
	for i, t := range unsafe.Slice(first, n) {
		ts[i] = token{from: int(t.from), to: int(t.to), start: float64(t.start), end: float64(t.end)}
	}
	r.tokens(ts)
}

//export parleyFliteAudio
func parleyFliteAudio(h C.uintptr_t, first *C.short, n, rate C.int) C.int {
	r := cgo.Handle(h).Value().(receiver)
	if n > 0 && !r.audio(unsafe.Slice((*int16)(unsafe.Pointer(first)), n), pcm.Rate(rate)) {
		return -1
	}
	return 0
}
