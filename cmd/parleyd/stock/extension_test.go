package stock

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"github.com/coder/websocket"
)

// plain says that parleyd has sent nothing but the protocol's own: nobody who is behind
// the tap has asked for more.
func (p *tap) plain(t *testing.T) {
	t.Helper()
	all := p.received()
	if !bytes.Contains(all, []byte(`"session.created"`)) || !bytes.Contains(all, []byte(`"response.done"`)) {
		t.Errorf("the tap has no session: %d bytes", len(all))
	}
	lower := bytes.ToLower(all)
	for _, mark := range []string{"x_parley", "x-parley"} {
		if i := bytes.Index(lower, []byte(mark)); i >= 0 {
			t.Errorf("it was sent %q", all[max(0, i-100):min(len(all), i+200)])
		}
	}
}

// What would be seen, had a client asked for it: the same turn of the Go client's, with
// and without the header.
func TestExtensionsAreAskedFor(t *testing.T) {
	address := serve(t)
	for asked, want := range map[string]bool{"": false, "teaching/1, metrics/1, resume/1, speculation/1": true} {
		p := newTap(t, address)
		lesson(t, p.address, asked)
		all := p.received()
		for _, mark := range []string{"x_parley.teaching.detected", "x_parley.metrics", "x_parley.resume", "X-Parley-Extensions"} {
			if bytes.Contains(all, []byte(mark)) != want {
				t.Errorf("asked for %q, %q was sent: %v", asked, mark, !want)
			}
		}
		if !want {
			p.plain(t)
		}
	}
}

// lesson asks for one in writing, in a session with these extensions.
func lesson(t *testing.T, address, extensions string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	header := http.Header{}
	if extensions != "" {
		header.Set("X-Parley-Extensions", extensions)
	}
	conn, _, err := websocket.Dial(ctx, "ws://"+address+"/v1/realtime", &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // see Dial
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	for _, e := range []string{
		`{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"teach me about gravity"}]}}`,
		`{"type":"response.create"}`,
	} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(e)); err != nil {
			t.Fatal(err)
		}
	}
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		last := `"type":"rate_limits.updated"` // comes after everything of a response
		if extensions != "" {
			last = `"type":"x_parley.metrics"` // comes after that
		}
		if bytes.Contains(text, []byte(last)) {
			return
		}
	}
}
