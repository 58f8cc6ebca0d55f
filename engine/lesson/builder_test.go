package lesson

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/wordnet"
)

var update = flag.Bool("update", false, "write the lessons into testdata")

func newBuilder(tb testing.TB) *Builder {
	tb.Helper()
	d, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	return NewBuilder(d)
}

func write(tb testing.TB, b *Builder, topic string) string {
	tb.Helper()
	var text strings.Builder
	for piece, err := range b.Lesson(tb.Context(), engine.LessonRequest{Topic: topic}) {
		if err != nil {
			tb.Fatalf("%s: %v", topic, err)
		}
		text.WriteString(piece.Markdown)
	}
	return text.String()
}

func TestLessons(t *testing.T) {
	tests := map[string]string{ // topic to file
		"photosynthesis":     "photosynthesis.md",
		"how volcanoes work": "volcanoes.md",
		"french revolution":  "french_revolution.md",
		"xyzzy":              "xyzzy.md",
	}
	b := newBuilder(t)
	for topic, name := range tests {
		got := write(t, b, topic)
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s", topic, got)
		}
	}
}

// Whatever the topic, a lesson has one title, at its beginning, and no section
// without content.
func TestLessonsAreWellFormed(t *testing.T) {
	b := newBuilder(t)
	for _, topic := range []string{
		"photosynthesis", "gravity", "how volcanoes work", "black holes", "French Revolution", "albert einstein", "how to swim", "why the sky is blue",
		"happiness", "lion", "hand", "ephemeral", "run", "quickly", "the structure of the cell", "dogs", "water", "paris", "democracy", "", "asdfgh", "# heading", "a\nb", "tree", "c++", "\xff",
	} {
		text := write(t, b, topic)
		lines := strings.Split(text, "\n")
		if !strings.HasPrefix(text, "# ") {
			t.Errorf("%q: begins %q", topic, lines[0])
		}
		for i, line := range lines[1:] {
			if strings.HasPrefix(line, "# ") {
				t.Errorf("%q: second title %q", topic, line)
			}
			if strings.HasPrefix(line, "## ") && (len(lines) < i+4 || strings.TrimSpace(lines[i+3]) == "" || strings.HasPrefix(lines[i+3], "#")) {
				t.Errorf("%q: empty section %q", topic, line)
			}
		}
	}
}

func TestLessonWithoutDictionary(t *testing.T) {
	if text := write(t, NewBuilder(nil), "gravity"); !strings.Contains(text, "wordnet-base") {
		t.Errorf("got %q", text)
	}
}

func TestLessonStopsWhenNobodyListens(t *testing.T) {
	pieces := 0
	for _, err := range newBuilder(t).Lesson(t.Context(), engine.LessonRequest{Topic: "gravity"}) {
		if err != nil {
			t.Fatal(err)
		}
		pieces++
		break
	}
	if pieces != 1 {
		t.Errorf("%d pieces", pieces)
	}
}
