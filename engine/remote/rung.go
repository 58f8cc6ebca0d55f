package remote

import (
	"context"
	"time"

	"parley/engine"
)

// The names of the rungs, as engine.Link has them.
const (
	WebSocket = "websocket"
	Duplex    = "stream" // one HTTP request that goes on, answered meanwhile
	Stream    = "sse"    // a request a turn, answered by a stream
	REST      = "rest"
	Text      = "text"
)

// Title is a rung's name for a person.
func Title(name string) string {
	switch name {
	case WebSocket:
		return "WebSocket"
	case Duplex:
		return "HTTP both ways"
	case Stream:
		return "HTTP streaming"
	case REST:
		return "REST"
	case Text:
		return "Text over HTTP"
	}
	return name
}

// Stages are what a rung answers with. What it leaves nil it does not do.
type Stages struct {
	Transcriber engine.Transcriber
	Responder   engine.Responder
	Synthesizer engine.Synthesizer
	Teacher     engine.Teacher
}

// Rung is one way to a backend. It is used by several goroutines.
//
// Errors of Probe and of its stages are told apart as [Refusal] says. A stage ends
// soon after its context does.
type Rung interface {
	// Name is one of the names above, or another, the same always.
	Name() string

	// Stages are what it answers with, the same always.
	Stages() Stages

	// Probe asks whether it works, without a turn's cost, and measures RTT. It ends
	// with ctx.
	Probe(ctx context.Context) error

	// RTT is how long the last probe or call took from asking to the answer's first
	// byte; 0 while that is not known.
	RTT() time.Duration
}

// Memory keeps which rung worked for a host, so that the next start begins there.
type Memory interface {
	// Recall gives what Remember was last told of host.
	Recall(host string) (rung string, at time.Time, ok bool)

	// Remember keeps it. It is called from one goroutine at a time, and may take as
	// long as writing a file does.
	Remember(host, rung string, at time.Time)
}

// remembered is how long a remembered rung is begun with.
const remembered = 24 * time.Hour
