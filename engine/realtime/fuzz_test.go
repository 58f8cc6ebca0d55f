package realtime

import (
	"strings"
	"testing"
	"time"

	"parley/engine/realtime/protocol"
)

// Whatever a backend sends, to a client that waits for everything at once: nothing
// panics, and what it makes of it stays bounded.
func FuzzReceived(f *testing.F) {
	f.Add(true, strings.ReplaceAll(usual, "SOUND", silence(20*time.Millisecond)))
	f.Add(false, `{"type":"session.created","session":{"id":"s","expires_at":-5,"input_audio_format":"g711"}}
{"type":"input_audio_buffer.committed","item_id":"u"}
{"type":"conversation.item.input_audio_transcription.completed","item_id":"u","transcript":"so"}
{"type":"x_parley.hypothesis","hypothesis":{"text":"so","soft":true}}
{"type":"x_parley.words","response_id":"r","item_id":"i","words":[{"from":-1,"to":99,"start_ms":5,"end_ms":-1}]}
{"type":"x_parley.lesson.done","lesson":{"id":"l","plan":{"title":"t"},"error":"e"}}
{"type":"x_parley.tool","tool":{}}
{"type":"x_parley.teaching.detected","response_id":"r","teaching":{"kind":"lesson"}}
{"type":"response.function_call_arguments.done","response_id":"r","arguments":"{}"}
{"type":"conversation.item.truncated","item_id":"i"}
{"type":"conversation.item.deleted","item_id":"i"}
{"type":"response.output_item.added","response_id":"r","item":{"type":"function_call","call_id":"c"}}
{"type":"error","error":"e"}
{"type":"error","error":{"code":"session_expired"}}
{"type":"x_parley.resume","resume":{"token":"t"}}`)
	f.Fuzz(func(t *testing.T, ours bool, lines string) {
		c, err := New(Config{URL: "ws://backend"})
		if err != nil {
			t.Fatal(err)
		}
		l := newLink(t.Context(), c, nil)
		if ours {
			l.extensions = []string{protocol.Resume1, protocol.Speculation1, protocol.Teaching1}
		}
		c.begin(l)
		u := &utterance{client: c, commit: "evt_u"}
		r := &reply{asked: "evt_r", names: map[string]string{}}
		c.session.speaking, c.session.reply = &utterance{client: c}, r
		c.session.committed = append(c.session.committed, u)
		c.session.lessons["l"] = &lesson{asked: "evt_l"}
		n := 0
		for line := range strings.Lines(lines) {
			c.received(l, []byte(line))
			n++
		}
		for range len(lines) + n {
			if _, ok, _, _ := r.next(time.Now(), &c.jitter); !ok {
				break
			}
		}
		c.session.settle()
		c.session.lose()
	})
}
