package main

import "C" // for memory_linux.c, which comes before this

import (
	"os"
	"runtime/debug"
)

// thrifty makes the program keep less memory that it does not use, and wake
// fewer threads. The Go heap is small and collecting it is cheap.
func thrifty() {
	const gcPercent = 25
	debug.SetGCPercent(gcPercent)

	// Mesa's software GL has a thread for every core help to paint, and waking
	// them costs more than they paint in a window of this size.
	const threads = "LP_NUM_THREADS"
	if _, chosen := os.LookupEnv(threads); !chosen {
		_ = os.Setenv(threads, "0") // only an ill-formed name fails
	}
}
