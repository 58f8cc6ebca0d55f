package rest

import (
	"context"
	"iter"

	"parley/engine"
)

// answer has req answered, and does what the answer asks to have done: a request's
// turn is committed from the start. The mind is forgotten at the end.
func (h *routes) answer(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		m, forget := h.mind()
		defer forget()
		for piece, err := range m.Responder.Respond(ctx, req) {
			if effect, ok := piece.(engine.Effect); ok && err == nil {
				err = effect.Do(ctx)
			}
			if err != nil {
				yield(nil, failed("responder", err))
				return
			}
			if !yield(piece, nil) {
				return
			}
		}
	}
}

// wordsOf are the words of a piece of an answer, whoever would have spoken them.
func wordsOf(piece engine.Reply) string {
	switch piece := piece.(type) {
	case engine.Words:
		return piece.Text
	case engine.Voiced:
		return piece.Text
	}
	return ""
}

// teaching is what a turn has to do with teaching; zero if nothing.
func (h *routes) teaching(text string) engine.Teaching {
	if h.backend.Detector == nil {
		return engine.Teaching{}
	}
	found, ok := h.backend.Detector.Detect(text)
	if !ok {
		return engine.Teaching{}
	}
	return found
}

// tokens is about how many tokens so many bytes of text are. Nobody here counts
// them; four bytes each is OpenAI's rule of thumb for English.
func tokens(bytes int) int { return (bytes + bytesPerToken - 1) / bytesPerToken }

const bytesPerToken = 4

// usage counts tokens, about.
type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

func used(prompt, completion int) *usage {
	p, c := tokens(prompt), tokens(completion)
	return &usage{Prompt: p, Completion: c, Total: p + c}
}

// size is how many bytes of text a request bears.
func size(req engine.Request) int {
	n := len(req.Text) + len(req.Instructions)
	for _, t := range req.Turns {
		n += len(t.Text)
	}
	for _, c := range req.Called {
		n += len(c.Arguments) + len(c.Output)
	}
	for _, f := range req.Functions {
		n += len(f.Name) + len(f.Description) + len(f.Parameters)
	}
	return n
}
