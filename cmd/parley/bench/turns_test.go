package bench

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine/turn"
)

func TestParseTurns(t *testing.T) {
	list, err := parseTurns(strings.NewReader("\ufeff# a list\n\none.wav | 2.5 \r\ntwo|0.031\n"))
	if err != nil || len(list) != 2 || list[0].name != "one" || list[0].end != 2500*ms || list[1].end != 31*ms {
		t.Errorf("%v, %v", list, err)
	}
	for text, says := range map[string]string{
		"":                        "lists no turn",
		"# nothing\n":             "lists no turn",
		"one|1\none.wav|2\n":      ":2: one is listed twice",
		"one\n":                   ":1: want name|seconds",
		"\none|two\n":             ":2: want name|seconds",
		"one|0\n":                 ":1: want",
		"one|-3\n":                ":1: want",
		"one|NaN\n":               ":1: want",
		"one|1e9\n":               ":1: want",
		"|1\n":                    ":1: want",
		"../one|1\n":              ":1: want",
		"one|1|2\n":               ":1: want",
		strings.Repeat("x", 1e5):  ": ",
		"one|1\n" + "\x00nul|1\n": ":2: want",
	} {
		if list, err := parseTurns(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v, %v", text, list, err)
		}
	}
}

func FuzzParseTurns(f *testing.F) {
	for _, s := range []string{"one|2.5\n", "# x\none.wav|1\ntwo|3", "a|1\na|1", "a|Inf", "\ufeffa|0x1p3", "a||", ".wav|1", strings.Repeat("y", 70000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseTurns(strings.NewReader(text))
		if (err == nil) == (len(list) == 0) {
			t.Fatalf("%d turns, %v", len(list), err)
		}
		for _, c := range list {
			if c.name == "" || c.end < 0 || c.end > longestTurn || filepath.Base(c.name) != c.name {
				t.Errorf("%+v", c)
			}
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than a line: %v", err)
		}
	})
}

func TestParsePauses(t *testing.T) {
	got, err := parsePauses("remind me to <0.8> buy milk <1> and eggs")
	if want := []piece{{"remind me to", 800 * ms}, {"buy milk", time.Second}, {"and eggs", 0}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, line := range []string{"", "a <0.8>", "<0.8> b", "a <x> b", "a <0.8 b", "a <-1> b", "a <0> b", "a <9> b"} {
		if got, err := parsePauses(line); err == nil {
			t.Errorf("%q: %v", line, got)
		}
	}
}

// The lists are long enough, share no turn, and have pauses of every length.
func TestTurnLists(t *testing.T) {
	seen := map[string]string{}
	for name, list := range turnLists {
		n, whole := 0, 0
		lengths := map[time.Duration]int{}
		for line := range strings.Lines(list) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") {
				continue
			}
			pieces, err := parsePauses(line)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, p := range pieces {
				if p.pause > 0 {
					lengths[p.pause.Truncate(200*ms)]++
					if p.pause < 200*ms || p.pause > 1200*ms {
						t.Errorf("%q pauses for %v", line, p.pause)
					}
				}
				text += p.text + " "
			}
			if len(pieces) == 1 {
				whole++
			}
			if seen[text] != "" {
				t.Errorf("%q is in %s and in %s", text, seen[text], name)
			}
			seen[text] = name
			n++
		}
		if n < 40 || whole < 8 || len(lengths) < 6 {
			t.Errorf("%s: %d turns, %d without a pause, pauses %v", name, n, whole, lengths)
		}
	}
}

func TestVoiceSpan(t *testing.T) {
	noisy := func(at time.Duration) float64 {
		if at >= 300*ms && at < 1203*ms || at >= 1700*ms && at < 1710*ms { // a click at the end
			return -20
		}
		return -42
	}
	for name, c := range map[string]struct {
		f        pcm.Frame
		from, to time.Duration
	}{
		"clean": {drawn(2*time.Second, between(100, 600, 900, 1507)), 100 * ms, 1507 * ms},
		"noisy": {drawn(2*time.Second, noisy), 300 * ms, 1203 * ms},
		"whole": {drawn(2*time.Second, between(0, 2000)), 0, 2000 * ms},
	} {
		if got, ok := voiceSpan(c.f); !ok || !near(got.from, c.from, window) || !near(got.to, c.to, window) {
			t.Errorf("%s: %v, %v; want %v to %v", name, got, ok, c.from, c.to)
		}
	}
	for name, f := range map[string]pcm.Frame{"empty": {Rate: pcm.Rate16k}, "silent": drawn(time.Second, between())} {
		if at, ok := voiceSpan(f); ok {
			t.Errorf("%s: voice at %v", name, at)
		}
	}
}

func TestNoiseIsMeasured(t *testing.T) {
	quiet := func(at time.Duration) float64 {
		if at >= 300*ms && at < 1600*ms {
			return -20
		}
		return -52
	}
	for name, c := range map[string]struct {
		f    pcm.Frame
		want float64
	}{
		"a room":        {drawn(2*time.Second, quiet), -52},
		"nothing quiet": {drawn(time.Second, between(0, 1000)), -50},
		"nothing":       {pcm.Frame{Rate: pcm.Rate16k}, pcm.Silence},
	} {
		if got := noise(c.f); math.Abs(got-c.want) > 2 {
			t.Errorf("%s: %.1f dBFS, want %.1f", name, got, c.want)
		}
	}
}

func TestClipsAreJudged(t *testing.T) {
	c := clip{name: "x", end: 2 * time.Second}
	for _, x := range []struct {
		over time.Duration
		want ClipReport
	}{
		{-before, ClipReport{Name: "x", Heard: "words"}},
		{2600 * ms, ClipReport{Name: "x", Ended: true, Delay: 600, Heard: "words"}},
		{1500 * ms, ClipReport{Name: "x", Ended: true, CutOff: true, Early: 500, Heard: "words"}},
		{-100 * ms, ClipReport{Name: "x", Ended: true, CutOff: true, Early: 2100, Heard: "words"}},
	} {
		if got := judgeClip(c, x.over, "words"); got != x.want {
			t.Errorf("over at %v: %+v", x.over, got)
		}
	}
}

func madeTurns() TurnsReport {
	clips := []ClipReport{{Ended: true, Delay: 610}, {Ended: true, CutOff: true, Early: 300, Name: "c"}, {Ended: true, Delay: 630}, {}}
	r := TurnsReport{Patiences: []PatienceReport{sumClips(turn.Quick, clips[:2]), sumClips(turn.Balanced, clips)}}
	r.sum()
	return r
}

func TestTurnsAreSummed(t *testing.T) {
	out, err := json.Marshal(madeTurns())
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"patience":"balanced","cut_off":0.25,"delay_ms":{"p50":610,"p95":630},"not_ended":1,"patiences":[{"patience":"quick","cut_off":0.5,`; !strings.HasPrefix(string(out), want) {
		t.Errorf("%s", out)
	}
	empty := TurnsReport{Patiences: []PatienceReport{sumClips(turn.Patient, nil)}}
	empty.sum()
	for _, r := range []TurnsReport{madeTurns(), empty} {
		var table strings.Builder
		if err := r.table(&table); err != nil || !strings.Contains(table.String(), "cut off") {
			t.Errorf("%v: %s", err, table.String())
		}
		wellFormed(t, r.chart())
	}
}

// Two turns, one with a pause that no patience outlasts, are made and heard.
func TestTurnsAreHeard(t *testing.T) {
	dir := t.TempDir()
	w := turnWriter{dir: dir}
	if err := w.speakAll(t.Context(), "what time is it\nwhat is gravity <1.5> and who discovered it\n"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, turnsName), []byte(strings.Join(w.lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	drawing := filepath.Join(dir, "turns.svg")
	out, errs, status := run(t, "turns", "--json", "--patience", "quick", "--svg", drawing, dir)
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	var r TurnsReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Patiences) != 1 || r.Patience != turn.Quick || len(r.Patiences[0].Turns) != 2 {
		t.Fatalf("%+v", r)
	}
	whole, split := r.Patiences[0].Turns[0], r.Patiences[0].Turns[1]
	if whole.CutOff || !whole.Ended || whole.Delay < 100 || whole.Heard == "" {
		t.Errorf("%+v", whole)
	}
	if split.CutOff && (split.Early < 500 || split.Delay != 0) || !split.Ended {
		t.Errorf("%+v", split)
	}
	svg, err := os.ReadFile(drawing)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, string(svg))
	if err := os.WriteFile(filepath.Join(dir, turnsName), []byte("rms_01|99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := run(t, "turns", dir); status != 1 || !strings.Contains(errs, "ends at 99.00 s by the list") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestTurnsAreMade(t *testing.T) {
	more, dir := t.TempDir(), filepath.Join(t.TempDir(), "new")
	if err := writeSound(filepath.Join(more, "mine.wav"), drawn(time.Second, between(100, 800))); err != nil {
		t.Fatal(err)
	}
	if out, errs, status := run(t, "turns", "--make", "--add", more, dir); status != 0 || !strings.HasPrefix(out, "66 turns") {
		t.Fatalf("status %d: %s%s", status, out, errs)
	}
	list, err := readTurns(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.end < 400*ms || c.sound.Duration() > 10*time.Second {
			t.Errorf("%s ends at %v of %v", c.name, c.end, c.sound.Duration())
		}
	}
	if last := list[len(list)-1]; last.name != "mine" || !near(last.end, 800*ms, 2*window) {
		t.Errorf("%+v", last)
	}
}
