package ui

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parley/engine"
)

func atNoon(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.Local) }

// leaves is a lesson with one of everything.
func leaves() engine.Lesson {
	return engine.Lesson{ID: 4, Title: "Leaves", Markdown: "# Leaves\n\nGreen.", Plan: &engine.Plan{
		Title: "Leaves", Level: "beginner", Objectives: []string{"say why leaves are **green**"},
		Segments: []engine.Segment{
			{Title: "what goes in", Text: "Light, water and air.", Check: engine.Question{Prompt: "What does a leaf release?", Hint: "We breathe it.",
				Options: []engine.Option{{Text: "Oxygen", Right: true, Comment: "From the split water."}, {Text: "Sugar", Comment: "That stays."}}, Answer: "Oxygen."}},
			{Title: "why green", Text: "- red and blue are kept\n- green comes back"},
		},
		Examples: []engine.Example{{Problem: "A leaf in shade.", Steps: []string{"Less light.", "Less sugar."}, Given: 1, Answer: "It grows slowly."}},
		Quiz:     []engine.Question{{Prompt: "What is the green pigment called?", Accept: []string{"chlorophyll"}, Answer: "It is chlorophyll."}},
		Glossary: []engine.Term{{Word: "pigment", Meaning: "what gives colour"}},
	}}
}

func TestPlannedSections(t *testing.T) {
	p := leaves().Plan
	all, numbers := questions(p), []int{}
	text := ""
	for _, s := range planned(p) {
		text += s.text
		if s.question > 0 {
			numbers = append(numbers, s.question)
			text += "[" + s.name + ": " + all[s.question-1].Prompt + "]"
		}
	}
	for _, want := range []string{"## 1 · What goes in", "[Check yourself: What does a leaf release?]", "1. Less light.", "[Your turn: How does it go on?]",
		"[Question 1 of 1: What is the green pigment called?]", "- **pigment**: what gives colour"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if want := []int{1, 3, 2}; !reflect.DeepEqual(numbers, want) {
		t.Errorf("questions %v, want %v", numbers, want)
	}
	if strings.Contains(text, "Less sugar") || strings.Contains(text, "slowly") {
		t.Error("the answer of an example is given away")
	}
	if n := minutes(p); n < 1 || n > 5 {
		t.Errorf("it takes %d minutes", n)
	}
}

// TestStudyFolds has questions asked and answered aloud.
func TestStudyFolds(t *testing.T) {
	type answers = []Answer
	lesson := engine.LessonDone{Lesson: leaves()}
	check := engine.ReplyText{Text: "Part 1. What does a leaf release? A: Oxygen; B: Sugar."}
	quiz := engine.LessonProgress{Progress: engine.Progress{Question: 1, Questions: 1}}
	for _, tt := range []struct {
		name   string
		events []engine.EventBody
		want   Study
	}{
		{"nothing asked", []engine.EventBody{lesson, engine.ReplyText{Text: "Hello."}}, Study{}},
		{"asked", []engine.EventBody{lesson, check}, Study{Asked: 1}},
		{"asked before there is a lesson", []engine.EventBody{check, lesson}, Study{}},
		{"wrong by letter", []engine.EventBody{lesson, check, engine.TranscriptFinal{Text: "option b"}}, Study{Asked: 1, Answers: answers{{Option: 2}}}},
		{"right by its words", []engine.EventBody{lesson, check, engine.TranscriptFinal{Text: "oxygen"}}, Study{Answers: answers{{Option: 1, Right: true}}}},
		{"something else is said", []engine.EventBody{lesson, check, engine.TranscriptFinal{Text: "what time is it"}}, Study{Asked: 1}},
		{"the last of two is asked", []engine.EventBody{lesson, check, engine.ReplyText{Text: " What is the green pigment called?"}}, Study{Asked: 2}},
		{"judged right", []engine.EventBody{lesson, quiz, engine.LessonProgress{Progress: engine.Progress{Questions: 1, Right: 1}}}, Study{Answers: answers{{}, {Right: true, Told: true}}}},
		{"left out", []engine.EventBody{lesson, quiz, engine.LessonProgress{Progress: engine.Progress{Questions: 1}}}, Study{Answers: answers{{}, {}}}},
		{"another lesson", []engine.EventBody{lesson, check, engine.LessonDelta{Markdown: "# Tides"}}, Study{}},
		{"another conversation", []engine.EventBody{lesson, check, engine.ConversationChanged{}}, Study{}},
	} {
		var s State
		for _, b := range tt.events {
			s = s.Fold(engine.Event{Turn: 1, Body: b})
		}
		if !reflect.DeepEqual(s.Study, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, s.Study, tt.want)
		}
	}
}

func TestNamedOption(t *testing.T) {
	q := engine.Question{Options: []engine.Option{{Text: "Carbon dioxide"}, {Text: "Oxygen."}, {Text: "A sugar"}}}
	for said, want := range map[string]int{"carbon  dioxide": 1, "Oxygen": 2, "b": 2, "option c.": 3, "the second one": 2, "a sugar": 3, "a": 1, "d": 0, "": 0, "the": 0} {
		if got := named(q, said); got != want {
			t.Errorf("%q is option %d, want %d", said, got, want)
		}
	}
}

// card is the question with that number as the panel shows it.
func (w *Window) card(t *testing.T, number int) *questionCard {
	t.Helper()
	for _, c := range w.lesson.body.cards() {
		if c.number == number {
			return c
		}
	}
	t.Fatalf("there is no question %d", number)
	return nil
}

// redraw shows the newest state, which a click may have changed.
func (w *Window) redraw() {
	for w.draw(w.bridge.newest) {
	}
}

// TestQuestionsAreClicked answers one that was asked aloud, and one that was not.
func TestQuestionsAreClicked(t *testing.T) {
	w, f := newTestWindow(t, Options{})
	w.show(engine.LessonDone{Lesson: leaves()}, engine.ReplyText{Text: "What does a leaf release?"})
	w.bridge.newest = w.shown
	w.Canvas().Capture() // lays out
	check, quiz := w.card(t, 1), w.card(t, 2)
	if !check.asked || quiz.asked {
		t.Error("it does not show which question waits")
	}
	test.Tap(check.hint)
	w.redraw()
	w.Canvas().Focus(check.options[1])
	w.press(fyne.KeySpace)
	w.redraw()
	if got := check.answer; got.Option != 2 || got.Right || !got.Hint {
		t.Errorf("after a hint and a wrong answer: %+v", got)
	}
	test.Tap(check.options[0])
	w.redraw()
	test.Tap(check.options[1]) // it is over
	w.redraw()
	if got := check.answer; got.Option != 1 || !got.Right || check.asked {
		t.Errorf("after the right answer: %+v, waits %v", got, check.asked)
	}
	f.wantCommands(t, engine.Say{Text: sayHint}, engine.Say{Text: "Sugar"}, engine.Say{Text: "Oxygen"})

	test.Tap(quiz.tell) // nobody has asked it
	w.redraw()
	if !quiz.answer.Told || !quiz.tell.Hidden {
		t.Error("the answer is not shown")
	}
	f.wantCommands(t)
}

func TestReviewText(t *testing.T) {
	now := atNoon(2026, 3, 2)
	for _, tt := range []struct {
		next time.Time
		want string
	}{
		{now.Add(-time.Hour), "2 cards · review due"}, {now.Add(time.Hour), "2 cards · review today"}, {now.Add(13 * time.Hour), "2 cards · review tomorrow"},
		{now.AddDate(0, 0, 5), "2 cards · review in 5 days"}, {now.AddDate(0, 1, 0), "2 cards · review on 2 April"},
	} {
		if got, _ := (Review{Cards: 2, Next: tt.next}).text(now); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	w, f := newTestWindow(t, Options{})
	if !w.side.due.Hidden {
		t.Error("nothing is due, and a button says so")
	}
	s := w.shown
	s.Review = Review{Due: 5}
	w.draw(s)
	if got := w.side.due.label.Text; got != "5 cards to review" || w.side.due.Hidden {
		t.Errorf("the button says %q", got)
	}
	test.Tap(w.side.due)
	f.wantCommands(t, engine.Say{Text: sayReview})
}
