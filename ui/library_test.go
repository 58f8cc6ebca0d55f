package ui

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/engine"
)

// shelf is a library whose content a test changes. It keeps what it was asked.
type shelf struct {
	mu      sync.Mutex
	entries []Entry
	hits    []Hit
	err     error
	asked   []string
}

// do changes the shelf, or reads it.
func (s *shelf) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (s *shelf) note(format string, a ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, fmt.Sprintf(format, a...))
	return s.err
}

func (s *shelf) Conversations(most int) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.entries[:min(most, len(s.entries))]), s.err
}

func (s *shelf) Search(query string) ([]Hit, error) {
	err := s.note("search %s", query)
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.hits), err
}

func (s *shelf) Rename(id engine.ConversationID, title string) error {
	return s.note("rename %d %s", id, title)
}

func (s *shelf) Pin(id engine.ConversationID, on bool) error { return s.note("pin %d %v", id, on) }

func (s *shelf) Delete(id engine.ConversationID) error { return s.note("delete %d", id) }

func shelved(n int) *shelf {
	s := &shelf{}
	for i := range n {
		s.entries = append(s.entries, Entry{Last: time.Now().Add(-time.Duration(i) * time.Hour),
			ConversationInfo: engine.ConversationInfo{ID: engine.ConversationID(i + 1), Title: fmt.Sprintf("talk %d", i+1), Turns: 2}})
	}
	return s
}

func TestBridgeListsLibrary(t *testing.T) {
	s := shelved(1)
	carry(t, s, nil, func(_ *bridge, f *fakeSession, log *canvasLog) {
		listed := func(when string, want int) {
			t.Helper()
			time.Sleep(time.Second)
			if n := len(log.last().Library); n != want {
				t.Errorf("%d conversations %s, want %d", n, when, want)
			}
		}
		listed("at the start", 1)
		s.do(func() { s.entries = shelved(2).entries })
		f.events <- engine.Event{Turn: 1, Body: engine.TranscriptFinal{Text: "two"}}
		listed("after a turn", 2)
		s.do(func() { s.err = errors.New("history: locked") })
		f.events <- engine.Event{Turn: 2, Body: engine.TranscriptFinal{Text: "three"}}
		listed("when they cannot be listed", 2)
	})
}

// Older conversations are read when the end of those known is in sight.
func TestBridgeListsMore(t *testing.T) {
	carry(t, shelved(1000), nil, func(b *bridge, _ *fakeSession, log *canvasLog) {
		for _, want := range []int{listedAtFirst, 4 * listedAtFirst, 1000, 1000} {
			time.Sleep(time.Second)
			n := len(log.last().Library)
			if n != want {
				t.Errorf("%d conversations are listed, want %d", n, want)
			}
			b.listMore(n)
		}
	})
}

// What is typed is searched for when the typing pauses, and not before.
func TestBridgeSearchesAsTheUserTypes(t *testing.T) {
	s := shelved(1)
	s.hits = []Hit{{Excerpt: "the tides", Place: 3}}
	carry(t, s, nil, func(b *bridge, _ *fakeSession, log *canvasLog) {
		for _, query := range []string{"t", "ti", "tid"} {
			b.search(query)
			time.Sleep(searchAfter / 2)
		}
		time.Sleep(time.Second)
		if got := log.last().Found; got.Query != "tid" || len(got.Hits) != 1 || got.Err != nil {
			t.Errorf("found %+v", got)
		}
		s.do(func() { s.err = errors.New("history: locked") })
		b.search("tide")
		time.Sleep(time.Second)
		if got := log.last().Found; got.Query != "tide" || got.Err == nil {
			t.Errorf("found %+v, want the error", got)
		}
		b.search("")
		time.Sleep(time.Second)
		if got := log.last().Found; got.Query != "" || got.Hits != nil {
			t.Errorf("found %+v after the search", got)
		}
		s.do(func() {
			if want := []string{"search tid", "search tide"}; !slices.Equal(s.asked, want) {
				t.Errorf("the library was asked %q, want %q", s.asked, want)
			}
		})
	})
}

// A conversation that the session has begun is found in the list.
func TestStateKnowsItsConversation(t *testing.T) {
	entries := []Entry{{ConversationInfo: engine.ConversationInfo{ID: 3, Title: "pinned"}, Pinned: true}, {ConversationInfo: engine.ConversationInfo{ID: 8, Title: "what is …"}}}
	for _, tt := range []struct {
		now  engine.ConversationInfo
		want engine.ConversationID
	}{
		{engine.ConversationInfo{Title: "what is a tide"}, 8},
		{engine.ConversationInfo{Title: "pinned"}, 0},
		{engine.ConversationInfo{}, 0},
		{engine.ConversationInfo{ID: 2, Title: "what is"}, 2},
	} {
		if got := (State{Conversation: tt.now}).known(entries).Conversation.ID; got != tt.want {
			t.Errorf("%+v is conversation %d, want %d", tt.now, got, tt.want)
		}
	}
	if got := (State{Conversation: engine.ConversationInfo{Title: "x"}}).known(nil).Conversation.ID; got != 0 {
		t.Errorf("of an empty list it is %d", got)
	}
}
