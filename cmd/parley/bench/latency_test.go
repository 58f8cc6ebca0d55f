package bench

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
)

// wellFormed fails where a drawing is no XML or says something that is no number.
func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s %s=%q", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
	if !strings.HasPrefix(svg, "<svg ") || !strings.Contains(svg, "prefers-color-scheme:dark") {
		t.Error("no drawing for light and dark")
	}
}

func madeReport() LatencyReport {
	r := LatencyReport{
		Turns: []TurnReport{
			{Said: "a", Voice: "awb", Outcome: answered, Recorded: 700, Reported: 660, Parts: map[string]float64{"endpoint": 600, "stt": 10, "ttfb": 50, "hold": 5}},
			{Said: "b", Voice: "slt", Outcome: answered, Recorded: 300, Reported: 290, Parts: map[string]float64{"endpoint": 250, "stt": 20, "ttfb": 10}},
			{Said: "c", Voice: "slt", Outcome: answered, Recorded: 310, Reported: 300, Parts: map[string]float64{"endpoint": 250, "stt": 30, "ttfb": 20, "total": 4000}},
			{Said: "d", Voice: "slt", Outcome: tooEarly},
			{Said: "e", Voice: "slt", Outcome: unanswered},
		},
		BargeIns:      []BargeInReport{{Said: "stop", Heard: true, Ducked: 80, Silent: 250}, {Said: "wait", Heard: true, Ducked: 60, Silent: 290}, {Said: "wait"}},
		Interferences: []InterferenceReport{{Kind: "cough", Whole: true}, {Kind: "click", Stopped: true}, {Kind: "backchannel", NewGaps: 1}, {Kind: "backchannel", Whole: true}},
	}
	r.sum()
	return r
}

// What both sides of a recording show of a turn, and what was told of it.
func TestATurnIsJudged(t *testing.T) {
	began := time.Now()
	told := []happening{
		{Type: "speech.stopped", came: began.Add(1625 * ms)},
		{Type: "timing", parts: map[string]float64{"endpoint": 600, "stt": 20, "voice_to_voice": 660}},
		{Type: "timing", parts: map[string]float64{"voice_to_voice": 1}},
	}
	user := drawn(3*time.Second, between(200, 1000))
	for outcome, assistant := range map[string]pcm.Frame{
		answered:   drawn(3*time.Second, between(1700, 3000)),
		tooEarly:   drawn(3*time.Second, between(800, 3000)),
		unanswered: drawn(3*time.Second, between()),
	} {
		r := TurnReport{Outcome: unanswered}
		if err := r.judge(user, assistant, began, told); err != nil || r.Outcome != outcome {
			t.Errorf("%s: %+v, %v", outcome, r, err)
		}
		if outcome == answered && (r.Reported != 660 || r.Parts["stt"] != 20 || math.Abs(r.Recorded-700) > 3 || math.Abs(r.UserSide-25) > 3) {
			t.Errorf("%+v", r)
		}
	}
	if err := new(TurnReport).judge(drawn(time.Second, between()), user, began, told); err == nil {
		t.Error("a silent user was measured")
	}
}

func TestLatencyIsSummed(t *testing.T) {
	r := madeReport()
	if r.VoiceToVoice != (Tail{310, 700, 700}) || r.BargeInDucked != (Tail{60, 80, 80}) || r.BargeInSilent != (Tail{250, 290, 290}) {
		t.Errorf("%+v %+v %+v", r.VoiceToVoice, r.BargeInDucked, r.BargeInSilent)
	}
	if r.Answered != 3 || r.TooEarly != 1 || r.Unanswered != 1 || r.NotHeard != 1 {
		t.Errorf("%+v", r)
	}
	if r.SelfCheck != (SelfCheck{MedianMS: 10, P95MS: 40, Agrees: true}) {
		t.Errorf("%+v", r.SelfCheck)
	}
	if r.FalseInterruptions != (FalseInterruptions{Made: 4, Stopped: 0.25, Whole: 0.6667}) {
		t.Errorf("%+v", r.FalseInterruptions)
	}
	var names []string
	for _, p := range r.Parts {
		names = append(names, p.Name)
	}
	if want := []string{"endpoint", "stt", "ttft", "ttfb", "playout", "hold", "unaccounted"}; !slices.Equal(names, want) {
		t.Errorf("parts %v, want %v", names, want)
	}
	if rest := r.Parts[6]; rest.Slow != 35 || rest.P50 != 20 || r.Parts[0].Slow != 600 {
		t.Errorf("parts %+v", r.Parts)
	}
	off := LatencyReport{Turns: []TurnReport{{Outcome: answered, Recorded: 500, Reported: 460}}}
	if off.sum(); off.SelfCheck.Agrees {
		t.Error("clocks 40 ms apart are said to agree")
	}
}

// The names that others read are these.
func TestLatencyJSON(t *testing.T) {
	out, err := json.Marshal(madeReport())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"voice_to_voice_ms":  `{"p50":310,"p95":700,"p99":700}`,
		"barge_in_ducked_ms": `{"p50":60,"p95":80,"p99":80}`,
		"barge_in_silent_ms": `{"p50":250,"p95":290,"p99":290}`,
	} {
		if string(got[key]) != want {
			t.Errorf("%s is %s, want %s", key, got[key], want)
		}
	}
}

func TestLatencyIsShown(t *testing.T) {
	empty := LatencyReport{Turns: []TurnReport{{Outcome: unanswered}}, BargeIns: []BargeInReport{{}}}
	empty.sum()
	for _, r := range []LatencyReport{madeReport(), empty} {
		var table strings.Builder
		if err := r.table(&table); err != nil || !strings.Contains(table.String(), "voice to voice") {
			t.Errorf("%v: %s", err, table.String())
		}
		wellFormed(t, r.chart())
	}
	wellFormed(t, newChart(10, 10, `<&"`, "'>").String())
}

func TestScale(t *testing.T) {
	for _, most := range []float64{0, 0.3, 1, 7, 99, 100, 101, 743, 1600, 12345} {
		s := newScale(most, 0, 100)
		if n := len(s.marks()); s.most < most || n < 2 || n > 10 {
			t.Errorf("0 to %v: %v, %d marks", most, s, n)
		}
		if s.at(0) != 0 || s.at(s.most) != 100 || s.at(-1) != 0 || s.at(2*s.most) != 100 {
			t.Errorf("%+v", s)
		}
	}
}

func TestRank(t *testing.T) {
	var values []float64
	for i := range 100 {
		values = append(values, float64(100-i))
	}
	if got := tail(values); got != (Tail{50, 95, 99}) {
		t.Errorf("%+v", got)
	}
	if got := tail([]float64{7}); got != (Tail{7, 7, 7}) {
		t.Errorf("%+v", got)
	}
	if got := tail(nil); got != (Tail{}) {
		t.Errorf("%+v", got)
	}
}

func TestParseHappening(t *testing.T) {
	h, err := parseHappening([]byte(`{"at_ms":12,"turn":3,"type":"timing","endpoint_ms":600.5,"stt_ms":3,"note":"x","voice_to_voice_ms":700}`))
	if err != nil || h.Turn != 3 || len(h.parts) != 3 || h.parts["endpoint"] != 600.5 || h.parts["voice_to_voice"] != 700 {
		t.Errorf("%+v %v", h, err)
	}
	if h, err := parseHappening([]byte(`{"at_ms":12,"turn":3,"type":"reply.done","text":"a","heard":"b"}`)); err != nil || h.Text != "a" || h.Heard != "b" || h.parts != nil {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := parseHappening([]byte("Fyne error")); err == nil {
		t.Error("what is no JSON was read")
	}
}

// Coughs and clicks are as long and as loud as those are, and always the same.
func TestNoises(t *testing.T) {
	for seed := range uint64(20) {
		for name, c := range map[string]struct {
			sound, again  pcm.Frame
			least, most   time.Duration
			audible, loud float64 // share of it at most; dBFS over 5 ms at least
		}{
			"cough": {cough(seed), cough(seed), 180 * ms, 1200 * ms, 1, -32},
			"click": {click(seed), click(seed), 150 * ms, 250 * ms, 0.25, -32},
		} {
			if !slices.Equal(c.sound.Samples, c.again.Samples) {
				t.Errorf("%s %d differs from itself", name, seed)
			}
			all := levels(c.sound)
			over := 0
			for _, l := range all {
				if l > audibleLevel {
					over++
				}
			}
			if share := float64(over) / float64(len(all)); share > c.audible || slices.Max(all) < c.loud || slices.Max(all) > -3 {
				t.Errorf("%s %d: %.2f audible, %.1f dBFS at most", name, seed, share, slices.Max(all))
			}
			if d := c.sound.Duration(); d < c.least || d > c.most {
				t.Errorf("%s %d takes %v", name, seed, d)
			}
		}
	}
}

func TestInterferencesAreJudged(t *testing.T) {
	alone := drawn(9*time.Second, between(0, 4000, 4200, 8900))
	three := func() []*interference {
		return []*interference{{onset: time.Second}, {onset: 4 * time.Second}, {onset: 7 * time.Second}}
	}
	whole := happening{Type: "reply.done", Text: "one two", Heard: "one two"}
	for name, c := range map[string]struct {
		end       happening
		recorded  pcm.Frame
		want      string // of each: w whole, s stopped, - neither
		elsewhere int
	}{
		"nothing happened":    {whole, alone, "www", 0},
		"the second left gap": {whole, drawn(9*time.Second, between(0, 4000, 4200, 4900, 5000, 8900)), "w-w", 0},
		"a gap of its own":    {whole, drawn(9*time.Second, between(0, 4000, 4200, 6200, 6300, 8900)), "www", 1},
		"the last stopped it": {happening{Type: "reply.interrupted", Text: "one two", Heard: "one"}, drawn(9*time.Second, between(0, 4000, 4200, 7100, 8900, 9000)), "wws", 0},
		"a word was lost":     {happening{Type: "reply.done", Text: "one two", Heard: "one"}, alone, "---", 0},
	} {
		made := three()
		if n := judge(made, c.end, c.recorded, alone); n != c.elsewhere {
			t.Errorf("%s: %d gaps elsewhere", name, n)
		}
		got := ""
		for _, x := range made {
			switch {
			case x.Stopped:
				got += "s"
			case x.Whole:
				got += "w"
			default:
				got += "-"
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestLatencyWantsSense(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"no turns":      {[]string{"latency", "-n", "0"}, 2, "at least one"},
		"no number":     {[]string{"latency", "-n", "x"}, 2, "-n"},
		"a directory":   {[]string{"latency", t.TempDir()}, 2, "unexpected"},
		"no patience":   {[]string{"turns", "--patience", "saintly", t.TempDir()}, 2, "choose quick"},
		"none at once":  {[]string{"turns", "--at-once", "0", t.TempDir()}, 2, "at least one"},
		"no list":       {[]string{"turns", "--make", "--list", "mine", t.TempDir()}, 2, "held-out or dev"},
		"no recordings": {[]string{"turns", "--make", "--list", "dev", "--add", t.TempDir(), t.TempDir()}, 1, "no WAV files"},
		"no turns.txt":  {[]string{"turns", t.TempDir()}, 1, "turns.txt"},
		"missing WAV":   {[]string{"turns", directoryWith(t, map[string]string{"turns.txt": "x|1\n"})}, 1, "x.wav"},
	} {
		if out, errs, status := run(t, c.args...); status != c.status || strings.HasPrefix(out, "{") || !strings.Contains(errs, c.says) {
			t.Errorf("%s: status %d, want %d; says %q", name, status, c.status, errs)
		}
	}
	t.Setenv("PATH", filepath.Join(t.TempDir(), "none"))
	if _, errs, status := run(t, "latency", "-n", "1"); status != 1 || !strings.Contains(errs, "apt-get install pulseaudio") {
		t.Errorf("without a sound server: status %d, says %q", status, errs)
	}
}
