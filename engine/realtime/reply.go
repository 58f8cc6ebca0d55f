package realtime

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// soundMost is how much of a reply's sound may wait to be played. The backend is
// never made to wait: it sends faster than is heard, and what else it has to say comes
// the same way.
const soundMost = 5 * time.Minute

// pieceTime is how much sound a piece of a reply has at most, as a synthesizer's.
const pieceTime = 20 * time.Millisecond

var errEndless = errors.New("realtime: the backend's reply is longer than five minutes; the rest is left out")

// reply is a response of the backend: between the connection, which fills it, and
// Respond, which empties it. It is guarded by the client's mu.
type reply struct {
	asked   string // event id of our response.create; empty: the backend began it by itself
	turn    int    // … after so many turns of the user
	id      string
	created bool // it was acknowledged
	begun   bool // something of it has come
	done    bool // nothing more will come
	lost    bool // … for the session is gone, or it never came there
	err     error
	dropped bool // nobody wants it any more
	allowed bool // it may do what it wants to do

	pieces []engine.Reply // but for sound, which must not keep them waiting
	sound  []pcm.Frame
	waits  time.Duration // in sound
	flows  bool          // the first sample has been handed on
	heard  bool          // all of its sound has come
	came   arrival

	// The item that is being spoken, and what came before it.
	item  *item
	words bool // the backend has told of its words' times
	told  int  // bytes of the item's transcript
	bytes int
	start time.Duration
	names map[string]string // functions by call id
}

// at makes another item the one being spoken.
func (r *reply) at(it *item) {
	if it == nil || it == r.item {
		return
	}
	r.close()
	r.item, r.words, r.told = it, false, 0
	it.reply = r
}

// close: the item being spoken is whole. The times of words that nobody told follow
// from its length.
func (r *reply) close() {
	it := r.item
	if it == nil {
		return
	}
	if !r.words && it.sound > 0 && r.told > 0 {
		r.timed(spread(it.text, it.sound))
	}
	r.bytes += r.told
	r.start += it.sound
	r.item = nil
}

// push puts a piece in the queue.
func (r *reply) push(piece engine.Reply) {
	if !r.dropped {
		r.pieces = append(r.pieces, piece)
	}
}

// wrote: the next of what is being said.
func (r *reply) wrote(text string) {
	if text == "" {
		return
	}
	r.begun = true
	r.item.text += text
	r.told += len(text)
	r.push(engine.Voiced{Text: text})
}

// wroteAll: all that is being said. What had not come is added.
func (r *reply) wroteAll(text string) {
	if rest, ok := strings.CutPrefix(text, r.item.text); ok && r.told == len(r.item.text) {
		r.wrote(rest)
	}
}

// timed: when words of the item are spoken.
func (r *reply) timed(words []engine.Word) {
	r.words = true
	r.item.words = append(r.item.words, words...)
	moved := make([]engine.Word, len(words))
	for i, w := range words {
		moved[i] = engine.Word{From: w.From + r.bytes, To: w.To + r.bytes, Start: w.Start + r.start, End: w.End + r.start}
	}
	r.push(engine.Voiced{Words: moved})
}

// sounded: the next of its sound.
func (r *reply) sounded(now time.Time, f pcm.Frame) {
	r.begun = true
	if len(f.Samples) == 0 {
		return
	}
	r.item.sound += f.Duration() // also of what is dropped: it is the backend's item
	r.came.came(now, f.Duration())
	if r.dropped {
		return
	}
	if r.waits+f.Duration() > soundMost {
		r.err, r.done = errEndless, true
		return
	}
	r.waits += f.Duration()
	for n := f.Rate.Samples(pieceTime); len(f.Samples) > 0; {
		n = min(n, len(f.Samples))
		r.sound = append(r.sound, pcm.Frame{Rate: f.Rate, Samples: f.Samples[:n:n]})
		f.Samples = f.Samples[n:]
	}
}

// next is the next piece of the reply, ok false if there is none now: then over says
// that there will be none, and else wait, if it is not 0, when to ask again.
func (r *reply) next(now time.Time, j *jitter) (piece engine.Reply, ok, over bool, wait time.Duration) {
	if len(r.pieces) > 0 {
		piece, r.pieces = r.pieces[0], r.pieces[1:]
		return piece, true, false, 0
	}
	if len(r.sound) > 0 {
		if !r.flows && !r.heard && !r.done && !r.lost {
			if wait := j.wait(now, r.came); wait > 0 {
				return nil, false, false, wait
			}
		}
		r.flows = true
		f := r.sound[0]
		r.sound = r.sound[1:]
		r.waits -= f.Duration()
		return engine.Voiced{Frame: f}, true, false, 0
	}
	return nil, false, r.done || r.lost || r.err != nil, 0
}

// drop forgets what has not been taken.
func (r *reply) drop() { r.dropped, r.pieces, r.sound, r.waits = true, nil, nil, 0 }

// ended: response.done.
func (r *reply) ended(resp *protocol.Response, j *jitter) {
	r.close()
	r.done = true
	if !r.dropped && r.came.sound > 0 {
		j.learn(r.came)
	}
	if resp == nil || resp.Status != "failed" {
		return
	}
	r.err = errors.New("realtime: the backend could not answer")
	if d := resp.StatusDetails; d != nil && d.Error != nil {
		r.err = fmt.Errorf("realtime: the backend could not answer: %w", said(d.Error))
	}
}

// said is what the backend has said of a failure, in one line of bounded length.
func said(e *protocol.Error) error {
	plain := *e
	plain.Message = strings.Join(strings.Fields(plain.Message), " ")
	if r := []rune(plain.Message); len(r) > 200 {
		plain.Message = string(r[:200]) + "…"
	}
	if plain.Message == "" {
		plain.Message = "it says nothing of why"
	}
	return &plain
}
