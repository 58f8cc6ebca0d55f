package engine

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/engine/turn"
)

// Config is what a [Conversation] is made of. Transcriber, Responder and
// Synthesizer must be there; a nil Detector, Teacher, Announcer, Links or Store is
// done without.
type Config struct {
	Transcriber Transcriber
	Responder   Responder
	Synthesizer Synthesizer
	Detector    TeachingDetector
	Teacher     Teacher
	Announcer   Announcer
	Links       LinkWatcher
	Store       Store
	Turns       turn.Config
	Log         *slog.Logger // no words ever go there; nil discards
}

// Conversation is the local [Session]: one loop that owns all state, and the
// stages, each in a goroutine of its own, that report to it.
//
// Whatever a stage reports is a function that the loop runs; each checks first
// that its utterance or reply is still the current one, so that nothing stale
// gets out.
type Conversation struct {
	cfg      Config
	log      *slog.Logger
	watchers *watchers
	commands chan Command
	reports  chan func()
	ran      atomic.Bool
	closed   atomic.Bool

	// Of a running session; fixed for its time.
	ctx context.Context //nolint:containedctx // the run's own, for what the loop starts
	spk Speaker
	all sync.WaitGroup

	// Owned by the loop.
	detector *turn.Detector
	recent   preRoll
	levels   levelMeter
	lastTurn TurnID
	hearing  *utterance   // being spoken now
	pending  []*utterance // over, final hypothesis not yet there
	reply    *reply
	draft    *draft       // being prepared
	pace     *time.Ticker // runs while a reply does
	due      []string     // announcements that wait for a quiet moment
	lesson   *lessonInProgress
	record   record
	muted    bool
	manual   bool // only turns by hand
	micKnown bool // the microphone has given a frame or an error
	micErr   error
	state    StateChanged
}

// Timers of the loop.
const (
	paceEvery  = 20 * time.Millisecond  // how often a reply's progress is looked at
	checkEvery = 250 * time.Millisecond // how often the speaker is asked whether it is there
)

var _ Session = (*Conversation)(nil)

// New returns a conversation that has not begun.
func New(cfg Config) *Conversation {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Conversation{
		cfg: cfg, log: log,
		watchers: newWatchers(),
		commands: make(chan Command, 64),
		reports:  make(chan func(), 64),
		detector: turn.New(cfg.Turns),
		record:   record{store: cfg.Store},
	}
}

// Watch implements [Session].
func (c *Conversation) Watch(ctx context.Context) iter.Seq[Event] { return c.watchers.watch(ctx) }

// Send implements [Session].
func (c *Conversation) Send(cmd Command) error {
	if c.closed.Load() {
		return ErrClosed
	}
	select {
	case c.commands <- cmd:
		return nil
	default:
		return ErrBusy
	}
}

// Run implements [Session].
func (c *Conversation) Run(ctx context.Context, mic Microphone, spk Speaker) error {
	if c.ran.Swap(true) {
		return errors.New("engine: a conversation runs only once")
	}
	run, cancel := context.WithCancel(ctx)
	c.ctx, c.spk = run, spk
	c.pace = time.NewTicker(time.Hour)
	c.pace.Stop()
	check := time.NewTicker(checkEvery)
	defer check.Stop()

	sound := make(chan heardOrErr, 256)
	c.all.Go(func() { listen(run, mic, sound) })
	if c.cfg.Announcer != nil {
		c.all.Go(func() { c.announcements(run) })
	}
	if c.cfg.Links != nil {
		c.all.Go(func() { c.links(run) })
	}
	for run.Err() == nil {
		select {
		case <-run.Done():
		case s := <-sound:
			c.onSound(s)
		case cmd := <-c.commands:
			c.onCommand(cmd)
		case report := <-c.reports:
			report()
		case <-c.pace.C:
			c.follow()
		case <-check.C:
			c.showState()
			c.speakUp()
		}
	}
	c.closed.Store(true)
	c.abandon()
	c.interrupt(causeClosed)
	c.dropLesson()
	cancel()
	c.all.Wait()
	c.pace.Stop()
	c.watchers.close()
	return nil
}

// Pauses are what has been learnt of the user's pauses, for turn.Config of the
// next conversation. To be called when Run has returned.
func (c *Conversation) Pauses() []time.Duration { return c.detector.Pauses() }

// mayBeWhole says whether words may be all that the user wants to say.
func (c *Conversation) mayBeWhole(text string) bool {
	return c.detector.Config().Sense(text) != turn.Open
}

// heardOrErr is what a microphone yields.
type heardOrErr struct {
	heard Heard
	err   error
}

// listen carries the microphone's frames to the loop.
func listen(ctx context.Context, mic Microphone, sound chan<- heardOrErr) {
	for h, err := range mic.Frames(ctx) {
		select {
		case sound <- heardOrErr{h, err}:
		case <-ctx.Done():
			return
		}
	}
}

// report hands f to the loop, unless the session is ending.
func (c *Conversation) report(f func()) {
	select {
	case c.reports <- f:
	case <-c.ctx.Done():
	}
}

func (c *Conversation) emit(id TurnID, body EventBody) {
	c.watchers.emit(Event{At: time.Now(), Turn: id, Body: body})
}

// fail tells of a stage's failure. With a turn it is that turn's last event.
func (c *Conversation) fail(id TurnID, stage string, err error) {
	c.log.Warn("stage failed", "stage", stage, "turn", id) // an error may quote what a service said
	c.emit(id, Error{Stage: stage, Message: plain(err)})
}

// plain is an error as a sentence for the user: without the name of the room it
// comes from, which begins it, and with a capital.
func plain(err error) string {
	text := err.Error()
	if room, rest, ok := strings.Cut(text, ": "); ok && !strings.Contains(room, " ") {
		text = rest
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// showState works out the state and tells of it when it has changed.
func (c *Conversation) showState() {
	now := StateChanged{Muted: c.muted}
	noSound := c.micErr
	if noSound == nil {
		noSound = c.spk.Err()
	}
	switch {
	case c.reply != nil && c.reply.audible:
		now.State = Speaking
	case c.hearing != nil:
		now.State = Hearing
	case c.reply != nil || len(c.pending) > 0:
		now.State = Thinking
	case !c.micKnown:
		return
	case noSound != nil:
		now.State, now.Detail = NoSound, plain(noSound)
	case c.muted:
		now.State = Muted
	default:
		now.State = Listening
	}
	if now != c.state {
		c.state = now
		c.emit(0, now)
	}
}

// onCommand does what the user wants.
func (c *Conversation) onCommand(cmd Command) {
	switch cmd := cmd.(type) {
	case Say:
		c.typed(cmd.Text)
	case Talk:
		c.talk(cmd.On)
	case ManualTurns:
		if c.manual = cmd.On; c.manual {
			c.abandon()
		}
	case SetPatience:
		c.detector.SetPatience(cmd.Patience)
	case SetBargeIn:
		c.detector.SetBargeIn(cmd.BargeIn)
	case ForgetPauses:
		c.detector.ForgetPauses()
	case Interrupt:
		c.interrupt(causeStop)
	case Mute:
		if c.muted = cmd.On; c.muted {
			c.abandon()
		}
	case NewConversation:
		c.change(Transcript{})
	case OpenConversation:
		c.open(cmd.ID)
	}
	c.showState()
}

// change makes another conversation the current one.
func (c *Conversation) change(t Transcript) {
	c.abandon()
	c.interrupt(causeStop)
	c.dropLesson()
	c.record.open(t)
	for _, old := range t.Turns {
		c.lastTurn = max(c.lastTurn, old.ID)
	}
	c.emit(0, ConversationChanged{Conversation: t.Info, Turns: t.Turns, Lesson: t.Lesson})
}

// open goes on with a stored conversation.
func (c *Conversation) open(id ConversationID) {
	t, err := c.record.load(c.ctx, id)
	if err != nil {
		c.fail(0, stageHistory, err)
		return
	}
	c.change(t)
}

// The names of stages in [Error].
const (
	stageMicrophone  = "microphone"
	stageSpeaker     = "speaker"
	stageTranscriber = "transcriber"
	stageResponder   = "responder"
	stageSynthesizer = "synthesizer"
	stageLesson      = "lesson"
	stageHistory     = "history"
)
