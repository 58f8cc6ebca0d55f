package engine

// draftsMost is how many replies are prepared for one turn: a user who pauses
// again and again is not finished, and somebody may be paying for them.
const draftsMost = 3

// draft is a reply that is being prepared for a turn that may not be over.
// Watchers know nothing of it, and nothing of it is played or done.
type draft struct {
	reply *reply
	text  string // of the turn it answers
	over  bool   // its pipeline has ended …
	err   error  // … with this
}

// prepare begins to work out the reply to what the user has said up to this
// pause, unless his words say that they go on.
func (c *Conversation) prepare(u *utterance) {
	if c.draft != nil && c.draft.text == u.Text {
		return
	}
	c.dropDraft()
	if u.Text == "" || u.drafts == draftsMost || c.reply != nil || len(c.pending) > 0 ||
		isStop(u.Text) || !c.mayBeWhole(u.Text) {
		return
	}
	u.drafts++
	r := &reply{prepared: make(chan struct{}), teaching: c.teachingIn(u.Text)}
	c.draft = &draft{reply: r, text: u.Text}
	c.start(r, c.answer(u.Text, r.teaching, c.record.turns))
}

// release makes the draft for a committed turn of that text the reply, if there
// is one and it has come to nothing bad. Any other draft is dropped.
func (c *Conversation) release(t committed) bool {
	d := c.draft
	if d == nil || d.text != t.text || d.err != nil {
		c.dropDraft()
		return false
	}
	c.draft = nil
	c.install(d.reply, t)
	close(d.reply.prepared)
	c.tell(d.reply)
	if d.over {
		c.ended(d.reply, nil)
	}
	return true
}

// dropDraft throws away what was prepared.
func (c *Conversation) dropDraft() {
	if c.draft != nil {
		c.draft.reply.cancel()
		c.draft = nil
	}
}
