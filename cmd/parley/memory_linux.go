package main

// #include <malloc.h>
import "C"

import (
	"os"
	"runtime/debug"
)

// thrifty makes the program keep less memory that it does not use. The heap is
// small and collecting it is cheap; and the C library's habit of one arena a
// thread, made for servers, costs tens of megabytes here, since the decoder and
// the graphics run on whatever thread comes.
func thrifty() {
	const gcPercent, arenas = 40, 2
	debug.SetGCPercent(gcPercent)
	C.mallopt(C.M_ARENA_MAX, arenas)

	// Mesa's software GL has a thread for every core help to paint, and waking
	// them costs more than they paint in a window of this size.
	const threads = "LP_NUM_THREADS"
	if _, chosen := os.LookupEnv(threads); !chosen {
		_ = os.Setenv(threads, "0") // only an ill-formed name fails
	}
}
