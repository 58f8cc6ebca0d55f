package server

import (
	"context"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"parley/engine/realtime/protocol"
)

// BenchmarkIdleSessions measures what a session costs that does nothing: one that has
// heard silence for a moment, and one that has heard nothing.
func BenchmarkIdleSessions(b *testing.B) {
	for name, heard := range map[string]bool{"silent": true, "new": false} {
		b.Run(name, func(b *testing.B) {
			const sessions = 1000
			for b.Loop() {
				before := inUse()
				clients := make([]*client, sessions)
				end := make(chan error, sessions)
				for n := range clients {
					clients[n] = &client{wire: newWire(), t: b}
					go func() { end <- Serve(context.Background(), backend(echoes), clients[n].wire, Options{}) }()
				}
				for _, c := range clients {
					c.wait(protocol.SessionCreated)
					if heard {
						c.send(sound(make([]int16, 24000)))
					}
				}
				b.ReportMetric(float64(inUse()-before)/sessions/1024, "KB/session")
				for _, c := range clients {
					c.close()
				}
				for range clients {
					<-end
				}
			}
		})
	}
}

// inUse is the memory of heap and stacks.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func TestIdleSessionIsSmall(t *testing.T) {
	const sessions, most = 50, 256 << 10
	before := inUse()
	for range sessions {
		c := connect(t, backend(echoes), Options{})
		c.send(sound(make([]int16, 24000)), `{"type":"conversation.item.retrieve","item_id":"x"}`)
		c.wait(protocol.ErrorEvent)
	}
	if each := (inUse() - before) / sessions; each > most {
		t.Errorf("an idle session takes %d KB", each>>10)
	}
}

// BenchmarkIdleSockets is the same with the WebSocket; it counts both ends.
func BenchmarkIdleSockets(b *testing.B) {
	const sessions = 1000
	for b.Loop() {
		h := NewHandler(backend(echoes), Config{})
		srv := httptest.NewServer(h)
		before := inUse()
		all := make([]*websocket.Conn, sessions)
		for n := range all {
			ws, _, err := websocket.Dial(b.Context(), "ws"+strings.TrimPrefix(srv.URL, "http"), nil) //nolint:bodyclose // an upgrade has none
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := ws.Read(b.Context()); err != nil {
				b.Fatal(err)
			}
			all[n] = ws
		}
		b.ReportMetric(float64(inUse()-before)/sessions/1024, "KB/session")
		for _, ws := range all {
			_ = ws.CloseNow()
		}
		if err := h.Shutdown(b.Context()); err != nil {
			b.Fatal(err)
		}
		srv.Close()
	}
}
