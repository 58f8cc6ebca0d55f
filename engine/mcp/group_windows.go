package mcp

import (
	"os"
	"syscall"
)

// noWindow keeps a console program from opening a console (CREATE_NO_WINDOW).
const noWindow = 0x08000000

// apart gives a program a group of its own, so that ctrl-C in the terminal is not its
// business, and no window.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | noWindow}
}

// killAll kills a program. What it has started ends by itself when it finds its
// input closed: no group can be killed here.
func killAll(p *os.Process) error { return p.Kill() }
