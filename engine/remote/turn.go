package remote

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// Where turns and lessons are posted.
const (
	turnPath   = "/v1/voice/turn"
	lessonPath = "/v1/voice/lesson"
)

// TurnOptions are what a Turn asks for. The zero value leaves all to the backend.
type TurnOptions struct {
	Model string
	Voice string
	Speed float64 // 0.25 to 1.5; 0: the backend's

	// Synthesizer speaks what is answered on this desk; nil: the ladder's own.
	Synthesizer engine.Synthesizer
}

// Turn is the rung of one request a turn: the utterance and what was said before go
// up, and the words heard and the spoken reply come down as a stream of events
// (POST /v1/voice/turn). Its address wants a Parley backend. Interrupting is ending
// the request.
//
// An utterance is posted already when the user falls silent: then its words are the
// answer to the soft end, and the reply that comes with them is kept until the
// conversation asks for the reply to just these words. Functions of the asker are
// not offered to the backend.
type Turn struct {
	door    *door
	options TurnOptions
	codec   protocol.Codec

	ctx    context.Context //nolint:containedctx // of what outlives the call it began in
	cancel context.CancelFunc

	mu   sync.Mutex
	all  sync.WaitGroup
	kept *exchange // an answer that has come before it was asked for
	last *said     // the last request of the responder; nil: none
}

// said is a turn and what was before it.
type said struct {
	history []protocol.Item
	text    string
	reply   strings.Builder
	whole   bool // the reply was given to its end
}

var _ Rung = (*Turn)(nil)

// NewTurn makes the rung. It has to be closed.
func NewTurn(b Backend, o TurnOptions) (*Turn, error) {
	if o.Speed != 0 && (o.Speed < 0.25 || o.Speed > 1.5) {
		return nil, fmt.Errorf("remote: a speed of %v cannot be asked for; it has to be 0.25 to 1.5", o.Speed)
	}
	d, err := newDoor(b)
	if err != nil {
		return nil, err
	}
	codec, err := protocol.NewCodec(&protocol.Format{Type: protocol.PCM, Rate: int(pcm.Rate16k)})
	if err != nil {
		return nil, fmt.Errorf("remote: %w", err)
	}
	t := &Turn{door: d, options: o, codec: codec}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t, nil
}

// Close ends what is under way and waits for it.
func (t *Turn) Close() {
	t.cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all.Wait()
	t.door.close()
}

// background runs f, unless the rung is closed.
func (t *Turn) background(f func()) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil {
		return false
	}
	t.all.Go(f)
	return true
}

// Name implements [Rung].
func (*Turn) Name() string { return Stream }

// Stages implements [Rung].
func (t *Turn) Stages() Stages {
	return Stages{Transcriber: t, Responder: t, Synthesizer: t.options.Synthesizer, Teacher: t}
}

// Probe implements [Rung].
func (t *Turn) Probe(ctx context.Context) error { return t.door.probe(ctx, turnPath) }

// RTT implements [Rung].
func (t *Turn) RTT() time.Duration { return t.door.RTT() }

// session is what is asked for with each turn.
func (t *Turn) session(instructions string) *protocol.Session {
	s := &protocol.Session{
		Type: "realtime", Model: t.options.Model, OutputModalities: []string{"audio"},
		Audio: &protocol.Audio{Output: &protocol.AudioOutput{Format: t.codec.Format(), Voice: t.options.Voice}},
	}
	if t.options.Speed != 0 {
		s.Audio.Output.Speed = &t.options.Speed
	}
	if instructions != "" {
		s.Instructions = &instructions
	}
	return s
}

// keepTime is how long an answer is kept that nobody has asked for: longer than any
// silence that a turn's end waits for.
const keepTime = 30 * time.Second

// keep keeps an answer until it is taken, another is kept, or nobody has wanted it
// for a while.
func (t *Turn) keep(e *exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept != nil {
		t.kept.leave()
	}
	t.kept = e
	time.AfterFunc(keepTime, func() { t.drop(e, (*exchange).leave) })
}

// drop gives up an answer that has not been taken, in one way or the other.
func (t *Turn) drop(e *exchange, giveUp func(*exchange)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == e {
		t.kept = nil
		giveUp(e)
	}
}

// take gives the kept answer if it is to just this, and gives it up if not.
func (t *Turn) take(req engine.Request, history []protocol.Item) *exchange {
	t.mu.Lock()
	e := t.kept
	t.kept = nil
	t.mu.Unlock()
	if e == nil {
		return nil
	}
	select {
	case <-e.heard:
		h, err := e.words()
		if err == nil && h.Text == req.Text && req.Instructions == "" && slices.EqualFunc(e.history, history, same) {
			return e
		}
	default:
	}
	e.leave()
	return nil
}

// before guesses what will have been said before the next utterance: what was before
// the last one, and with it, if its reply was given to the end.
func (t *Turn) before() []protocol.Item {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		return []protocol.Item{}
	}
	items := slices.Clone(t.last.history)
	if t.last.whole {
		items = append(items, message(engine.User, t.last.text, false))
		if reply := strings.TrimSpace(t.last.reply.String()); reply != "" {
			items = append(items, message(engine.Assistant, reply, false))
		}
	}
	return items
}

// items are turns as the wire has them: what was heard.
func items(turns []engine.Turn) []protocol.Item {
	all := []protocol.Item{}
	for _, turn := range turns {
		text := turn.Text
		if turn.Who == engine.Assistant && (turn.Interrupted || turn.Heard != "") {
			text = turn.Heard
		}
		if text = strings.TrimSpace(text); text != "" {
			all = append(all, message(turn.Who, text, turn.Interrupted))
		}
	}
	return all
}

// message is an item of words.
func message(who engine.Who, text string, cut bool) protocol.Item {
	kind, status := "input_text", "completed"
	if who == engine.Assistant {
		kind = "output_text"
	}
	if cut {
		status = "incomplete"
	}
	return protocol.Item{Type: "message", Status: status, Role: string(who), Content: []protocol.Content{{Type: kind, Text: &text}}}
}

// same says whether items have the same role and words.
func same(a, b protocol.Item) bool {
	return cmp.Or(a.Status, "completed") == cmp.Or(b.Status, "completed") && a.Role == b.Role && a.Words() == b.Words()
}
