package engine

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Causes a reply ends by before its time, as [ReplyInterrupted].Cause has them.
const (
	causeBargeIn = "barge_in"
	causeStop    = "stop"
	causeNoSound = "no_sound"
	causeClosed  = "closed"
)

// reply is an answer being given, or being prepared.
type reply struct {
	playback
	cancel  context.CancelFunc
	speaker bool // there was one when the reply began
	// prepared is closed when a reply that was prepared may be given; nil for one
	// that need not wait.
	prepared chan struct{}
	effects  effects

	// Of the loop.
	id        TurnID
	asked     string    // what it answers
	tools     []ToolUse // called for it
	began     time.Time // when the turn was committed
	teaching  Teaching
	told      int // bytes of the text that watchers have been told
	audible   bool
	lastVoice time.Time
	timing    Timing
	progress  playedWord
}

// install makes r the reply to a committed turn.
func (c *Conversation) install(r *reply, t committed) {
	r.id, r.began, r.lastVoice = t.id, time.Now(), t.lastVoice
	r.timing = Timing{Endpoint: t.endpoint, STT: t.stt}
	c.reply = r
	c.pace.Reset(paceEvery)
}

// start starts the pipeline that answers: words → sentences → speech → speaker.
func (c *Conversation) start(r *reply, words func(context.Context) iter.Seq2[Reply, error]) {
	ctx, cancel := context.WithCancel(c.ctx)
	r.spk, r.cancel = c.spk, cancel
	r.speaker = c.spk.Err() == nil
	c.all.Go(func() {
		err := c.speak(ctx, r, words)
		c.report(func() { c.ended(r, err) })
	})
}

// tell sends watchers what they have not yet been told of a reply's text.
func (c *Conversation) tell(r *reply) {
	if c.reply != r {
		return
	}
	if text := r.whole(); len(text) > r.told {
		c.emit(r.id, ReplyText{Text: text[r.told:]})
		r.told = len(text)
	}
}

// used: a tool was called for r.
func (c *Conversation) used(r *reply, use ToolUse) {
	if c.reply == r {
		r.tools = append(r.tools, use)
		c.emit(r.id, ToolUsed{use})
	}
}

// follow looks at how far the speaker has come with the reply.
func (c *Conversation) follow() {
	r := c.reply
	if r == nil {
		return
	}
	played := c.spk.Played()
	if played <= 0 {
		return
	}
	if !r.audible {
		c.sounded(r, played)
	}
	if word, ok := r.at(played); ok && word != r.progress {
		r.progress = word
		c.emit(r.id, ReplyProgress{From: word.from, To: word.to})
	}
}

// sounded: the reply's first sample has left the loudspeaker, played ago.
func (c *Conversation) sounded(r *reply, played time.Duration) {
	first := time.Now().Add(-played)
	r.audible = true
	c.tell(r)
	// What was ready before the turn was over has taken no time.
	written, made := r.firsts()
	written, made = latest(written, r.began), latest(made, r.began)
	r.timing.TTFT = written.Sub(r.began)
	r.timing.TTFB = max(0, made.Sub(written))
	r.timing.Playout = max(0, first.Sub(latest(made, written)))
	if !r.lastVoice.IsZero() {
		r.timing.VoiceToVoice = first.Sub(r.lastVoice)
	}
	c.emit(r.id, ReplyAudioStarted{})
	c.showState()
	c.emit(r.id, TimingMeasured{r.timing})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ended: the reply's pipeline has nothing more to do.
func (c *Conversation) ended(r *reply, err error) {
	if c.draft != nil && c.draft.reply == r {
		c.draft.err = err
		return
	}
	if c.reply != r {
		return
	}
	var failed *stageError
	switch {
	case errors.As(err, &failed):
		c.finish(r, func(_, heard string) EventBody {
			c.log.Warn("stage failed", "stage", failed.stage, "turn", r.id)
			return Error{Stage: failed.stage, Message: plain(failed), Heard: heard}
		})
	case errors.Is(err, ErrNoSound):
		c.fail(0, stageSpeaker, err)
		c.finish(r, interruptedBy(causeNoSound))
	case err != nil:
		c.finish(r, func(_, heard string) EventBody {
			return Error{Stage: stageSpeaker, Message: plain(err), Heard: heard}
		})
	default:
		if r.started() && !r.audible {
			c.sounded(r, c.spk.Played())
		}
		c.finish(r, nil)
	}
	c.showState()
}

func interruptedBy(cause string) func(text, heard string) EventBody {
	return func(text, heard string) EventBody {
		return ReplyInterrupted{Text: text, Heard: heard, Cause: cause}
	}
}

// interrupt ends the reply being given, if there is one.
func (c *Conversation) interrupt(cause string) {
	if c.reply != nil {
		c.finish(c.reply, interruptedBy(cause))
	}
}

// finish silences the speaker, keeps what was heard and tells the reply's
// terminal event, which cut makes; without cut the reply was heard to its end.
func (c *Conversation) finish(r *reply, cut func(text, heard string) EventBody) {
	r.cancel()
	text, heard := r.stop()
	c.tell(r)
	c.reply = nil
	c.pace.Stop()
	var last EventBody
	if cut == nil {
		if r.speaker {
			heard = text
		}
		last = ReplyDone{Text: text, Heard: heard}
	} else {
		last = cut(text, heard)
	}
	if text != "" {
		c.keep(Turn{
			ID: r.id, Who: Assistant, At: r.began, Text: text, Heard: heard,
			Interrupted: cut != nil, Teaching: r.teaching, Tools: r.tools, Timing: r.timing,
		})
	}
	c.emit(r.id, last)
	// Whoever spoke over its end has the floor now.
	if u := c.hearing; u != nil && u.tentative {
		c.takeFloor(u)
	}
}
