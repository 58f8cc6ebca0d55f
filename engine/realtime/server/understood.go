package server

import (
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

// guessed: a partial hypothesis.
func (s *session) guessed(u *utterance, h engine.Hypothesis) {
	if u.dropped || u.known || u.settled {
		return
	}
	u.latest = h
	if s.floor.u == u {
		s.floor.detector.Hear(u.words())
	}
	if !u.tentative {
		s.tellHypothesis(u, h, "")
	}
}

// supposed: the answer to a soft end. Unless the user has gone on since, it is what
// he has said.
func (s *session) supposed(u *utterance, h engine.Hypothesis, soft softEnd) {
	if u.dropped || u.known {
		return
	}
	if soft.revision != u.revision {
		h.Soft = false
		s.guessed(u, h)
		return
	}
	u.latest = h
	if s.floor.u == u {
		u.settled = true
		s.floor.detector.Hear(u.words())
	}
	if !u.tentative {
		s.tellHypothesis(u, h, soft.pause)
		if s.floor.u == u {
			s.foresee(u)
		}
	}
}

// tellHypothesis tells what is believed to have been said. Only the final one, which
// comes before the transcript, names its item.
func (s *session) tellHypothesis(u *utterance, h engine.Hypothesis, pause string) {
	if !s.has(protocol.Speculation1) {
		return
	}
	e := protocol.ServerEvent{Type: protocol.ParleyHypothesis, Hypothesis: &protocol.Hypothesis{
		Text: h.Text, Stable: h.Stable, Soft: h.Soft, Confidence: h.Confidence, Pause: pause,
	}}
	if h.Final {
		e.ItemID = u.id
	}
	s.send(e)
}

// commit makes an utterance an item of the conversation.
func (s *session) commit(u *utterance) {
	u.item = &item{
		Item: protocol.Item{
			ID: u.id, Type: itemMessage, Status: completed, Role: roleUser,
			Content: []protocol.Content{{Type: inputAudio}},
		},
		pending: true, length: u.length(),
	}
	n := len(s.items.list)
	s.send(protocol.ServerEvent{Type: protocol.InputCommitted, ItemID: u.id, PreviousItemID: s.items.before(n)})
	s.add(u.item, n)
	s.done(u.item)
	u.feed.End()
	switch {
	case u.outcome != nil:
		u.outcome()
	case u.settled:
		s.understood(u, u.latest)
	}
}

// heard fills in an item's words.
func (i *item) heard(text string) {
	i.pending = false
	for n := range i.Content {
		if i.Content[n].Type == inputAudio && i.Content[n].Transcript == nil {
			i.Content[n].Transcript = protocol.Str(text)
			text = "" // all of it stands in the first part
		}
	}
}

// understood: the words are certain.
func (s *session) understood(u *utterance, h engine.Hypothesis) {
	if u.dropped || u.known {
		return
	}
	if u.item == nil {
		// A voice over a reply is weighed by them.
		u.latest, u.settled = h, true
		u.outcome = func() { s.understood(u, h) }
		return
	}
	u.known = true
	u.item.heard(h.Text)
	u.item.confidence = h.Confidence
	h.Final, h.Soft = true, false
	s.tellHypothesis(u, h, "")
	if s.cfg.Audio.Input.Transcription != nil {
		if h.Text != "" {
			s.send(protocol.ServerEvent{Type: protocol.TranscriptionDelta, ItemID: u.id, ContentIndex: protocol.Index(0), Delta: h.Text})
		}
		s.send(protocol.ServerEvent{
			Type: protocol.TranscriptionCompleted, ItemID: u.id, ContentIndex: protocol.Index(0), Transcript: &h.Text,
			Usage: &protocol.Usage{Type: "duration", Seconds: u.length().Seconds()},
		})
	}
	if !s.turnEnd.IsZero() {
		s.turnHeard = time.Since(s.turnEnd)
		s.observe.Stage(StageTranscript, s.turnHeard)
	}
	s.lookAt(u.item)
	s.forget()
	// Nothing is answered by nothing, and a wish for silence by silence.
	if u.answer && h.Text != "" {
		s.owed = !s.language().Stop(h.Text)
	}
	if !s.owed {
		s.dropDraft()
	}
}

// misheard: the transcriber failed.
func (s *session) misheard(u *utterance, err error) {
	if u.dropped || u.known {
		return
	}
	if u.item == nil {
		u.outcome = func() { s.misheard(u, err) }
		if s.floor.u == u && u.tentative {
			s.takeFloor(u)
		}
		return
	}
	u.known = true
	s.dropDraft()
	u.item.heard("")
	s.log.Warn("stage failed", "stage", "transcriber", "session", s.id) // an error may quote what a service said
	s.send(protocol.ServerEvent{
		Type: protocol.TranscriptionFailed, ItemID: u.id, ContentIndex: protocol.Index(0),
		Error: &protocol.Error{Type: protocol.ServerFault, Code: "transcription_failed", Message: forPerson(err)},
	})
}

// language says what words tell about turns.
func (s *session) language() *turn.Language {
	if l := s.backend.Turns.Language; l != nil {
		return l
	}
	return turn.English()
}
