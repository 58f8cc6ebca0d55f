package server

import (
	"fmt"
	"slices"
	"time"

	"parley/engine/realtime/protocol"
)

// item is a piece of the conversation, and what clients are not told of it.
type item struct {
	protocol.Item
	at         time.Time
	confidence float64 // of the user's words
	pending    bool    // the user's words are being worked out
	looked     bool    // what it has to do with teaching was looked at
	open       bool    // it is being said
	whole      string  // of an item that was cut: what it would have said
	cut        bool
	words      []spokenWord
	length     time.Duration // of its sound, as far as it was sent
}

// spokenWord is a word of an item on the clock of its sound.
type spokenWord struct {
	to  int // bytes of the transcript up to its end
	end time.Duration
}

// size is what it costs to keep, in bytes.
func (i *item) size() int {
	n := len(i.Words()) + len(i.whole) + 24*len(i.words)
	for _, text := range []*string{i.Arguments, i.Output} {
		if text != nil {
			n += len(*text)
		}
	}
	return n
}

// wire is the item as it is told: a message has its content even where that is empty.
func (i *item) wire() *protocol.Item {
	told := i.Item
	told.Content = slices.Clone(i.Content)
	if told.Type == itemMessage && told.Content == nil {
		told.Content = []protocol.Content{}
	}
	return &told
}

// items is the conversation, oldest first.
type items struct{ list []*item }

func (c *items) index(id string) int {
	return slices.IndexFunc(c.list, func(i *item) bool { return i.ID == id })
}

// before is the id of the item before the one at n; nil for the first.
func (c *items) before(n int) *string {
	if n <= 0 || n > len(c.list) {
		return nil
	}
	return &c.list[n-1].ID
}

// unheard says whether the words of an item are still being worked out.
func (c *items) unheard() bool {
	return slices.ContainsFunc(c.list, func(i *item) bool { return i.pending })
}

// size is what all of them cost to keep, in bytes.
func (c *items) size() int {
	n := 0
	for _, i := range c.list {
		n += i.size()
	}
	return n
}

// add makes an item part of the conversation at index n and tells of it.
func (s *session) add(i *item, n int) {
	if i.ID == "" {
		i.ID = newID("item_")
	}
	i.Object, i.at = "realtime.item", time.Now()
	s.items.list = slices.Insert(s.items.list, n, i)
	s.send(protocol.ServerEvent{Type: protocol.ItemAdded, Item: i.wire(), PreviousItemID: s.items.before(n)})
}

// done tells that an item will not change by itself any more.
func (s *session) done(i *item) {
	n := s.items.index(i.ID)
	if n < 0 {
		return // it was deleted meanwhile
	}
	s.send(protocol.ServerEvent{Type: protocol.ItemDone, Item: i.wire(), PreviousItemID: s.items.before(n)})
	s.forget()
}

// forget lets go of the oldest items where there are more than a session may keep.
func (s *session) forget() {
	size := s.items.size()
	for len(s.items.list) > 1 && (len(s.items.list) > s.limits.Items || size > s.limits.Text) {
		n := slices.IndexFunc(s.items.list, func(i *item) bool { return !i.pending && !i.open })
		if n < 0 || n == len(s.items.list)-1 {
			return
		}
		gone := s.items.list[n]
		size -= gone.size()
		s.items.list = slices.Delete(s.items.list, n, n+1)
		s.observe.Dropped(DropItems)
		s.send(protocol.ServerEvent{Type: protocol.ItemDeleted, ItemID: gone.ID})
	}
}

// createItem is conversation.item.create.
func (s *session) createItem(e protocol.ClientEvent) {
	if e.Item == nil {
		s.refuse(e, protocol.CodeInvalidValue, "item", "A conversation.item.create needs an item.")
		return
	}
	i, sound, err := s.read(*e.Item)
	if err != nil {
		s.fail(e, err)
		return
	}
	if i.ID != "" && s.items.index(i.ID) >= 0 {
		s.refuse(e, protocol.CodeInvalidValue, "item.id", fmt.Sprintf("There is an item %.80q already.", i.ID))
		return
	}
	n := len(s.items.list)
	switch at := e.PreviousItemID; {
	case at == nil || *at == "":
	case *at == "root":
		n = 0
	default:
		if n = s.items.index(*at) + 1; n == 0 {
			s.unknown(e, "previous_item_id", *at)
			return
		}
	}
	if sound != nil && !s.mayWork() {
		s.busy(e)
		return
	}
	s.add(i, n)
	s.done(i)
	if sound != nil {
		s.hear(i, sound)
	}
}

// unknown says that there is no such item.
func (s *session) unknown(e protocol.ClientEvent, param, id string) {
	s.refuse(e, protocol.CodeUnknownItem, param, fmt.Sprintf("There is no item %.80q in the conversation.", id))
}

// deleteItem is conversation.item.delete.
func (s *session) deleteItem(e protocol.ClientEvent) {
	n := s.items.index(e.ItemID)
	if n < 0 {
		s.unknown(e, "item_id", e.ItemID)
		return
	}
	gone := s.items.list[n]
	s.items.list = slices.Delete(s.items.list, n, n+1)
	s.send(protocol.ServerEvent{Type: protocol.ItemDeleted, ItemID: e.ItemID})
	if gone.pending { // a response may have waited for its words
		s.proceed()
	}
}

// retrieveItem is conversation.item.retrieve.
func (s *session) retrieveItem(e protocol.ClientEvent) {
	n := s.items.index(e.ItemID)
	if n < 0 {
		s.unknown(e, "item_id", e.ItemID)
		return
	}
	s.send(protocol.ServerEvent{Type: protocol.ItemRetrieved, Item: s.items.list[n].wire()})
}
