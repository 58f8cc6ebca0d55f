package pcm

import "sync/atomic"

// Ring carries samples from one goroutine (or audio callback) to one other
// without locks and without allocating: one side only writes, the other only
// reads. Positions count samples since the ring was made.
type Ring struct {
	samples []int16
	mask    uint64
	written atomic.Uint64 // advanced by the writer
	read    atomic.Uint64 // advanced by the reader
	cleared atomic.Uint64 // the reader skips everything before this position
}

// NewRing makes a ring for at least n samples, at least one.
func NewRing(n int) *Ring {
	size := 1
	for size < n {
		size <<= 1
	}
	return &Ring{samples: make([]int16, size), mask: uint64(size - 1)}
}

// Write puts in as many samples as there is room for and returns how many.
func (r *Ring) Write(s []int16) int {
	w := r.written.Load()
	room := uint64(len(r.samples)) - (w - r.read.Load())
	n := min(uint64(len(s)), room)
	for i := range n {
		r.samples[(w+i)&r.mask] = s[i]
	}
	r.written.Store(w + n)
	return int(n)
}

// Read takes out up to len(s) samples and returns how many.
func (r *Ring) Read(s []int16) int {
	p := r.skipCleared()
	n := min(uint64(len(s)), r.written.Load()-p)
	for i := range n {
		s[i] = r.samples[(p+i)&r.mask]
	}
	r.read.Store(p + n)
	return int(n)
}

// Clear makes the reader drop, at its next step, everything written so far.
// The writing side calls it.
func (r *Ring) Clear() { r.cleared.Store(r.written.Load()) }

// Position is where the next Read will start. The reading side calls it.
func (r *Ring) Position() uint64 { return r.skipCleared() }

// Written is how many samples have ever been written.
func (r *Ring) Written() uint64 { return r.written.Load() }

// Len is how many samples are waiting. Either side may call it.
func (r *Ring) Len() int {
	w := r.written.Load()
	return int(w - min(w, max(r.read.Load(), r.cleared.Load())))
}

// Cap is how many samples fit.
func (r *Ring) Cap() int { return len(r.samples) }

func (r *Ring) skipCleared() uint64 {
	p := r.read.Load()
	if c := r.cleared.Load(); c > p {
		r.read.Store(c)
		return c
	}
	return p
}
