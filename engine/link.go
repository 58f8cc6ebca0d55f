package engine

import (
	"context"
	"encoding/json"
	"time"
)

// Link is how a backend is reached.
type Link struct {
	Backend   string        // its host
	Transport string        // websocket, sse, rest …; empty while it is away
	RTT       time.Duration // there and back, as last measured; 0: not yet
	Detail    string        // one sentence for a person, if there is something to say
}

// MarshalJSON writes the round trip in milliseconds, to the tenth.
func (l Link) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Backend   string  `json:"backend"`
		Transport string  `json:"transport"`
		RTT       float64 `json:"rtt_ms"`
		Detail    string  `json:"detail,omitempty"`
	}{l.Backend, l.Transport, float64(l.RTT.Round(100*time.Microsecond)) / float64(time.Millisecond), l.Detail})
}

// links carries what is known of the link to whoever watches.
func (c *Conversation) links(ctx context.Context) {
	for l := range c.cfg.Links.Links(ctx) {
		c.report(func() { c.emit(0, LinkChanged{l}) })
	}
}
