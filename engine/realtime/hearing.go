package realtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// keptMost is how much of an utterance is kept, to be sent again after a cut; of a
// longer one the beginning is lost then.
const keptMost = time.Minute

// sendEvery is how much sound an event has.
const sendEvery = 20 * time.Millisecond

// utterance is what is being said, or has been. What is above the line is its
// goroutine's.
type utterance struct {
	client *Client
	kept   []int16 // 16 kHz
	sent   int     // of kept
	on     *link   // that it was sent on
	resamp *pcm.Resampler
	waits  bool // for the answer to a soft end

	// Guarded by the client's mu.
	guess   *engine.Hypothesis // the newest that was not yet taken
	soft    *engine.Hypothesis
	final   *engine.Hypothesis
	said    string  // what was surest
	sure    float64 // how sure
	err     error
	lost    bool   // what was sent never came there
	pause   string // event id of the last soft end
	commit  string // event id of the commit
	item    string // the backend's, once it is committed
	dropped bool   // nobody waits for it any more
}

// Transcribe implements [engine.Transcriber]. The frames are of 16 kHz. Where the
// connection is cut the utterance is sent again whole; errors wrap [ErrTimeout],
// [ErrCredentials], a [*Refused] or what the backend has said.
func (c *Client) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		defer c.work()()
		if c.input.enter(ctx) != nil {
			return
		}
		u := &utterance{client: c}
		for f := range frames {
			if len(f.Samples) == 0 {
				u.softEnd()
			} else {
				u.hear(f.Samples)
			}
			for _, h := range u.take() {
				if !yield(h, nil) {
					u.drop()
					c.input.leave()
					return
				}
			}
		}
		if ctx.Err() != nil {
			u.drop()
			c.input.leave()
			return
		}
		final, err := u.finish(ctx, yield)
		switch {
		case ctx.Err() != nil || final == nil && err == nil:
			u.drop()
		case err != nil:
			u.drop()
			yield(engine.Hypothesis{}, err)
		default:
			yield(*final, nil)
		}
	}
}

// hear takes a frame and sends what can be sent now.
func (u *utterance) hear(samples []int16) {
	u.kept = append(u.kept, samples...)
	if over := len(u.kept) - pcm.Rate16k.Samples(keptMost); over > 0 {
		u.kept = append(u.kept[:0], u.kept[over:]...)
		u.sent = max(0, u.sent-over)
	}
	before := u.on
	l := u.link()
	switch {
	case l == nil:
	case l != before && u.waits:
		u.ask(l) // whether the user has gone on since is known to whoever gets the answer
	case len(u.kept)-u.sent >= pcm.Rate16k.Samples(sendEvery):
		u.push(l)
	}
}

// link is the connection now; what was sent on another is to be sent again.
func (u *utterance) link() *link {
	u.client.mu.Lock()
	defer u.client.mu.Unlock()
	l := u.client.link
	if l != nil && l != u.on {
		u.on, u.sent, u.resamp = l, 0, nil
		u.lost = false
		u.client.session.speaking = u
		if rate := l.in.Rate(); rate != pcm.Rate16k {
			u.resamp, _ = pcm.NewResampler(pcm.Rate16k, rate) // the codec has checked it
		}
	}
	return l
}

// push sends what has not been sent.
func (u *utterance) push(l *link) {
	for u.sent < len(u.kept) {
		n := min(len(u.kept)-u.sent, pcm.Rate16k.Samples(time.Second))
		samples := u.kept[u.sent : u.sent+n]
		u.sent += n
		if u.resamp != nil {
			samples = u.resamp.Append(nil, samples)
		}
		if len(samples) > 0 && l.send(protocol.ClientEvent{Type: protocol.InputAppend, Audio: l.in.Text(samples)}) != nil {
			return
		}
	}
}

// softEnd asks for what was said up to now, where the backend knows how.
func (u *utterance) softEnd() {
	u.waits = true
	if l := u.link(); l != nil {
		u.ask(l)
	}
}

// ask sends what there is, and the soft end.
func (u *utterance) ask(l *link) {
	u.push(l)
	if !l.has(protocol.Speculation1) {
		return
	}
	id := u.client.event()
	u.client.mu.Lock()
	u.pause = id
	u.client.mu.Unlock()
	_ = l.send(protocol.ClientEvent{Type: protocol.ParleyPause, EventID: id}) // a cut is seen at the next frame
}

// take is what the backend has heard since it was last asked.
func (u *utterance) take() []engine.Hypothesis {
	u.client.mu.Lock()
	defer u.client.mu.Unlock()
	var all []engine.Hypothesis
	u.waits = u.waits && u.soft == nil
	for _, h := range []**engine.Hypothesis{&u.guess, &u.soft} {
		if *h != nil {
			all = append(all, **h)
			*h = nil
		}
	}
	return all
}

// finish commits the utterance, leaves the input buffer to another and waits for the
// words.
func (u *utterance) finish(ctx context.Context, yield func(engine.Hypothesis, error) bool) (*engine.Hypothesis, error) {
	c, entered := u.client, true
	defer func() {
		if entered {
			c.input.leave()
		}
	}()
	for {
		if _, err := c.connected(ctx); err != nil {
			return nil, err
		}
		if !entered {
			if err := c.input.enter(ctx); err != nil {
				return nil, err
			}
			entered = true
		}
		l := u.link()
		if l == nil {
			continue
		}
		u.push(l)
		if u.resamp != nil {
			if rest := u.resamp.Finish(nil); len(rest) > 0 {
				_ = l.send(protocol.ClientEvent{Type: protocol.InputAppend, Audio: l.in.Text(rest)})
			}
			u.resamp = nil
		}
		id := c.event()
		c.mu.Lock()
		if c.link != l { // cut meanwhile: nobody else would say that it is lost
			c.mu.Unlock()
			continue
		}
		u.commit, u.lost = id, false
		already := c.session.automatic && (u.item != "" || u.final != nil) // the backend has found the end by itself
		if !already {
			c.session.committed = append(c.session.committed, u)
		}
		if c.session.speaking == u {
			c.session.speaking = nil
		}
		c.mu.Unlock()
		if !already {
			_ = l.send(protocol.ClientEvent{Type: protocol.InputCommit, EventID: id}) // … now it is lost by settle or lose
		}
		c.input.leave()
		entered = false
		final, err := u.answer(ctx, yield)
		if final != nil || err != nil {
			return final, err
		}
		c.mu.Lock()
		stopped := u.dropped
		u.on = nil // sent again, whole
		c.mu.Unlock()
		if stopped {
			return nil, nil
		}
	}
}

// answer waits for the final hypothesis; it is nil without an error if the utterance
// was lost on its way, or nobody wants to hear more.
func (u *utterance) answer(ctx context.Context, yield func(engine.Hypothesis, error) bool) (*engine.Hypothesis, error) {
	c := u.client
	for {
		err := c.await(ctx, answerTime, func() (bool, error) {
			switch {
			case u.err != nil:
				return false, u.err
			case u.final != nil, u.lost, u.guess != nil, u.soft != nil:
				return true, nil
			}
			return false, c.away()
		})
		if errors.Is(err, errLate) {
			err = fmt.Errorf("%w: no transcript of what was said", ErrTimeout)
		}
		if err != nil {
			return nil, err
		}
		for _, h := range u.take() {
			if !yield(h, nil) {
				c.mu.Lock()
				u.dropped = true
				c.mu.Unlock()
				return nil, nil
			}
		}
		c.mu.Lock()
		final, lost := u.final, u.lost
		c.mu.Unlock()
		if final != nil || lost {
			return final, nil
		}
	}
}

// drop: nobody waits for the utterance any more.
func (u *utterance) drop() {
	c := u.client
	c.mu.Lock()
	l, speaking := c.link, c.session.speaking == u
	u.dropped = true
	if c.session.automatic { // whether it was committed is its own affair, and may never be told
		c.session.committed = slices.DeleteFunc(c.session.committed, func(other *utterance) bool { return other == u })
	}
	if speaking {
		c.session.speaking = nil
	}
	sent := l != nil && speaking && u.on == l && u.sent > 0
	if sent {
		c.session.clears++
	}
	c.mu.Unlock()
	if sent {
		_ = l.send(protocol.ClientEvent{Type: protocol.InputClear, EventID: c.event()}) // a cut forgets it as well
	}
}

// supposed: what the backend believes was said.
func (s *session) supposed(item string, h protocol.Hypothesis) {
	u := s.heard[item]
	if u == nil && s.clears > 0 { // of what was dropped
		return
	}
	if u == nil {
		u = s.speaking
	}
	if u == nil && len(s.committed) > 0 {
		u = s.committed[0]
	}
	if u == nil {
		return
	}
	u.said, u.sure = h.Text, h.Confidence
	guess := &engine.Hypothesis{Text: h.Text, Stable: h.Stable, Confidence: h.Confidence}
	// An older soft end's answer is no more than a guess.
	if guess.Soft = h.Soft && (h.Pause == "" || h.Pause == u.pause); guess.Soft {
		u.soft = guess
		u.guess = nil
	} else if u.commit == "" {
		u.guess = guess
	}
}

// acknowledged: the input buffer has become an item.
func (s *session) acknowledged(id string, after *string) {
	s.turns++
	it := s.items.added(&protocol.Item{ID: id, Type: "message", Role: roleUser}, after)
	if it != nil && it.text == "" {
		it.hidden = true
	}
	u := s.speaking // a backend that finds turns itself
	if len(s.committed) > 0 {
		u, s.committed = s.committed[0], s.committed[1:]
	} else if u != nil {
		s.speaking = nil
	}
	if u != nil {
		u.item = id
		s.heard[id] = u
	}
}

// transcribed: an item's words are known, or never will be.
func (s *session) transcribed(id, text string, err error) {
	if it := s.items.find(id); it != nil {
		it.text, it.hidden = text, false
	}
	u := s.heard[id]
	if u == nil && len(s.committed) > 0 { // some never acknowledge
		u, s.committed = s.committed[0], s.committed[1:]
	}
	delete(s.heard, id)
	if u == nil {
		return
	}
	if u.err = err; err == nil {
		u.final = &engine.Hypothesis{Text: text, Final: true}
		if same(text, u.said) {
			u.final.Confidence = u.sure
		}
	}
}
