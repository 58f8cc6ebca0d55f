package rest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// message is a piece of a conversation, as chat/completions has it.
type message struct {
	Role       string     `json:"role"` // system, developer, user, assistant, tool
	Content    content    `json:"content"`
	ToolCalls  []toolCall `json:"tool_calls"`   // of an assistant
	ToolCallID string     `json:"tool_call_id"` // of a tool
}

// content is the text of a message: a string, or parts of which each has some.
type content string

// UnmarshalJSON implements [json.Unmarshaler].
func (c *content) UnmarshalJSON(b []byte) error {
	switch b = bytes.TrimSpace(b); {
	case string(b) == "null":
		*c = ""
		return nil
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, (*string)(c))
	}
	var parts []struct {
		Type    string  `json:"type"`
		Text    *string `json:"text"`
		Refusal *string `json:"refusal"`
	}
	if json.Unmarshal(b, &parts) != nil {
		return invalid("messages.content", "a message's content has to be a string or an array of parts with a type")
	}
	texts := make([]string, 0, len(parts))
	for _, p := range parts {
		switch {
		case p.Type == "text" && p.Text != nil:
			texts = append(texts, *p.Text)
		case p.Type == "refusal" && p.Refusal != nil:
			texts = append(texts, *p.Refusal)
		default:
			return invalid("messages.content", "a part of type %.40q cannot be understood; there is only text", p.Type)
		}
	}
	*c = content(strings.Join(texts, "\n"))
	return nil
}

// toolCall is a function that an assistant wants called.
type toolCall struct {
	Index    *int   `json:"index,omitempty"` // of a chunk's
	ID       string `json:"id"`
	Type     string `json:"type"` // function
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// conversation makes a request of messages: the user's last one is what is
// answered, what was said before are turns, and what tools gave since is what was
// called. Messages of the system are instructions.
func conversation(messages []message) (engine.Request, error) {
	c := conversing{last: -1, calls: map[string]engine.Call{}}
	for i, m := range messages {
		if m.Role == "user" {
			c.last = i
		}
	}
	if c.last < 0 {
		return engine.Request{}, invalid("messages", "messages has nothing of the user's; what is answered is the last message of the role user")
	}
	for i, m := range messages {
		if err := c.add(i, m); err != nil {
			return engine.Request{}, err
		}
	}
	if len(c.open) > 0 {
		return engine.Request{}, invalid("messages", "the call %.80q of an assistant's message has no message of the role tool that answers it", c.open[0])
	}
	c.req.Instructions = strings.Join(c.orders, "\n\n")
	c.req.At = time.Now()
	return c.req, nil
}

// conversing is a request while it is made.
type conversing struct {
	req    engine.Request
	last   int // the user's last message
	orders []string
	calls  map[string]engine.Call // by their ids
	open   []string               // calls since the user's last message without an answer
	used   []engine.ToolUse       // before it, and not yet part of a turn
}

func (c *conversing) add(i int, m message) error {
	text := string(m.Content)
	switch m.Role {
	case "system", "developer":
		if text != "" {
			c.orders = append(c.orders, text)
		}
	case "user":
		if i == c.last {
			c.req.Text = text
			break
		}
		c.turn(engine.User, text)
	case "assistant":
		return c.assistant(i, m)
	case "tool", "function":
		return c.tool(i, m)
	default:
		return invalid("messages."+strconv.Itoa(i)+".role", "a message's role cannot be %.40q; there are system, developer, user, assistant and tool", m.Role)
	}
	return nil
}

func (c *conversing) turn(who engine.Who, text string) {
	id := engine.TurnID(1)
	if n := len(c.req.Turns); n > 0 {
		id = c.req.Turns[n-1].ID
		if who == engine.User {
			id++
		}
	}
	t := engine.Turn{ID: id, Who: who, Text: text, Heard: text, Typed: who == engine.User}
	if who == engine.Assistant {
		t.Tools, c.used = c.used, nil
	}
	c.req.Turns = append(c.req.Turns, t)
}

func (c *conversing) assistant(i int, m message) error {
	for _, call := range m.ToolCalls {
		if call.ID == "" || call.Function.Name == "" {
			return invalid("messages."+strconv.Itoa(i)+".tool_calls", "a tool call needs an id and a function with a name")
		}
		c.calls[call.ID] = engine.Call{ID: call.ID, Name: call.Function.Name, Arguments: call.Function.Arguments}
		if i > c.last {
			c.open = append(c.open, call.ID)
		}
	}
	switch {
	case i > c.last && len(m.ToolCalls) == 0:
		return invalid("messages", "messages ends with the assistant's answer; the last one has to be the user's or a tool's")
	case i < c.last && m.Content != "":
		c.turn(engine.Assistant, string(m.Content))
	}
	return nil
}

func (c *conversing) tool(i int, m message) error {
	call, known := c.calls[m.ToolCallID]
	if !known {
		return invalid("messages."+strconv.Itoa(i)+".tool_call_id", "no message before it has a tool call with the id %.80q", m.ToolCallID)
	}
	if i < c.last {
		c.used = append(c.used, engine.ToolUse{Tool: call.Name, Arguments: call.Arguments, Result: string(m.Content)})
		return nil
	}
	for k, id := range c.open {
		if id == call.ID {
			c.open = append(c.open[:k], c.open[k+1:]...)
			break
		}
	}
	c.req.Called = append(c.req.Called, engine.Called{Call: call, Output: string(m.Content)})
	return nil
}
