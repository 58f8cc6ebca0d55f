package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// get asks the program for a path, as a page of origin does and by host, and gives
// the status; "" leaves them as they are.
func (b *backend) get(path, origin, host string) (int, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url()+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	if host != "" {
		req.Host = host
	}
	if path == "/v1/realtime" {
		for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="} {
			req.Header.Set(name, value)
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp.StatusCode, ""
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// dial opens a WebSocket of somebody who means no good.
func (b *backend) dial(ctx context.Context) *websocket.Conn {
	b.t.Helper()
	conn, _, err := websocket.Dial(ctx, "ws://"+b.address+"/v1/realtime", nil) //nolint:bodyclose // see Dial
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

// Pages of others, names that are not ours, endless frames and readers who do not
// read are turned away, and nobody else notices.
func TestHostile(t *testing.T) {
	t.Parallel()
	b := serve(t)
	for _, path := range []string{"/v1/realtime", "/v1/models"} {
		if status, _ := b.get(path, "https://evil.example", ""); status != http.StatusForbidden {
			t.Errorf("%s for a foreign page: %d", path, status)
		}
		if status, _ := b.get(path, "", "evil.example:8765"); status != http.StatusForbidden {
			t.Errorf("%s by a foreign name: %d", path, status)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), remoteWithin)
	defer cancel()

	large := b.dial(ctx)
	large.SetReadLimit(-1)
	_ = large.Write(ctx, websocket.MessageText, []byte(`{"type":"input_audio_buffer.append","audio":"`+strings.Repeat("A", 20<<20)+`"}`)) // it may be cut off before
	for {
		if _, _, err := large.Read(ctx); err != nil {
			if ctx.Err() != nil {
				t.Error("who sends 20 MB at once is not cut off")
			}
			break
		}
	}

	slow := b.dial(ctx)
	text := `{"type":"conversation.item.create","item":{"id":"item_1","type":"message","role":"user","content":[{"type":"input_text","text":"` + strings.Repeat("word ", 12<<10) + `"}]}}`
	if err := slow.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	for range 2000 { // up to 120 MB, of which it reads none
		if err := slow.Write(ctx, websocket.MessageText, []byte(`{"type":"conversation.item.retrieve","item_id":"item_1"}`)); err != nil {
			break
		}
	}
	until(t, "the slow reader is dropped", func() bool {
		_, body := b.get("/metrics", "", "")
		return strings.Contains(body, "parleyd_sessions 0\n")
	})
	_, body := b.get("/metrics", "", "")
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "parleyd_dropped_total") {
			t.Log(fmt.Sprint("dropped: ", strings.TrimSpace(line)))
		}
	}
	a := begin(t, newHome(t), nil, "--remote", b.url(), "--say", "what is gravity")
	if done := a.waitType(0, "reply.done", remoteWithin); !strings.Contains(done.Text, "ravity") || a.spokenOf() != 0 {
		t.Errorf("after all that: %q", done.Text)
	}
}
