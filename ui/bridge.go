package ui

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"parley/engine"
)

// scene is all that is drawn.
type scene struct {
	State
	Library []Entry
	Found   Found
	Review  Review
}

// bridge carries a session's events to Fyne's thread: one goroutine folds them,
// one reads the library, one searches it, one does errands, one hands over the
// newest scene. It is the one place that calls [fyne.Do].
type bridge struct {
	session Session
	library Library         // may be nil
	reviews Reviews         // may be nil
	notices func() []string // nil: there are none, or they have been shown
	log     *slog.Logger
	draw    func(scene) (again bool) // on Fyne's thread; again: there is more of it to draw
	do      func(func())             // runs a function on Fyne's thread, later

	fresh  chan struct{} // holds one signal: there is something to draw
	reload chan struct{} // holds one signal: the library has changed
	typed  chan struct{} // holds one signal: something else is searched for

	asked chan struct{} // holds one signal: there are errands

	mu      sync.Mutex
	newest  scene
	errands []errand                         // to be done, in their order
	ends    map[*context.CancelFunc]struct{} // of what is done apart
	listed  int                              // how many conversations are read at most
	query   string                           // what is searched for

	wg     sync.WaitGroup
	cancel context.CancelFunc
}

func newBridge(s Session, l Library, notices func() []string, log *slog.Logger, draw func(scene) bool) *bridge {
	return &bridge{session: s, library: l, notices: notices, log: log, draw: draw, do: fyne.Do,
		ends:  make(map[*context.CancelFunc]struct{}),
		fresh: make(chan struct{}, 1), reload: make(chan struct{}, 1), typed: make(chan struct{}, 1),
		asked: make(chan struct{}, 1), listed: listedAtFirst}
}

// start begins to carry, until ctx ends or stop is called. When ctx ends first,
// quit is called on Fyne's thread.
func (b *bridge) start(ctx context.Context, quit func()) {
	inner, cancel := context.WithCancel(ctx)
	b.cancel = cancel
	b.wg.Go(func() { b.watch(inner) })
	b.wg.Go(func() { b.paint(inner) })
	b.wg.Go(func() { b.serve(inner) })
	signal(b.reload)
	b.wg.Go(func() { b.list(inner) })
	if b.library != nil {
		b.wg.Go(func() { b.seek(inner) })
	}
	b.wg.Go(func() {
		<-inner.Done()
		if ctx.Err() != nil {
			b.do(quit)
		}
	})
}

// stop ends what start began and waits for it.
func (b *bridge) stop() {
	b.cancel()
	b.endApart()
	b.wg.Wait()
}

// watch folds events until the session or ctx ends, watching again whenever it
// has fallen behind.
func (b *bridge) watch(ctx context.Context) {
	for behind := true; behind && ctx.Err() == nil; {
		behind = false
		for ev := range b.session.Watch(ctx) {
			if _, ok := ev.Body.(engine.FellBehind); ok {
				behind = true
				break
			}
			b.fold(ev)
		}
	}
	if ctx.Err() == nil {
		b.change(State.End)
	}
}

func (b *bridge) fold(ev engine.Event) {
	b.change(func(s State) State { return s.Fold(ev) })
	if _, ok := ev.Body.(engine.Snapshot); ok && b.notices != nil { // which replaced all rows
		for _, n := range b.notices() {
			b.change(func(s State) State { return s.Notice(n) })
		}
		b.notices = nil
	}
}

// change makes the newest state, and wakes who has to know.
func (b *bridge) change(f func(State) State) {
	b.mu.Lock()
	before := b.newest.State
	after := f(before)
	b.newest.State = after
	b.mu.Unlock()
	if after.Version == before.Version {
		return
	}
	signal(b.fresh)
	if after.Conversation != before.Conversation || after.Lesson.ID != before.Lesson.ID || len(after.Thread.settled) != len(before.Thread.settled) {
		signal(b.reload)
	}
}

// paint hands the newest scene to Fyne's thread when there is something new, at
// most once a frame, and one only after the last has been drawn. While the
// presence moves it keeps a steady pace; otherwise it sleeps.
func (b *bridge) paint(ctx context.Context) {
	var pace <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.fresh:
		case <-pace:
		}
		b.mu.Lock()
		s := b.newest
		b.mu.Unlock()
		drawn, again := make(chan struct{}), false
		b.do(func() {
			defer close(drawn)
			again = b.draw(s)
		})
		select {
		case <-ctx.Done():
			return
		case <-drawn:
		}
		pace = nil
		if again {
			signal(b.fresh)
		} else if d := s.Pace(); d > 0 {
			pace = time.After(d)
		}
		select { // no two draws within a frame
		case <-ctx.Done():
			return
		case <-time.After(frameTime):
		}
	}
}

// signal leaves a signal in c unless there is one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
