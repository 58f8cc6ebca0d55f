package realtime

import (
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// turnsMost is how many turns of a conversation are told to a backend. Of longer
// ones the beginning is left out, turnsStep at a time: each step makes a backend
// begin anew.
const turnsMost, turnsStep = 40, 20

// items is what the backend's conversation is made of, as far as is known. It is of
// the session, and guarded with it.
type items struct{ list []*item }

// item is a piece of the conversation. Of our own items id is our choice.
type item struct {
	id, role string
	text     string
	sent     bool // we have made it, and it is not yet acknowledged
	going    bool // we have deleted it, likewise
	hidden   bool // its words are not known yet
	was      *string
	reply    *reply // it belongs to

	// Of a spoken reply: when its words are spoken, and how long it is.
	words []engine.Word
	sound time.Duration
}

// want is what an item should say; of a reply also what it said before it was cut
// off.
type want struct{ role, text string }

const (
	roleUser      = "user"
	roleAssistant = "assistant"
)

// wants is the conversation as it should be before a request is answered.
func wants(req engine.Request) []want {
	turns := req.Turns
	if n := len(turns) - turnsMost; n > 0 {
		turns = turns[(n+turnsStep-1)/turnsStep*turnsStep:]
	}
	var all []want
	for _, t := range turns {
		w := want{roleUser, t.Text}
		if t.Who == engine.Assistant {
			w.role = roleAssistant
			if t.Interrupted {
				w.text = t.Heard
			}
		}
		if strings.TrimSpace(w.text) != "" {
			all = append(all, w)
		}
	}
	return append(all, want{roleUser, req.Text})
}

// reconcile makes the conversation what it should be, and returns the events that
// have the backend do so. What belongs to spare is left alone. acknowledged says that
// the backend tells what it has deleted; others may not.
func (s *items) reconcile(wanted []want, spare *reply, acknowledged bool, id func() string) []protocol.ClientEvent {
	var events []protocol.ClientEvent
	n := 0
	for _, it := range s.list {
		if it.going || it.hidden || it.reply != nil && it.reply == spare {
			continue
		}
		if n < len(wanted) && it.role == wanted[n].role {
			if same(it.text, wanted[n].text) {
				n++
				continue
			}
			if end, ok := it.cut(wanted[n].text); ok {
				if it.was == nil {
					before := it.text
					it.was = &before
				}
				it.text = wanted[n].text
				events = append(events, protocol.ClientEvent{
					Type: protocol.ItemTruncate, EventID: id(), ItemID: it.id, ContentIndex: protocol.Index(0), AudioEndMS: protocol.Index(int(end.Milliseconds())),
				})
				n++
				continue
			}
		}
		it.going = true
		events = append(events, protocol.ClientEvent{Type: protocol.ItemDelete, EventID: id(), ItemID: it.id})
	}
	if !acknowledged {
		s.list = slices.DeleteFunc(s.list, func(it *item) bool { return it.going })
	}
	for _, w := range wanted[n:] {
		it := &item{id: id(), role: w.role, text: w.text, sent: true}
		content := protocol.Content{Type: "input_text", Text: &it.text}
		if w.role == roleAssistant {
			content.Type = "output_text"
		}
		s.list = append(s.list, it)
		text := w.text
		content.Text = &text
		events = append(events, protocol.ClientEvent{
			Type: protocol.ItemCreate, EventID: id(), Item: &protocol.Item{ID: it.id, Type: "message", Role: w.role, Content: []protocol.Content{content}},
		})
	}
	return events
}

// same says whether two texts are the same words.
func same(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }

// cut is where a spoken reply has to end so that heard is what it says. ok is false
// if it cannot.
func (it *item) cut(heard string) (end time.Duration, ok bool) {
	heard = strings.TrimRight(heard, " \n")
	if it.role != roleAssistant || it.sound == 0 || heard == "" || !strings.HasPrefix(it.text, heard) {
		return 0, false
	}
	for _, w := range it.timed() {
		if w.To > len(heard) {
			break
		}
		end = w.End
	}
	return min(end, it.sound), end > 0
}

// timed are the item's words with their times: as the backend has said, or in
// proportion to their length.
func (it *item) timed() []engine.Word {
	if len(it.words) > 0 {
		return it.words
	}
	return spread(it.text, it.sound)
}

// spread gives words the time that their letters have of the whole.
func spread(text string, whole time.Duration) []engine.Word {
	var words []engine.Word
	at := func(n int) time.Duration { return time.Duration(float64(whole) * float64(n) / float64(len(text))) }
	for from := 0; from < len(text); {
		space := len(text[from:]) - len(strings.TrimLeft(text[from:], " \n\t"))
		length := strings.IndexAny(text[from+space:], " \n\t")
		if length < 0 {
			length = len(text) - from - space
		}
		to := from + space + length
		if length > 0 {
			words = append(words, engine.Word{From: from + space, To: to, Start: at(from), End: at(to)})
		}
		from = max(to, from+1)
	}
	return words
}

// find is the item of that id, nil if there is none.
func (s *items) find(id string) *item {
	for _, it := range s.list {
		if it.id == id && id != "" {
			return it
		}
	}
	return nil
}

// added: the backend has an item more.
func (s *items) added(ev *protocol.Item, after *string) *item {
	if it := s.find(ev.ID); it != nil {
		it.sent = false
		if words := ev.Words(); words != "" && it.was == nil {
			it.text = words
		}
		return it
	}
	if ev.Type != "" && ev.Type != "message" {
		return nil
	}
	// It may be ours, under a name that the backend has chosen.
	for _, it := range s.list {
		if it.sent && it.role == ev.Role && same(it.text, ev.Words()) {
			it.id, it.sent = ev.ID, false
			return it
		}
	}
	it := &item{id: ev.ID, role: ev.Role, text: ev.Words()}
	at := len(s.list)
	if after != nil && *after != "" {
		if i := slices.IndexFunc(s.list, func(o *item) bool { return o.id == *after }); i >= 0 {
			at = i + 1
		}
	}
	s.list = slices.Insert(s.list, at, it)
	return it
}

// deleted: the backend has an item less.
func (s *items) deleted(id string) {
	s.list = slices.DeleteFunc(s.list, func(it *item) bool { return it.id == id })
}

// settle: what is not acknowledged by now never came to the backend.
func (s *items) settle() {
	s.list = slices.DeleteFunc(s.list, func(it *item) bool { return it.sent })
	for _, it := range s.list {
		it.going = false
		if it.was != nil {
			it.text, it.was = *it.was, nil
		}
	}
}
