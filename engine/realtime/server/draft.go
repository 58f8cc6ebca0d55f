package server

import (
	"slices"
	"time"

	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

const (
	// draftsMost is how many replies are prepared for one turn.
	draftsMost = 3
	// draftSound is how much sound of a reply that is only prepared is made, and
	// draftText how many bytes of it are written.
	draftSound = 2 * time.Second
	draftText  = 16 << 10
)

// draft is a response to a turn that may not be over, with turn detection. What comes
// of it waits, and what it wants to do; clients know nothing of it.
type draft struct {
	of   *utterance
	text string // what it answers
	to   []*item
	r    *response
}

// foresee prepares the response to what the user has said up to this pause, unless his
// words say that they go on.
func (s *session) foresee(u *utterance) {
	text := u.latest.Text
	if d := s.draft; d != nil && d.of == u && d.text == text {
		return
	}
	s.dropDraft()
	d := s.cfg.Audio.Input.TurnDetection.Value
	if text == "" || u.drafts == draftsMost || d == nil || !*d.CreateResponse || s.cfg.Type != typeRealtime ||
		s.draining || s.owed || s.active() != nil || s.items.unheard() || !s.mayWork() ||
		s.language().Stop(text) || s.floor.detector.Config().Sense(text) == turn.Open {
		return
	}
	r, wrong := s.newResponse(protocol.ResponseParams{})
	if wrong != nil {
		return
	}
	u.drafts++
	r.held, r.released, r.effects = true, make(chan struct{}), newEffects(true)
	said := &item{
		Item:       protocol.Item{Role: roleUser, Content: []protocol.Content{{Type: inputAudio, Transcript: &text}}},
		confidence: u.latest.Confidence, length: u.length(),
	}
	s.draft = &draft{of: u, text: text, r: r, to: slices.Clone(s.items.list)}
	s.start(r, append(slices.Clone(s.items.list), said))
}

// give gives what was prepared for the turn that is to be answered now, if it is the
// answer and has come to nothing bad. Anything else is dropped.
func (s *session) give() bool {
	d, n := s.draft, len(s.items.list)-1
	if d == nil || n < 0 || s.items.list[n] != d.of.item || s.items.list[n].Words() != d.text || !slices.Equal(s.items.list[:n], d.to) || d.r.failed {
		s.dropDraft()
		return false
	}
	s.draft = nil
	s.install(d.r)
	s.allow(d.r)
	return true
}

// release lets out what came of a response while it was only prepared.
func (s *session) release(r *response) {
	if !r.held {
		return
	}
	r.held = false
	close(r.released)
	for _, f := range r.later {
		f()
	}
	r.later = nil
}

// dropDraft throws away what was prepared.
func (s *session) dropDraft() {
	if s.draft != nil {
		s.draft.r.cancel()
		s.draft = nil
	}
}
