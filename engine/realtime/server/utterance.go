package server

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

// utterance is what the user is saying, or has said, in one turn: a queue of frames
// between the loop and the transcriber. It never makes the loop wait; the limit of an
// utterance bounds it.
type utterance struct {
	id     string // of the item that it becomes
	cancel context.CancelFunc

	mu     sync.Mutex
	frames []queued
	over   bool
	wake   chan struct{}
	asked  softEnd // that the transcriber was last given

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

// queued is a frame, or, without samples, a soft end.
type queued struct {
	frame pcm.Frame
	soft  softEnd
}

// softEnd is a silence that may be the end.
type softEnd struct {
	revision int
	pause    string // the client's event that told of it; empty: our own
}

// newUtterance begins one: the transcriber listens.
func (s *session) newUtterance() *utterance {
	ctx, cancel := context.WithCancel(s.ctx)
	u := &utterance{id: newID("item_"), cancel: cancel, wake: make(chan struct{}, 1), began: s.input.position()}
	s.work(func() { s.transcribe(ctx, u) })
	return u
}

func (u *utterance) length() time.Duration { return u.sound }

func (u *utterance) push(samples []int16) {
	f := pcm.Frame{Rate: pcm.Rate16k, Samples: samples}
	u.sound += f.Duration()
	u.put(queued{frame: f})
}

// ask gives the transcriber a soft end.
func (u *utterance) ask(pause string) {
	u.put(queued{frame: pcm.Frame{Rate: pcm.Rate16k}, soft: softEnd{u.revision, pause}})
}

func (u *utterance) put(q queued) {
	u.mu.Lock()
	if !u.over {
		u.frames = append(u.frames, q)
	}
	u.mu.Unlock()
	u.signal()
}

// end says that no more frames will come.
func (u *utterance) end() {
	u.mu.Lock()
	u.over = true
	u.mu.Unlock()
	u.signal()
}

// drop forgets it: it was nothing, or is not wanted.
func (u *utterance) drop() {
	u.dropped = true
	u.cancel()
}

func (u *utterance) signal() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

// stream yields the frames as they come until end.
func (u *utterance) stream(ctx context.Context) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for {
			u.mu.Lock()
			frames, over := u.frames, u.over
			u.frames = nil
			u.mu.Unlock()
			for _, q := range frames {
				if len(q.frame.Samples) == 0 {
					u.mu.Lock()
					u.asked = q.soft
					u.mu.Unlock()
				}
				if ctx.Err() != nil || !yield(q.frame) {
					return
				}
			}
			if over {
				return
			}
			select {
			case <-u.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}

// answering is the soft end that is being answered.
func (u *utterance) answering() softEnd {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked
}

// words are what is known of the utterance's words, for who has the floor.
func (u *utterance) words() turn.Words {
	return turn.Words{Text: u.latest.Text, Confidence: u.latest.Confidence, Settled: u.settled}
}

// transcribe runs the transcriber over one utterance.
func (s *session) transcribe(ctx context.Context, u *utterance) {
	defer u.cancel()
	for h, err := range s.backend.Transcriber.Transcribe(ctx, u.stream(ctx)) {
		h.Text = strings.TrimSpace(h.Text)
		switch {
		case err != nil:
			s.stage(ctx, func() { s.misheard(u, err) })
			return
		case h.Final:
			s.stage(ctx, func() { s.understood(u, h) })
			return
		case h.Soft:
			soft := u.answering()
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
	u.end()
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
