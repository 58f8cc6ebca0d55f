package lesson

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/dictd"
	"parley/engine/wordnet"
)

var update = flag.Bool("update", false, "write the lessons into testdata")

// openWordNet opens Debian's wordnet-base.
func openWordNet(tb testing.TB) *wordnet.Dictionary {
	tb.Helper()
	d, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	return d
}

// newBuilder makes a builder with all the dictionaries.
func newBuilder(tb testing.TB) *Builder {
	tb.Helper()
	book := func(name string) Entries {
		e, err := dictd.Open(dictd.DefaultDir, name)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { e.Close() })
		return e
	}
	return NewBuilder(openWordNet(tb), GCIDE(book("gcide")), FOLDOC(book("foldoc")))
}

// write has a lesson written: its text and its plan.
func write(tb testing.TB, t engine.Teacher, req engine.LessonRequest) (string, *engine.Plan) {
	tb.Helper()
	var text strings.Builder
	var plan *engine.Plan
	for piece, err := range t.Lesson(tb.Context(), req) {
		if err != nil {
			tb.Fatalf("%s: %v", req.Topic, err)
		}
		if plan != nil {
			tb.Errorf("%s: a piece after the plan", req.Topic)
		}
		text.WriteString(piece.Markdown)
		plan = piece.Plan
	}
	return text.String(), plan
}

// golden compares with a file of testdata, or writes it.
func golden(tb testing.TB, name, got string) {
	tb.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if got != string(want) {
		tb.Errorf("%s is now:\n%s", name, got)
	}
}

func TestLessons(t *testing.T) {
	tests := []struct {
		file  string
		books bool // with GCIDE and FOLDOC
		req   engine.LessonRequest
	}{
		{"photosynthesis", false, engine.LessonRequest{Topic: "photosynthesis"}},
		{"photosynthesis-simple", true, engine.LessonRequest{Topic: "photosynthesis", Level: "for a child"}},
		{"photosynthesis-deep", false, engine.LessonRequest{Topic: "photosynthesis", Level: "in depth", Goal: "an exam"}},
		{"volcanoes", false, engine.LessonRequest{Topic: "how volcanoes work"}},
		{"french-revolution", false, engine.LessonRequest{Topic: "french revolution"}},
		{"gravity", false, engine.LessonRequest{Topic: "gravity"}},
		{"bank", false, engine.LessonRequest{Topic: "bank"}},
		{"bank-river", false, engine.LessonRequest{Topic: "banks", Goal: "to walk along the body of water, on its slope"}},
		{"swim", false, engine.LessonRequest{Topic: "how to swim", Level: "beginner"}},
		{"dog", false, engine.LessonRequest{Topic: "dogs"}},
		{"happy", false, engine.LessonRequest{Topic: "happy"}},
		{"mutex", true, engine.LessonRequest{Topic: "mutex"}},
		{"compiler", true, engine.LessonRequest{Topic: "compilers"}},
		{"unknown", false, engine.LessonRequest{Topic: "xyzzyx"}},
	}
	all, alone := newBuilder(t), NewBuilder(openWordNet(t))
	for _, test := range tests {
		b := alone
		if test.books {
			b = all
		}
		text, _ := write(t, b, test.req)
		golden(t, "offline/"+test.file+".md", text)
	}
}

// topics are of every kind, and some are none.
var topics = []string{
	"photosynthesis", "gravity", "how volcanoes work", "black holes", "French Revolution", "albert einstein", "how to swim", "why the sky is blue",
	"happiness", "lion", "hand", "ephemeral", "run", "quickly", "the structure of the cell", "dogs", "water", "paris", "democracy", "", "asdfgh", "# heading",
	"a\nb", "tree", "c++", "\xff", "bank", "set", "break", "mutex", "hash tables", "how TCP/IP works", "recursion", "operating system", "quadratic equations",
	"music", "happy", "honesty", "the moon", "love", "bread", "jazz", "mathematics", "scissors", "computer", "virus", "object-oriented programming",
}

// Whatever the topic, a lesson has one title, at its beginning, and no section
// without content.
func TestLessonsAreWellFormed(t *testing.T) {
	b := newBuilder(t)
	for _, topic := range topics {
		text, _ := write(t, b, engine.LessonRequest{Topic: topic})
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

// Every plan can be taught from, and is the text that was streamed.
func TestPlansAreValid(t *testing.T) {
	b := newBuilder(t)
	for _, topic := range topics {
		for _, level := range []string{"", "simple", "deep"} {
			text, plan := write(t, b, engine.LessonRequest{Topic: topic, Level: level, Goal: "to *know*"})
			if plan == nil {
				if !strings.Contains(text, "no entry") {
					t.Errorf("%q: no plan: %s", topic, text)
				}
				continue
			}
			if err := Validate(*plan); err != nil {
				t.Errorf("%q, %s: %v", topic, level, err)
			}
			if whole := Markdown(*plan); whole != text {
				t.Errorf("%q, %s: streamed\n%s\nwhole\n%s", topic, level, text, whole)
			}
		}
	}
}

// What is known has a plan, and what is not known has none.
func TestKnows(t *testing.T) {
	b := newBuilder(t)
	for topic, want := range map[string]bool{"photosynthesis": true, "how volcanoes work": true, "mutex": true, "xyzzyplugh": false, "": false} {
		if got := b.Knows(topic); got != want {
			t.Errorf("%q is known: %v", topic, got)
		}
	}
	if NewBuilder(nil).Knows("gravity") {
		t.Error("without dictionaries something is known")
	}
}

func TestLessonWithoutDictionary(t *testing.T) {
	text, plan := write(t, NewBuilder(nil), engine.LessonRequest{Topic: "gravity"})
	if !strings.Contains(text, "wordnet-base") || plan != nil {
		t.Errorf("got %q, %v", text, plan)
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

func BenchmarkLesson(b *testing.B) {
	builder := newBuilder(b)
	for _, topic := range []string{"dog", "volcano", "bank", "break", "tree", "hash table", "run"} {
		b.Run(topic, func(b *testing.B) {
			for b.Loop() {
				write(b, builder, engine.LessonRequest{Topic: topic, Level: "in depth"})
			}
		})
	}
}

// The meaning that a learner is likely to want comes first.
func TestMeaningThatIsTaught(t *testing.T) {
	b := NewBuilder(openWordNet(t))
	for _, test := range []struct{ topic, goal, meaning string }{
		{"jazz", "", "genre of popular music"},
		{"heart", "", "hollow muscular organ"},
		{"gravity", "", "force of attraction"},
		{"bank", "", "financial institution"},
		{"bank", "the slope beside a river", "sloping land"},
		{"mouse", "", "small rodents"},
		{"cell", "", "unit of all organisms"},
		{"the moon", "", "natural satellite of the Earth"},
	} {
		_, plan := write(t, b, engine.LessonRequest{Topic: test.topic, Goal: test.goal})
		if plan == nil || !strings.Contains(plan.Segments[0].Text, test.meaning) {
			t.Errorf("%s: %+v", test.topic, plan)
		}
	}
}
