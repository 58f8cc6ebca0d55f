package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
)

// seenMost is how many event ids of the backend are kept, to know a repeated one.
const seenMost = 4096

// session is what is known of the backend's session. It outlives a connection where
// the backend lets it be resumed. All of it is guarded by the client's mu.
type session struct {
	id        string
	created   bool // on this connection
	updated   bool // likewise
	set       bool // it is as we wish
	resumed   bool // it is that of the connection before
	token     string
	lastEvent string
	seen      map[string]bool // by our own backend; others repeat ids
	expires   time.Time       // zero: not said
	lasts     time.Duration   // how long that was ahead when it was said
	automatic bool            // it insists on finding turns itself, and on answering them
	flat      bool            // it has the Beta's shape
	turns     int             // of the user's, that became items
	clears    int             // sent and not yet answered

	items     items
	speaking  *utterance   // in the input buffer
	committed []*utterance // sent, and not yet acknowledged, in order
	heard     map[string]*utterance
	reply     *reply // the last one asked for, or begun by the backend itself
	lessons   map[string]*lesson
	calls     map[string]bool // that the backend knows of; true: and what came of them
}

// begin prepares for a connection: what it cannot take up again is lost.
func (c *Client) begin(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &c.session
	if s.token == "" || !l.has(protocol.Resume1) {
		s.lose()
	}
	s.created, s.updated, s.resumed, s.clears = false, false, false, 0
	l.in, _ = protocol.NewCodec(c.format(l)) // our own formats are formats
	l.out = l.in
}

// format is how sound should go: as our engines have it where the backend is one
// of ours.
func (c *Client) format(l *link) *protocol.Format {
	if len(l.extensions) > 0 {
		return &protocol.Format{Type: protocol.PCM, Rate: int(pcm.Rate16k)}
	}
	return &protocol.Format{Type: protocol.PCM, Rate: int(protocol.WireRate)}
}

// lose: the session is gone. Whoever waits for something of it is told.
func (s *session) lose() {
	for _, u := range s.committed {
		u.lost = true
	}
	for _, u := range s.heard {
		u.lost = true
	}
	if s.reply != nil {
		s.reply.lost = true
	}
	for _, l := range s.lessons {
		l.lost = true
	}
	*s = session{heard: map[string]*utterance{}, lessons: map[string]*lesson{}, calls: map[string]bool{}, seen: map[string]bool{}, created: s.created}
}

// settle: the session goes on, and all that the backend had to say has been said.
// What it has not acknowledged by now it never got.
func (s *session) settle() {
	for _, u := range s.committed {
		u.lost = true
	}
	s.committed = nil
	if r := s.reply; r != nil && !r.created && !r.done {
		r.lost = true
		s.reply = nil
		for id := range s.calls { // it may not have come there either
			s.calls[id] = false
		}
	}
	for _, l := range s.lessons {
		l.lost = l.lost || !l.begun
	}
	s.items.settle()
}

// fresh says whether an event is new, and notes it. Of another's backend every one
// is.
func (s *session) fresh(l *link, id string) bool {
	if id == "" || !l.has(protocol.Resume1) {
		return true
	}
	if s.seen[id] {
		return false
	}
	if len(s.seen) >= seenMost {
		clear(s.seen) // a repeated one comes right after a resumption
	}
	s.seen[id] = true
	s.lastEvent = id
	return true
}

// greeted: session.created or .updated. text is the event as it came.
func (c *Client) greeted(l *link, ev protocol.ServerEvent, text []byte) {
	s := &c.session
	got := ev.Session
	if got == nil {
		got = &protocol.Session{}
	}
	if ev.Type == protocol.SessionCreated {
		s.resumed = s.token != "" && got.ID != "" && got.ID == s.id
		if !s.resumed {
			s.lose()
		}
		s.created = true
	} else {
		s.updated, s.set = true, true
	}
	if got.ID != "" {
		s.id = got.ID
	}
	if got.ExpiresAt > 0 {
		if at := time.Unix(got.ExpiresAt, 0); !at.Equal(s.expires) {
			s.expires, s.lasts = at, time.Until(at)
		}
	}
	var old struct {
		Session struct {
			Format *string         `json:"input_audio_format"`
			Turns  json.RawMessage `json:"turn_detection"`
		} `json:"session"`
	}
	if err := json.Unmarshal(text, &old); err == nil && old.Session.Format != nil {
		s.flat = true
		l.in, _ = protocol.NewCodec(nil)
		l.out = l.in
		s.automatic = s.updated && len(old.Session.Turns) > 0 && string(old.Session.Turns) != "null"
	}
	if !s.updated || got.Audio == nil {
		return
	}
	if in := got.Audio.Input; in != nil {
		if codec, err := protocol.NewCodec(in.Format); err == nil && in.Format != nil {
			l.in = codec
		}
		if turns := in.TurnDetection; turns != nil && turns.Value != nil {
			s.automatic = turns.Value.CreateResponse == nil || *turns.Value.CreateResponse
		}
	}
	if out := got.Audio.Output; out != nil {
		if codec, err := protocol.NewCodec(out.Format); err == nil && out.Format != nil {
			l.out = codec
		}
	}
}

// flatUpdate is a session.update in the Beta's shape.
type flatUpdate struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`
	Session struct {
		Modalities    []string                `json:"modalities"`
		Instructions  *string                 `json:"instructions,omitempty"`
		Voice         string                  `json:"voice,omitempty"`
		Speed         *float64                `json:"speed,omitempty"`
		InputFormat   string                  `json:"input_audio_format"`
		OutputFormat  string                  `json:"output_audio_format"`
		Transcription *protocol.Transcription `json:"input_audio_transcription"`
		TurnDetection *struct{}               `json:"turn_detection"`
	} `json:"session"`
}

// update sets a new session, and waits for the backend to have done so.
func (c *Client) update(ctx context.Context, l *link) error {
	c.mu.Lock()
	flat := c.session.flat
	c.mu.Unlock()
	var err error
	if flat {
		err = c.sendFlat(l)
	} else {
		err = l.send(protocol.ClientEvent{Type: protocol.SessionUpdate, EventID: c.event(), Session: c.wish(l)})
	}
	if err != nil {
		return err
	}
	err = c.await(ctx, updateTime, func() (bool, error) { return c.session.updated, nil })
	if errors.Is(err, errLate) { // some do, and say nothing
		return nil
	}
	return err
}

// wish is what a session should be set to.
func (c *Client) wish(l *link) *protocol.Session {
	s := &protocol.Session{
		Type: "realtime", OutputModalities: []string{"audio"},
		Audio: &protocol.Audio{
			Input: &protocol.AudioInput{
				Format: c.format(l), Transcription: c.transcription(l),
				TurnDetection: &protocol.Maybe[protocol.TurnDetection]{},
			},
			Output: &protocol.AudioOutput{Format: c.format(l), Voice: c.cfg.Voice},
		},
	}
	if strings.TrimSpace(c.cfg.Instructions) != "" {
		s.Instructions = &c.cfg.Instructions
	}
	if c.cfg.Speed != 0 {
		s.Audio.Output.Speed = &c.cfg.Speed
	}
	return s
}

// transcription asks for the user's words: without it most tell none.
func (c *Client) transcription(l *link) *protocol.Transcription {
	t := &protocol.Transcription{Model: c.cfg.Hearing, Language: c.cfg.Language}
	if t.Model == "" && len(l.extensions) == 0 {
		t.Model = "whisper-1"
	}
	return t
}

func (c *Client) sendFlat(l *link) error {
	ev := flatUpdate{Type: protocol.SessionUpdate, EventID: c.event()}
	ev.Session.Modalities = []string{"text", "audio"}
	ev.Session.InputFormat, ev.Session.OutputFormat = "pcm16", "pcm16"
	ev.Session.Voice, ev.Session.Transcription = c.cfg.Voice, c.transcription(l)
	if strings.TrimSpace(c.cfg.Instructions) != "" {
		ev.Session.Instructions = &c.cfg.Instructions
	}
	if c.cfg.Speed != 0 {
		ev.Session.Speed = &c.cfg.Speed
	}
	text, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	if err := l.conn.Write(ctx, text); err != nil {
		l.fail(err)
		return err
	}
	return nil
}
