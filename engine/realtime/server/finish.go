package server

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/engine/realtime/protocol"
)

// Why responses are cancelled.
const (
	turnDetected    = "turn_detected"
	clientCancelled = "client_cancelled"
)

// finish ends a response. Nothing of it comes afterwards.
func (s *session) finish(r *response, status, reason string, why error) {
	if r.done {
		return
	}
	how := completed
	if status != completed {
		how = incomplete
	}
	s.closeMessage(r, how)
	r.done = true
	if r.cancel != nil {
		r.cancel()
	}
	s.responses = slices.DeleteFunc(s.responses, func(one *response) bool { return one == r })
	var details *protocol.StatusDetails
	if status != completed {
		details = &protocol.StatusDetails{Type: status, Reason: reason}
	}
	if why != nil {
		s.log.Warn("stage failed", "stage", stageOf(why), "session", s.id, "response", r.id)
		details.Error = &protocol.Error{Type: protocol.ServerFault, Code: stageOf(why) + "_failed", Message: forPerson(why)}
	}
	if status == cancelled && s.keeps() {
		s.ring.silence(r.id)
	}
	told := s.wire(r, status, details)
	told.Usage = r.used.wire()
	r.times.Complete = s.reached(r, StageComplete)
	s.send(protocol.ServerEvent{Type: protocol.ResponseDone, Response: told})
	s.send(protocol.ServerEvent{Type: protocol.RateLimitsUpdated, RateLimits: []protocol.RateLimit{
		{Name: "requests", Limit: s.limits.Items, Remaining: s.limits.Items},
	}})
	s.observe.Response(status)
	if s.has(protocol.Metrics1) {
		r.times.ResponseID, r.times.AudioLength = r.id, toMS(r.used.outSound)
		s.send(protocol.ServerEvent{Type: protocol.ParleyMetrics, ResponseID: r.id, Metrics: &r.times})
	}
	if d := s.cfg.Audio.Input.TurnDetection.Value; !r.beside && d != nil && d.IdleTimeoutMS != nil {
		s.idle.Reset(max(0, time.Until(s.audible)) + ms(*d.IdleTimeoutMS))
	}
}

// reached notes that a stage of the answer has been reached, and returns when.
func (s *session) reached(r *response, stage string) float64 {
	took := time.Since(r.turnEnd)
	if !r.beside {
		s.observe.Stage(stage, took)
	}
	return toMS(took)
}

func toMS(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
}

// interrupt ends the conversation's response since the user speaks.
func (s *session) interrupt() {
	s.audible = time.Time{}
	if r := s.active(); r != nil {
		s.finish(r, cancelled, turnDetected, nil)
	}
}

// cancelAll ends every response: the session ends.
func (s *session) cancelAll() {
	for _, r := range slices.Clone(s.responses) {
		s.finish(r, cancelled, "", nil)
	}
}

// cancelResponse is response.cancel.
func (s *session) cancelResponse(e protocol.ClientEvent) {
	r := s.active()
	if e.ResponseID != "" {
		r = nil
		for _, one := range s.responses {
			if one.id == e.ResponseID {
				r = one
			}
		}
	}
	if r == nil {
		s.refuse(e, protocol.CodeCancelNotActive, "", "Cancellation failed: no active response found.")
		return
	}
	if !r.beside {
		s.audible = time.Time{}
	}
	s.finish(r, cancelled, clientCancelled, nil)
}

// forPerson is an error as a sentence for a person: without the name of the room it
// comes from, and with a capital.
func forPerson(err error) string {
	text := err.Error()
	if room, rest, ok := strings.Cut(text, ": "); ok && !strings.Contains(room, " ") {
		text = rest
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// hearSlack is how much of a word's end may be missing for the word to count as heard.
const hearSlack = 20 * time.Millisecond

// truncateItem is conversation.item.truncate: what was said is cut to what was heard,
// by word.
func (s *session) truncateItem(e protocol.ClientEvent) {
	n := s.items.index(e.ItemID)
	if n < 0 {
		s.unknown(e, "item_id", e.ItemID)
		return
	}
	i := s.items.list[n]
	switch {
	case i.Type != itemMessage || i.Role != roleAssistant:
		s.refuse(e, protocol.CodeInvalidValue, "item_id", "Only what the assistant says can be truncated.")
		return
	case e.ContentIndex == nil || *e.ContentIndex != 0 || !i.sounds():
		s.refuse(e, protocol.CodeInvalidValue, "content_index", "The content_index must be that of a part of sound: 0.")
		return
	case e.AudioEndMS == nil || *e.AudioEndMS < 0:
		s.refuse(e, protocol.CodeInvalidValue, "audio_end_ms", "An audio_end_ms of 0 or more is needed.")
		return
	}
	most := (i.length + time.Millisecond - 1) / time.Millisecond
	if *e.AudioEndMS > int(most) {
		s.refuse(e, protocol.CodeInvalidValue, "audio_end_ms", "Audio content of "+i.length.Round(time.Millisecond).String()+" is already shorter than audio_end_ms.")
		return
	}
	// Some clients truncate what is still being said and mean that it is to end there.
	for _, r := range slices.Clone(s.responses) {
		if r.cur == i {
			s.finish(r, cancelled, clientCancelled, nil)
		}
	}
	i.truncate(ms(*e.AudioEndMS))
	s.audible = time.Time{}
	s.send(protocol.ServerEvent{
		Type: protocol.ItemTruncated, ItemID: i.ID, ContentIndex: protocol.Index(0), AudioEndMS: e.AudioEndMS,
	})
}

// sounds says whether the item is said aloud.
func (i *item) sounds() bool {
	return i.open && i.length > 0 || len(i.Content) > 0 && i.Content[0].Type == outputAudio
}

// truncate cuts the item's sound and text to what was heard.
func (i *item) truncate(heard time.Duration) {
	text := i.Words()
	if !i.cut {
		i.whole, i.cut = text, true
	}
	to := 0
	if heard >= i.length && len(i.words) > 0 {
		to = i.words[len(i.words)-1].to
	}
	kept := 0
	for _, w := range i.words {
		if w.end > heard+hearSlack {
			break
		}
		to, kept = max(to, w.to), kept+1
	}
	text = text[:min(to, len(text))]
	i.words, i.length = i.words[:kept], heard
	i.Content[0].Transcript = &text
}
