package openai

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	api "github.com/sashabaranov/go-openai"
)

// tail is how long a stream may take, after it has said why it ends, to end; what
// it may still send is of no interest.
const tail = 50 * time.Millisecond

// piece is what a stream brings next.
type piece struct {
	text  string
	calls []api.ToolCall // pieces of tool calls
}

// chat streams the answer to a request, to which it adds the model and how it is to
// be used. It asks again where nothing has come yet.
// The last thing yielded is an error, unless the answer came to its end. When
// the caller's context ends it yields nothing more.
func (s Service) chat(ctx context.Context, req api.ChatCompletionRequest) iter.Seq2[piece, error] {
	req.Model, req.ReasoningEffort, req.Temperature = s.Model, s.Effort, s.Temperature
	return func(yield func(piece, error) bool) {
		w := s.watch(ctx)
		defer w.end()
		stopped := false
		err := w.try(func(ctx context.Context) error {
			began := false
			for p, err := range s.stream(ctx, w, req) {
				if err != nil {
					return onlyOnce(s.explain(ctx, err), began)
				}
				began = true
				if !yield(p, nil) {
					stopped = true
					return nil
				}
			}
			return nil
		})
		if err != nil && !stopped && ctx.Err() == nil {
			yield(piece{}, err)
		}
	}
}

// onlyOnce makes an error one that is not worth another attempt, if something of
// the answer has been handed on.
func onlyOnce(err error, began bool) error {
	var failed *failure
	if !began || !errors.As(err, &failed) {
		return err
	}
	final := *failed
	final.again = false
	return &final
}

// stream makes one attempt.
func (s Service) stream(ctx context.Context, w *watch, req api.ChatCompletionRequest) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		c := &call{stream: true}
		stream, err := s.client(c).CreateChatCompletionStream(ctx, req)
		if err != nil {
			yield(piece{}, err)
			return
		}
		defer func() { _ = stream.Close() }() // it was only read
		var aloud thoughts
		ended := false
		for {
			got, err := stream.Recv()
			if errors.Is(err, io.EOF) && (ended || c.events.done) || err != nil && ended {
				return
			}
			if err != nil {
				yield(piece{}, err)
				return
			}
			if len(got.Choices) == 0 {
				continue
			}
			one := got.Choices[0]
			p := piece{text: aloud.add(one.Delta.Content + one.Delta.Refusal), calls: one.Delta.ToolCalls}
			if p.text != "" || len(p.calls) > 0 {
				w.hold()
				if !yield(p, nil) {
					return
				}
				w.came()
			}
			if one.FinishReason != "" && one.FinishReason != api.FinishReasonNull {
				ended = true
				w.within(tail)
			}
		}
	}
}
