package openai

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync/atomic"

	api "github.com/sashabaranov/go-openai"
)

// Completer has a model write a text, perhaps JSON of a given shape. It may be used
// by several goroutines.
type Completer struct {
	service Service
	refused atomic.Int32 // how many of the ways to ask for JSON the server has refused
}

// NewCompleter makes a completer. Its error wraps [ErrAddress] if the base URL
// is none.
func NewCompleter(s Service) (*Completer, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return &Completer{service: s}, nil
}

// The ways to ask for JSON, the best first.
const (
	strictSchema = iota // the server sees to it that the schema is kept
	looseSchema         // … as well as it can: not every schema can be kept strictly
	anyObject           // some JSON object
	onlyAsked           // the prompt asks for it
	waysToAsk
)

// Complete streams what the model writes in answer to user, under the prompt
// system. With a schema (JSON Schema of an object) it asks the server to keep to it,
// in the best way that the server knows; what comes is not checked. The last
// thing yielded is an error, unless the answer came to its end. When ctx ends,
// nothing more is yielded.
func (c *Completer) Complete(ctx context.Context, system, user string, schema json.RawMessage) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		way := onlyAsked
		if len(schema) > 0 {
			way = int(c.refused.Load())
		}
		for ; ; way++ {
			began := false
			var refused error
			for p, err := range c.service.chat(ctx, chatRequest(system, user, schema, way)) {
				if err != nil && !began && way+1 < waysToAsk && errors.Is(err, ErrRequest) {
					refused = err
					break
				}
				if err != nil {
					yield("", err)
					return
				}
				if p.text != "" && !yield(p.text, nil) {
					return
				}
				began = began || p.text != ""
			}
			if refused == nil {
				if !began && ctx.Err() == nil {
					yield("", &failure{kind: ErrEmpty, text: c.service.host() + " answered without a word; another model may do better"})
				}
				if began && len(schema) > 0 {
					c.refused.Store(int32(way)) //nolint:gosec // below waysToAsk
				}
				return
			}
			c.service.log().Info("service refuses a form of answer; the next is tried", "way", way)
		}
	}
}

func chatRequest(system, user string, schema json.RawMessage, way int) api.ChatCompletionRequest {
	var req api.ChatCompletionRequest
	switch {
	case len(schema) == 0:
	case way == strictSchema, way == looseSchema:
		req.ResponseFormat = &api.ChatCompletionResponseFormat{
			Type:       api.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &api.ChatCompletionResponseFormatJSONSchema{Name: "answer", Schema: schema, Strict: way == strictSchema},
		}
	default:
		system += "\n\nAnswer with one JSON object and nothing else. It has to fit this JSON Schema:\n" + string(schema)
		if way == anyObject {
			req.ResponseFormat = &api.ChatCompletionResponseFormat{Type: api.ChatCompletionResponseFormatTypeJSONObject}
		}
	}
	if system != "" {
		req.Messages = append(req.Messages, api.ChatCompletionMessage{Role: api.ChatMessageRoleSystem, Content: system})
	}
	req.Messages = append(req.Messages, api.ChatCompletionMessage{Role: api.ChatMessageRoleUser, Content: user})
	return req
}
