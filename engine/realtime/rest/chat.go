package rest

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"parley/engine"
)

// chatRequest is the body of chat/completions, as far as it makes a difference.
type chatRequest struct {
	Messages      []message   `json:"messages"`
	Tools         []tool      `json:"tools"`
	ToolChoice    toolChoice  `json:"tool_choice"`
	Parallel      *bool       `json:"parallel_tool_calls"`
	Stream        bool        `json:"stream"`
	StreamOptions streamUsage `json:"stream_options"`
	MaxTokens     int         `json:"max_tokens"`            // the old name
	MaxCompletion int         `json:"max_completion_tokens"` // 0: no limit
	N             int         `json:"n"`
	Format        struct {
		Type string `json:"type"`
	} `json:"response_format"`
}

// streamUsage asks for a last chunk that tells the usage.
type streamUsage struct {
	Include bool `json:"include_usage"`
}

// completion is an answer, or, with a Delta each, a chunk of one.
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"` // chat.completion or chat.completion.chunk
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage,omitempty"`
}

type choice struct {
	Index        int     `json:"index"`
	Message      *said   `json:"message,omitempty"`
	Delta        *said   `json:"delta,omitempty"`
	FinishReason *string `json:"finish_reason"` // null until the end
}

// said is what the assistant says, or the next piece of it.
type said struct {
	Role      string     `json:"role,omitempty"`
	Content   *string    `json:"content,omitempty"`
	ToolCalls []toolCall `json:"tool_calls,omitempty"`
}

func (h *routes) chat(w http.ResponseWriter, r *http.Request) error {
	var asked chatRequest
	if err := readJSON(w, r, h.limits.JSON, &asked); err != nil {
		return err
	}
	req, err := asked.request()
	if err != nil {
		return err
	}
	req.Teaching = h.teaching(req.Text)
	a := &chatAnswer{asked: asked, room: -1, head: completion{
		ID: "chatcmpl-" + rand.Text(), Object: "chat.completion", Created: time.Now().Unix(), Model: h.backend.Model,
	}}
	if limit := cmp.Or(asked.MaxCompletion, asked.MaxTokens); limit > 0 {
		a.room = limit * bytesPerToken
	}
	if asked.Stream {
		h.stream(w, r, func(ctx context.Context, s *stream) error { return h.chatStream(ctx, s, a, req) })
		return nil
	}
	if err := h.complete(r.Context(), a, req, func(said) error { return nil }); err != nil {
		return err
	}
	text := a.text.String()
	whole := said{Role: "assistant", Content: &text, ToolCalls: a.calls}
	a.head.Choices = []choice{{Message: &whole, FinishReason: &a.end}}
	a.head.Usage = used(size(req), a.written())
	writeJSON(w, http.StatusOK, a.head)
	return nil
}

// request is what the body asks of a responder.
func (c *chatRequest) request() (engine.Request, error) {
	switch {
	case len(c.Messages) == 0:
		return engine.Request{}, invalid("messages", "messages is missing")
	case c.N > 1 || c.N < 0:
		return engine.Request{}, invalid("n", "n has to be 1: there is one answer")
	case c.Format.Type != "" && c.Format.Type != "text":
		return engine.Request{}, invalid("response_format", "response_format cannot be %.40q; answers are text", c.Format.Type)
	case c.MaxTokens < 0 || c.MaxCompletion < 0:
		return engine.Request{}, invalid("max_completion_tokens", "max_completion_tokens has to be 1 or more")
	}
	req, err := conversation(c.Messages)
	if err != nil {
		return engine.Request{}, err
	}
	return req, offer(&req, c.Tools, c.ToolChoice)
}

// chatAnswer is an answer while it is given.
type chatAnswer struct {
	asked chatRequest
	head  completion
	room  int // bytes of text that may still come; negative: as many as there are
	text  strings.Builder
	calls []toolCall
	end   string // finish_reason
}

// written is how many bytes the answer has.
func (a *chatAnswer) written() int {
	n := a.text.Len()
	for _, c := range a.calls {
		n += len(c.Function.Name) + len(c.Function.Arguments)
	}
	return n
}

// complete has req answered and tells of each piece.
func (h *routes) complete(ctx context.Context, a *chatAnswer, req engine.Request, tell func(said) error) error {
	a.end = "stop"
	for piece, err := range h.answer(ctx, req) {
		if err != nil {
			return err
		}
		var next said
		if text := a.fit(wordsOf(piece)); text != "" {
			next.Content = &text
		}
		if call, ok := piece.(engine.Call); ok {
			next.ToolCalls = []toolCall{a.call(call)}
		}
		if next.Content != nil || next.ToolCalls != nil {
			if err := tell(next); err != nil {
				return err
			}
		}
		once := a.asked.Parallel != nil && !*a.asked.Parallel && len(a.calls) > 0
		if a.end == "length" || once {
			return nil
		}
	}
	return context.Cause(ctx)
}

// fit is as much of text as there is room for; it is the answer's now.
func (a *chatAnswer) fit(text string) string {
	if a.room >= 0 && len(text) > a.room {
		end := a.room
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, a.end = text[:end], "length"
	}
	if a.room >= 0 {
		a.room -= len(text)
	}
	a.text.WriteString(text)
	return text
}

func (a *chatAnswer) call(c engine.Call) toolCall {
	index := len(a.calls)
	made := toolCall{ID: cmp.Or(c.ID, "call_"+rand.Text()), Type: "function"}
	made.Function.Name, made.Function.Arguments = c.Name, c.Arguments
	a.calls = append(a.calls, made)
	a.end = "tool_calls"
	made.Index = &index
	return made
}

// chatStream gives an answer as chunks: the role first, then words and calls, then
// how it ended, then, if asked for, the usage.
func (h *routes) chatStream(ctx context.Context, s *stream, a *chatAnswer, req engine.Request) error {
	a.head.Object = "chat.completion.chunk"
	chunk := func(next said, end *string) error {
		a.head.Choices = []choice{{Delta: &next, FinishReason: end}}
		return s.send(a.head)
	}
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		nothing := ""
		return chunk(said{Role: "assistant", Content: &nothing}, nil)
	}
	if err := h.complete(ctx, a, req, func(next said) error {
		if err := begin(); err != nil {
			return err
		}
		return chunk(next, nil)
	}); err != nil {
		return err
	}
	if err := begin(); err != nil {
		return err
	}
	if err := chunk(said{}, &a.end); err != nil {
		return err
	}
	if a.asked.StreamOptions.Include {
		a.head.Choices, a.head.Usage = []choice{}, used(size(req), a.written())
		if err := s.send(a.head); err != nil {
			return err
		}
	}
	return s.raw([]byte("[DONE]"))
}
