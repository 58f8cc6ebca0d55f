package audiotest

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"parley/audio/virtualdesk"
)

// First makes a command that goes first in line for the processor, where this
// process may arrange that; see [virtualdesk.First].
func First(program string, args ...string) *exec.Cmd {
	return virtualdesk.First(context.Background(), program, args...)
}

// Server is a [virtualdesk.Server] that fails the test where it cannot do what
// is asked.
type Server struct {
	t    testing.TB
	desk *virtualdesk.Server
}

// NewServer prepares a server that is not running: Env then describes a machine
// whose sound server is down. It is killed when the test ends.
func NewServer(t testing.TB) *Server {
	t.Helper()
	desk, err := virtualdesk.NewServer(virtualdesk.Separate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = desk.Close() })
	return &Server{t: t, desk: desk}
}

// StartServer prepares a server and starts it.
func StartServer(t testing.TB) *Server {
	t.Helper()
	s := NewServer(t)
	s.Start()
	return s
}

// Env is what a program needs in its environment to use this server, as
// NAME=value. ALSA, and so oto, uses it too.
func (s *Server) Env() []string { return s.desk.Env() }

// Setenv makes the test itself use this server.
func (s *Server) Setenv(t *testing.T) {
	t.Helper()
	for _, e := range s.Env() {
		name, value, _ := strings.Cut(e, "=")
		t.Setenv(name, value)
	}
}

// Start starts the server, also after Kill, and waits until it serves.
func (s *Server) Start() {
	s.t.Helper()
	// Not the test's context: that ends before what the test tidies up itself.
	if err := s.desk.Start(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// Kill kills the server without warning. Start brings it back.
func (s *Server) Kill() { s.desk.Kill() }

// command makes a command that uses this server.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	s.t.Helper()
	cmd, err := s.desk.Command(context.Background(), name, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return cmd
}
