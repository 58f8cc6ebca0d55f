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
	ps   *C.ps_decoder_t
	open bool // an utterance has begun and not ended
}

// openDecoder makes a decoder of options, names and values in turn. It takes
// about 0.4 s and 110 MB.
func openDecoder(options []string) (*decoder, error) {
	argv := make([]*C.char, len(options))
	for i, o := range options {
		argv[i] = C.CString(o)
		defer C.free(unsafe.Pointer(argv[i]))
	}
	ps := C.parley_ps_open(C.int(len(argv)), unsafe.SliceData(argv))
	if ps == nil {
		return nil, fmt.Errorf("pocketsphinx: can't load the model (options %q)", options)
	}
	return &decoder{ps: ps}, nil
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

// hear takes the next samples of the utterance, at 16 kHz, and decodes them.
func (d *decoder) hear(samples []int16) error {
	if len(samples) == 0 {
		return nil
	}
	first := (*C.int16)(unsafe.Pointer(unsafe.SliceData(samples)))
	if C.ps_process_raw(d.ps, first, C.size_t(len(samples)), 0, 0) < 0 {
		return errDecoder
	}
	return nil
}

// again begins the utterance anew with samples, all that it has heard so far,
// and with the mean that it has learnt from them.
func (d *decoder) again(samples []int16) error {
	d.updateMean()
	mean := d.mean()
	if err := d.end(); err != nil {
		return err
	}
	if err := d.begin(); err != nil {
		return err
	}
	d.setMean(mean, memory)
	return d.hear(samples)
}

// end finishes the utterance.
func (d *decoder) end() error {
	d.open = false
	if C.ps_end_utt(d.ps) < 0 {
		return errDecoder
	}
	return nil
}

// text is what the decoder makes of the utterance so far, as it says it.
func (d *decoder) text() string {
	s := C.ps_get_hyp(d.ps, nil)
	if s == nil {
		return ""
	}
	return C.GoString(s)
}

// mean is the cepstral mean.
func (d *decoder) mean() []float64 {
	c := make([]C.float, C.parley_ps_mean_length(d.ps))
	C.parley_ps_mean(d.ps, unsafe.SliceData(c))
	mean := make([]float64, len(c))
	for i, v := range c {
		mean[i] = float64(v)
	}
	return mean
}

// setMean sets the cepstral mean, with the weight of that many frames (10 ms
// each). It has as many values as mean returns.
func (d *decoder) setMean(mean []float64, frames int) {
	c := make([]C.float, len(mean))
	for i, v := range mean {
		c[i] = C.float(v)
	}
	C.parley_ps_set_mean(d.ps, unsafe.SliceData(c), C.int(frames))
}

// updateMean takes the utterance so far into the mean.
func (d *decoder) updateMean() { C.parley_ps_update_mean(d.ps) }
