package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/settings"
)

const talkUsage = `usage: parley talk [flags]     microphone and speaker, in the terminal; a line typed is a turn, too
  --in FILE.wav      the microphone is this file, in real time, then silence until the last reply has ended
  --out FILE.wav     a recording on one clock: left what the microphone heard, right what the speaker played
  --say TEXT         typed instead of spoken; may be repeated, one turn each (with --in: before the file begins)
  --turns manual     an empty line (Enter) begins a turn and the next one ends it; nothing else is listened to
  --remote URL       answered by a Parley on another computer, this once; its token is in PARLEY_TOKEN or kept by "parley models key URL"
  --json             one JSON object a line: {"at_ms": …, "turn": …, "type": …, …}
`

// talkOptions is what `parley talk` was asked for.
type talkOptions struct {
	in, out string
	say     []string
	manual  bool
	json    bool
	remote  string
}

// parseTalk reads the flags. help says that the usage was asked for.
func parseTalk(args []string, errs io.Writer) (o talkOptions, help bool, err error) {
	flags := flag.NewFlagSet("talk", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.in, "in", "", "")
	flags.StringVar(&o.out, "out", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.remote, "remote", "", "")
	flags.Func("turns", "", func(how string) error {
		if how != "manual" && how != "automatic" {
			return errors.New("want manual or automatic")
		}
		o.manual = how == "manual"
		return nil
	})
	flags.Func("say", "", func(text string) error {
		if text == "" {
			return errors.New("want some words")
		}
		o.say = append(o.say, text)
		return nil
	})
	err = flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return o, true, nil
	}
	switch {
	case err != nil:
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected %q", flags.Arg(0))
	case o.manual && (o.in != "" || len(o.say) > 0):
		err = errors.New("--turns manual wants somebody at the keyboard: not --in, nor --say")
	}
	if err != nil {
		fmt.Fprintf(errs, "parley talk: %v\n\n%s", err, talkUsage)
	}
	return o, false, err
}

// talk is `parley talk`.
func talk(ctx context.Context, args []string, cons console, log *slog.Logger) int {
	o, help, err := parseTalk(args, cons.err)
	switch {
	case help:
		fmt.Fprint(cons.out, talkUsage)
		return exitOK
	case err != nil:
		return exitUsage
	}
	var said *pcm.Frame
	if o.in != "" {
		frame, err := readWAV(o.in)
		if err != nil {
			return cons.fail(err)
		}
		said = &frame
	}
	return converse(ctx, o, said, cons, log)
}

// readWAV reads a WAV file; its errors name the file.
func readWAV(path string) (pcm.Frame, error) {
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return pcm.Frame{}, err
	}
	defer file.Close()
	frame, err := pcm.ReadWAV(bufio.NewReader(file))
	if err != nil {
		return pcm.Frame{}, fmt.Errorf("%s: %w", path, err)
	}
	return frame, nil
}

// converse holds a conversation in the terminal. said, if not nil, is what the
// microphone hears.
func converse(ctx context.Context, o talkOptions, said *pcm.Frame, cons console, log *slog.Logger) (code int) {
	p, err := gather(ctx, log, func(s *settings.Settings) { s.Remote = cmp.Or(o.remote, s.Remote) })
	if err != nil {
		return cons.fail(err)
	}
	defer closing(p, cons, &code)
	for _, n := range p.notices {
		fmt.Fprintf(cons.err, "parley: %s\n", n)
	}

	start := time.Now()
	var recorder *audio.Recorder
	if o.out != "" {
		file, err := os.Create(o.out)
		if err != nil {
			return cons.fail(err)
		}
		defer closing(file, cons, &code)
		if recorder, err = audio.NewRecorder(file, start); err != nil {
			return cons.fail(err)
		}
		defer closing(recorder, cons, &code)
	}
	sound, err := openSound(ctx, p, o, said, recorder, cons)
	if err != nil {
		return cons.fail(err)
	}
	defer closing(sound, cons, &code)

	ctx, end := context.WithCancel(ctx)
	defer end()
	var show teller = newTranscriptTeller(cons.out)
	if o.json {
		show = &jsonTeller{out: cons.out, start: start}
	}
	seen := newProgress()
	var all sync.WaitGroup
	watched := make(chan struct{})
	all.Go(func() {
		for ev := range p.conversation.Watch(context.WithoutCancel(ctx)) {
			if _, first := ev.Body.(engine.Snapshot); first {
				close(watched)
				continue
			}
			seen.note(ev)
			if err := show.tell(ev); err != nil { // nobody reads any more
				end()
			}
		}
	})
	<-watched
	if len(o.say) > 0 || said != nil {
		all.Go(func() {
			defer end()
			perform(ctx, p.conversation, o.say, sound.file, seen)
		})
	} else {
		// Nobody waits for this one: a read from a terminal cannot be ended.
		go readTurns(os.Stdin, p.conversation, o.manual)
	}
	err = p.conversation.Run(ctx, sound.mic, sound.spk)
	end()
	all.Wait()
	if err != nil {
		return cons.fail(err)
	}
	return code
}

// readTurns has every line of in taken as a typed turn; with turns by hand an
// empty line begins a spoken one, and the next ends it.
func readTurns(in io.Reader, s engine.Session, manual bool) {
	if manual && s.Send(engine.ManualTurns{On: true}) != nil {
		return
	}
	talking := false
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var err error
		switch text := strings.TrimSpace(lines.Text()); {
		case text != "":
			err = s.Send(engine.Say{Text: text})
		case manual:
			talking = !talking
			err = s.Send(engine.Talk{On: talking})
		}
		if errors.Is(err, engine.ErrClosed) {
			return
		}
	}
}

// closing closes c and says so if that fails.
func closing(c io.Closer, cons console, code *int) {
	if err := c.Close(); err != nil {
		*code = cons.fail(err)
	}
}

// How long nothing must have happened for a conversation to be over.
const (
	quietAfterTyped = 150 * time.Millisecond
	quietAfterFile  = 1200 * time.Millisecond // longer than it takes to judge a turn over
)

// perform plays the user: typed turns one by one, then the file.
func perform(ctx context.Context, s engine.Session, say []string, file *audio.FileMicrophone, seen *progress) {
	for _, text := range say {
		if s.Send(engine.Say{Text: text}) != nil || !seen.committed(ctx) || !seen.quiet(ctx, quietAfterTyped) {
			return
		}
	}
	if file != nil {
		file.Start()
		select {
		case <-file.Ended():
			seen.quiet(ctx, quietAfterFile)
		case <-ctx.Done():
		}
	}
}
