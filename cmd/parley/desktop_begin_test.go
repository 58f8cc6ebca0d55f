package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/history"
)

// prepared is an engine whose conversation is not yet there.
func prepared(t *testing.T) *live {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	p, err := prepare(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return newLive(p, console{io.Discard, io.Discard})
}

// What the user wants before there is a conversation is done by the first, whose
// watchers may have been there before it.
func TestCommandsBeforeTheConversation(t *testing.T) {
	l := prepared(t)
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	muted := make(chan struct{})
	running.Go(func() {
		for ev := range l.Watch(ctx) {
			if s, ok := ev.Body.(engine.StateChanged); ok && s.Muted {
				close(muted)
				return
			}
		}
	})
	for range earlyMost {
		if err := l.Send(engine.Mute{On: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Send(engine.Interrupt{}); !errors.Is(err, engine.ErrBusy) {
		t.Errorf("more than fits: %v", err)
	}
	l.sayAgain("nothing was said yet", 1)

	start := make(chan struct{})
	running.Go(func() {
		if err := l.begin(ctx, start); err != nil {
			t.Error(err)
		}
	})
	if listed, err := (library{l.p}).Conversations(10); err != nil || len(listed) != 0 {
		t.Errorf("before the start are listed %+v, %v", listed, err)
	}
	close(start)
	if err := l.begun(ctx); err != nil {
		t.Error(err)
	}
	select {
	case <-muted:
	case <-time.After(time.Minute):
		t.Error("the microphone is not muted")
	}
	end()
	running.Wait()
	if err := l.p.Close(); err != nil {
		t.Error(err)
	}
}

// A user who closes the window at once waits for nothing, and nothing is left open.
func TestClosedBeforeTheConversation(t *testing.T) {
	l := prepared(t)
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := l.begin(ctx, make(chan struct{})); err != nil {
		t.Error(err)
	}
	if err := l.Send(engine.Interrupt{}); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("commanded after the end: %v", err)
	}
	if err := l.begun(t.Context()); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("begun after the end: %v", err)
	}
	for range l.Watch(t.Context()) {
		t.Error("something happens after the end")
	}
	if _, err := (library{l.p}).Conversations(10); err == nil {
		t.Error("the history is open")
	}
}

// Where there is no history, questions are answered by an error.
func TestNoHistory(t *testing.T) {
	p := &pieces{stored: make(chan struct{})}
	close(p.stored)
	if err := p.ask(func(context.Context, *history.Store) error { return nil }); !errors.Is(err, errNoHistory) {
		t.Errorf("asked: %v", err)
	}
}

// A window that does not come keeps nobody from being heard.
func TestBeginsWithoutTheWindow(t *testing.T) {
	l := prepared(t)
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := l.begin(ctx, make(chan struct{})); err != nil {
			t.Error(err)
		}
	})
	if err := l.begun(ctx); err != nil {
		t.Error(err)
	}
	end()
	running.Wait()
	if err := l.p.Close(); err != nil {
		t.Error(err)
	}
}
