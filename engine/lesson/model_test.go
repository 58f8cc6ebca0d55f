package lesson

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/engine"
)

// goodPlan is a small lesson with everything in it.
func goodPlan() engine.Plan {
	choice := engine.Question{
		Prompt: "What does a lever need?", Hint: "It turns about it.", Answer: "A fulcrum, about which it turns.",
		Options: []engine.Option{{Text: "a fulcrum", Right: true, Comment: "Yes."}, {Text: "a motor", Comment: "A hand will do."}, {Text: "a rope", Comment: "That is a pulley's."}},
	}
	open := engine.Question{Prompt: "A load of ten kilos at one metre: how much at two?", Accept: []string{"five kilos", "5 kg"}, Hint: "Half.", Answer: "Five kilos, since twice five is ten."}
	return engine.Plan{
		Title: "Levers", Level: "beginner", Goal: "to lift a stone",
		Objectives: []string{"Name the parts of a lever.", "Compute a force."},
		Before:     []string{"**force**: a push or pull"},
		Segments: []engine.Segment{
			{Title: "What it is", Text: "A *lever* is a bar.\n\n# Not a heading", Check: choice},
			{Title: "The law", Text: "Force times arm is the same on both sides.", Check: open},
			{Title: "Why", Text: "Work is kept."},
		},
		Examples: []engine.Example{
			{Problem: "2 kg at 3 m?", Steps: []string{"2 · 3 = 6", "6 / 1 = 6"}, Given: 2, Answer: "6 kg at 1 m."},
			{Problem: "4 kg at 2 m?", Steps: []string{"4 · 2 = 8", "8 / 1 = 8"}, Given: 1, Answer: "8 kg at 1 m."},
			{Problem: "5 kg at 2 m?", Steps: []string{"5 · 2 = 10"}, Answer: "10 kg at 1 m."},
		},
		Misconceptions: []engine.Misconception{{Belief: "A lever makes work.", Correction: "It trades way for force."}},
		Quiz:           []engine.Question{open, choice},
		Summary:        "A bar and a fulcrum.",
		Glossary:       []engine.Term{{Word: "fulcrum", Meaning: "the point of turning"}},
		Sources:        []string{"a textbook of mechanics"},
		Note:           "A language model wrote this; it may be wrong.",
	}
}

func encoded(tb testing.TB, p engine.Plan) string {
	tb.Helper()
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// says is a model that gives one answer after the other, in pieces of some bytes.
type says struct {
	answers []string
	piece   int
	err     error // after the last answer
	asked   []string
	given   int // bytes of the answer under way
}

func (m *says) Complete(_ context.Context, system, user string, schema json.RawMessage) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.asked = append(m.asked, user)
		if system == "" || !json.Valid(schema) {
			yield("", errors.New("no prompt or no schema"))
			return
		}
		if len(m.answers) == 0 {
			yield("", m.err)
			return
		}
		answer := m.answers[0]
		m.answers = m.answers[1:]
		m.given = 0
		for piece := range slices.Chunk([]byte(answer), max(m.piece, 1)) {
			m.given += len(piece)
			if !yield(string(piece), nil) {
				return
			}
		}
		if len(m.answers) == 0 && m.err != nil {
			yield("", m.err)
		}
	}
}

func TestModelTeacher(t *testing.T) {
	good := encoded(t, goodPlan())
	noneRight := goodPlan()
	noneRight.Quiz = slices.Clone(noneRight.Quiz)
	noneRight.Quiz[1].Options = []engine.Option{{Text: "a"}, {Text: "b"}}
	given := goodPlan()
	given.Examples = slices.Clone(given.Examples)
	given.Examples[1].Given = 9
	shuffled := `{"note": "n", "summary": "s", "segments": [{"title": "One", "text": "x"}], "title": "Levers"}`
	tests := []struct {
		name    string
		answers []string
		asked   int    // how often the model is asked
		planned bool   // there is a plan
		has     string // what the text has
		told    string // what the model is told when asked again
	}{
		{"good", []string{good}, 1, true, "# Levers", ""},
		{"fenced", []string{"Here it is:\n```json\n" + good + "\n```\n"}, 1, true, "# Levers", ""},
		{"after thinking", []string{"<think>a {lever}? {\"title\"</think>\n" + good}, 1, true, "# Levers", ""},
		{"out of order", []string{shuffled}, 1, true, "# Levers\n\n## 1. One", ""},
		{"cut off, then good", []string{good[:len(good)/2], good}, 2, true, "## Quiz", "ends before"},
		{"cut off twice", []string{good[:len(good)/2], good[:40]}, 2, false, "did not keep to the form", "ends before"},
		{"none right, then good", []string{encoded(t, noneRight), good}, 2, true, "## Quiz", "quiz[1].options: 0 are right"},
		{"given too many, then good", []string{encoded(t, given), good}, 2, true, "Half-worked", "examples[1].given: 9"},
		{"wrong types", []string{`{"title": "Levers", "segments": [{"title": 7, "text": "t"}]}`, good}, 2, true, "## 1. What it is", "segments[0].title: a number where string is wanted"},
		{"list is none", []string{`{"title": "Levers", "segments": "none"}`, good}, 2, true, "## 1. What it is", "segments: a string where"},
		{"not JSON", []string{"# Levers\n\nA bar.", "I can't."}, 2, false, "# Levers\n\n*The model did not", "no JSON object"},
		{"no heading", []string{"A bar.", "A bar."}, 2, false, "# About levers\n\n*The model did not", "no JSON object"},
		{"broken at once", []string{`{"titel": "Levers", "text": "A \"bar\".`, "{"}, 2, false, `A "bar".`, "ends before"},
		{"too long", []string{`{"title": "` + strings.Repeat("x", maxAnswer) + `"}`, good}, 2, true, "# Levers", "longer than"},
		{"title twice", []string{`{"title": "A", "title": "B", "segments": [{"title": "One", "text": "x"}]}`, good}, 2, true, "# A\n", "given twice"},
		{"worse the second time", []string{`{"title": "A", "segments": [{"title": "One", "text": "x"}, {}]}`, `{}`}, 2, false, "did not keep", "segments[1].title: empty"},
	}
	for _, test := range tests {
		for _, piece := range []int{1, 7, 1 << 20} {
			if piece == 1 && test.name == "too long" {
				continue
			}
			m := &says{answers: test.answers, piece: piece}
			text, plan := write(t, NewModelTeacher(m, ""), engine.LessonRequest{Topic: "about levers", Level: "ten years old", Goal: "school", Turns: []engine.Turn{{Who: engine.User, Text: "I know forces."}}})
			if !strings.HasPrefix(text, "# ") || !strings.Contains(text, test.has) {
				t.Errorf("%s by %d: %s", test.name, piece, text)
			}
			if len(m.asked) != test.asked || !strings.Contains(m.asked[len(m.asked)-1], test.told) {
				t.Errorf("%s: asked %q", test.name, m.asked)
			}
			for _, want := range []string{"about levers", "ten years old", "school", "user: I know forces."} {
				if !strings.Contains(m.asked[0], want) {
					t.Errorf("%s: %q is not in %q", test.name, want, m.asked[0])
				}
			}
			if (plan != nil) != test.planned {
				t.Errorf("%s by %d: plan %v", test.name, piece, plan)
				continue
			}
			if plan == nil {
				continue
			}
			if err := Validate(*plan); err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			if whole := Markdown(*plan); whole != text {
				t.Errorf("%s by %d: streamed\n%s\nwhole\n%s", test.name, piece, text, whole)
			}
			if plan.Note == "" {
				t.Errorf("%s: no note", test.name)
			}
		}
	}
}

// What a model has written is shown long before it has written all.
func TestSectionsComeAsTheyAreWritten(t *testing.T) {
	good := encoded(t, goodPlan())
	m := &says{answers: []string{good}, piece: 1}
	first, segment := 0, 0
	var plan *engine.Plan
	for piece, err := range NewModelTeacher(m, "my own").Lesson(t.Context(), engine.LessonRequest{Topic: "levers"}) {
		if err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = m.given
		}
		if strings.HasPrefix(piece.Markdown, "## 1.") {
			segment = m.given
		}
		plan = piece.Plan
	}
	if first > len(good)/50+10 || segment == 0 || segment > len(good)/3 {
		t.Errorf("the title after %d, the first segment after %d of %d bytes", first, segment, len(good))
	}
	if !reflect.DeepEqual(*plan, goodPlan()) {
		t.Errorf("got %+v", *plan)
	}
}

func TestModelThatFails(t *testing.T) {
	broken := errors.New("no route to host")
	for name, m := range map[string]*says{"at once": {err: broken}, "nothing": {answers: []string{"", ""}}, "midway": {answers: []string{`{"title": "A", `}, piece: 4, err: broken}} {
		var failed error
		for _, err := range NewModelTeacher(m, "").Lesson(t.Context(), engine.LessonRequest{Topic: "levers"}) {
			failed = err
		}
		if !errors.Is(failed, broken) && !errors.Is(failed, ErrNoAnswer) {
			t.Errorf("%s: %v", name, failed)
		}
	}
}

func TestFallback(t *testing.T) {
	broken := errors.New("no route to host")
	second := NewModelTeacher(nil, "")
	for name, test := range map[string]struct {
		first *says
		has   []string
		not   string
	}{
		"good":    {&says{answers: []string{encoded(t, goodPlan())}, piece: 9}, []string{"# Levers"}, "dictionaries"},
		"at once": {&says{err: broken}, []string{"# Photosynthesis\n\n*The language model could not", "## 1. What photosynthesis is"}, "stopped here"},
		"midway":  {&says{answers: []string{`{"title": "A", "level": "", `}, piece: 4, err: broken}, []string{"# A\n\n", "stopped here", "## 1. What photosynthesis is"}, "# Photosynthesis"},
	} {
		second.model = test.first
		text, plan := write(t, NewFallback("The language model", second, newBuilder(t), slog.New(slog.DiscardHandler)), engine.LessonRequest{Topic: "photosynthesis"})
		for _, want := range test.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", name, want, text)
			}
		}
		if strings.Contains(text, test.not) || !strings.HasPrefix(text, "# ") || plan == nil {
			t.Errorf("%s: %v: %s", name, plan, text)
		}
	}
}

func TestModelIsStoppedByWhoListens(t *testing.T) {
	m := &says{answers: []string{encoded(t, goodPlan())}, piece: 1}
	for range NewModelTeacher(m, "").Lesson(t.Context(), engine.LessonRequest{Topic: "levers"}) {
		break
	}
	if m.given > 100 {
		t.Errorf("%d bytes were read", m.given)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for piece, err := range NewModelTeacher(&says{answers: []string{"", ""}}, "").Lesson(ctx, engine.LessonRequest{Topic: "levers"}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v, %v", piece, err)
		}
	}
}

// The schema names just the members that a plan has, in their order.
func TestSchemaIsThePlan(t *testing.T) {
	var s struct {
		Properties json.RawMessage `json:"properties"`
		Required   []string        `json:"required"`
	}
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	plan := reflect.TypeFor[engine.Plan]()
	var fields []string
	for i := range plan.NumField() {
		name, _, _ := strings.Cut(plan.Field(i).Tag.Get("json"), ",")
		fields = append(fields, name)
	}
	if !slices.Equal(s.Required, fields) || !slices.Equal(keys, fields) {
		t.Errorf("schema %q, keys %q, plan %q", s.Required, keys, fields)
	}
	for _, name := range fields {
		if !strings.Contains(Prompt, "`"+name+"`") {
			t.Errorf("the prompt does not name %q", name)
		}
	}
}

// FuzzScanner: however a text is cut into pieces, the same members come of it, and
// of a JSON object all of them.
func FuzzScanner(f *testing.F) {
	f.Add(`{"title": "a", "segments": [{"title": "x"}, {}], "n": 1}`, 3)
	f.Add("```json\n{\"a\": [1, [2, \"]\"]], \"b\": {\"c\": \"}\\\"\"}}\n```", 1)
	f.Add(`<think>{</think>{"segments": 3, "examples": [], "x": null}`, 5)
	f.Add(`{"segments": [1 2, [3}], "a"`, 2)
	f.Add(`}{]`, 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		whole := &scanner{}
		want := whole.feed(text)
		parts := &scanner{}
		var got []member
		for piece := range slices.Chunk([]byte(text), min(max(size, 1), 100)) {
			got = append(got, parts.feed(string(piece))...)
		}
		if !slices.EqualFunc(got, want, func(a, b member) bool {
			return a.key == b.key && a.entry == b.entry && string(a.value) == string(b.value)
		}) || !errors.Is(parts.end(), whole.end()) {
			t.Errorf("%q by %d: %v, whole: %v", text, size, got, want)
		}
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) == nil && object != nil {
			if whole.end() != nil {
				t.Errorf("%q: %v", text, whole.end())
			}
			for key, value := range object {
				key = strings.ToLower(key)
				if !byEntry(key) && !slices.ContainsFunc(want, func(m member) bool { return m.key == key && strings.TrimSpace(string(m.value)) == string(value) }) {
					t.Errorf("%q: no %q in %v", text, key, want)
				}
			}
		}
	})
}

// FuzzAnswer: whatever a model answers, there is a lesson with a title or an error,
// and a plan is valid and is the text.
func FuzzAnswer(f *testing.F) {
	good, err := json.Marshal(goodPlan())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(good), string(good))
	f.Add(string(good[:300]), string(good))
	f.Add(`{"title": "a", "segments": [{"title": "x", "text": "y"}], "segments": null, "quiz": [{}]}`, "{}")
	f.Add("text", "```")
	f.Add(`{"title": "\ud800", "segments": [{"title": "`+"```"+`", "text": "#"}]}`, "")
	f.Fuzz(func(t *testing.T, first, second string) {
		var text strings.Builder
		var plan *engine.Plan
		for piece, err := range NewModelTeacher(&says{answers: []string{first, second}, piece: 50}, "").Lesson(t.Context(), engine.LessonRequest{Topic: "levers"}) {
			if err != nil {
				if !errors.Is(err, ErrNoAnswer) {
					t.Fatal(err)
				}
				return
			}
			text.WriteString(piece.Markdown)
			plan = piece.Plan
		}
		if !strings.HasPrefix(text.String(), "# ") {
			t.Errorf("no title: %q", text.String())
		}
		if plan != nil && (Validate(*plan) != nil || Markdown(*plan) != text.String()) {
			t.Errorf("%v\n%q\n%q", Validate(*plan), Markdown(*plan), text.String())
		}
	})
}
