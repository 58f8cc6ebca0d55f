package engine

import (
	"context"
	"iter"
)

// announcements carries what the announcer says to the loop.
func (c *Conversation) announcements(ctx context.Context) {
	for text := range c.cfg.Announcer.Announcements(ctx) {
		c.report(func() {
			c.due = append(c.due, text)
			c.speakUp()
		})
	}
}

// speakUp says what waits to be announced, if nobody is speaking.
func (c *Conversation) speakUp() {
	if len(c.due) == 0 || c.reply != nil || c.hearing != nil || len(c.pending) > 0 {
		return
	}
	text := c.due[0]
	c.due = c.due[1:]
	r := &reply{}
	c.install(r, committed{id: c.nextTurn()})
	c.start(r, func(context.Context) iter.Seq2[Reply, error] {
		return func(yield func(Reply, error) bool) { yield(Words{Text: text}, nil) }
	})
	c.showState()
}
