package server

import (
	"encoding/json"
	"fmt"

	"parley/engine/realtime/protocol"
)

// hello greets the client.
func (s *session) hello() {
	now := s.cfg
	s.send(protocol.ServerEvent{Type: protocol.SessionCreated, Session: &now})
	if s.keeps() {
		s.tellToken()
	}
}

// receive does what an event from the client asks for.
func (s *session) receive(m []byte) {
	if len(m) > s.limits.Message {
		s.refuse(protocol.ClientEvent{}, protocol.CodeInvalidValue, "", fmt.Sprintf("An event may have %d bytes at most.", s.limits.Message))
		s.observe.Dropped(DropTooBig)
		return
	}
	e, err := protocol.DecodeClient(m)
	if err != nil {
		var named struct {
			EventID string `json:"event_id"`
		}
		_ = json.Unmarshal(m, &named) // as far as it goes
		s.refuse(protocol.ClientEvent{EventID: named.EventID}, protocol.CodeInvalidValue, "", "The event cannot be read: "+plain(err))
		return
	}
	if len(e.EventID) > 512 {
		e.EventID = ""
	}
	switch e.Type {
	case protocol.InputAppend, protocol.ItemRetrieve, protocol.ParleyPause:
	default: // what was prepared may not be the answer any more
		s.dropDraft()
	}
	switch e.Type {
	case protocol.SessionUpdate:
		s.update(e, m)
	case protocol.InputAppend:
		s.appendSound(e)
	case protocol.InputCommit:
		s.commitInput(e)
	case protocol.InputClear:
		s.clearInput()
	case protocol.ItemCreate:
		s.createItem(e)
	case protocol.ItemDelete:
		s.deleteItem(e)
	case protocol.ItemRetrieve:
		s.retrieveItem(e)
	case protocol.ItemTruncate:
		s.truncateItem(e)
	case protocol.ResponseCreate:
		s.createResponse(e)
	case protocol.ResponseCancel:
		s.cancelResponse(e)
	case protocol.OutputClear:
		s.refuse(e, protocol.CodeInvalidValue, "type", "There is an output buffer only over WebRTC; stop playing and send conversation.item.truncate.")
	default:
		if !s.receiveExtension(e) {
			s.refuse(e, protocol.CodeUnknownEvent, "type", fmt.Sprintf("There is no event of type %.60q.", e.Type))
		}
	}
}

// receiveExtension does what an event of an extension asks for, if it was agreed on.
func (s *session) receiveExtension(e protocol.ClientEvent) bool {
	switch {
	case e.Type == protocol.ParleyPause && s.has(protocol.Speculation1):
		s.pause(e)
	case e.Type == protocol.ParleyAllow && s.has(protocol.Speculation1):
		s.allowResponse(e)
	case e.Type == protocol.ParleyLesson && s.has(protocol.Teaching1):
		s.createLesson(e)
	case e.Type == protocol.ParleyLessonCancel && s.has(protocol.Teaching1):
		s.cancelLesson(e)
	default:
		return false
	}
	return true
}
