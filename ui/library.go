package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// Library is the stored conversations. It is not called on the window's thread.
type Library interface {
	// Conversations gives most of them at most: pinned ones first, then the others,
	// in either case those first in which something was last said.
	Conversations(most int) ([]Entry, error)
	// Search finds what was said, best first. It is called as the user types, so
	// that a word may be only begun.
	Search(query string) ([]Hit, error)
	Shelf
}

// Shelf is what can be done with a stored conversation.
type Shelf interface {
	// Rename gives it a title; an empty one brings back the first words said.
	Rename(id engine.ConversationID, title string) error
	// Pin keeps it above the others, or no longer.
	Pin(id engine.ConversationID, on bool) error
	// Delete erases it for good.
	Delete(id engine.ConversationID) error
}

// Entry is a stored conversation as the list shows it.
type Entry struct {
	engine.ConversationInfo
	Pinned  bool
	Last    time.Time // when something was last said in it
	Lessons int
}

// Hit is something said that a search has found.
type Hit struct {
	Conversation engine.ConversationInfo
	// Place is which of the conversation's turns it is, from 0; -1 where it is the
	// title or a lesson.
	Place   int
	Who     engine.Who // of a turn
	At      time.Time  // when it was said
	Lesson  bool       // it is in a lesson
	Excerpt string
	Marks   []Mark // the words that were searched for, in order
}

// Mark is a piece of an excerpt: bytes From to To.
type Mark struct{ From, To int }

// Found is what came of a search.
type Found struct {
	Query string // what was searched for; empty: nothing is
	Hits  []Hit
	Err   error
}

const (
	// listedAtFirst is how many conversations are read before the user scrolls
	// towards older ones.
	listedAtFirst = 200
	// searchAfter is for how long nothing must be typed before a search begins.
	searchAfter = 150 * time.Millisecond
)

// list reads the library when it may have changed.
func (b *bridge) list(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.reload:
		}
		due, listed := b.look(), b.relist()
		if due || listed {
			signal(b.fresh)
		}
	}
}

// relist reads the conversations, and reports whether they have changed.
func (b *bridge) relist() bool {
	if b.library == nil {
		return false
	}
	b.mu.Lock()
	most := b.listed
	b.mu.Unlock()
	entries, err := b.library.Conversations(most)
	if err != nil {
		b.log.Error("ui: list conversations", "err", err)
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	known := b.newest.known(entries)
	changed := !slices.Equal(b.newest.Library, entries) || known.Conversation.ID != b.newest.Conversation.ID
	if changed {
		b.newest.State, b.newest.Library = known, entries
	}
	return changed
}

// known is s with the number of its conversation, which a session does not tell of
// one that it has begun itself: it is the newest, with the words said first for a
// title.
func (s State) known(entries []Entry) State {
	if s.Conversation.ID != 0 || s.Conversation.Title == "" || len(entries) == 0 {
		return s
	}
	newest := slices.MaxFunc(entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	title := letters(newest.Title)
	if title != "" && strings.HasPrefix(letters(s.Conversation.Title), title) {
		s.Conversation.ID = newest.ID
	}
	return s
}

// listMore has older conversations read, too, once shown are in sight.
func (b *bridge) listMore(shown int) {
	b.mu.Lock()
	more := shown >= b.listed
	if more {
		b.listed = 4 * shown
	}
	b.mu.Unlock()
	if more {
		signal(b.reload)
	}
}

// search has the library searched for query, once nothing has been typed for a
// while. An empty query ends the search.
func (b *bridge) search(query string) {
	b.mu.Lock()
	b.query = query
	b.mu.Unlock()
	signal(b.typed)
}

// seek searches for what was typed last.
func (b *bridge) seek(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.typed:
		}
		query := b.settled(ctx)
		found := Found{Query: query}
		if query != "" {
			found.Hits, found.Err = b.library.Search(query)
		}
		if found.Err != nil {
			b.log.Error("ui: search", "err", found.Err)
		}
		b.mu.Lock()
		b.newest.Found = found
		b.mu.Unlock()
		signal(b.fresh)
	}
}

// settled is what is searched for, once no more is typed. The end of a search is
// not waited for.
func (b *bridge) settled(ctx context.Context) string {
	wait := time.NewTimer(searchAfter)
	defer wait.Stop()
	for {
		b.mu.Lock()
		query := b.query
		b.mu.Unlock()
		if query == "" {
			return ""
		}
		select {
		case <-ctx.Done():
			return ""
		case <-wait.C:
			return query
		case <-b.typed:
			wait.Reset(searchAfter)
		}
	}
}
