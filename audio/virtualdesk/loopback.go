package virtualdesk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Loopback lets the virtual microphone hear what programs play, as an open
// loudspeaker on the same desk would, until the server ends: gain dB louder
// (negative: softer) and delay later (up to 5 s). It returns when the speaker is
// the default. The delay is a filter in the server (LADSPA's delay), exact to the
// sample, as air is: module-loopback moves the echo by 35 ms whenever the machine
// is busy. The speaker is not to be recorded by [Server.Record] then. The layout
// must be Separate.
func (s *Server) Loopback(ctx context.Context, gain float64, delay time.Duration) error {
	if s.layout != Separate {
		return errors.New("virtualdesk: a loopback wants separate devices")
	}
	if _, err := s.pactl(ctx, "load-module", "module-remap-sink", "sink_name=air", "master=mic", "remix=no"); err != nil {
		return err
	}
	inputs, err := s.pactl(ctx, "list", "short", "sink-inputs")
	if err != nil {
		return err
	}
	softer := false
	for line := range strings.Lines(inputs) {
		if f := strings.Fields(line); len(f) > 3 && strings.HasPrefix(f[3], "module-remap-sink") {
			if _, err := s.pactl(ctx, "set-sink-input-volume", f[0], fmt.Sprintf("%.1fdB", gain)); err != nil {
				return err
			}
			softer = true
		}
	}
	if !softer {
		return errors.New("virtualdesk: the sound server has no loopback")
	}
	if _, err := s.pactl(ctx, "load-module", "module-ladspa-sink", "sink_name=desk", "master=air", "plugin=delay", "label=delay_5s",
		fmt.Sprintf("control=%.4f,1", delay.Seconds())); err != nil { // from Debian's ladspa-sdk
		return err
	}
	_, err = s.pactl(ctx, "set-default-sink", "desk")
	return err
}

func (s *Server) pactl(ctx context.Context, args ...string) (string, error) {
	cmd, err := s.Command(ctx, "pactl", args...)
	if err != nil {
		return "", err
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("virtualdesk: pactl %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}
