package audiotest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// packages says which Debian package a program is in.
var packages = map[string]string{
	"pulseaudio": "pulseaudio",
	"paplay":     "pulseaudio-utils",
	"parec":      "pulseaudio-utils",
	"pacat":      "pulseaudio-utils",
	"pactl":      "pulseaudio-utils",
}

// command makes a command, or fails the test naming the package to install.
func command(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("audiotest: %s is missing: apt-get install %s", name, packages[name])
	}
	return First(path, args...)
}

// First makes a command that goes first in line for the processor, where this
// process may arrange that. Sound on a machine that is busy with compilers and
// other tests has gaps; a desktop's sound server, and what talks to it, are
// spared them in the same way.
func First(program string, args ...string) *exec.Cmd {
	if chrt, err := exec.LookPath("chrt"); err == nil && exec.Command(chrt, "-r", "5", "true").Run() == nil {
		return exec.Command(chrt, append([]string{"-r", "5", program}, args...)...)
	}
	return exec.Command(program, args...)
}

// Server is a private PulseAudio with a virtual speaker, spk, and a virtual
// microphone, vmic, which hears what is played into the sink mic. Both are the
// defaults, also of ALSA.
type Server struct {
	t       testing.TB
	dir     string
	process *exec.Cmd
	exited  chan struct{}
}

// NewServer prepares a server that is not running: Env then describes a machine
// whose sound server is down. It is killed when the test ends.
func NewServer(t testing.TB) *Server {
	t.Helper()
	// Not t.TempDir: the name of a socket must stay below 108 bytes.
	dir, err := os.MkdirTemp("", "parley-sound-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir}
	t.Cleanup(func() {
		s.Kill()
		os.RemoveAll(dir)
	})
	for _, d := range []string{"run", "state", "home"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.write("default.pa", `
load-module module-native-protocol-unix auth-anonymous=1 socket=`+s.socket()+`
load-module module-null-sink sink_name=spk norewinds=1 rate=48000 channels=1 format=s16le
load-module module-null-sink sink_name=mic norewinds=1 rate=48000 channels=1 format=s16le
load-module module-remap-source source_name=vmic master=mic.monitor
set-default-sink spk
set-default-source vmic
`)
	s.write("asound.conf", fmt.Sprintf("pcm.!default { type pulse server %[1]q }\nctl.!default { type pulse server %[1]q }\n", "unix:"+s.socket()))
	return s
}

// StartServer prepares a server and starts it.
func StartServer(t testing.TB) *Server {
	t.Helper()
	s := NewServer(t)
	s.Start()
	return s
}

func (s *Server) socket() string { return filepath.Join(s.dir, "run", "native") }

func (s *Server) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Env is what a program needs in its environment to use this server, as
// NAME=value. ALSA, and so oto, uses it too.
func (s *Server) Env() []string {
	return []string{
		"PULSE_RUNTIME_PATH=" + filepath.Join(s.dir, "run"),
		"PULSE_STATE_PATH=" + filepath.Join(s.dir, "state"),
		"PULSE_SERVER=unix:" + s.socket(),
		"ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:" + filepath.Join(s.dir, "asound.conf"),
	}
}

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
	if s.process != nil {
		s.t.Fatal("audiotest: the sound server runs already")
	}
	if found, _ := filepath.Glob("/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so"); len(found) == 0 {
		s.t.Fatal("audiotest: ALSA cannot reach PulseAudio: apt-get install libasound2-plugins")
	}
	_ = os.Remove(s.socket()) // a killed server leaves it behind
	cmd := command(s.t, "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
		"--disallow-exit=yes", "--realtime=yes", "--high-priority=yes",
		"--log-target=file:"+filepath.Join(s.dir, "pulse.log"), "-F", filepath.Join(s.dir, "default.pa"))
	cmd.Env = append(append(os.Environ(), s.Env()...), "HOME="+filepath.Join(s.dir, "home"))
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("audiotest: %v", err)
	}
	s.process, s.exited = cmd, make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(s.exited)
	}()
	for deadline := time.Now().Add(15 * time.Second); ; {
		out, err := s.command("pactl", "list", "short", "sources").Output()
		if err == nil && bytes.Contains(out, []byte("vmic")) {
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.dir, "pulse.log"))
			s.t.Fatalf("audiotest: the sound server does not start:\n%s", log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Kill kills the server without warning. Start brings it back.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	<-s.exited
	s.process = nil
}

// command makes a command that uses this server.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	s.t.Helper()
	cmd := command(s.t, name, args...)
	cmd.Env = append(os.Environ(), s.Env()...)
	return cmd
}
