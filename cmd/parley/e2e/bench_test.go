package e2e

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// `parley bench latency` measures turns on its own virtual devices, prints them
// by the names that are promised, draws them, and leaves the user's home alone.
func TestBenchLatency(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	drawing := filepath.Join(t.TempDir(), "latency.svg")
	cmd := h.parley(nil, "bench", "latency", "-n", "2", "--json", "--svg", drawing)
	var told strings.Builder
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("parley bench latency: %v: %s", err, told.String())
	}
	type percentiles struct{ P50, P95, P99 float64 }
	var r struct {
		VoiceToVoice percentiles `json:"voice_to_voice_ms"`
		Ducked       percentiles `json:"barge_in_ducked_ms"`
		Silent       percentiles `json:"barge_in_silent_ms"`
		Answered     int         `json:"answered"`
		Check        struct {
			Median float64 `json:"median_ms"`
		} `json:"self_check"`
		Interferences []struct{ Kind string }
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if r.Answered == 0 || r.VoiceToVoice.P50 < 50 || r.VoiceToVoice.P50 > 3000 || r.VoiceToVoice.P99 < r.VoiceToVoice.P50 {
		t.Errorf("%s", out)
	}
	if r.Ducked.P50 > r.Silent.P50 || r.Silent.P50 > 1500 || len(r.Interferences) != 2 {
		t.Errorf("%s", out)
	}
	t.Logf("measured: voice to voice %+v ms, recorded − reported %.0f ms", r.VoiceToVoice, r.Check.Median)
	svg, err := os.Open(drawing)
	if err != nil {
		t.Fatal(err)
	}
	defer svg.Close()
	for d := xml.NewDecoder(svg); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(h.dir); err != nil || len(left) > 0 {
		t.Errorf("in the user's home: %v, %v", left, err)
	}
}

// What it needs and cannot find it names, in one line.
func TestBenchLatencyWithoutASoundServer(t *testing.T) {
	t.Parallel()
	cmd := newHome(t).parley([]string{"PATH=" + t.TempDir()}, "bench", "latency", "-n", "1")
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || !strings.Contains(string(out), "apt-get install pulseaudio\n") {
		t.Errorf("%v: %s", err, out)
	}
}
