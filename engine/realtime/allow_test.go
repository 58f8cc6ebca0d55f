package realtime

import (
	"context"
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// What a reply may do is told once it may, and told again where the connection broke
// off over it.
func TestAllowedEffectSurvivesACut(t *testing.T) {
	prepared, allowed := false, 0
	nth := 0
	script := func(f *fake) {
		f.send(`{"type":"session.created","event_id":"a1","session":{"id":"sess_1"}}`)
		switch f.nth {
		case 1:
			f.send(`{"type":"x_parley.resume","event_id":"a2","resume":{"token":"t","ttl_s":60}}`)
			f.until(protocol.SessionUpdate)
			f.send(`{"type":"session.updated","event_id":"a3","session":{"id":"sess_1"}}`)
			ev := f.until(protocol.ResponseCreate)
			prepared, _ = ev["x_parley_prepare"].(bool)
			f.send(`{"type":"response.created","event_id":"a4","response":{"id":"r1"}}`,
				`{"type":"x_parley.effect","event_id":"a5","response_id":"r1","effect":{"waits":true}}`)
			if ev := f.until(protocol.ParleyAllow); ev != nil && ev["response_id"] == "r1" {
				allowed++
			}
		case 2:
			f.until(protocol.InputClear)
			f.send(`{"type":"input_audio_buffer.cleared","event_id":"b2"}`)
			if ev := f.until(protocol.ParleyAllow); ev != nil && ev["response_id"] == "r1" {
				allowed++
			}
			f.send(`{"type":"response.output_text.delta","event_id":"b3","response_id":"r1","item_id":"i1","delta":"Done."}`,
				`{"type":"response.done","event_id":"b4","response":{"id":"r1","status":"completed"}}`)
			f.rest()
		}
	}
	over(t, Config{}, newWire, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(protocol.ExtensionsHeader, protocol.Speculation1+", "+protocol.Resume1)
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		nth++
		script(&fake{conn: conn, nth: nth, header: r.Header})
	}, func(ctx context.Context, c *Client) {
		said, effects := "", 0
		for piece, err := range c.Respond(ctx, engine.Request{Text: "do it"}) {
			if err != nil {
				t.Error(err)
			}
			switch piece := piece.(type) {
			case engine.Effect:
				effects++
				if piece.Apart {
					t.Error("what follows an effect that is waited for is taken before it")
				}
				if err := piece.Do(ctx); err != nil {
					t.Error(err)
				}
			case engine.Words:
				said += piece.Text
			}
		}
		if said != "Done." || effects != 1 {
			t.Errorf("the reply says %q after %d effects", said, effects)
		}
	})
	if !prepared || allowed != 2 {
		t.Errorf("prepared %v, allowed over %d connections", prepared, allowed)
	}
}
