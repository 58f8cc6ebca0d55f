package virtualdesk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// ErrMissing is wrapped by the error that says which Debian package to install.
var ErrMissing = errors.New("missing")

// packages says which Debian package a program is in.
var packages = map[string]string{
	"pulseaudio": "pulseaudio",
	"paplay":     "pulseaudio-utils",
	"parec":      "pulseaudio-utils",
	"pacat":      "pulseaudio-utils",
	"pactl":      "pulseaudio-utils",
}

// First makes a command that goes first in line for the processor, where this
// process may arrange that. Sound on a machine that is busy with compilers and
// other tests has gaps; a desktop's sound server, and what talks to it, are
// spared them in the same way.
func First(ctx context.Context, program string, args ...string) *exec.Cmd {
	if chrt, err := exec.LookPath("chrt"); err == nil && exec.CommandContext(ctx, chrt, "-r", "5", "true").Run() == nil {
		return exec.CommandContext(ctx, chrt, append([]string{"-r", "5", program}, args...)...)
	}
	return exec.CommandContext(ctx, program, args...)
}

// Layout is how the virtual devices are made.
type Layout int

// The layouts.
const (
	// Separate devices, as a sound card and a headset are.
	Separate Layout = iota
	// OneClock makes microphone and speaker the two channels of one device, so
	// that [Server.RecordBoth] has them on one clock, to the sample.
	OneClock
)

// devices are the server's modules for each layout. norewinds matters: without
// it the first capture gets nothing for a second.
var devices = map[Layout]string{
	Separate: `
load-module module-null-sink sink_name=spk norewinds=1 rate=48000 channels=1 format=s16le
load-module module-null-sink sink_name=mic norewinds=1 rate=48000 channels=1 format=s16le
load-module module-remap-source source_name=vmic master=mic.monitor
`,
	OneClock: `
load-module module-null-sink sink_name=both norewinds=1 rate=48000 channels=2 channel_map=front-left,front-right format=s16le
load-module module-remap-sink sink_name=mic master=both channels=1 channel_map=mono master_channel_map=front-left remix=no
load-module module-remap-sink sink_name=spk master=both channels=1 channel_map=mono master_channel_map=front-right remix=no
load-module module-remap-source source_name=vmic master=both.monitor channels=1 channel_map=mono master_channel_map=front-left remix=no
`,
}

// Server is a private PulseAudio with a virtual speaker, spk, and a virtual
// microphone, vmic, which hears what is played into the sink mic. Both are the
// defaults, also of ALSA. It is not safe for concurrent use, but what it plays
// and records may overlap.
type Server struct {
	layout  Layout
	dir     string
	process *exec.Cmd
	exited  chan struct{}
}

// NewServer prepares a server that is not running: Env then describes a machine
// whose sound server is down. Close removes it.
func NewServer(layout Layout) (*Server, error) {
	// The name of a socket must stay below 108 bytes: a short one of our own.
	dir, err := os.MkdirTemp("", "parley-sound-")
	if err != nil {
		return nil, fmt.Errorf("virtualdesk: %w", err)
	}
	s := &Server{layout: layout, dir: dir}
	if err := s.furnish(); err != nil {
		return nil, errors.Join(fmt.Errorf("virtualdesk: %w", err), os.RemoveAll(dir))
	}
	return s, nil
}

// furnish writes the server's files.
func (s *Server) furnish() error {
	for _, d := range []string{"run", "state", "home"} {
		if err := os.Mkdir(filepath.Join(s.dir, d), 0o700); err != nil {
			return err
		}
	}
	script := "load-module module-native-protocol-unix auth-anonymous=1 socket=" + s.socket() + devices[s.layout] +
		"set-default-sink spk\nset-default-source vmic\n"
	alsa := fmt.Sprintf("pcm.!default { type pulse server %[1]q }\nctl.!default { type pulse server %[1]q }\n", "unix:"+s.socket())
	if err := os.WriteFile(filepath.Join(s.dir, "default.pa"), []byte(script), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "asound.conf"), []byte(alsa), 0o600)
}

func (s *Server) socket() string { return filepath.Join(s.dir, "run", "native") }

// Dir is the server's own directory, which Close removes.
func (s *Server) Dir() string { return s.dir }

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

// startWithin is how long a server may take to serve.
const startWithin = 15 * time.Second

// Start starts the server, also after Kill, and waits until it serves. It is
// killed when ctx ends.
func (s *Server) Start(ctx context.Context) error {
	if s.process != nil {
		return errors.New("virtualdesk: the sound server runs already")
	}
	if found, _ := filepath.Glob("/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so"); len(found) == 0 {
		return fmt.Errorf("virtualdesk: ALSA's way to PulseAudio is %w: apt-get install libasound2-plugins", ErrMissing)
	}
	_ = os.Remove(s.socket()) // a killed server leaves it behind
	cmd, err := s.Command(ctx, "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
		"--disallow-exit=yes", "--realtime=yes", "--high-priority=yes",
		"--log-target=file:"+filepath.Join(s.dir, "pulse.log"), "-F", filepath.Join(s.dir, "default.pa"))
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("virtualdesk: %w", err)
	}
	s.process, s.exited = cmd, make(chan struct{})
	go func(exited chan<- struct{}) {
		_ = cmd.Wait() // it is killed, or its log says why it ended
		close(exited)
	}(s.exited)
	if err := s.serves(ctx); err != nil {
		s.Kill()
		return err
	}
	return nil
}

// serves waits until the last of the devices is there.
func (s *Server) serves(ctx context.Context) error {
	for deadline := time.Now().Add(startWithin); ; {
		cmd, err := s.Command(ctx, "pactl", "list", "short", "sources")
		if err != nil {
			return err
		}
		if out, err := cmd.Output(); err == nil && bytes.Contains(out, []byte("vmic")) {
			return nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.dir, "pulse.log"))
			return fmt.Errorf("virtualdesk: the sound server does not start: %s", bytes.TrimSpace(log))
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill kills the server without warning. Start brings it back.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill() // fails where it has ended already
	<-s.exited
	s.process = nil
}

// Close kills the server and removes its files.
func (s *Server) Close() error {
	s.Kill()
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("virtualdesk: %w", err)
	}
	return nil
}

// Command makes a command of PulseAudio's that uses this server, keeps its own
// files there too, and is killed when ctx ends. The error names the package to
// install where the program is missing.
func (s *Server) Command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("virtualdesk: %s is %w: apt-get install %s", name, ErrMissing, packages[name])
	}
	cmd := First(ctx, path, args...)
	home := filepath.Join(s.dir, "home")
	cmd.Env = append(append(cmd.Environ(), s.Env()...), "HOME="+home, "XDG_CONFIG_HOME="+home)
	return cmd, nil
}
