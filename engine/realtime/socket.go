package realtime

import (
	"context"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
)

// webSocket is a [conn] over WebSocket.
type webSocket struct{ *websocket.Conn }

// openSocket opens one. The answer is the host's, where it gave one.
func openSocket(ctx context.Context, client *http.Client, to *url.URL, header http.Header) (conn, *http.Response, error) {
	c, answer, err := websocket.Dial(ctx, to.String(), &websocket.DialOptions{HTTPClient: client, HTTPHeader: header})
	if err != nil {
		return nil, answer, err
	}
	c.SetReadLimit(messageLimit)
	return webSocket{c}, answer, nil
}

// Read implements conn.
func (s webSocket) Read(ctx context.Context) ([]byte, error) {
	_, event, err := s.Conn.Read(ctx)
	return event, err
}

// Write implements conn.
func (s webSocket) Write(ctx context.Context, event []byte) error {
	return s.Conn.Write(ctx, websocket.MessageText, event)
}

// Close implements conn.
func (s webSocket) Close() error { return s.Conn.Close(websocket.StatusNormalClosure, "") }
