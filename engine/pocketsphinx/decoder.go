package pocketsphinx

/*
#cgo pkg-config: pocketsphinx sphinxbase
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

var errDecoder = errors.New("pocketsphinx: the decoder refused the sound")

// decoder is PocketSphinx itself, for one goroutine at a time.
type decoder struct {
	ps    *C.ps_decoder_t
	width int
	open  bool // an utterance has begun and not ended
}

// openDecoder makes a decoder of options, names and values in turn. It takes
// about 0.4 s with the generic model.
func openDecoder(options []string) (*decoder, error) {
	options = append(options, passes...)
	argv := make([]*C.char, len(options))
	for i, o := range options {
		argv[i] = C.CString(o)
		defer C.free(unsafe.Pointer(argv[i]))
	}
	ps := C.parley_ps_open(C.int(len(argv)), unsafe.SliceData(argv))
	if ps == nil {
		return nil, fmt.Errorf("pocketsphinx: can't load the model (options %q)", options)
	}
	return &decoder{ps: ps, width: int(C.parley_fe_width(C.ps_get_fe(ps)))}, nil
}

func (d *decoder) close() { C.ps_free(d.ps) }

// begin starts an utterance. One that wasn't ended is ended now: that takes up
// to 20 ms, for which nobody who breaks off should wait.
func (d *decoder) begin() error {
	if d.open {
		_ = d.end() // nobody wants to know any more
	}
	if C.ps_start_utt(d.ps) < 0 {
		return errDecoder
	}
	d.open = true
	return nil
}

// hear decodes the next frames of the utterance, of width values each.
func (d *decoder) hear(frames []float32) error {
	if len(frames) == 0 {
		return nil
	}
	first := (*C.float)(unsafe.Pointer(unsafe.SliceData(frames)))
	if C.parley_ps_hear(d.ps, first, C.int(len(frames)/d.width), C.int(d.width)) < 0 {
		return errDecoder
	}
	return nil
}

// end finishes the utterance, with all passes that the decoder was opened for.
func (d *decoder) end() error {
	d.open = false
	if C.ps_end_utt(d.ps) < 0 {
		return errDecoder
	}
	return nil
}

// text is what the decoder makes of the utterance so far, as it says it, and how
// well that fits: a logarithm, for comparing with that of another decoder.
func (d *decoder) text() (string, int) {
	var score C.int32
	s := C.ps_get_hyp(d.ps, &score)
	if s == nil {
		return "", 0
	}
	return C.GoString(s), int(score)
}

// mean is the cepstral mean that the model brings along.
func (d *decoder) mean() []float32 {
	mean := make([]float32, d.width)
	C.parley_ps_mean(d.ps, (*C.float)(unsafe.Pointer(unsafe.SliceData(mean))), C.int(d.width))
	return mean
}

// frontEnd turns samples into frames of cepstra, for one goroutine at a time.
type frontEnd struct {
	fe    *C.fe_t
	width int
}

// openFrontEnd makes the front end that d's model was trained with.
func openFrontEnd(d *decoder) (*frontEnd, error) {
	fe := C.parley_fe_open(d.ps)
	if fe == nil {
		return nil, errors.New("pocketsphinx: can't make the front end")
	}
	return &frontEnd{fe, d.width}, nil
}

func (f *frontEnd) close() { C.fe_free(f.fe) }

// begin starts an utterance. What was learnt of the noise is kept.
func (f *frontEnd) begin() error {
	if C.fe_start_utt(f.fe) < 0 {
		return errDecoder
	}
	return nil
}

// prelude is how many frames the front end may hand over at once beyond those
// of the samples: it keeps some until it knows that somebody speaks.
const prelude = 40

// hear appends the frames of the next samples, at 16 kHz, to frames.
func (f *frontEnd) hear(samples []int16, frames []float32) ([]float32, error) {
	if len(samples) == 0 {
		return frames, nil
	}
	room := len(samples)/160 + prelude
	old := len(frames)
	frames = append(frames, make([]float32, room*f.width)...)
	n := C.parley_fe_hear(f.fe, (*C.int16)(unsafe.Pointer(unsafe.SliceData(samples))), C.size_t(len(samples)),
		(*C.float)(unsafe.Pointer(unsafe.SliceData(frames[old:]))), C.int(room))
	if n < 0 {
		return frames[:old], errDecoder
	}
	return frames[:old+int(n)*f.width], nil
}
