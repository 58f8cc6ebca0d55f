package engine

import (
	"context"
	"sync"
)

// draftsMost is how many replies are prepared for one turn: a user who pauses
// again and again is not finished, and somebody may be paying for them.
const draftsMost = 3

// draft is a reply that is being prepared for a turn that may not be over.
// Watchers know nothing of it, and nothing of it is played or done.
type draft struct {
	reply *reply
	err   error // what it has failed with already
}

// prepare begins to work out the reply to what the user has said up to this
// pause, unless his words say that they go on.
func (c *Conversation) prepare(u *utterance) {
	asked := c.whole(u.before, u.Text)
	if c.draft != nil && c.draft.reply.asked == asked {
		return
	}
	c.dropDraft()
	if asked == "" || u.drafts == draftsMost || c.reply != nil || len(c.pending) > 0 ||
		isStop(u.Text) || !c.mayBeWhole(u.Text) {
		return
	}
	u.drafts++
	r := &reply{asked: asked, prepared: make(chan struct{}), teaching: c.teachingIn(asked)}
	c.draft = &draft{reply: r}
	c.start(r, c.answer(asked, u.Confidence, r.teaching, c.record.turns))
}

// release makes the draft for a committed turn that asks this the reply, if there
// is one and it has come to nothing bad. Any other draft is dropped.
func (c *Conversation) release(t committed, asked string) bool {
	d := c.draft
	if d == nil || d.reply.asked != asked || d.err != nil {
		c.dropDraft()
		return false
	}
	c.draft = nil
	c.install(d.reply, t)
	close(d.reply.prepared)
	c.tell(d.reply)
	return true
}

// dropDraft throws away what was prepared.
func (c *Conversation) dropDraft() {
	if c.draft != nil {
		c.draft.reply.cancel()
		c.draft = nil
	}
}

// effects are what a prepared reply is to do before it is heard.
type effects struct {
	mu   sync.Mutex
	wait []effect
	done bool // what comes now is done at once
	some bool // the world was changed
}

// effect is an [Effect], or something to be told when the reply is allowed.
type effect struct {
	do      func(context.Context) error
	changes bool // the world
	apart   bool // what follows may be prepared before it is done
}

// do does one now.
func (e *effects) do(ctx context.Context, one effect) error {
	e.mu.Lock()
	e.some = e.some || one.changes
	e.mu.Unlock()
	return one.do(ctx)
}

// any says whether the world was changed.
func (e *effects) any() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.some
}

// putOff says whether one will be done later: the reply has not been allowed
// yet.
func (e *effects) putOff(one effect) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.done {
		e.wait = append(e.wait, one)
	}
	return !e.done
}

// bring brings them about, in order, and from now on no more are put off.
func (e *effects) bring(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done = true
	for _, one := range e.wait {
		e.some = e.some || one.changes
		if err := one.do(ctx); err != nil {
			return &stageError{stageResponder, err}
		}
	}
	e.wait = nil
	return nil
}

// allowed waits until the reply may be given, and does what it is to do first.
// Its error is what became of that, or why it never will be.
func (r *reply) allowed(ctx context.Context) error {
	if r.prepared == nil {
		return nil
	}
	select {
	case <-r.prepared:
		return r.effects.bring(ctx)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
