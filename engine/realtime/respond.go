package realtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// askedMost is how often a reply is asked for of which nothing has come before a cut.
const askedMost = 4

// Respond implements [engine.Responder]: the backend's conversation is made equal to
// the request's, and what it answers is yielded as [engine.Voiced] while it comes.
// A cut that the backend cannot resume ends a reply of which something has come with
// an error that wraps [ErrCut]; errors are else as Transcribe's.
func (c *Client) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		defer c.work()()
		if c.output.enter(ctx) != nil {
			return
		}
		defer c.output.leave()
		for n := 1; ; n++ {
			r, err := c.ask(ctx, req)
			if err == nil {
				err = c.give(ctx, r, yield)
			}
			switch {
			case err == nil || ctx.Err() != nil:
				return
			case !errors.Is(err, errAgain):
				yield(nil, err)
				return
			case n == askedMost:
				yield(nil, fmt.Errorf("%w again and again", ErrCut))
				return
			}
		}
	}
}

var errAgain = errors.New("realtime: nothing of the reply came before the connection broke off")

// ask has the backend begin the reply to req.
func (c *Client) ask(ctx context.Context, req engine.Request) (*reply, error) {
	l, err := c.connected(ctx)
	if err != nil {
		return nil, err
	}
	// The reply before may not be over: the backend gives one at a time.
	if err := c.await(ctx, cancelTime, func() (bool, error) {
		r := c.session.reply
		return r == nil || r.done || r.lost || c.session.offered() != nil, nil
	}); errors.Is(err, errLate) {
		c.log.Warn("realtime: the reply before does not end")
	}
	c.mu.Lock()
	automatic := c.session.automatic && len(req.Functions) == 0 && req.Instructions == ""
	c.mu.Unlock()
	if automatic { // it may take a moment
		_ = c.await(ctx, automaticTime, func() (bool, error) { return c.session.offered() != nil, nil })
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	r, events := c.plan(l, req)
	for _, ev := range events {
		_ = l.send(ev) // what came there is found out when it is connected again
	}
	return r, nil
}

// offered is the reply that the backend has begun by itself, to the user's last turn.
func (s *session) offered() *reply {
	if r := s.reply; r != nil && r.asked == "" && !r.dropped && !r.lost && r.turn == s.turns {
		return r
	}
	return nil
}

// plan makes the reply, and the events that ask for it; none where the backend has
// begun it by itself.
func (c *Client) plan(l *link, req engine.Request) (*reply, []protocol.ClientEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &reply{asked: c.event(), names: map[string]string{}}
	if c.link != l { // nothing of it can be sent any more
		r.lost = true
		return r, nil
	}
	offered := c.session.offered()
	events := c.session.items.reconcile(wants(req), offered, l.has(protocol.Resume1), c.item)
	if offered != nil && len(events) == 0 {
		offered.asked = r.asked
		return offered, nil
	}
	if offered != nil && !offered.done {
		offered.drop()
		events = append([]protocol.ClientEvent{{Type: protocol.ResponseCancel, EventID: c.event(), ResponseID: offered.id}}, events...)
	}
	events = append(events, c.called(req.Called)...)
	c.session.reply = r
	return r, append(events, protocol.ClientEvent{Type: protocol.ResponseCreate, EventID: r.asked, Response: params(req), Prepare: l.has(protocol.Speculation1)})
}

// called tells the backend what came of the functions that it had called, and of
// those that another session had. To be called with mu held.
func (c *Client) called(all []engine.Called) []protocol.ClientEvent {
	var events []protocol.ClientEvent
	create := func(it protocol.Item) {
		it.ID = c.item()
		events = append(events, protocol.ClientEvent{Type: protocol.ItemCreate, EventID: c.event(), Item: &it})
	}
	for _, one := range all {
		told, known := c.session.calls[one.ID]
		if !known {
			create(protocol.Item{Type: "function_call", CallID: one.ID, Name: one.Name, Arguments: &one.Arguments})
		}
		if !told {
			create(protocol.Item{Type: "function_call_output", CallID: one.ID, Output: &one.Output})
		}
		c.session.calls[one.ID] = true
	}
	return events
}

// item gives an id to an item of ours.
func (c *Client) item() string { return strings.Replace(c.event(), "evt_", "item_", 1) }

// params are what a request wants beside the conversation; nil: nothing.
func params(req engine.Request) *protocol.ResponseParams {
	if req.Instructions == "" && len(req.Functions) == 0 {
		return nil
	}
	p := &protocol.ResponseParams{}
	if req.Instructions != "" {
		p.Instructions = &req.Instructions
	}
	for _, f := range req.Functions {
		p.Tools = append(p.Tools, protocol.Tool{Type: "function", Name: f.Name, Description: f.Description, Parameters: f.Parameters})
	}
	switch req.MustCall {
	case "":
	case "any":
		p.ToolChoice = &protocol.ToolChoice{Mode: "required"}
	default:
		p.ToolChoice = &protocol.ToolChoice{Mode: "required", Name: req.MustCall}
	}
	return p
}

// give yields a reply as it comes. errAgain says that it has to be asked for again;
// nil, that it is over or nobody wants more.
func (c *Client) give(ctx context.Context, r *reply, yield func(engine.Reply, error) bool) error {
	for {
		var piece engine.Reply
		var ok, over bool
		var wait time.Duration
		err := c.await(ctx, answerTime, func() (bool, error) {
			piece, ok, over, wait = r.next(time.Now(), &c.jitter)
			if ok || over || wait > 0 {
				return true, nil
			}
			return false, c.away()
		})
		switch {
		case err != nil:
			c.cancel(r)
			if errors.Is(err, errLate) {
				err = fmt.Errorf("%w: the reply does not go on", ErrTimeout)
			}
			return err
		case wait > 0:
			_ = c.await(ctx, wait, func() (bool, error) {
				return r.heard || r.done || r.lost || c.jitter.wait(time.Now(), r.came) == 0, nil
			})
		case over:
			c.mu.Lock()
			defer c.mu.Unlock()
			switch {
			case r.err != nil:
				return r.err
			case r.done:
				return nil
			case r.begun:
				return fmt.Errorf("%w in mid-reply", ErrCut)
			}
			return errAgain
		case !yield(piece, nil):
			c.cancel(r)
			return nil
		}
	}
}

// allow has the backend do what a reply wants to do. The conversation calls it when
// the reply's turn is committed. A connection that breaks off meanwhile is told when
// it is there again: nothing says that it came there but the reply's going on, and
// twice is once.
func (c *Client) allow(r *reply) {
	c.mu.Lock()
	r.allowed = true
	l, id := c.link, r.id
	open := l != nil && !r.done && !r.lost
	c.mu.Unlock()
	if open {
		_ = l.send(protocol.ClientEvent{Type: protocol.ParleyAllow, EventID: c.event(), ResponseID: id})
	}
}

// allowAgain repeats what may have been said in vain before the session was taken up
// again.
func (c *Client) allowAgain(l *link) error {
	c.mu.Lock()
	r := c.session.reply
	again := r != nil && r.allowed && !r.done && !r.lost && !r.dropped
	id := ""
	if again {
		id = r.id
	}
	c.mu.Unlock()
	if !again {
		return nil
	}
	return l.send(protocol.ClientEvent{Type: protocol.ParleyAllow, EventID: c.event(), ResponseID: id})
}

// cancel ends a reply that nobody wants any more.
func (c *Client) cancel(r *reply) {
	c.mu.Lock()
	l, id := c.link, r.id
	open := l != nil && !r.done && !r.lost && c.session.reply == r
	r.drop()
	c.mu.Unlock()
	if open {
		_ = l.send(protocol.ClientEvent{Type: protocol.ResponseCancel, EventID: c.event(), ResponseID: id}) // a cut ends it as well
	}
}
