package server

import (
	"context"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// annotate notes with a response what its turn has to do with teaching, as a client
// that knows no extension is told.
func (s *session) annotate(r *response) {
	list := s.answers(r)
	for _, i := range slices.Backward(list) {
		if i.Role == roleUser {
			if found, ok := s.lookAt(i); ok && !s.has(protocol.Teaching1) {
				if r.metadata == nil {
					r.metadata = make(map[string]string)
				}
				for key, v := range map[string]string{"teaching": string(found.Kind), "topic": found.Topic} {
					if _, own := r.metadata[key]; !own {
						r.metadata[key] = v
					}
				}
			}
			return
		}
		if i.Role == roleAssistant {
			return
		}
	}
}

// start has a response to a list of items given.
func (s *session) start(r *response, list []*item) {
	ctx, cancel := context.WithCancel(s.ctx)
	r.begun, r.ctx, r.cancel = true, ctx, cancel
	codec, err := protocol.NewCodec(r.out.Format)
	if err != nil { // which was checked
		s.finish(r, failed, "", err)
		return
	}
	g := &giving{
		s: s, r: r, responder: s.mind.Responder, req: s.request(r, list), maxTokens: r.maxTokens,
		codec: codec, ahead: s.limits.Ahead, effects: r.effects, released: r.released,
	}
	if r.mode == modeAudio {
		speed := 1.0
		if r.out.Speed != nil {
			speed = *r.out.Speed
		}
		g.synthesizer = s.backend.Synthesizer(r.out.Voice, speed)
	}
	s.work(func() {
		defer cancel()
		limited, err := g.give(ctx)
		if err != nil {
			s.stage(ctx, func() { r.failed = true })
		}
		g.tell(ctx, func() {
			switch {
			case err != nil:
				s.finish(r, failed, "", err)
			case limited:
				s.finish(r, incomplete, "max_output_tokens", nil)
			default:
				s.finish(r, completed, "", nil)
			}
		})
	})
}

// about are the places that an event of a response names.
func (r *response) about(kind string, i *item) protocol.ServerEvent {
	return protocol.ServerEvent{
		Type: kind, ResponseID: r.id, ItemID: i.ID,
		OutputIndex: protocol.Index(slices.Index(r.outputs, i)), ContentIndex: protocol.Index(0),
	}
}

// open begins an item of a response.
func (s *session) open(r *response, i *item) {
	i.ID, i.Object, i.Status, i.open = newID("item_"), "realtime.item", inProgress, true
	r.outputs = append(r.outputs, i)
	s.send(protocol.ServerEvent{
		Type: protocol.OutputItemAdded, ResponseID: r.id, OutputIndex: protocol.Index(len(r.outputs) - 1), Item: i.wire(),
	})
	if !r.beside {
		s.add(i, len(s.items.list))
	}
}

// close ends an item of a response.
func (s *session) close(r *response, i *item, status string) {
	i.Status, i.open = status, false
	if !r.beside {
		s.done(i)
	}
	s.send(protocol.ServerEvent{
		Type: protocol.OutputItemDone, ResponseID: r.id, OutputIndex: protocol.Index(slices.Index(r.outputs, i)), Item: i.wire(),
	})
}

// write: the responder's next words.
func (s *session) write(r *response, text string) {
	if r.done || text == "" {
		return
	}
	if r.times.FirstToken == 0 {
		r.times.FirstToken = s.reached(r, StageFirstToken)
	}
	s.openMessage(r)
	r.text.WriteString(text)
	kind := protocol.OutputAudioTranscriptDelta
	if r.mode == modeText {
		kind = protocol.OutputTextDelta
	}
	e := r.about(kind, r.cur)
	e.Delta = text
	s.send(e)
}

// openMessage begins a message, unless one is being said.
func (s *session) openMessage(r *response) {
	if r.cur != nil {
		return
	}
	r.cur = &item{Item: protocol.Item{Type: itemMessage, Role: roleAssistant}}
	s.open(r, r.cur)
	e := r.about(protocol.ContentPartAdded, r.cur)
	e.Part = r.part("")
	s.send(e)
}

// part is the part of a response that text makes.
func (r *response) part(text string) *protocol.Part {
	if r.mode == modeText {
		return &protocol.Part{Type: modeText, Text: &text}
	}
	return &protocol.Part{Type: modeAudio, Transcript: &text}
}

// sound: the next sound of the message being said, and the words whose times it made
// known.
func (s *session) sound(r *response, p spokenPart) {
	if r.done || r.cur == nil && p.text == "" {
		return
	}
	s.openMessage(r) // what comes already spoken may come before its words
	i := r.cur
	var told []protocol.Word
	for _, w := range p.words {
		i.words = append(i.words, spokenWord{to: w.To, end: w.End})
		told = append(told, protocol.Word{From: w.From, To: w.To, StartMS: int(w.Start.Milliseconds()), EndMS: int(w.End.Milliseconds())})
	}
	if len(told) > 0 && s.has(protocol.Speculation1) {
		e := r.about(protocol.ParleyWords, i)
		e.Words = told
		s.send(e)
	}
	if p.text == "" {
		return
	}
	if !r.sounded {
		r.sounded = true
		r.times.FirstAudio = s.reached(r, StageFirstAudio)
	}
	s.spoke = true
	i.length += p.length
	r.used.outSound += p.length
	if !r.beside {
		from := s.audible
		if now := time.Now(); from.Before(now) {
			from = now
		}
		s.audible = from.Add(p.length)
	}
	e := r.about(protocol.OutputAudioDelta, i)
	e.Delta = p.text
	s.send(e)
}

// closeMessage ends the message being said, if there is one.
func (s *session) closeMessage(r *response, status string) {
	i := r.cur
	if i == nil {
		return
	}
	r.cur = nil
	text := r.text.String()
	r.text.Reset()
	r.used.outText += tokens(text)
	content := protocol.Content{Type: outputText, Text: &text}
	if r.mode == modeText {
		e := r.about(protocol.OutputTextDone, i)
		e.Text = &text
		s.send(e)
	} else {
		content = protocol.Content{Type: outputAudio, Transcript: &text}
		s.send(r.about(protocol.OutputAudioDone, i))
		e := r.about(protocol.OutputAudioTranscriptDone, i)
		e.Transcript = &text
		s.send(e)
	}
	i.Content = []protocol.Content{content}
	if r.mode == modeAudio {
		i.timeRest(text)
	}
	e := r.about(protocol.ContentPartDone, i)
	e.Part = r.part(text)
	s.send(e)
	s.close(r, i, status)
}

// call: the responder wants a function of the client called.
func (s *session) call(r *response, c engine.Call) {
	if r.done {
		return
	}
	s.closeMessage(r, completed)
	if c.ID == "" {
		c.ID = newID("call_")
	}
	if c.Arguments == "" {
		c.Arguments = "{}"
	}
	r.used.outText += tokens(c.Arguments)
	none := ""
	i := &item{Item: protocol.Item{Type: itemCall, CallID: c.ID, Name: c.Name, Arguments: &none}}
	s.open(r, i)
	i.Arguments = &c.Arguments
	for _, kind := range []string{protocol.FunctionArgumentsDelta, protocol.FunctionArgumentsDone} {
		e := r.about(kind, i)
		e.ContentIndex, e.CallID = nil, c.ID
		if kind == protocol.FunctionArgumentsDelta {
			e.Delta = c.Arguments
		} else {
			e.Name, e.Arguments = c.Name, &c.Arguments
		}
		s.send(e)
	}
	s.close(r, i, completed)
}
