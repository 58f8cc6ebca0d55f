package coach_test

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/coach"
)

// utterances are what is said in random conversations.
var utterances = strings.Split(`quiz me|next|go on|sugar|salt|b|the second one|six|five|oxygen|i don't know|give me a hint|skip it|what time is it|read me the lesson|
yes|ok|no|stop the quiz|go back|go back to the part about chlorophyll|explain that again|give me an example|thirty|summarise it|let me explain it|
plants make sugar from light and water|make it simpler|go deeper|how am i doing|what should i review|review|quiz me on what's due|say that slower|repeat|
teach me about gravity|teach me about it|simple|in depth|for my exam tomorrow|teach me|whatever|teach me step by step|start|hm|carbon|not sugar|`, "|")

var lessons = []string{"none", "being written", "text only", "photosynthesis"}

// Whatever is said in whatever order: progress stays within the lesson, somebody
// always answers, and what is prepared in vain changes nothing.
func TestAnyConversation(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newStage()
		for range rapid.IntRange(1, 25).Draw(r, "turns") {
			switch rapid.IntRange(0, 11).Draw(r, "what") {
			case 0:
				s.set(t, "lesson", rapid.SampledFrom(lessons).Draw(r, "lesson"))
			case 1:
				s.at = s.at.Add(time.Duration(rapid.IntRange(1, 5000).Draw(r, "minutes")) * time.Minute)
			case 2:
				s.coach.Greeting(t.Context())
			case 3:
				s.set(t, "deck", "three cards")
			}
			said := strings.TrimSpace(rapid.SampledFrom(utterances).Draw(r, "said"))
			req := s.request(said)
			first := collect(r, s.coach, req)
			if again := collect(r, s.coach, req); !slices.Equal(first, again) {
				r.Fatalf("%q was first answered %q and then %q, though nothing had been done", said, first, again)
			}
			for _, line := range s.hear(t.Context(), said) {
				if line == "parley: " || strings.HasPrefix(line, "error") {
					r.Fatalf("%q: %s", said, line)
				}
			}
		}
	})
}

// collect has a turn answered and does nothing of it but look at it.
func collect(r *rapid.T, c *coach.Coach, req engine.Request) []string {
	var all []string
	for piece, err := range c.Respond(context.Background(), req) {
		if err != nil {
			r.Fatal(err)
		}
		switch piece := piece.(type) {
		case engine.Words:
			all = append(all, piece.Text)
		case engine.Teach:
			all = append(all, "teach "+piece.Topic+piece.Level+piece.Goal)
		case engine.Studied:
			p := piece.Progress
			if p.Segment < 0 || p.Segment > p.Segments || p.Question < 0 || p.Question > p.Questions || p.Right < 0 || p.Right > p.Questions {
				r.Fatalf("progress %+v", p)
			}
		case engine.Effect:
			if !piece.Apart {
				r.Fatal("an effect that what follows depends on")
			}
		}
	}
	return all
}

// A turn that is prepared many times at once, while others read the state and one
// of the replies is given.
func TestPreparedAtOnce(t *testing.T) {
	s := newStage()
	s.set(t, "lesson", "photosynthesis")
	for _, said := range []string{"quiz me", "sugar", "b", "what time is it", "next", "six"} {
		req := s.request(said)
		var all sync.WaitGroup
		replies := make([]string, 8)
		for i := range replies {
			all.Go(func() {
				s.coach.Understands(said)
				s.coach.Expecting()
				for piece, err := range s.coach.Respond(t.Context(), req) {
					if w, ok := piece.(engine.Words); ok && err == nil {
						replies[i] += w.Text
					}
				}
			})
		}
		all.Wait()
		given := s.hear(t.Context(), said)[0]
		for _, r := range replies {
			if "parley: "+r != given {
				t.Errorf("%q: prepared %q, given %q", said, r, given)
			}
		}
	}
}

func TestNothingHappensWithoutEffects(t *testing.T) {
	s := newStage()
	s.set(t, "lesson", "photosynthesis")
	req := s.request("quiz me")
	for range 3 {
		for range s.coach.Respond(t.Context(), req) {
			if s.coach.Expecting() {
				t.Fatal("a question waits that nobody was asked")
			}
		}
	}
	s.hear(t.Context(), "quiz me")
	if !s.coach.Expecting() || !s.coach.Understands("sugar") || s.coach.Understands("salt and pepper") || !s.coach.Understands("give me a hint") {
		t.Error("after the question: its answer should be a whole turn, and nothing else")
	}
}

// Stopping the iteration stops the work, and passes to the responder after it.
func TestStopping(t *testing.T) {
	s := newStage()
	s.set(t, "lesson", "photosynthesis")
	for range s.coach.Respond(t.Context(), s.request("quiz me")) {
		break
	}
	for range s.coach.Respond(t.Context(), s.request("what time is it")) {
		break
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for piece := range s.coach.Respond(ended, s.request("quiz me")) {
		t.Errorf("%v after the end", piece)
	}
}

func TestWithoutNext(t *testing.T) {
	c := coach.New(coach.Options{})
	var got error
	for _, err := range c.Respond(t.Context(), engine.Request{Text: "what time is it"}) {
		got = err
	}
	if !errors.Is(got, coach.ErrNoNext) {
		t.Errorf("%v", got)
	}
}

// What fails after the coach is the turn's failure, as it is.
func TestNextFails(t *testing.T) {
	down := errors.New("server down")
	c := coach.New(coach.Options{Next: failing{down}})
	for _, err := range c.Respond(t.Context(), engine.Request{Text: "what time is it"}) {
		if !errors.Is(err, down) {
			t.Errorf("%v", err)
		}
	}
}

type failing struct{ err error }

func (f failing) Respond(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
	return maps.All(map[engine.Reply]error{engine.Words{}: f.err})
}

// A wrong answer that may be the recogniser's is asked back, once.
func TestDoubtfulAnswer(t *testing.T) {
	s := newStage()
	s.set(t, "lesson", "photosynthesis")
	s.hear(t.Context(), "quiz me")
	s.confidence = 0.1
	if got := s.hear(t.Context(), "salad")[0]; !strings.Contains(got, "again") || strings.Contains(got, "hint") {
		t.Errorf("at first %s", got)
	}
	if got := s.hear(t.Context(), "salad")[0]; !strings.Contains(got, "hint") {
		t.Errorf("then %s", got)
	}
}

// Cards that cannot be kept do not end the lesson.
func TestDeckFails(t *testing.T) {
	s := newStage()
	s.set(t, "lesson", "photosynthesis")
	s.set(t, "deck", "fails")
	s.hear(t.Context(), "quiz me")
	if got := s.hear(t.Context(), "sugar")[0]; !strings.Contains(got, "Question 2") {
		t.Errorf("%s", got)
	}
	if said, ok := s.coach.Greeting(t.Context()); ok {
		t.Errorf("offered %q", said)
	}
}
