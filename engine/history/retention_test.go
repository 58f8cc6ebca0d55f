package history

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"parley/engine"
)

func ids(t *testing.T, s *Store) []engine.ConversationID {
	t.Helper()
	list, err := s.List(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []engine.ConversationID
	for _, e := range list {
		all = append(all, e.ID)
	}
	return all
}

func setRetention(t *testing.T, s *Store, r Retention) {
	t.Helper()
	if err := s.SetRetention(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func TestMonth(t *testing.T) {
	s := fresh(t)
	now := time.Now()
	old := tell(t, s, now.Add(-31*24*time.Hour), "old "+canary)
	pinned := tell(t, s, now.Add(-90*24*time.Hour), "pinned")
	if err := s.Pin(t.Context(), pinned, true); err != nil {
		t.Fatal(err)
	}
	continued := tell(t, s, now.Add(-60*24*time.Hour), "begun long ago")
	if err := s.SaveTurn(t.Context(), continued, engine.Turn{Who: engine.User, Text: "and yesterday", At: now.Add(-24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	recent := tell(t, s, now.Add(-29*24*time.Hour), "recent")
	held := tell(t, s, now.Add(-40*24*time.Hour), "the one being held")
	fact := Fact{Subject: "name", Text: "your name is Ada", Source: "my name is Ada", Conversation: old, At: now.Add(-31 * 24 * time.Hour)}
	if err := s.Facts().Remember(t.Context(), fact); err != nil {
		t.Fatal(err)
	}

	setRetention(t, s, Forever)
	if got := ids(t, s); len(got) != 5 {
		t.Errorf("forever: %v", got)
	}
	setRetention(t, s, Month)
	if got, want := ids(t, s), []engine.ConversationID{pinned, continued, recent, held}; !slices.Equal(got, want) {
		t.Errorf("a month: %v, want %v", got, want)
	}
	if left := canaryIn(t, s.Path()); len(left) > 0 {
		t.Errorf("it is in %q", left)
	}
	facts, err := s.Facts().List(t.Context())
	if err != nil || len(facts) != 1 || facts[0].Source != "my name is Ada" || facts[0].Conversation != 0 {
		t.Errorf("the fact outlives its conversation: %+v, %v", facts, err)
	}
	// Later, by itself; another is held meanwhile.
	newest := tell(t, s, now, "newest")
	s.tidy(t.Context(), now.Add(2*24*time.Hour))
	if got, want := ids(t, s), []engine.ConversationID{pinned, newest, continued}; !slices.Equal(got, want) {
		t.Errorf("two days later: %v, want %v", got, want)
	}
	setRetention(t, s, Forever)
	s.tidy(t.Context(), now.Add(1000*24*time.Hour))
	if got := ids(t, s); len(got) != 3 {
		t.Errorf("forever again: %v", got)
	}
	if err := s.SetRetention(t.Context(), "a week"); err == nil {
		t.Error("any retention is taken")
	}
}

// With retention off nothing of what is said gets to the disk, all works as
// before until the end, and what was kept before stays.
func TestOff(t *testing.T) {
	s := fresh(t)
	kept := tell(t, s, began, "what is gravity", "A force.")
	if err := s.Facts().Remember(t.Context(), Fact{Subject: "name", Text: "your name is Bob"}); err != nil {
		t.Fatal(err)
	}
	setRetention(t, s, Off)
	setRetention(t, s, Off)
	c := sing(t, s)
	noteFact(t, s, c)
	if err := s.Facts().Remember(t.Context(), Fact{Subject: "my name", Text: "your name is " + canary}); err != nil {
		t.Fatal(err)
	}
	// The earlier conversation goes on.
	if err := s.SaveTurn(t.Context(), kept, engine.Turn{ID: 3, Who: engine.User, At: time.Now(), Text: "and a " + canary}); err != nil {
		t.Fatal(err)
	}
	lesson, err := s.SaveLesson(t.Context(), kept, engine.Lesson{Title: "Later", Markdown: canary, Plan: &engine.Plan{Quiz: make([]engine.Question, 2)}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		if left := canaryIn(t, s.Path()); len(left) > 0 {
			t.Errorf("%s: it is in %q", when, left)
		}
	}
	check("said")

	got, err := s.Conversation(t.Context(), kept)
	if err != nil || len(got.Turns) != 3 || got.Info.Turns != 3 || got.Info.Title != "what is gravity" || got.Lesson.ID != lesson {
		t.Errorf("the earlier conversation: %+v, %v", got, err)
	}
	if got := ids(t, s); !slices.Equal(got, []engine.ConversationID{kept, c}) {
		t.Errorf("listed: %v", got)
	}
	hits, err := s.Search(t.Context(), "and a "+canary, 0)
	if err != nil || len(hits) == 0 || hits[0].Conversation.ID != kept || hits[0].Place != 2 || hits[0].Conversation.Turns != 3 || hits[0].Conversation.Title != "what is gravity" {
		t.Errorf("found: %+v, %v", hits, err)
	}
	if l, err := s.Lesson(t.Context(), lesson); err != nil || l.Title != "Later" || l.Questions != 2 {
		t.Errorf("lesson: %+v, %v", l, err)
	}
	if l, err := s.Lessons(t.Context(), 0, 0); err != nil || len(l) != 2 {
		t.Errorf("lessons: %+v, %v", l, err)
	}
	cards, err := s.Cards().Due(t.Context(), time.Now().Add(48*time.Hour), 0)
	if err != nil || len(cards) != 3 {
		t.Fatalf("cards: %+v, %v", cards, err)
	}
	cards[2].State, cards[2].Due = `{"s":1}`, time.Now().Add(100*time.Hour)
	if err := s.Cards().Grade(t.Context(), cards[2]); err != nil {
		t.Error(err)
	}
	if n, err := s.Cards().Count(t.Context(), time.Now().Add(48*time.Hour)); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	facts, err := s.Facts().List(t.Context())
	if err != nil || len(facts) != 2 || facts[0].Text != "your name is "+canary || facts[1].Conversation != c {
		t.Errorf("facts: %+v, %v", facts, err)
	}
	if _, place, ok, err := s.Facts().Told(t.Context(), facts[1].Fact); ok || err != nil {
		t.Errorf("told at %d, %v", place, err) // no turn has just these words
	}
	if err := errors.Join(s.Rename(t.Context(), c, canary), s.Pin(t.Context(), c, true)); err != nil {
		t.Error(err)
	}
	if err := s.SaveTurn(t.Context(), 999, engine.Turn{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("to none: %v", err)
	}
	check("used")

	// Back: what was said meanwhile is still not written.
	setRetention(t, s, Forever)
	if err := s.SaveTurn(t.Context(), c, engine.Turn{Who: engine.User, Text: canary}); err != nil {
		t.Error(err)
	}
	if next := tell(t, s, began, "this is kept"); next >= firstUnkept {
		t.Errorf("number %d", next)
	}
	check("back")
	if n, err := s.Facts().Forget(t.Context(), "name"); n != 2 || err != nil {
		t.Errorf("forgotten: %d, %v", n, err)
	}
	if err := s.Delete(t.Context(), kept); err != nil {
		t.Error(err)
	}
	if _, err := s.Conversation(t.Context(), kept); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted: %v", err)
	}
	if hits, err := s.Search(t.Context(), "and a "+canary, 0); err != nil || slices.ContainsFunc(hits, func(h Hit) bool { return h.Conversation.ID == kept }) {
		t.Errorf("deleted, but found: %+v, %v", hits, err)
	}
	s.Close()
	check("closed")
	s = open(t, s.Path())
	if list, err := s.List(t.Context(), 0, 0); err != nil || len(list) != 1 || list[0].Title != "this is kept" {
		t.Errorf("after a start: %+v, %v", list, err)
	}
}

// Clear reaches what is in memory.
func TestClearWhileOff(t *testing.T) {
	s := fresh(t)
	setRetention(t, s, Off)
	sing(t, s)
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if hits, err := s.Search(t.Context(), canary, 0); err != nil || len(hits) > 0 {
		t.Errorf("%+v, %v", hits, err)
	}
	if c := tell(t, s, began, "hello"); c < firstUnkept {
		t.Errorf("number %d", c)
	}
}

func TestRetentionInMemory(t *testing.T) {
	s, err := OpenMemory(t.Context(), discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, r := range []Retention{Off, Month, Forever} {
		setRetention(t, s, r)
	}
	c := tell(t, s, began, "hello")
	if got := ids(t, s); !reflect.DeepEqual(got, []engine.ConversationID{c}) {
		t.Errorf("%v", got)
	}
	if err := s.Clear(t.Context()); err != nil || len(ids(t, s)) > 0 {
		t.Errorf("%v", err)
	}
}
