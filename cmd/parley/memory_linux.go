package main

import "C" // for memory_linux.c, which comes before this

import "runtime/debug"

// thrifty makes the program keep less memory that it does not use: the Go heap
// is small, and collecting it is cheap.
func thrifty() {
	const gcPercent = 25
	debug.SetGCPercent(gcPercent)
}
