package server

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// doing answers after an effect.
func doing(apart bool, do func() error) answerer {
	return func(_ context.Context, _ engine.Request, yield func(engine.Reply, error) bool) {
		_ = yield(engine.Effect{Do: func(context.Context) error { return do() }, Apart: apart}, nil) &&
			yield(engine.Words{Text: "It is done."}, nil)
	}
}

var prepares = Options{Extensions: []string{protocol.Speculation1}}

func allow(id string) string { return fmt.Sprintf(`{"type":"x_parley.allow","response_id":%q}`, id) }

func TestPreparedResponseChangesNothingUntilItIsAllowed(t *testing.T) {
	for _, apart := range []bool{true, false} {
		t.Run(fmt.Sprintf("apart %v", apart), func(t *testing.T) {
			in(t, func(t *testing.T) {
				var done atomic.Int32
				c := connect(t, backend(doing(apart, func() error { done.Add(1); return nil })), prepares)
				c.send(noTurns, says("do it"), `{"type":"response.create","x_parley_prepare":true}`)
				id := c.wait(protocol.ResponseCreated).Response.ID
				if e := c.wait(protocol.ParleyEffect); e.Effect.Waits == apart {
					t.Errorf("the effect is %+v", e.Effect)
				}
				if apart {
					c.wait(protocol.OutputAudioDelta)
					if e := c.wait(protocol.ParleyEffect); !e.Effect.Waits {
						t.Error("when all is said the response does not wait")
					}
				}
				if n := count(c, protocol.ResponseDone); n != 0 || done.Load() != 0 {
					t.Errorf("%d responses are done, and %d effects", n, done.Load())
				}
				if n := count(c, protocol.OutputAudioDelta); !apart && n != 0 {
					t.Error("the response did not wait for its effect")
				}
				c.send(allow("resp_other"), allow(id), allow(id))
				if r := c.wait(protocol.ResponseDone).Response; r.Status != completed || r.Output[0].Words() != "It is done." {
					t.Errorf("the response ends %s", r.Status)
				}
				c.send(allow(id), says("again"))
				c.wait(protocol.ItemDone)
				if n := done.Load(); n != 1 {
					t.Errorf("it was done %d times", n)
				}
				if count(c, protocol.ErrorEvent) != 0 {
					t.Error("to allow what is over is an error")
				}
			})
		})
	}
}

func TestPreparedResponseThatIsCancelledChangesNothing(t *testing.T) {
	in(t, func(t *testing.T) {
		var done atomic.Int32
		c := connect(t, backend(doing(true, func() error { done.Add(1); return nil })), prepares)
		c.send(noTurns, says("do it"), `{"type":"response.create","x_parley_prepare":true}`)
		id := c.wait(protocol.ResponseCreated).Response.ID
		c.wait(protocol.ParleyEffect)
		c.send(`{"type":"response.cancel"}`, allow(id))
		if r := c.wait(protocol.ResponseDone).Response; r.Status != cancelled {
			t.Errorf("the response ends %s", r.Status)
		}
		c.send(`{"type":"response.create"}`) // this one is meant
		c.wait(protocol.ResponseDone)
		if n := done.Load(); n != 1 {
			t.Errorf("it was done %d times", n)
		}
	})
}

func TestEffectThatFailsEndsThePreparedResponse(t *testing.T) {
	for _, apart := range []bool{true, false} {
		in(t, func(t *testing.T) {
			c := connect(t, backend(doing(apart, func() error { return errors.New("mind: there is no such timer") })), prepares)
			c.send(noTurns, says("do it"), `{"type":"response.create","x_parley_prepare":true}`)
			id := c.wait(protocol.ResponseCreated).Response.ID
			c.wait(protocol.ParleyEffect)
			c.send(allow(id))
			if r := c.wait(protocol.ResponseDone).Response; r.Status != failed || r.StatusDetails.Error.Message != "There is no such timer" {
				t.Errorf("the response ends %s: %+v", r.Status, r.StatusDetails)
			}
		})
	}
}

func TestOnlyWhoAgreedOnItPrepares(t *testing.T) {
	in(t, func(t *testing.T) {
		c := connect(t, backend(doing(false, func() error { return nil })), Options{})
		c.send(noTurns, says("do it"), `{"type":"response.create","x_parley_prepare":true}`)
		if r := c.wait(protocol.ResponseDone).Response; r.Status != completed {
			t.Errorf("the response ends %s", r.Status)
		}
		c.send(`{"type":"x_parley.allow","event_id":"e","response_id":"r"}`)
		if e := c.wait(protocol.ErrorEvent).Error; e.Code != protocol.CodeUnknownEvent {
			t.Errorf("the error is %+v", e)
		}
	})
}
