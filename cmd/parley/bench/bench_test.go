package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/flite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run is the program: what it prints and its exit status.
func run(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Run(t.Context(), args, &out, &errs)
	if strings.Count(errs.String(), "\n") > 1 && !strings.HasPrefix(errs.String(), "usage") {
		t.Errorf("%v: more than one line of error: %s", args, errs.String())
	}
	return out.String(), errs.String(), status
}

// directoryWith makes a directory with files.
func directoryWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What the synthesizer says, the transcriber understands.
func TestSpeechIsUnderstood(t *testing.T) {
	dir := t.TempDir()
	s, err := flite.New(flite.Options{Voice: "rms"})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"one": "what is the capital of france", "two": "what time is it"} {
		if err := speakTo(t.Context(), s, text, filepath.Join(dir, name+".wav")); err != nil {
			t.Fatal(err)
		}
	}
	list := filepath.Join(directoryWith(t, map[string]string{
		"said.txt": "# two\n\none.wav | What is the capital of France?\r\ntwo|What time is it?\n",
	}), "said.txt")

	out, errs, status := run(t, "stt", "--json", "--transcripts", list, "--model", t.TempDir(), dir)
	if status != 0 || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	var r Report
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.WER > 0.2 || r.Words != 10 || r.RTF <= 0 || r.SoftMS.P50 <= 0 || r.SoftMS.P95 < r.SoftMS.P50 || r.FinalMS.P50 > r.SoftMS.P50 {
		t.Errorf("report %+v", r)
	}
	if len(r.Files) != 2 || r.Files[0].Name != "one" || r.Files[1].Name != "two" || !strings.Contains(r.Files[0].Text, "france") {
		t.Errorf("files %+v", r.Files)
	}
}

func TestCorpus(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if out, errs, status := run(t, "corpus", "--voices", "kal16", dir); status != 0 || !strings.HasPrefix(out, "40 recordings") {
		t.Fatalf("status %d: %s%s", status, out, errs)
	}
	list, err := readTranscripts(filepath.Join(dir, "transcripts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sounds, err := readSounds(dir, list)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sounds {
		if s.Rate != pcm.Rate16k || s.Duration() < 500*time.Millisecond || s.Duration() > 10*time.Second {
			t.Errorf("%s: %v at %d Hz", list[i].name, s.Duration(), s.Rate)
		}
	}
}

func TestBadInputGetsOneLine(t *testing.T) {
	empty := t.TempDir()
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string // "" where it is the usage
	}{
		"nothing":          {nil, 2, ""},
		"no such bench":    {[]string{"dance"}, 2, ""},
		"no directory":     {[]string{"stt"}, 2, "want one directory"},
		"unknown flag":     {[]string{"stt", "--fast", "x"}, 2, "-fast"},
		"missing":          {[]string{"stt", filepath.Join(empty, "none")}, 1, "no such file"},
		"no transcripts":   {[]string{"stt", empty}, 1, "transcripts.txt"},
		"empty list":       {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "\n"})}, 1, "lists no recording"},
		"malformed line":   {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "\nx y\n"})}, 1, "transcripts.txt:2: want name|text"},
		"no text":          {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "x|?\n"})}, 1, "want name|text"},
		"outside":          {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "../x|hello\n"})}, 1, "want name|text"},
		"twice":            {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "x|a\nx.wav|b\n"})}, 1, "x is listed twice"},
		"missing WAV":      {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "x|a\n"})}, 1, "x.wav"},
		"not a WAV":        {[]string{"stt", directoryWith(t, map[string]string{"transcripts.txt": "x|a\n", "x.wav": "hello"})}, 1, "x.wav: "},
		"no list":          {[]string{"corpus", "--list", "mine", empty}, 2, "held-out"},
		"no voice":         {[]string{"corpus", "--voices", "hal", empty}, 2, "hal"},
		"can't be written": {[]string{"corpus", "--voices", "kal16", "/proc/none/such"}, 1, "/proc/none"},
	} {
		out, errs, status := run(t, c.args...)
		if status != c.status || out != "" || !strings.Contains(errs, c.says) || (c.says == "") != strings.HasPrefix(errs, "usage") {
			t.Errorf("%s: status %d, want %d; says %q", name, status, c.status, errs)
		}
	}
	for _, args := range [][]string{{"-h"}, {"stt", "-h"}, {"corpus", "--help"}} {
		if out, errs, status := run(t, args...); status != 0 || errs != "" || !strings.HasPrefix(out, "usage") {
			t.Errorf("%v: status %d, %q, %q", args, status, out, errs)
		}
	}
}

func TestSphinxTranscripts(t *testing.T) {
	got, ok := parseTranscript("<s> ten of clubs  </s> (001)")
	if want := (recording{"001", "ten of clubs"}); !ok || got != want {
		t.Errorf("%+v", got)
	}
}

// canned is a transcriber that takes its time with each frame and the end.
type canned struct{ text string }

func (c canned) Transcribe(_ context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		for f := range frames {
			time.Sleep(time.Millisecond)
			if len(f.Samples) == 0 {
				yield(engine.Hypothesis{Text: "go", Soft: true}, nil)
			}
		}
		time.Sleep(30 * time.Millisecond)
		if c.text == "" {
			yield(engine.Hypothesis{}, errors.New("out of order"))
			return
		}
		yield(engine.Hypothesis{Text: c.text, Final: true}, nil)
	}
}

func TestMeasure(t *testing.T) {
	list := []recording{{"a", "go on"}, {"b", "go on then please"}}
	sounds := []pcm.Frame{{Rate: pcm.Rate16k, Samples: make([]int16, 1600)}, {Rate: pcm.Rate16k, Samples: make([]int16, 1600)}}
	r, err := measure(t.Context(), canned{"go on please"}, list, sounds)
	if err != nil {
		t.Fatal(err)
	}
	// 65 frames of 10 ms with pre-roll and hangover, 1 ms and more each, then 30 ms.
	if r.Words != 6 || r.WER != round(2.0/6, 4) || r.Files[0].WER != 0.5 || r.Files[1].WER != 0.25 {
		t.Errorf("%+v", r)
	}
	if r.FinalMS.P50 < 31 || r.SoftMS.P50 < 1 || r.SoftMS.P50 > r.FinalMS.P50 || r.RTF < 0.15 {
		t.Errorf("soft after %v ms, final after %v ms, real-time factor %v", r.SoftMS, r.FinalMS, r.RTF)
	}
	if _, err := measure(t.Context(), canned{}, list, sounds); err == nil || !strings.HasPrefix(err.Error(), "a: ") {
		t.Errorf("error %v", err)
	}
}

func TestInRoom(t *testing.T) {
	sound := make([]int16, 16000)
	for i := range sound {
		sound[i] = int16(1000 - 2000*(i%2))
		if i < 3200 {
			sound[i] /= 10
		}
	}
	all := inRoom(sound)
	if len(all) != 24800 || !slices.Equal(all[4800:20800], sound) {
		t.Fatalf("%d samples", len(all))
	}
	for _, silence := range [][]int16{all[:4800], all[20800:]} {
		if l := pcm.Level(silence); math.Abs(l-pcm.Level(sound[:160])) > 1 {
			t.Errorf("hiss of %.1f dBFS, want %.1f", l, pcm.Level(sound[:160]))
		}
	}
}

func TestPercentile(t *testing.T) {
	var times []time.Duration
	for i := range 20 {
		times = append(times, time.Duration(20-i)*time.Millisecond)
	}
	if p50, p95 := percentile(times, 50), percentile(times, 95); p50 != 10 || p95 != 19 {
		t.Errorf("p50 %v, p95 %v", p50, p95)
	}
	if p := percentile(times[:1], 95); p != 20 {
		t.Errorf("of one: %v", p)
	}
}
