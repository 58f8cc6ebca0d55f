package openai

import "syscall"

// What Windows Sockets call it when nobody answers, and when a connection breaks
// (winsock2.h): refused, host unreachable, network unreachable; reset, aborted.
var (
	unreached = []syscall.Errno{10061, 10065, 10051}
	broken    = []syscall.Errno{syscall.WSAECONNRESET, syscall.WSAECONNABORTED}
)
