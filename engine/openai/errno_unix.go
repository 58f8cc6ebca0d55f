//go:build unix

package openai

import "syscall"

// What the system calls it when nobody answers, and when a connection breaks.
var (
	unreached = []syscall.Errno{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH}
	broken    = []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE}
)
