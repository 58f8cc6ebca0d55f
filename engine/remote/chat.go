package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"

	"parley/engine"
)

const chatPath = "/api/voice-chat"

// Chat is the rung of text alone: what was said goes up, what is to be said comes
// down (POST /api/voice-chat), whole. Hearing and speaking are done here.
type Chat struct{ door *door }

var _ Rung = (*Chat)(nil)

// NewChat makes the rung. It has to be closed.
func NewChat(b Backend) (*Chat, error) {
	d, err := newDoor(b)
	if err != nil {
		return nil, err
	}
	return &Chat{door: d}, nil
}

// Close ends the connections that are kept.
func (c *Chat) Close() { c.door.close() }

// Name implements [Rung].
func (*Chat) Name() string { return Text }

// Stages implements [Rung].
func (c *Chat) Stages() Stages { return Stages{Responder: c} }

// RTT implements [Rung].
func (c *Chat) RTT() time.Duration { return c.door.RTT() }

// chatMessage is what one party said.
type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type chatRequest struct {
	Messages []chatMessage `json:"messages"`
}

// Probe implements [Rung]. Some servers hide a route from whoever asks by another
// method than its own: such a one is asked with nothing to answer.
func (c *Chat) Probe(ctx context.Context) error {
	err := c.door.probe(ctx, chatPath)
	if !answeredBy(err, http.StatusNotFound) {
		return err
	}
	began := time.Now()
	resp, err := c.door.post(ctx, chatPath, chatRequest{Messages: []chatMessage{}}, "application/json")
	if err == nil {
		resp.Body.Close()
	} else if !answeredBy(err, http.StatusBadRequest, http.StatusUnprocessableEntity) {
		return err
	}
	c.door.took(time.Since(began))
	return nil
}

// Respond implements [engine.Responder].
func (c *Chat) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		reply, err := c.ask(ctx, req)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			yield(nil, err)
			return
		}
		if reply.Content != "" && !yield(engine.Words{Text: reply.Content}, nil) {
			return
		}
		// What is found here to be about teaching the conversation sees to.
		if reply.Teaching && req.Teaching.Kind == "" {
			topic := reply.Original
			if topic == "" {
				topic = req.Text
			}
			yield(engine.Teach{LessonRequest: engine.LessonRequest{Topic: topic}}, nil)
		}
	}
}

// chatReply is what the backend answers.
type chatReply struct {
	Content  string `json:"content"`
	Teaching bool   `json:"teachingRequest"`
	Original string `json:"originalPrompt"` // the words that ask for it
}

func (c *Chat) ask(ctx context.Context, req engine.Request) (reply chatReply, err error) {
	asked := chatRequest{}
	if req.Instructions != "" {
		asked.Messages = append(asked.Messages, chatMessage{"system", req.Instructions})
	}
	for _, item := range items(req.Turns) {
		asked.Messages = append(asked.Messages, chatMessage{item.Role, item.Words()})
	}
	asked.Messages = append(asked.Messages, chatMessage{string(engine.User), req.Text})
	resp, err := c.door.post(ctx, chatPath, asked, "application/json")
	if err != nil {
		return reply, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, longestAnswer)).Decode(&reply); err != nil {
		return reply, fmt.Errorf("remote: %s sent no answer that can be read: %w", c.door.base.Host, err)
	}
	return reply, nil
}
