package server

import (
	"math"
	"reflect"
	"time"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

const (
	// lastWordAfter is how long nothing is heard before the transcriber is asked for
	// its last word about a voice over a reply.
	lastWordAfter = 500 * time.Millisecond
	// shortestSilence is the least that ends a turn: less is a gap between sounds.
	shortestSilence = 120 * time.Millisecond
	// paddingMost is the most sound before the voice that belongs to an utterance.
	paddingMost = time.Second
	// usualPadding is what it is where it cannot be set.
	usualPadding = 300 * time.Millisecond
)

// patiences are what semantic_vad's eagerness means.
var patiences = map[string]turn.Patience{"low": turn.Patient, "medium": turn.Balanced, "auto": turn.Balanced, "high": turn.Quick}

// floor is who has the floor, with turn detection. The detector is made when there is
// sound: idle sessions cost little.
//
// With semantic_vad turns end by words and silence, as in the desk's own
// conversation. With server_vad they end by silence alone, of silence_duration_ms and
// at least 120 ms. A threshold above 0.5 makes quiet sounds count as none: 0.5 is the
// detector's own measure (9 dB over the room's noise), 1 takes −32 dBFS; less than 0.5
// makes no difference. prefix_padding_ms counts up to one second.
type floor struct {
	detector *turn.Detector
	recent   []([]int16) // the last frames, oldest first
	gate     float64     // dBFS; below it there is no voice
	padding  time.Duration
	silence  time.Duration // server_vad: that ends a turn; 0: words decide
	silent   time.Duration // since the last voice
	u        *utterance    // being spoken now
}

func sameDetection(a, b *protocol.TurnDetection) bool { return reflect.DeepEqual(a, b) }

// newFloor makes the detector that the settings ask for.
func (s *session) newFloor(d *protocol.TurnDetection) {
	cfg := s.backend.Turns
	if cfg.Longest <= 0 {
		cfg.Longest = time.Minute
	}
	cfg.Longest = min(cfg.Longest, s.limits.Utterance)
	s.floor = floor{gate: math.Inf(-1), padding: usualPadding}
	if d.Type == semanticVAD {
		cfg.Patience = patiences[d.Eagerness]
	} else {
		if *d.Threshold > .5 {
			s.floor.gate = -62 + (*d.Threshold-.5)*60
		}
		s.floor.padding = min(paddingMost, ms(*d.PrefixPaddingMS))
		s.floor.silence = max(shortestSilence, ms(*d.SilenceDurationMS))
	}
	s.floor.detector = turn.New(cfg)
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// inMS is d in whole milliseconds, as events have it.
func inMS(d time.Duration) *int { return protocol.Index(int(d.Milliseconds())) }

// playing says whether the client is, as far as we know, playing a reply.
func (s *session) playing() bool {
	if time.Now().Before(s.audible) {
		return true
	}
	r := s.active()
	return r != nil && r.sounded
}

// listen takes 10 ms of sound.
func (s *session) listen(samples []int16) {
	d := s.cfg.Audio.Input.TurnDetection.Value
	f := &s.floor
	if f.detector == nil {
		s.newFloor(d)
	}
	level := pcm.Level(samples)
	if level < f.gate {
		level = pcm.Silence
	}
	if most := int((paddingMost + 200*time.Millisecond) / pcm.FrameTime); len(f.recent) >= most {
		copy(f.recent, f.recent[1:])
		f.recent = f.recent[:most-1]
	}
	f.recent = append(f.recent, samples)
	if f.u != nil {
		f.u.push(samples)
	}
	decision := f.detector.Step(turn.Frame{
		Linear: level, Clean: level, Reference: pcm.Silence, Echo: pcm.Silence, Settled: true, Speaking: s.playing(),
	})
	if f.detector.InTurn() {
		f.silent = f.detector.Silence()
	} else {
		f.silent += pcm.FrameTime
	}
	s.decided(decision)
	if u := f.u; u != nil && u.tentative {
		s.weigh(u)
	}
}

// decided does what the detector's decision asks for.
func (s *session) decided(d turn.Decision) {
	f := &s.floor
	u := f.u
	switch {
	case u == nil && d == turn.Onset:
		s.beginUtterance()
		return
	case u == nil || u.closed:
		return
	case d == turn.Pause:
		u.ask("")
	case d == turn.Resume, d == turn.Onset: // an onset may follow a silence that server_vad waits out
		u.revision++
		u.settled = false
		s.dropDraft()
		f.detector.Hear(u.words())
	}
	if u.tentative {
		return
	}
	over := d == turn.End
	if f.silence > 0 {
		over = f.silent >= f.silence
	}
	if over || u.length() >= s.limits.Utterance {
		s.endUtterance(true)
		f.detector.Reset()
	}
}

// beginUtterance: the user begins to speak. Over a reply it is not yet sure that he
// takes the floor: nothing is told.
func (s *session) beginUtterance() {
	f := &s.floor
	if !s.mayWork() {
		f.detector.Reset()
		return
	}
	since := f.detector.Since()
	u := s.newUtterance()
	u.began = max(0, s.input.position()-since-f.padding)
	n := min(len(f.recent), int((since+f.padding)/pcm.FrameTime))
	for _, frame := range f.recent[len(f.recent)-n:] {
		u.push(frame)
	}
	f.u = u
	if s.playing() {
		u.tentative = true
		u.weighing.Language = s.language()
		return
	}
	s.takeFloor(u)
}

// takeFloor: it is sure that the user speaks.
func (s *session) takeFloor(u *utterance) {
	u.tentative = false
	s.idle.Stop()
	if d := s.cfg.Audio.Input.TurnDetection.Value; d == nil || *d.InterruptResponse {
		s.interrupt()
	}
	s.send(protocol.ServerEvent{Type: protocol.SpeechStarted, ItemID: u.id, AudioStartMS: inMS(u.began)})
	if u.latest.Text != "" {
		s.tellHypothesis(u, u.latest, "")
	}
}

// weigh decides about a voice over a reply.
func (s *session) weigh(u *utterance) {
	f := &s.floor
	// Silent for long, and still not weighed: a transcriber that knows no soft ends
	// must say now what it was.
	if !u.closed && (!f.detector.InTurn() || f.silent >= lastWordAfter) {
		u.closed = true
		u.feed.End()
	}
	verdict := u.weighing.Step(f.detector.Voice(), u.words())
	if !s.playing() && verdict != turn.Forgive { // whoever spoke over its end has the floor now
		verdict = turn.Take
	}
	switch verdict {
	case turn.Take:
		s.takeFloor(u)
		again := u.closed && f.detector.InTurn()
		if u.closed || !f.detector.InTurn() {
			s.endUtterance(true)
		}
		if again {
			s.beginUtterance()
		}
	case turn.Forgive:
		s.abandon()
	case turn.Hold, turn.Undecided:
	}
}

// endUtterance: the user's turn is over. answer says whether it may be answered
// without being asked.
func (s *session) endUtterance(answer bool) {
	u := s.floor.u
	s.floor.u = nil
	d := s.cfg.Audio.Input.TurnDetection.Value
	u.answer = answer && d != nil && *d.CreateResponse && s.cfg.Type == typeRealtime
	s.turnEnd = time.Now().Add(-s.floor.silent)
	s.send(protocol.ServerEvent{Type: protocol.SpeechStopped, ItemID: u.id, AudioEndMS: inMS(s.input.position())})
	s.commit(u)
}

// abandon forgets what the user is saying.
func (s *session) abandon() {
	s.dropDraft()
	if s.floor.detector != nil {
		s.floor.detector.Reset()
	}
	if s.floor.u != nil {
		s.floor.u.drop()
		s.floor.u = nil
	}
}

// timeout: the user has said nothing for long after a reply. That is a turn, too.
func (s *session) timeout() {
	d := s.cfg.Audio.Input.TurnDetection.Value
	if d == nil || d.IdleTimeoutMS == nil || s.floor.u != nil || s.active() != nil || s.items.unheard() {
		return
	}
	id, now := newID("item_"), s.input.position()
	s.send(protocol.ServerEvent{
		Type: protocol.TimeoutTriggered, ItemID: id, AudioStartMS: inMS(max(0, now-ms(*d.IdleTimeoutMS))), AudioEndMS: inMS(now),
	})
	n := len(s.items.list)
	s.send(protocol.ServerEvent{Type: protocol.InputCommitted, ItemID: id, PreviousItemID: s.items.before(n)})
	silence := &item{Item: protocol.Item{
		ID: id, Type: itemMessage, Status: completed, Role: roleUser,
		Content: []protocol.Content{{Type: inputAudio, Transcript: protocol.Str("")}},
	}}
	s.add(silence, n)
	s.done(silence)
	s.owed = s.cfg.Type == typeRealtime
}
