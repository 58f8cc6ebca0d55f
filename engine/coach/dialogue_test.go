package coach_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/coach"
	"parley/engine/teaching"
)

var update = flag.Bool("update", false, "write the dialogues anew")

// stage is a conversation as the coach meets it: it runs effects as
// [engine.Conversation] does, and keeps what was said.
type stage struct {
	coach  *coach.Coach
	deck   *deck
	lesson engine.Lesson
	turns  []engine.Turn
	at     time.Time

	confidence float64
}

func newStage() *stage {
	s := &stage{deck: &deck{}, at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	s.coach = coach.New(coach.Options{
		Next: elsewhere{}, Deck: s.deck, Now: func() time.Time { return s.at }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Other:   func(text string) bool { return strings.HasPrefix(text, "set a timer") },
		Teaches: func(topic string) bool { return topic != "flibbertigibbets" },
	})
	return s
}

// elsewhere answers what the coach hands on.
type elsewhere struct{}

func (elsewhere) Respond(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) { yield(engine.Words{Text: "(handed on)"}, nil) }
}

func (s *stage) request(text string) engine.Request {
	teaching, _ := teaching.Detector{}.Detect(text)
	return engine.Request{Text: text, Turns: s.turns, Teaching: teaching, At: s.at, Lesson: s.lesson, Confidence: s.confidence}
}

// hear has a turn answered, three times prepared in vain before, and says what
// came of it, a line each.
func (s *stage) hear(ctx context.Context, text string) []string {
	req := s.request(text)
	for range 3 {
		for range s.coach.Respond(ctx, req) {
			continue // thrown away
		}
	}
	var reply string
	var lines []string
	for piece, err := range s.coach.Respond(ctx, req) {
		if err != nil {
			return append(lines, "error: "+err.Error())
		}
		switch piece := piece.(type) {
		case engine.Words:
			reply += piece.Text
		case engine.Effect:
			if err := piece.Do(ctx); err != nil {
				return append(lines, "error: "+err.Error())
			}
		case engine.Teach:
			lines = append(lines, fmt.Sprintf("teach: %s; level: %s; goal: %s", piece.Topic, piece.Level, piece.Goal))
		case engine.Studied:
			p := piece.Progress
			lines = append(lines, fmt.Sprintf("studied: part %d of %d, question %d of %d, %d right", p.Segment, p.Segments, p.Question, p.Questions, p.Right))
		}
	}
	lines = append([]string{"parley: " + reply}, lines...)
	s.turns = append(s.turns,
		engine.Turn{ID: engine.TurnID(len(s.turns)), Who: engine.User, At: s.at, Text: text, Heard: text, Teaching: req.Teaching},
		engine.Turn{ID: engine.TurnID(len(s.turns)), Who: engine.Assistant, At: s.at, Text: reply, Heard: reply})
	s.at = s.at.Add(10 * time.Second)
	for _, g := range s.deck.graded {
		lines = append(lines, fmt.Sprintf("card: %d of %d, asked %d times, due in %v", g.Index, g.Lesson, strings.Count(g.State, "reps"), g.Due.Sub(s.at.Add(-10*time.Second))))
	}
	s.deck.graded = nil
	return lines
}

// deck is a deck in memory.
type deck struct {
	cards  []coach.Card
	graded []coach.Card
	fails  bool
}

func (d *deck) Due(_ context.Context, now time.Time, limit int) ([]coach.Card, error) {
	if d.fails {
		return nil, errors.New("disk on fire")
	}
	var due []coach.Card
	for _, c := range d.cards {
		if !c.Due.After(now) && len(due) < limit {
			due = append(due, c)
		}
	}
	return due, nil
}

func (d *deck) State(_ context.Context, l engine.LessonID, index int) (string, error) {
	for _, c := range d.cards {
		if c.Lesson == l && c.Index == index {
			return c.State, nil
		}
	}
	return "", nil
}

func (d *deck) Grade(_ context.Context, card coach.Card) error {
	if d.fails {
		return errors.New("disk on fire")
	}
	d.graded = append(d.graded, card)
	for i, c := range d.cards {
		if c.Lesson == card.Lesson && c.Index == card.Index {
			d.cards[i] = card
			return nil
		}
	}
	d.cards = append(d.cards, card)
	return nil
}

// set changes what surrounds the conversation: "lesson: photosynthesis", "clock:
// 10m", "deck: two cards", "deck: fails", "greeting:".
func (s *stage) set(t *testing.T, what, how string) []string {
	switch what {
	case "lesson":
		switch how {
		case "none":
			s.lesson = engine.Lesson{}
		case "being written":
			s.lesson = engine.Lesson{Markdown: "# Photo"}
		case "text only":
			s.lesson = engine.Lesson{ID: 8, Title: "Tides", Markdown: "# Tides\n\nThe sea rises and falls.\n\n## Why\n\nThe **moon** pulls the water.\n\n## When\n\n- twice a day\n- a little later each day\n"}
		case "photosynthesis":
			s.lesson = engine.Lesson{ID: 7, Title: "Photosynthesis", Markdown: "# Photosynthesis", Plan: photosynthesis()}
		default:
			t.Fatalf("there is no lesson %q", how)
		}
	case "clock":
		d, err := time.ParseDuration(how)
		if err != nil {
			t.Fatal(err)
		}
		s.at = s.at.Add(d)
	case "deck":
		q := photosynthesis().Quiz
		switch how {
		case "fails":
			s.deck.fails = true
		case "three cards":
			s.deck.cards = []coach.Card{
				{Lesson: 3, Index: 0, Title: "Photosynthesis", Question: q[0], Due: s.at}, {Lesson: 3, Index: 2, Title: "Photosynthesis", Question: q[2], Due: s.at},
				{Lesson: 4, Index: 0, Title: "Rome", Question: engine.Question{Prompt: "Which river runs through Rome?", Accept: []string{"the Tiber"}, Answer: "The Tiber runs through Rome."}, Due: s.at},
			}
		default:
			t.Fatalf("there is no deck %q", how)
		}
	case "greeting":
		said, ok := s.coach.Greeting(t.Context())
		return []string{fmt.Sprintf("greeting: %v %s", ok, said)}
	default:
		t.Fatalf("nobody knows %q", what)
	}
	return nil
}

// The dialogues in testdata are whole conversations: what the user says (you:), and
// what must come of it. -update writes the latter.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.dialogue")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".dialogue"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("the dialogue went otherwise (-update writes it):\n%s", difference(string(want), got))
			}
		})
	}
}

func play(t *testing.T, script string) string {
	s := newStage()
	var out strings.Builder
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		what, how, _ := strings.Cut(line, ":")
		how = strings.TrimSpace(how)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		case what == "you":
			fmt.Fprintf(&out, "you: %s\n", how)
			for _, l := range s.hear(t.Context(), how) {
				fmt.Fprintln(&out, l)
			}
		case what == "lesson" || what == "clock" || what == "deck":
			fmt.Fprintln(&out, line)
			s.set(t, what, how)
		case what == "greeting":
			for _, l := range s.set(t, what, how) {
				fmt.Fprintln(&out, l)
			}
		}
	}
	return out.String()
}

func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, a, b)
		}
	}
	return ""
}

var plan = &engine.Plan{
	Title: "Photosynthesis", Level: "school", Goal: "to know how plants live",
	Objectives: []string{"explain what plants need to make sugar", "name the pigment that takes up light"},
	Segments: []engine.Segment{
		{
			Title: "What it is",
			Text:  "**Photosynthesis** is how plants make sugar. They use *light*, water and carbon dioxide (CO2).\n\nOxygen is left over, and goes into the air.",
			Check: engine.Question{Prompt: "What gas is left over?", Accept: []string{"oxygen"}, Hint: "We breathe it.", Answer: "Oxygen is left over: it comes from the water."},
		},
		{
			Title: "Chlorophyll",
			Text: "Leaves are green because of `chlorophyll`. This pigment takes up red and blue light, and throws green light back. It sits in the chloroplasts, which are small bodies inside the cells of a leaf. " +
				"Without it a plant could not take up the energy of the sun at all. In autumn trees take their chlorophyll apart. Then the yellow and red pigments, which had been there all the time, come to light.",
			Check: engine.Question{Prompt: "Why are leaves green?", Options: []engine.Option{
				{Text: "They take up green light", Comment: "Then we would not see it."}, {Text: "They throw green light back", Right: true, Comment: "What is thrown back is what we see."}, {Text: "They are painted"},
			}, Answer: "Chlorophyll throws green light back."},
		},
		{Title: "Where the sugar goes", Text: "Sugar is stored as starch."},
	},
	Examples: []engine.Example{
		{Problem: "Six molecules of CO2 make one of sugar. How many make two?", Steps: []string{"One sugar takes 6.", "Two take 2 × 6."}, Given: 2, Answer: "12"},
		{Problem: "How many make five?", Steps: []string{"One sugar takes 6.", "Five take 5 × 6."}, Given: 1, Answer: "30"},
	},
	Quiz: []engine.Question{
		{Prompt: "What do plants make by photosynthesis?", Accept: []string{"sugar", "glucose"}, Hint: "It is sweet.", Answer: "Sugar: it stores the energy of light."},
		{Prompt: "Which of these does it need?", Options: []engine.Option{
			{Text: "Darkness", Comment: "Light is what drives it."}, {Text: "Carbon dioxide", Right: true, Comment: "It takes the carbon from there."}, {Text: "Nitrogen gas"},
		}, Hint: "We breathe it out.", Answer: "Plants take their carbon from carbon dioxide."},
		{Prompt: "How many molecules of carbon dioxide make one of glucose?", Accept: []string{"6"}, Answer: "Six, since glucose has six carbon atoms."},
	},
	Summary:  "Plants make sugar from light, water and carbon dioxide. Chlorophyll takes up the light.",
	Glossary: []engine.Term{{Word: "chlorophyll", Meaning: "The green pigment of leaves."}, {Word: "carbon dioxide", Meaning: "A gas in the air."}, {Word: "oxygen", Meaning: "The gas we breathe."}},
}

func photosynthesis() *engine.Plan { return plan }
