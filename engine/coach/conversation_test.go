package coach_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/coach"
	"parley/engine/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// score is a lesson by voice: with hesitations, so that replies are prepared and
// thrown away, an aside, and a barge-in over a question.
const score = `
user 1s 2.5s teach me about photosynthesis
user 12s 12.6s simple
user 30s 30.4s quiz
user 31.1s 31.5s me
user 45s 45.5s sugar
user 47.5s 48.2s hold on
user 52s 53s what time is it
user 62s 62.4s next
user 80s 80.5s the
user 80.8s 81.4s second one
user 100s 100.4s salt
user 115s 115.5s six
end 140s
`

// teacher writes the lesson, with its plan, in half a second.
type teacher struct{ asked *[]engine.LessonRequest }

func (w teacher) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		*w.asked = append(*w.asked, req)
		select {
		case <-time.After(500 * time.Millisecond):
			yield(engine.LessonPiece{Markdown: "# Photosynthesis\n", Plan: plan}, nil)
		case <-ctx.Done():
		}
	}
}

// In a real conversation, where replies are prepared in every pause, each answer
// counts once, and the laws hold.
func TestConversation(t *testing.T) {
	s, err := enginetest.Parse("lesson by voice", score)
	if err != nil {
		t.Fatal(err)
	}
	var asked []engine.LessonRequest
	d := &deck{}
	var p enginetest.Performance
	synctest.Test(t, func(*testing.T) {
		p = enginetest.Perform(s, func(cfg engine.Config) engine.Session {
			cfg.Responder = coach.New(coach.Options{Next: elsewhere{}, Deck: d})
			cfg.Teacher = teacher{&asked}
			return engine.New(cfg)
		})
	})
	if wrong := enginetest.Laws(p); len(wrong) > 0 {
		t.Errorf("%s\n%s", strings.Join(wrong, "\n"), p.Log())
	}
	var studied []string
	for _, ev := range p.Events {
		if progress, ok := ev.Body.(engine.LessonProgress); ok {
			studied = append(studied, fmt.Sprintf("%d:%d", progress.Question, progress.Right))
		}
	}
	if want := []string{"1:0", "2:1", "3:2", "0:3"}; !slices.Equal(studied, want) {
		t.Errorf("question:right went %v, want %v\n%s", studied, want, p.Log())
	}
	if len(asked) != 2 || asked[1].Level != "simple" || asked[1].Topic != "photosynthesis" {
		t.Errorf("lessons asked for: %+v", asked)
	}
	var cards []int
	for _, c := range d.graded {
		cards = append(cards, c.Index)
	}
	if want := []int{0, 1, 2}; !slices.Equal(cards, want) {
		t.Errorf("cards graded: %v, want %v", cards, want)
	}
}
