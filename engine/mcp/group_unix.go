//go:build unix

package mcp

import (
	"os"
	"syscall"
)

// apart gives a program a group of its own, so that what it starts can be ended with
// it, and ctrl-C in the terminal is not its business.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// killAll kills a program and what it has started.
func killAll(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }
