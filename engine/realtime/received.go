package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// received takes an event of the backend. It never waits for anybody. What cannot be
// read is passed over: what would have followed from it is missed by whoever waits.
func (c *Client) received(l *link, text []byte) {
	ev, err := protocol.DecodeServer(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.tell()
	if err != nil {
		var named struct{ Type string }
		if json.Unmarshal(text, &named) != nil || named.Type != protocol.SessionCreated && named.Type != protocol.SessionUpdated {
			c.log.Debug("realtime: an event cannot be read", "bytes", len(text))
			return
		}
		ev = protocol.ServerEvent{Type: named.Type} // of a shape that is not ours, but it is there
	}
	s := &c.session
	if ev.Type == protocol.SessionCreated || ev.Type == protocol.SessionUpdated {
		c.greeted(l, ev, text)
		s.fresh(l, ev.EventID)
		return
	}
	if !s.fresh(l, ev.EventID) {
		return
	}
	switch ev.Type {
	case protocol.ParleyResume:
		if ev.Resume != nil {
			s.token = ev.Resume.Token
		}
	case protocol.ErrorEvent:
		c.complained(l, ev)
	case protocol.ParleyHypothesis:
		if ev.Hypothesis != nil {
			s.supposed(ev.ItemID, *ev.Hypothesis)
		}
	case protocol.InputCleared:
		s.clears = max(0, s.clears-1)
	case protocol.InputCommitted:
		s.acknowledged(ev.ItemID, ev.PreviousItemID)
	case protocol.TranscriptionCompleted:
		if ev.Transcript != nil {
			s.transcribed(ev.ItemID, *ev.Transcript, nil)
		}
	case protocol.TranscriptionFailed:
		err := errors.New("realtime: the backend could not hear that")
		if ev.Error != nil {
			err = fmt.Errorf("realtime: the backend could not hear that: %w", said(ev.Error))
		}
		s.transcribed(ev.ItemID, "", err)
	case protocol.ItemAdded, protocol.ItemDone:
		if ev.Item != nil && ev.Item.ID != "" {
			s.items.added(ev.Item, ev.PreviousItemID)
		}
	case protocol.ItemDeleted:
		s.items.deleted(ev.ItemID)
	case protocol.ItemTruncated:
		if it := s.items.find(ev.ItemID); it != nil {
			it.was = nil
		}
	case protocol.ParleyTeaching:
		// Of the user's words the detector of this desk tells; a reply may want a lesson.
		if t, r := ev.Teaching, s.reply; t != nil && r != nil && !r.done && ev.ResponseID != "" && ev.ResponseID == r.id && t.Kind == string(engine.TeachLesson) {
			r.begun = true
			r.push(engine.Teach{LessonRequest: engine.LessonRequest{Topic: t.Topic, Level: t.Level, Goal: t.Goal}})
		}
	case protocol.ParleyLessonDelta, protocol.ParleyLessonDone:
		s.taught(ev)
	default:
		c.responded(l, ev)
	}
}

// responded takes an event of a response.
func (c *Client) responded(l *link, ev protocol.ServerEvent) {
	s := &c.session
	r := s.reply
	if ev.Type == protocol.ResponseCreated {
		id := ""
		if ev.Response != nil {
			id = ev.Response.ID
		}
		if r == nil || r.created || r.done || r.lost { // the backend's own idea
			r = &reply{turn: s.turns, names: map[string]string{}}
			s.reply = r
		}
		r.created, r.id = true, id
		return
	}
	id := ev.ResponseID
	if ev.Response != nil {
		id = ev.Response.ID
	}
	if r == nil || r.done || r.id != "" && id != "" && id != r.id {
		return // of one that is forgotten
	}
	if r.id == "" && id != "" && len(ev.Type) > len("response.") && ev.Type[:9] == "response." { // some do not say that they begin
		r.id, r.created = id, true
	}
	switch ev.Type {
	case protocol.OutputItemAdded:
		if ev.Item != nil {
			r.at(s.items.spoken(ev.Item.ID, ev.Item.Type))
			if ev.Item.CallID != "" {
				r.names[ev.Item.CallID] = ev.Item.Name
			}
		}
	case protocol.OutputAudioTranscriptDelta:
		r.at(s.items.spoken(ev.ItemID, ""))
		r.wrote(ev.Delta)
	case protocol.OutputAudioTranscriptDone:
		if ev.Transcript != nil {
			r.at(s.items.spoken(ev.ItemID, ""))
			r.wroteAll(*ev.Transcript)
		}
	case protocol.OutputTextDelta: // to be spoken here
		r.at(s.items.spoken(ev.ItemID, ""))
		r.begun = true
		r.item.text += ev.Delta
		r.push(engine.Words{Text: ev.Delta})
	case protocol.OutputTextDone:
		r.at(s.items.spoken(ev.ItemID, ""))
		if ev.Text != nil && r.item.text == "" {
			r.begun = true
			r.item.text = *ev.Text
			r.push(engine.Words{Text: *ev.Text})
		}
	case protocol.OutputAudioDelta:
		samples, err := l.out.FromText(ev.Delta)
		if err != nil {
			c.log.Debug("realtime: sound cannot be read", "bytes", len(ev.Delta))
			return
		}
		r.at(s.items.spoken(ev.ItemID, ""))
		r.sounded(time.Now(), pcm.Frame{Rate: l.out.Rate(), Samples: samples})
	case protocol.OutputAudioDone:
		r.heard = true
	case protocol.ParleyWords:
		r.at(s.items.spoken(ev.ItemID, ""))
		r.timed(words(ev.Words))
	case protocol.ParleyEffect:
		r.begun = true
		r.push(engine.Effect{
			Do:    func(context.Context) error { c.allow(r); return nil },
			Apart: ev.Effect != nil && !ev.Effect.Waits,
		})
	case protocol.ParleyTool:
		if t := ev.Tool; t != nil {
			r.push(engine.Used{ToolUse: engine.ToolUse{Tool: t.Name, Arguments: t.Input, Result: t.Result, Failed: t.Failed}})
		}
	case protocol.FunctionArgumentsDone:
		if ev.Arguments != nil {
			name := ev.Name
			if name == "" {
				name = r.names[ev.CallID]
			}
			r.begun = true
			s.calls[ev.CallID] = false
			r.push(engine.Call{ID: ev.CallID, Name: name, Arguments: *ev.Arguments})
		}
	case protocol.ResponseDone:
		r.ended(ev.Response, &c.jitter)
	}
}

// words are the wire's, as the engine has them.
func words(wire []protocol.Word) []engine.Word {
	all := make([]engine.Word, len(wire))
	for i, w := range wire {
		ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
		all[i] = engine.Word{From: w.From, To: w.To, Start: ms(w.StartMS), End: ms(w.EndMS)}
	}
	return all
}

// spoken is the item that the backend speaks, which it may not have told of; nil if it
// speaks none.
func (s *items) spoken(id, kind string) *item {
	if kind != "" && kind != "message" {
		return nil
	}
	if it := s.find(id); it != nil {
		return it
	}
	it := &item{id: id, role: roleAssistant}
	if id != "" || len(s.list) == 0 || s.list[len(s.list)-1].id != "" {
		s.list = append(s.list, it)
		return it
	}
	return s.list[len(s.list)-1]
}

// complained: an error of the backend. It is the end of what it is about; where it
// does not say, of whatever is waiting to begin.
func (c *Client) complained(l *link, ev protocol.ServerEvent) {
	if ev.Error == nil {
		return
	}
	s, id := &c.session, ev.Error.EventID
	c.log.Debug("realtime: the backend complains", "code", ev.Error.Code)
	switch ev.Error.Code {
	case protocol.CodeSessionExpired:
		s.token = ""
		l.fail(errExpires)
		return
	case protocol.CodeCancelNotActive: // it was over before it was told so
		return
	}
	err := said(ev.Error)
	if r := s.reply; r != nil && !r.done && r.asked != "" && (id == r.asked || id == "" && !r.created && len(s.committed) == 0) {
		r.err, r.done = err, true
		return
	}
	for i, u := range s.committed {
		if id != u.commit && id != "" {
			continue
		}
		if s.automatic { // it commits by itself, and does not want to be told
			return
		}
		u.err = err
		s.committed = append(s.committed[:i:i], s.committed[i+1:]...)
		return
	}
	for _, lesson := range s.lessons {
		if id != "" && id == lesson.asked {
			lesson.fail(err)
		}
	}
}
