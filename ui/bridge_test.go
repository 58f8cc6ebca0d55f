package ui

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

// canvasLog takes what a bridge draws.
type canvasLog struct {
	mu     sync.Mutex
	scenes []scene
	more   int // draws that do not suffice
}

func (l *canvasLog) draw(s scene) (again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scenes = append(l.scenes, s)
	l.more--
	return l.more > 0
}

func (l *canvasLog) drawn() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.scenes)
}

func (l *canvasLog) last() scene {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.scenes) == 0 {
		return scene{}
	}
	return l.scenes[len(l.scenes)-1]
}

// carry runs test over a started bridge, in virtual time.
func carry(t *testing.T, l Library, notices func() []string, test func(*bridge, *fakeSession, *canvasLog)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f, log := newFakeSession(), &canvasLog{}
		b := newBridge(f, l, notices, slog.New(slog.DiscardHandler), log.draw)
		b.do = func(draw func()) { draw() }
		b.start(t.Context(), func() { t.Error("quit, though nobody asked for it") })
		test(b, f, log)
		b.stop()
	})
}

// What cannot all be drawn at once is drawn until it is, and then no more.
func TestBridgeDrawsUntilAllIsDrawn(t *testing.T) {
	carry(t, nil, nil, func(_ *bridge, f *fakeSession, log *canvasLog) {
		log.mu.Lock()
		log.more = 5
		log.mu.Unlock()
		f.events <- engine.Event{Body: engine.StateChanged{State: engine.Listening}}
		time.Sleep(time.Second)
		if n := log.drawn(); n != 5 {
			t.Errorf("drawn %d times, want 5", n)
		}
	})
}

func TestBridgeCoalesces(t *testing.T) {
	carry(t, nil, nil, func(_ *bridge, f *fakeSession, log *canvasLog) {
		f.events <- engine.Event{Body: engine.StateChanged{State: engine.Listening}}
		for i := range 1000 { // over one second
			f.events <- engine.Event{Body: engine.TranscriptPartial{Text: string(rune('a' + i%26))}}
			time.Sleep(time.Millisecond)
		}
		if n := log.drawn(); n < 8 || n > 15 {
			t.Errorf("1000 changes in a second were drawn %d times", n)
		}
		time.Sleep(time.Second)
		if got, want := log.last().Thread.last().Text, string(rune('a'+999%26)); got != want {
			t.Errorf("last drawn %q, want %q", got, want)
		}
		n := log.drawn()
		for range 100 { // what changes nothing
			f.events <- engine.Event{Body: engine.StateChanged{State: engine.Listening}}
		}
		time.Sleep(time.Minute)
		if log.drawn() != n {
			t.Errorf("drew %d times while nothing changed", log.drawn()-n)
		}
	})
}

// TestBridgeKeepsPace has the presence follow a voice more slowly than its level
// is told.
func TestBridgeKeepsPace(t *testing.T) {
	for state, want := range map[engine.State]int{
		engine.Listening: 21, // the steps of the meter in the header
		engine.Hearing:   80, engine.Muted: 0, engine.NoSound: 0,
		engine.Thinking: 31, engine.Speaking: 80,
	} {
		carry(t, nil, nil, func(_ *bridge, f *fakeSession, log *canvasLog) {
			f.events <- engine.Event{Body: engine.StateChanged{State: state}}
			time.Sleep(time.Second)
			before := log.drawn()
			for i := range 140 {
				loud := float64(-20 - i%20)
				f.events <- engine.Event{Body: engine.Level{Microphone: loud, Speaker: loud}}
				time.Sleep(10 * time.Second / 140)
			}
			if n := log.drawn() - before; n < want-2 || n > want+2 {
				t.Errorf("%s: drawn %d times in ten seconds, want %d", state, n, want)
			}
		})
	}
}

func TestBridgeWatchesAgain(t *testing.T) {
	carry(t, nil, func() []string { return []string{"a notice"} }, func(_ *bridge, f *fakeSession, log *canvasLog) {
		f.events <- engine.Event{Body: engine.Snapshot{}}
		f.events <- engine.Event{Body: engine.FellBehind{}}
		synctest.Wait()
		if got := log.last().Thread.last(); got.Text != "a notice" || got.Kind != NoticeRow {
			t.Errorf("last row %+v, want the notice", got)
		}
		f.events <- engine.Event{Body: engine.Snapshot{State: engine.StateChanged{State: engine.Muted}}}
		time.Sleep(time.Second)
		if f.watchers != 2 || log.last().Presence.State != engine.Muted {
			t.Errorf("watched %d times, shows %q", f.watchers, log.last().Presence.State)
		}
		close(f.events)
		time.Sleep(time.Second)
		if log.last().Presence.State != Ended {
			t.Errorf("shows %q after the session has ended", log.last().Presence.State)
		}
	})
}

func TestBridgeQuits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := newBridge(newFakeSession(), nil, nil, slog.New(slog.DiscardHandler), func(scene) bool { return false })
		b.do = func(draw func()) { draw() }
		quit := false
		b.start(ctx, func() { quit = true })
		cancel()
		b.stop()
		if !quit {
			t.Error("the end of ctx did not close the window")
		}
	})
}

// TestBridgeStopsUndrawn stops while Fyne's thread takes nothing any more.
func TestBridgeStopsUndrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSession()
		b := newBridge(f, nil, nil, slog.New(slog.DiscardHandler), func(scene) bool { return false })
		b.do = func(func()) {}
		b.start(t.Context(), nil)
		f.events <- engine.Event{Body: engine.StateChanged{State: engine.Hearing}}
		synctest.Wait()
		b.stop()
	})
}
