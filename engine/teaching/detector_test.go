package teaching

import (
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

type labelled struct{ kind, topic, text string }

func readLabelled(tb testing.TB, path string) []labelled {
	tb.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var all []labelled
	for line := range strings.Lines(string(file)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, "|", 3)
		if len(f) != 3 {
			tb.Fatalf("%s: %q", path, line)
		}
		all = append(all, labelled{strings.Trim(f[0], "-"), f[1], f[2]})
	}
	return all
}

func TestDetect(t *testing.T) {
	for _, want := range readLabelled(t, "testdata/tuned.txt") {
		got, found := Detector{}.Detect(want.text)
		if string(got.Kind) != want.kind || got.Topic != want.topic || found != (want.kind != "") {
			t.Errorf("%q: got %q %q, want %q %q", want.text, got.Kind, got.Topic, want.kind, want.topic)
		}
		if found && (got.Confidence <= 0 || got.Confidence > 1) {
			t.Errorf("%q: confidence %v", want.text, got.Confidence)
		}
	}
}

// The held-out sentences say how well the detector does on what it was not made
// for. A topic counts as right with or without an article.
func TestDetectHeldOut(t *testing.T) {
	all := readLabelled(t, "testdata/held_out.txt")
	right := 0
	for _, want := range all {
		got, _ := Detector{}.Detect(want.text)
		if string(got.Kind) == want.kind && strings.TrimPrefix(got.Topic, "the ") == strings.TrimPrefix(want.topic, "the ") {
			right++
		} else {
			t.Logf("%q: got %q %q, want %q %q", want.text, got.Kind, got.Topic, want.kind, want.topic)
		}
	}
	t.Logf("%d of %d right", right, len(all))
	if right*100 < len(all)*90 {
		t.Errorf("only %d of %d right", right, len(all))
	}
}

func TestDetectIsFast(t *testing.T) {
	longest := strings.Repeat("teach me about the history of ", 40)
	const rounds = 50
	began := time.Now()
	for range rounds {
		Detector{}.Detect(longest)
	}
	// A hundred times what is asked for, because the machine may be busy.
	if each := time.Since(began) / rounds; each > 100*time.Millisecond {
		t.Errorf("%v each", each)
	}
}

func BenchmarkDetect(b *testing.B) {
	for b.Loop() {
		Detector{}.Detect("how many ounces are there in half a gallon of milk")
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("Teach me about İstanbul")
	f.Add("remember that \xff is bad")
	f.Fuzz(func(t *testing.T, text string) {
		got, found := Detector{}.Detect(text)
		if found != (got != engine.Teaching{}) {
			t.Errorf("%q: %v %+v", text, found, got)
		}
		if found && got.Topic == "" {
			t.Errorf("%q: no topic", text)
		}
	})
}
