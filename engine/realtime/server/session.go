package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// session is one Realtime session. Its loop owns all fields but those said to be
// fixed.
type session struct {
	// Fixed.
	id, conversation string
	backend          Backend
	mind             Mind
	limits           Limits
	observe          Observer
	log              *slog.Logger
	extensions       []string
	resumable        *Resumable
	token            string
	began            time.Time
	reports          chan func()
	ended            chan struct{}   // closed when the loop has returned
	ctx              context.Context //nolint:containedctx // the run's own, for what the loop starts
	all              sync.WaitGroup
	working          atomic.Int32 // stages that have not ended

	cfg      protocol.Session // everything that can be set, whole
	link     *link            // nil while there is no connection
	ring     ring
	sent     int    // events, for their ids
	mark     string // begins their ids
	result   error  // why the loop ends; nil: it goes on
	draining bool
	over     *time.Timer // session's end
	limit    *time.Timer // end of draining, or of waiting for a connection

	items     items
	input     input
	floor     floor
	responses []*response   // active and waiting
	draft     *draft        // nil: nothing is prepared
	owed      bool          // a turn wants an answer when the current response is done
	spoke     bool          // sound was sent: the voice stays
	audible   time.Time     // until when the client plays what it was sent
	turnEnd   time.Time     // of the user's last turn; zero once it is being answered
	turnHeard time.Duration // how long after it its words were known
	lessons   map[string]*lessonInProgress
	lesson    engine.Lesson
	idle      *time.Timer
}

// Serve carries a session until ctx ends or the connection does. If ctx ends by
// [ErrDraining], the current reply is finished first. It returns nil when the connection
// ended by io.EOF, and otherwise why it or the session is over.
func Serve(ctx context.Context, b Backend, c Conn, o Options) error {
	if o.Resumable != nil && o.Resume != "" {
		if taken, err := o.Resumable.takeUp(ctx, c, o); taken {
			return err
		}
	}
	s, err := newSession(b, o)
	if err != nil {
		tell(ctx, c, err)
		return err
	}
	if s.resumable != nil && s.has(protocol.Resume1) {
		return s.resumable.begin(ctx, s, c, o.Drained)
	}
	l := newLink(c)
	s.attach(ctx, l)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.watch(ctx, l, o.Drained)
	}()
	s.run(context.WithoutCancel(ctx))
	<-done
	return s.leftBy(l)
}

// watch has the session end when ctx does, or is to drain.
func (s *session) watch(ctx context.Context, l *link, drained <-chan struct{}) {
	done := ctx.Done()
	for {
		select {
		case <-drained:
			drained = nil
			s.report(s.drain)
		case <-done:
			done = nil
			cause := context.Cause(ctx)
			s.report(func() {
				if errors.Is(cause, ErrDraining) {
					s.drain()
					return
				}
				s.detach(l, cause)
			})
		case <-l.done:
			return
		}
	}
}

// Settings is what a session that begins with these settings is set to, whole: what a
// client secret answers. An error is a [protocol.Error].
func Settings(b Backend, l Limits, initial *protocol.Session) (protocol.Session, error) {
	s, err := newSession(b, Options{Initial: initial, Limits: l})
	if err != nil {
		return protocol.Session{}, err
	}
	return s.cfg, nil
}

// tell tells a client why there is no session for it.
func tell(ctx context.Context, c Conn, why error) {
	s := &session{link: &link{conn: c, ctx: ctx}, limits: Limits{}.withDefaults(), mark: newID("event_") + "_"}
	var wrong *protocol.Error
	if !errors.As(why, &wrong) {
		wrong = invalid("session", plain(why))
	}
	told := *wrong
	s.fail(protocol.ClientEvent{}, &told)
}

// newSession makes a session that has not begun.
func newSession(b Backend, o Options) (*session, error) {
	s := &session{
		id: o.ID, conversation: newID("conv_"), backend: b,
		limits: o.Limits.withDefaults(), observe: o.Observe, log: o.Log,
		extensions: slices.Clone(o.Extensions), resumable: o.Resumable,
		began: time.Now(), reports: make(chan func(), 16), ended: make(chan struct{}),
		mark: newID("event_") + "_",
	}
	if s.id == "" {
		s.id = newID("sess_")
	}
	if s.observe == nil {
		s.observe = nobody{}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.cfg = s.usual()
	s.complete(&s.cfg)
	if o.Initial != nil {
		initial, err := patchOf(*o.Initial)
		if err != nil {
			return nil, err
		}
		if s.cfg, err = s.merged(initial); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// newID makes a name that nobody can guess.
func newID(prefix string) string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}

// run is the loop. It returns when everything it started has ended.
func (s *session) run(ctx context.Context) {
	defer close(s.ended)
	ctx, cancel := context.WithCancel(ctx)
	s.ctx = ctx
	s.mind = s.backend.Mind()
	s.over = time.NewTimer(s.limits.Session)
	s.limit, s.idle = time.NewTimer(time.Hour), time.NewTimer(time.Hour)
	s.limit.Stop()
	s.idle.Stop()
	s.hello()
	for s.result == nil {
		var messages <-chan []byte
		var lost <-chan error
		if s.link != nil {
			messages, lost = s.link.messages, s.link.lost
		}
		select {
		case f := <-s.reports:
			f()
		case m := <-messages:
			s.receive(m)
		case err := <-lost:
			s.detach(s.link, err)
		case <-s.over.C:
			s.expire()
		case <-s.limit.C:
			if s.draining {
				s.end(ErrDraining)
			} else {
				s.end(errForgotten)
			}
		case <-s.idle.C:
			s.timeout()
		}
		s.settle()
	}
	s.dropDraft()
	s.cancelAll()
	s.over.Stop()
	s.limit.Stop()
	s.idle.Stop()
	cancel()
	if s.link != nil {
		s.link.close(s.result)
	}
	s.all.Wait()
	if s.mind.Close != nil {
		s.mind.Close()
	}
}

// report hands f to the loop, unless the session is ending.
func (s *session) report(f func()) {
	select {
	case s.reports <- f:
	case <-s.ended:
	}
}

// stage hands f of a stage to the loop, unless ctx has ended.
func (s *session) stage(ctx context.Context, f func()) {
	select {
	case s.reports <- f:
	case <-ctx.Done():
	}
}

// workMost is how many stages may be at work for a session at a time. Those of what
// was dropped count until they have ended.
const workMost = 32

// mayWork says whether one more stage may begin.
func (s *session) mayWork() bool { return s.working.Load() < workMost }

// work runs a stage beside the loop.
func (s *session) work(f func()) {
	s.working.Add(1)
	s.all.Go(func() {
		defer s.working.Add(-1)
		f()
	})
}

// busy says that too much is being worked on already.
func (s *session) busy(e protocol.ClientEvent) {
	s.refuse(e, protocol.CodeRateLimitExceeded, "", "The server is still busy with what was sent before. Wait for its answers.")
}

// end has the loop return.
func (s *session) end(why error) {
	if s.result == nil {
		s.result = why
	}
}

// expire ends the session that has lasted too long.
func (s *session) expire() {
	s.cancelAll()
	s.fail(protocol.ClientEvent{}, &protocol.Error{
		Type: protocol.InvalidRequest, Code: protocol.CodeSessionExpired,
		Message: "Your session has lasted as long as one may (" + s.limits.Session.String() + "). Begin a new one.",
	})
	s.end(ErrExpired)
}

// drain lets what is being answered be finished and ends the session then.
func (s *session) drain() {
	if !s.draining {
		s.draining = true
		s.limit.Reset(s.limits.Drain)
	}
}

// settle does what is due between two events: what waited for words is answered, and a
// draining session ends when nothing is being answered.
func (s *session) settle() {
	s.proceed()
	s.pay()
	if s.draining && len(s.responses) == 0 && !s.items.unheard() {
		s.end(ErrDraining)
	}
}

// has says whether an extension was agreed on.
func (s *session) has(extension string) bool { return slices.Contains(s.extensions, extension) }

// nextEventID makes the next event's name.
func (s *session) nextEventID() string {
	s.sent++
	return s.mark + strconv.Itoa(s.sent)
}
