package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

// utterance is what the user is saying, or has said, in one turn. The limit of an
// utterance bounds it.
type utterance struct {
	id     string // of the item that it becomes
	cancel context.CancelFunc
	feed   *engine.Feed[softEnd]

	// Of the loop.
	sound     time.Duration
	full      bool // the client was told that it is too long
	dropped   bool
	tentative bool // it came over a reply, and may be nothing
	weighing  turn.Interruption
	closed    bool          // … the transcriber was asked for its last word
	began     time.Duration // on the clock of the input, with what stood before it
	latest    engine.Hypothesis
	settled   bool   // latest answers the soft end of the present pause
	drafts    int    // responses that were prepared for it
	revision  int    // how often the user went on after a pause
	item      *item  // nil until it is committed
	known     bool   // its words are certain
	answer    bool   // it is to be answered
	outcome   func() // what to do once it is committed, if the transcriber did not wait for it
}

// softEnd is a silence that may be the end.
type softEnd struct {
	revision int
	pause    string // the client's event that told of it; empty: our own
}

// newUtterance begins one: the transcriber listens.
func (s *session) newUtterance() *utterance {
	ctx, cancel := context.WithCancel(s.ctx)
	u := &utterance{id: newID("item_"), cancel: cancel, feed: engine.NewFeed[softEnd](), began: s.input.position()}
	s.work(func() { s.transcribe(ctx, u) })
	return u
}

func (u *utterance) length() time.Duration { return u.sound }

func (u *utterance) push(samples []int16) {
	u.sound += pcm.Rate16k.Duration(len(samples))
	u.feed.Push(samples)
}

// ask gives the transcriber a soft end.
func (u *utterance) ask(pause string) {
	u.feed.SoftEnd(softEnd{u.revision, pause})
}

// drop forgets it: it was nothing, or is not wanted.
func (u *utterance) drop() {
	u.dropped = true
	u.cancel()
}

// words are what is known of the utterance's words, for who has the floor.
func (u *utterance) words() turn.Words {
	return turn.Words{Text: u.latest.Text, Confidence: u.latest.Confidence, Settled: u.settled}
}

// transcribe runs the transcriber over one utterance.
func (s *session) transcribe(ctx context.Context, u *utterance) {
	defer u.cancel()
	for h, err := range s.backend.Transcriber.Transcribe(ctx, u.feed.Frames(ctx)) {
		h.Text = strings.TrimSpace(h.Text)
		switch {
		case err != nil:
			s.stage(ctx, func() { s.misheard(u, err) })
			return
		case h.Final:
			s.stage(ctx, func() { s.understood(u, h) })
			return
		case h.Soft:
			soft := u.feed.Reached()
			s.stage(ctx, func() { s.supposed(u, h, soft) })
		default:
			s.stage(ctx, func() { s.guessed(u, h) })
		}
	}
	s.stage(ctx, func() { s.misheard(u, errors.New("server: the transcriber gave no final hypothesis")) })
}

// hear works out the words of an item that came with its sound.
func (s *session) hear(i *item, sound []int16) {
	i.pending = true
	u := s.newUtterance()
	u.id, u.item = i.ID, i
	for frame := range slices.Chunk(sound, frameSamples) {
		u.push(frame)
	}
	u.feed.End()
}

// pause is x_parley.pause: the user has fallen silent, perhaps for good.
func (s *session) pause(e protocol.ClientEvent) {
	u := s.input.u
	if u == nil {
		u = s.floor.u
	}
	if u == nil {
		s.refuse(e, protocol.CodeEmptyBuffer, "", "There is no sound in the input buffer yet.")
		return
	}
	u.ask(e.EventID)
}
