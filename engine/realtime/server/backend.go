package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
	"parley/engine/turn"
)

// Backend is what sessions are answered by. Everything in it serves many sessions at
// once.
type Backend struct {
	Model       string // its name on the wire, e.g. "parley"
	Transcriber engine.Transcriber
	// Synthesizer returns what speaks with a voice (as the client names it; empty: the
	// usual one) at a speed of 0.25 to 1.5 times the usual.
	Synthesizer func(voice string, speed float64) engine.Synthesizer
	Mind        func() Mind             // for each session one of its own
	Detector    engine.TeachingDetector // may be nil
	Turns       turn.Config
}

// Mind answers and teaches one session.
type Mind struct {
	Responder engine.Responder
	Teacher   engine.Teacher // may be nil
	Close     func()         // forgets it; may be nil
}

// Conn carries one JSON event a message.
type Conn interface {
	// Read waits for the client's next event. Any error ends the connection.
	Read(ctx context.Context) ([]byte, error)
	// Write sends an event. It must not block for long: a slow reader is dropped by
	// whoever made the Conn. Any error ends the connection.
	Write(ctx context.Context, event []byte) error
}

// Options are of one session.
type Options struct {
	ID         string            // sess_…; empty: made
	Extensions []string          // confirmed ones
	Initial    *protocol.Session // e.g. of a client secret, or of ?model= and ?intent=; may be nil
	Limits     Limits            // zero fields mean their defaults
	Observe    Observer          // may be nil
	Log        *slog.Logger      // no words ever go there; nil discards
	// Resumable keeps sessions with the extension resume/1 whose connection was lost;
	// nil: they end.
	Resumable *Resumable
	// Resume is the client's header X-Parley-Resume: the session that it takes up
	// again; empty: a new one.
	Resume string
	// Drained is closed when the session is to end after its current reply, as a
	// context that ends by [ErrDraining] says; nil: only that.
	Drained <-chan struct{}
}

// Limits bound what a session may cost.
type Limits struct {
	Message   int           // bytes of an event; default 20 MB
	Utterance time.Duration // sound of one turn; default 2 minutes
	Session   time.Duration // default 1 hour
	Items     int           // of the conversation; the oldest are let go; default 1000
	Text      int           // bytes of all items, and of the instructions and tools; default 1 MB
	Beside    int           // responses out of band at a time; default 4
	Ahead     time.Duration // how far a reply's sound is sent before it is due; default 20 s
	Drain     time.Duration // how long a reply may go on when draining; default 30 s
	Kept      time.Duration // how long a session is kept without a connection; default 2 minutes
	Ring      int           // bytes of sent events kept for a connection that was lost; default 4 MB
}

// withDefaults fills in what is zero.
func (l Limits) withDefaults() Limits {
	def := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	wait := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&l.Message, 20<<20)
	def(&l.Items, 1000)
	def(&l.Text, 1<<20)
	def(&l.Beside, 4)
	def(&l.Ring, 4<<20)
	wait(&l.Utterance, 2*time.Minute)
	wait(&l.Session, time.Hour)
	wait(&l.Ahead, 20*time.Second)
	wait(&l.Drain, 30*time.Second)
	wait(&l.Kept, 2*time.Minute)
	return l
}

// Observer is told what is worth counting. It is called from several goroutines.
type Observer interface {
	// Stage says how long after the end of the user's turn a stage of the answer to it
	// was reached.
	Stage(name string, took time.Duration)
	// Response says by which status a response ended.
	Response(status string)
	// Dropped says that something was given up: one of the Drop constants.
	Dropped(what string)
}

// The stages of an answer.
const (
	StageTranscript = "transcript"
	StageFirstToken = "first_token"
	StageFirstAudio = "first_audio"
	StageComplete   = "complete"
)

// What is dropped.
const (
	DropSlowReader = "slow_reader"
	DropTooBig     = "message_too_big"
	DropUtterance  = "utterance_too_long"
	DropItems      = "items"
)

// nobody observes nothing.
type nobody struct{}

func (nobody) Stage(string, time.Duration) {}
func (nobody) Response(string)             {}
func (nobody) Dropped(string)              {}

// Why [Serve] returns.
var (
	// ErrDraining is the cause by which a context asks sessions to end after their
	// current reply; Serve returns it then.
	ErrDraining = errors.New("server: the server is being restarted; connect again")
	// ErrExpired says that the session was as long as a session may be.
	ErrExpired = errors.New("server: the session has lasted as long as one may; begin a new one")
	// ErrTakenOver says that another connection took the session up.
	ErrTakenOver = errors.New("server: the session goes on over another connection")
	// errForgotten ends a session that nobody has taken up again.
	errForgotten = errors.New("server: nobody took the session up again")
)
