package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"parley/audio/pcm"
	"parley/ui"
)

// desktop opens the window; where there is no display it holds a short
// conversation in the terminal instead.
func desktop(ctx context.Context, cons console, log *slog.Logger) (code int) {
	if !hasDisplay() {
		fmt.Fprintln(cons.err, "parley: there is no display (DISPLAY and WAYLAND_DISPLAY are not set), so there is no window;")
		fmt.Fprintln(cons.err, "        here is a spoken question, answered by the same engine. Your turn: parley talk")
		return demonstrate(ctx, cons, log)
	}
	claim, running := claimDesktop(log)
	if running {
		return exitOK // its window has come forward
	}
	if claim != nil {
		defer closing(claim, cons, &code)
	}
	paintAlone() // before there are threads that read the environment
	p, err := prepare(log)
	if err != nil {
		return cannotOpen(cons, err)
	}
	collect := collectLess()
	ctx, end := context.WithCancel(ctx)
	l := newLive(p, cons)
	d := &onDesktop{live: l}
	var all sync.WaitGroup
	var failed error
	painted := make(chan struct{})
	all.Go(func() {
		defer end() // without a conversation there is nothing to show
		failed = l.begin(ctx, painted)
	})
	err = ui.Run(ctx, ui.Options{
		Session:  l,
		Library:  library{p},
		Reviews:  reviews{p},
		Memory:   remembered{p},
		Exporter: exporter{},
		Replay:   l.sayAgain,
		Notices:  l.firstNotices,
		Settings: p.settings,
		Setup: ui.Setup{Keeper: l, Sound: soundCheck{l}, Engines: engines{l}, Remote: remoteCheck{l}, Tools: toolCheck{l}, Desktop: d,
			Absent: absent(), NoTray: noTray, Clear: l.clear},
		Closed: l.keep,
		Hides:  d.hides,
		Shown: func(quit func()) {
			collect()
			close(painted)
			d.settle(ctx, &all, claim, quit)
		},
		Dark: desktopDark(),
		Log:  log,
	})
	end()
	all.Wait()
	if l.now != nil {
		err = errors.Join(err, p.Close())
	}
	if err := errors.Join(err, failed); err != nil {
		return cannotOpen(cons, err)
	}
	return exitOK
}

// collectLess has Go's memory collected as seldom as is usual, until what it returns
// is called: what is made until the window is there would be looked through 20 times
// where thrifty keeps the heap small. Not to collect at all leaves holes (3 MB).
func collectLess() (end func()) {
	const usual = 100
	percent := debug.SetGCPercent(usual)
	return func() { debug.SetGCPercent(percent) }
}

// demonstration is what is asked where there is nobody at a window, in a voice
// that is not the assistant's.
const (
	demonstration      = "what is gravity"
	demonstrationVoice = "awb"
)

// demonstrate asks a spoken question and lets it be answered.
func demonstrate(ctx context.Context, cons console, log *slog.Logger) int {
	voice, err := openVoice(demonstrationVoice, 1)
	if err != nil {
		return cons.fail(err)
	}
	question := pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, pcm.Rate16k)} // a second of silence first
	for speech, err := range voice.Synthesize(ctx, demonstration) {
		if err != nil {
			return cons.fail(err)
		}
		question.Samples = append(question.Samples, speech.Frame.Samples...)
	}
	return converse(ctx, talkOptions{}, &question, cons, log)
}
