package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/history"
	"parley/engine/settings"
	"parley/ui"
)

// listed is how many earlier conversations the window lists.
const listed = 200

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
	p, err := gather(ctx, log)
	if err != nil {
		return cons.fail(err)
	}
	defer closing(p, cons, &code)
	sound, err := openSound(ctx, p, talkOptions{}, nil, nil, cons)
	if err != nil {
		return cons.fail(err)
	}
	defer closing(sound, cons, &code)

	ctx, end := context.WithCancel(ctx)
	var all sync.WaitGroup
	var failed error
	all.Go(func() {
		defer end() // without a conversation there is nothing to show
		failed = p.conversation.Run(ctx, sound.mic, sound.spk)
	})
	shown := ui.Run(ctx, ui.Options{
		Session:  p.conversation,
		Library:  library{p},
		Memory:   remembered{p},
		Exporter: exporter{},
		Notices:  p.notices,
		Settings: p.settings,
		Shown:    func() { p.settle(ctx, &all, p.conversation, claim) },
		Log:      log,
	})
	end()
	all.Wait()
	if err := errors.Join(shown, failed); err != nil {
		return cons.fail(err)
	}
	return code
}

// keepSize keeps the window's size for the next start.
func (p *pieces) keepSize(width, height int) {
	err := settings.Update(p.settingsPath, func(s *settings.Settings) { s.WindowWidth, s.WindowHeight = width, height })
	if err != nil {
		p.log.Warn("window size not kept", "err", err)
	}
}

// hasDisplay says whether a window can be opened.
func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

// paintAlone keeps Mesa's software GL, which paints where there is no graphics
// card, from having a thread for every core: waking them costs more than they
// paint in a window of this size. Who has chosen a number keeps it.
func paintAlone() {
	const threads = "LP_NUM_THREADS"
	if _, chosen := os.LookupEnv(threads); !chosen {
		_ = os.Setenv(threads, "0") // which only an ill-formed name makes fail
	}
}

// library is the stored conversations as the window wants them.
type library struct{ *pieces }

// Conversations implements [ui.Library].
func (l library) Conversations() ([]engine.ConversationInfo, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	return l.store.Conversations(ctx, listed, 0)
}

// remembered is the stored facts as the window wants them.
type remembered struct{ *pieces }

// Facts implements [ui.Memory].
func (r remembered) Facts() ([]ui.Fact, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	kept, err := r.store.Facts().List(ctx)
	facts := make([]ui.Fact, len(kept))
	for i, k := range kept {
		facts[i] = ui.Fact{ID: int64(k.ID), Text: k.Text, Told: k.At, Source: k.Source}
	}
	return facts, err
}

// Forget implements [ui.Memory].
func (r remembered) Forget(id int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	return r.store.Facts().Delete(ctx, history.FactID(id))
}

// demonstration is what is asked where there is nobody at a window, in a voice
// that is not the assistant's.
const (
	demonstration      = "what is gravity"
	demonstrationVoice = "awb"
)

// demonstrate asks a spoken question and lets it be answered.
func demonstrate(ctx context.Context, cons console, log *slog.Logger) int {
	voice, err := flite.New(flite.Options{Voice: demonstrationVoice})
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
