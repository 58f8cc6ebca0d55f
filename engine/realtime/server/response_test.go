package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// ask is a session without turn detection in which "hello" was said.
func ask(t *testing.T, a answerer, o Options) *client {
	c := connect(t, backend(a), o)
	c.send(noTurns, says("hello"))
	c.wait(protocol.ItemDone)
	return c
}

func TestTextOnly(t *testing.T) {
	c := ask(t, echoes, Options{})
	c.send(`{"type":"response.create","response":{"output_modalities":["text"],"metadata":{"k":"v"}}}`)
	done := c.wait(protocol.ResponseDone)
	got := only(c.all(), "response.")
	want := []string{
		"response.created", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
		"response.output_text.done", "response.content_part.done", "response.output_item.done", "response.done",
	}
	if !slices.Equal(got, want) || done.Response.Metadata["k"] != "v" || *done.Response.ConversationID == "" {
		t.Errorf("there are %v, and %+v", got, done.Response)
	}
}

// Clients that check each field want a message's content before there is any.
func TestItemsHaveTheirContent(t *testing.T) {
	c := ask(t, echoes, Options{})
	c.send(`{"type":"response.create"}`)
	c.wait(protocol.ResponseDone)
	for _, e := range c.all() {
		if e.Item != nil && e.Item.Content == nil {
			t.Errorf("%s has an item without content", e.Type)
		}
	}
}

func TestFunctions(t *testing.T) {
	var asked engine.Request
	calls := func(_ context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
		asked = req
		if len(req.Called) > 0 {
			yield(engine.Words{Text: "It is " + req.Called[0].Output}, nil)
			return
		}
		_ = yield(engine.Words{Text: "Let me see. "}, nil) && yield(engine.Call{Name: "weather", Arguments: `{"city":"Rome"}`}, nil)
	}
	c := ask(t, calls, Options{})
	c.send(`{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}],"tool_choice":"required"}}`,
		`{"type":"response.create"}`)
	call := c.wait(protocol.FunctionArgumentsDone)
	done := c.wait(protocol.ResponseDone)
	want := []string{
		"response.output_item.added", "conversation.item.added", "response.function_call_arguments.delta",
		"response.function_call_arguments.done", "conversation.item.done", "response.output_item.done", "response.done",
	}
	got := order(c.all())
	n := slices.Index(got, "response.function_call_arguments.delta")
	if n < 2 || !slices.Equal(got[n-2:min(len(got), n+5)], want) {
		t.Errorf("the order is %v", got)
	}
	if asked.MustCall != "any" || len(asked.Functions) != 1 || call.Name != "weather" || *call.Arguments != `{"city":"Rome"}` || len(done.Response.Output) != 2 {
		t.Errorf("asked %+v, called %+v", asked, call)
	}
	c.send(fmt.Sprintf(`{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":%q,"output":"sunny"}}`, call.CallID),
		`{"type":"response.create"}`)
	if done = c.wait(protocol.ResponseDone); done.Response.Output[0].Words() != "It is sunny" || asked.Text != "hello" {
		t.Errorf("the answer is %+v to %q", done.Response.Output, asked.Text)
	}
	c.send(`{"type":"response.create","response":{"tool_choice":"none"}}`)
	c.wait(protocol.ResponseDone)
	if len(asked.Functions) != 0 || len(asked.Called) != 0 {
		t.Errorf("asked %+v", asked)
	}
}

func TestMaxOutputTokens(t *testing.T) {
	c := ask(t, endless, Options{})
	c.send(`{"type":"response.create","response":{"max_output_tokens":10}}`)
	done := c.wait(protocol.ResponseDone).Response
	if done.Status != "incomplete" || done.StatusDetails.Reason != "max_output_tokens" || len(done.Output[0].Words()) > 40 || done.Output[0].Status != "incomplete" {
		t.Errorf("the response is %+v", done)
	}
}

func TestFailure(t *testing.T) {
	c := ask(t, func(_ context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
		_ = yield(engine.Words{Text: "Well, "}, nil)
		yield(nil, errors.New("mind: no idea"))
	}, Options{})
	c.send(`{"type":"response.create"}`)
	done := c.wait(protocol.ResponseDone).Response
	if done.Status != "failed" || done.StatusDetails.Error.Message != "No idea" || done.Output[0].Words() != "Well, " {
		t.Errorf("the response is %+v", done)
	}
	c.send(`{"type":"response.create"}`)
	c.wait(protocol.ResponseDone)
}

func TestEffectsAreDoneAndSilenceIsAnAnswer(t *testing.T) {
	done := 0
	c := ask(t, func(_ context.Context, _ engine.Request, yield func(engine.Reply, error) bool) {
		yield(engine.Effect{Do: func(context.Context) error { done++; return nil }}, nil)
	}, Options{})
	c.send(`{"type":"response.create"}`)
	if r := c.wait(protocol.ResponseDone).Response; r.Status != "completed" || len(r.Output) != 0 || done != 1 {
		t.Errorf("the response is %+v, with %d effects", r, done)
	}
}

func TestCancelAndBeside(t *testing.T) {
	c := ask(t, endless, Options{Limits: Limits{Beside: 1}})
	c.send(`{"type":"response.cancel","event_id":"e0"}`)
	if e := c.wait(protocol.ErrorEvent).Error; e.Code != protocol.CodeCancelNotActive || e.EventID != "e0" {
		t.Errorf("the error is %+v", e)
	}
	c.send(`{"type":"response.create"}`)
	main := c.wait(protocol.ResponseCreated).Response
	c.send(`{"type":"response.create","event_id":"e1"}`)
	if e := c.wait(protocol.ErrorEvent).Error; e.Code != protocol.CodeActiveResponse || e.EventID != "e1" {
		t.Errorf("the error is %+v", e)
	}
	const beside = `{"type":"response.create","response":{"conversation":"none","max_output_tokens":10,"output_modalities":["text"],"metadata":{"topic":"x"},
		"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"other"}]}]}}`
	c.send(beside)
	done := c.wait(protocol.ResponseDone).Response
	if done.ID == main.ID || done.ConversationID != nil || done.Metadata["topic"] != "x" {
		t.Errorf("the response beside is %+v", done)
	}
	for _, e := range c.all() {
		if strings.HasPrefix(e.Type, "conversation.item") && e.Item != nil && e.Item.ID == done.Output[0].ID {
			t.Error("what was said beside is in the conversation")
		}
	}
	c.send(`{"type":"response.cancel","response_id":"` + main.ID + `"}`)
	done = c.wait(protocol.ResponseDone).Response
	if done.ID != main.ID || done.Status != "cancelled" || done.StatusDetails.Reason != "client_cancelled" {
		t.Errorf("the cancelled response is %+v", done)
	}
}

func TestTruncatePastTheEndAndTwice(t *testing.T) {
	c := ask(t, echoes, Options{})
	c.send(`{"type":"response.create"}`)
	id := c.wait(protocol.ResponseDone).Response.Output[0].ID
	for ms, want := range map[int]string{99999: "", -1: ""} {
		c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","event_id":"t","item_id":%q,"content_index":0,"audio_end_ms":%d}`, id, ms))
		if e := c.wait(protocol.ErrorEvent).Error; e.Param != "audio_end_ms" || e.EventID != "t" {
			t.Errorf("%d: %+v%s", ms, e, want)
		}
	}
	for _, at := range []struct {
		ms   int
		want string
	}{{600, "You said hello. That is all."}, {350, "You said hello."}, {200, "You said"}, {0, ""}} {
		c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","item_id":%q,"content_index":0,"audio_end_ms":%d}`, id, at.ms),
			fmt.Sprintf(`{"type":"conversation.item.retrieve","item_id":%q}`, id))
		if got := c.wait(protocol.ItemRetrieved).Item.Words(); got != at.want {
			t.Errorf("after %d ms it is %q", at.ms, got)
		}
	}
}

func TestRequestSaysWhatWasHeard(t *testing.T) {
	asked := make(chan engine.Request, 10)
	c := ask(t, func(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
		asked <- req
		echoes(ctx, req, yield)
	}, Options{})
	c.send(`{"type":"session.update","session":{"type":"realtime","instructions":"Be kind."}}`, `{"type":"response.create"}`)
	id := c.wait(protocol.ResponseDone).Response.Output[0].ID
	<-asked
	c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","item_id":%q,"content_index":0,"audio_end_ms":210}`, id),
		`{"type":"conversation.item.create","item":{"type":"message","role":"system","content":[{"type":"input_text","text":"Be brief."}]}}`,
		says("and now"), `{"type":"response.create"}`)
	c.wait(protocol.ResponseDone)
	req := <-asked
	if req.Text != "and now" || req.Instructions != "Be kind.\n\nBe brief." || len(req.Turns) != 2 {
		t.Fatalf("asked %+v", req)
	}
	if said := req.Turns[1]; said.Heard != "You said" || said.Text != "You said hello. That is all." || !said.Interrupted {
		t.Errorf("the assistant's turn is %+v", said)
	}
}

func TestTruncatingWhatIsBeingSaidEndsIt(t *testing.T) {
	c := ask(t, endless, Options{})
	c.send(`{"type":"response.create"}`)
	for range 10 {
		c.wait(protocol.OutputAudioDelta)
	}
	id := c.all()[c.seen-1].ItemID
	c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","item_id":%q,"content_index":0,"audio_end_ms":330}`, id),
		fmt.Sprintf(`{"type":"conversation.item.retrieve","item_id":%q}`, id))
	if r := c.wait(protocol.ResponseDone).Response; r.Status != "cancelled" || r.Output[0].ID != id {
		t.Errorf("the response is %+v", r)
	}
	c.wait(protocol.ItemTruncated)
	if got := c.wait(protocol.ItemRetrieved).Item.Words(); got != "On and on" {
		t.Errorf("what was heard is %q", got)
	}
}
