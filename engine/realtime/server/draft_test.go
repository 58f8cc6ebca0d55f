package server

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// thinker answers after a while, and notes what it was asked and what it did.
type thinker struct {
	thinks time.Duration
	apart  bool
	fails  int // so many of its first answers fail

	mu          sync.Mutex
	asked, done []string
	confidence  []float64
}

func (h *thinker) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		h.mu.Lock()
		h.asked, h.confidence = append(h.asked, req.Text), append(h.confidence, req.Confidence)
		nth := len(h.asked)
		h.mu.Unlock()
		select {
		case <-time.After(h.thinks):
		case <-ctx.Done():
			return
		}
		if nth <= h.fails {
			yield(nil, errors.New("thinker: no idea"))
			return
		}
		does := func(context.Context) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.done = append(h.done, req.Text)
			return nil
		}
		_ = yield(engine.Effect{Do: does, Apart: h.apart}, nil) &&
			yield(engine.Words{Text: "It is " + req.Text + ". That is all."}, nil)
	}
}

// did is what was asked and done so far.
func (h *thinker) did() (asked, done []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked), slices.Clone(h.done)
}

func thinking(h *thinker) Backend {
	b := backend(nil)
	b.Transcriber = hearer{words: strings.Fields("noon dusk dawn night gold silver iron copper tin lead zinc")}
	b.Mind = func() Mind { return Mind{Responder: h} }
	return b
}

// at is when an event of a type first came, since the session began.
func (c *client) at(t *testing.T, began time.Time, kind string) time.Duration {
	t.Helper()
	c.wait(kind)
	return time.Since(began)
}

const vad = `{"type":"server_vad","silence_duration_ms":700}`

// A reply is worked out while silence is waited for: it sounds as soon as the turn is
// over, and changes nothing before.
func TestReplyIsPreparedInThePause(t *testing.T) {
	for _, apart := range []bool{true, false} {
		in(t, func(t *testing.T) {
			h := &thinker{thinks: 400 * time.Millisecond, apart: apart}
			c := connect(t, thinking(h), Options{})
			c.send(detection(vad))
			c.speak(false, 500*time.Millisecond)
			c.speak(true, 300*time.Millisecond)
			c.speak(false, 650*time.Millisecond)
			if asked, done := h.did(); len(asked) != 1 || len(done) != 0 {
				t.Errorf("in the pause %q is asked and %q is done", asked, done)
			}
			if n := count(c, protocol.ResponseCreated) + count(c, protocol.OutputAudioDelta); n != 0 {
				t.Error("the client is told of it")
			}
			c.speak(false, 200*time.Millisecond)
			c.wait(protocol.SpeechStopped)
			c.wait(protocol.ResponseCreated)
			c.wait(protocol.OutputAudioDelta)
			r := c.wait(protocol.ResponseDone).Response
			asked, done := h.did()
			if got := r.Output[0].Words(); got != "It is "+asked[0]+". That is all." || r.Usage.InputTokenDetails.AudioTokens == 0 {
				t.Errorf("the answer is %q, %+v", got, r.Usage)
			}
			if len(asked) != 1 || len(done) != 1 || h.confidence[0] != .9 {
				t.Errorf("%q is asked and %q is done", asked, done)
			}
			laws := newLaws()
			for _, e := range c.all() {
				if err := laws.see(e); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestPreparedReplyIsThere(t *testing.T) {
	var took [2]time.Duration
	for n, thinks := range []time.Duration{0, 400 * time.Millisecond} {
		in(t, func(t *testing.T) {
			c := connect(t, thinking(&thinker{thinks: thinks, apart: true}), Options{})
			c.send(detection(vad))
			began := time.Now()
			c.speak(false, 500*time.Millisecond)
			c.speak(true, 300*time.Millisecond)
			go c.speak(false, 2*time.Second)
			took[n] = c.at(t, began, protocol.OutputAudioDelta)
			time.Sleep(3 * time.Second)
		})
	}
	if took[1]-took[0] > 20*time.Millisecond {
		t.Errorf("the first sound comes after %v, and after %v if it takes no thought", took[1], took[0])
	}
}

func TestPreparedReplyIsDroppedWhenTheUserGoesOn(t *testing.T) {
	in(t, func(t *testing.T) {
		h := &thinker{apart: true}
		c := connect(t, thinking(h), Options{})
		c.send(detection(vad))
		c.speak(false, 500*time.Millisecond)
		for range 5 {
			c.speak(true, 200*time.Millisecond)
			c.speak(false, 400*time.Millisecond)
		}
		c.speak(false, time.Second)
		r := c.wait(protocol.ResponseDone).Response
		asked, done := h.did()
		last := asked[len(asked)-1]
		if len(asked) != draftsMost+1 || !slices.Equal(done, []string{last}) || r.Output[0].Words() != "It is "+last+". That is all." {
			t.Errorf("%q is asked, %q is done, and the answer is %q", asked, done, r.Output[0].Words())
		}
		if n := count(c, protocol.ResponseCreated); n != 1 {
			t.Errorf("there are %d responses", n)
		}
	})
}

func TestPreparedReplyIsNotGiven(t *testing.T) {
	change := says("by the way")
	for name, test := range map[string]struct {
		h     *thinker
		event string // in the pause
		asked int
		ends  string
	}{
		"failed":              {&thinker{apart: true, fails: 1}, "", 2, completed},
		"something was added": {&thinker{apart: true}, change, 2, completed},
		"other settings":      {&thinker{apart: true}, `{"type":"session.update","session":{"instructions":"Be brief."}}`, 2, completed},
		"retrieved":           {&thinker{apart: true}, `{"type":"conversation.item.retrieve","item_id":"x"}`, 1, completed},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c := connect(t, thinking(test.h), Options{})
				c.send(detection(vad))
				c.speak(false, 500*time.Millisecond)
				c.speak(true, 300*time.Millisecond)
				c.speak(false, 400*time.Millisecond)
				if test.event != "" {
					c.send(test.event)
				}
				c.speak(false, time.Second)
				r := c.wait(protocol.ResponseDone).Response
				if asked, done := test.h.did(); len(asked) != test.asked || len(done) != 1 || r.Status != test.ends {
					t.Errorf("%q is asked and %q is done; the response ends %s", asked, done, r.Status)
				}
			})
		})
	}
}

// Nothing is asked where nothing may be answered.
func TestNothingIsPreparedInVain(t *testing.T) {
	for name, test := range map[string]struct{ settings, words string }{
		"create_response":  {`{"type":"server_vad","silence_duration_ms":700,"create_response":false}`, "noon today"},
		"a wish to stop":   {vad, "stop"},
		"words that go on": {vad, "i want to go to the"},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				h := &thinker{}
				b := thinking(h)
				b.Transcriber = wholly(test.words)
				c := connect(t, b, Options{})
				c.send(detection(test.settings))
				c.speak(false, 500*time.Millisecond)
				c.speak(true, 300*time.Millisecond)
				c.speak(false, 500*time.Millisecond)
				if asked, _ := h.did(); len(asked) != 0 {
					t.Errorf("%q is asked", asked)
				}
			})
		})
	}
}

// wholly hears the same words in anything.
type wholly string

func (w wholly) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		for f := range frames {
			if len(f.Samples) == 0 && !yield(engine.Hypothesis{Text: string(w), Soft: true}, nil) {
				return
			}
		}
		if ctx.Err() == nil {
			yield(engine.Hypothesis{Text: string(w), Final: true}, nil)
		}
	}
}

// Of an answer without end little is made before it is wanted.
func TestLittleIsMadeOfWhatIsOnlyPrepared(t *testing.T) {
	for _, modality := range []string{modeAudio, modeText} {
		in(t, func(t *testing.T) {
			var mu sync.Mutex
			wrote := 0
			b := thinking(nil)
			b.Mind = func() Mind {
				return Mind{Responder: answerer(func(_ context.Context, _ engine.Request, yield func(engine.Reply, error) bool) {
					for yield(engine.Words{Text: "On and on and on it goes. "}, nil) {
						mu.Lock()
						wrote++
						mu.Unlock()
					}
				})}
			}
			c := connect(t, b, Options{})
			c.send(detection(`{"type":"server_vad","silence_duration_ms":5000}`), `{"type":"session.update","session":{"output_modalities":["`+modality+`"]}}`)
			c.speak(false, 500*time.Millisecond)
			c.speak(true, 300*time.Millisecond)
			c.speak(false, 3*time.Second)
			mu.Lock()
			defer mu.Unlock()
			if wrote == 0 || wrote > draftText/len("On and on and on it goes. ")+1 {
				t.Errorf("%d sentences are written in %s", wrote, modality)
			}
		})
	}
}
