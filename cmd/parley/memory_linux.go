package main

// #include <malloc.h>
import "C"

import "runtime/debug"

// thrifty makes the program keep less memory that it does not use. The heap is
// small and collecting it is cheap; and the C library's habit of one arena a
// thread, made for servers, costs tens of megabytes here, since the decoder and
// the graphics run on whatever thread comes.
func thrifty() {
	const gcPercent, arenas = 40, 2
	debug.SetGCPercent(gcPercent)
	C.mallopt(C.M_ARENA_MAX, arenas)
}
