package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/cmd/parley/backend"
	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/pocketsphinx"
	"parley/engine/realtime/faulty"
	"parley/engine/remote"
	"parley/engine/turn"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// locally is the name of the embedded engine alone, which the ways are compared with.
const locally = "local"

// ways are what is measured, in the order of the table.
var ways = []string{locally, remote.WebSocket, remote.Duplex, remote.Stream, remote.REST, remote.Text}

// asked are the questions: whole ones, that no clock or memory of this desk answers.
var asked = []string{
	"what is gravity", "what is a volcano", "what is seven times eight", "what is a planet", "how many feet are in a mile",
	"what is oxygen", "what is twelve plus thirty", "what is a river", "what is an engine", "what does honest mean",
}

// talked is a question whose answer is long enough to be interrupted.
const talked = "what can you do"

// transportsOptions is what `parley bench transports` was asked for.
type transportsOptions struct {
	n     int
	delay time.Duration // one way
	json  bool
	svg   string
}

// Transports is `parley bench transports`: the same spoken turns over each way to a
// backend and with the embedded engine alone, in one run. It starts the parleyd beside
// this program. It returns the exit status: 0, 1 for a failure, 2 for wrong usage.
func Transports(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o transportsOptions
	flags := flag.NewFlagSet("transports", flag.ContinueOnError)
	flags.IntVar(&o.n, "n", 20, "")
	flags.DurationVar(&o.delay, "delay", 0, "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.svg, "svg", "", "")
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return exitOK
	case err != nil:
		return fail(stderr, "transports", exitUsage, err)
	case flags.NArg() > 0:
		return fail(stderr, "transports", exitUsage, fmt.Errorf("unexpected %q", flags.Arg(0)))
	case o.n < 1, o.delay < 0:
		return fail(stderr, "transports", exitUsage, errors.New("want -n of at least 1 and a --delay that is not negative"))
	}
	report, err := measureTransports(ctx, o, stderr)
	if err == nil {
		err = tell(report, o.json, o.svg, stdout)
	}
	if err != nil {
		return fail(stderr, "transports", exitFailure, err)
	}
	return exitOK
}

// course is one run's conversations, and what is between them and the backend.
type course struct {
	seats  []*seat
	proxy  *faulty.Proxy
	good   faulty.Conditions // while nothing is cut
	voice  *flite.Synthesizer
	sounds map[string][]int16
}

// measureTransports measures o.n turns over each way, interruptions, and a cut.
func measureTransports(ctx context.Context, o transportsOptions, progress io.Writer) (r TransportsReport, err error) {
	d, err := startDaemon(ctx, io.Discard)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	good := faulty.Conditions{Delay: o.delay}
	proxy, err := faulty.Listen(ctx, d.at, good)
	if err != nil {
		return r, err
	}
	defer proxy.Close()

	ctx, end := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer end()
	c := &course{proxy: proxy, good: good, sounds: map[string][]int16{}}
	if c.voice, err = flite.New(flite.Options{Voice: "awb"}); err != nil {
		return r, err
	}
	closeAll, err := c.sit(ctx, &all)
	defer closeAll()
	if err != nil {
		return r, err
	}
	r = TransportsReport{Turns: o.n, DelayMS: inMS(o.delay)}
	for _, s := range c.seats {
		r.Ways = append(r.Ways, WayReport{Way: s.name})
	}
	if err := c.turns(ctx, o.n, &r, progress); err != nil {
		return r, err
	}
	if err := c.interruptions(ctx, max(3, o.n/3), &r, progress); err != nil {
		return r, err
	}
	if err := c.cuts(ctx, max(3, o.n/4), &r); err != nil {
		return r, err
	}
	if err := c.cutsInReply(ctx, max(2, o.n/8), &r); err != nil {
		return r, err
	}
	r.sum()
	return r, nil
}

// sit begins a conversation over each way.
func (c *course) sit(ctx context.Context, all *sync.WaitGroup) (closeAll func(), err error) {
	var closing []func()
	closeAll = func() {
		for _, f := range slices.Backward(closing) {
			f()
		}
	}
	ear := pocketsphinx.New(hearing.Options("", hearing.Offline()...))
	closing = append(closing, func() { _ = ear.Close() })
	words, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		return closeAll, err
	}
	closing = append(closing, func() { _ = words.Close() })
	answers := tutor.New(tutor.Options{Dictionary: words})
	voice, err := flite.New(flite.Options{Voice: "rms"})
	if err != nil {
		return closeAll, err
	}
	known := func(text string) bool { return hearing.Known(text, answers) }
	for _, way := range ways {
		cfg := engine.Config{Transcriber: ear, Responder: answers, Synthesizer: voice, Turns: turn.Config{Known: known}}
		if way != locally {
			b, err := backend.New(backend.Config{
				URL: "http://" + c.proxy.Address(), Voice: "rms", Only: way, Log: slog.New(slog.DiscardHandler),
				Own: remote.Stages{Transcriber: ear, Synthesizer: voice},
			})
			if err != nil {
				return closeAll, err
			}
			closing = append(closing, b.Close)
			all.Go(func() { b.Run(ctx) })
			cfg.Transcriber, cfg.Responder, cfg.Synthesizer = b, b, b
		}
		c.seats = append(c.seats, sit(ctx, all, way, cfg))
	}
	return closeAll, nil
}

// sound is a sentence as the user speaks it, with silence behind it.
func (c *course) sound(ctx context.Context, text string) ([]int16, error) {
	if found, ok := c.sounds[text]; ok {
		return found, nil
	}
	var samples []int16
	for piece, err := range c.voice.Synthesize(ctx, text) {
		if err != nil {
			return nil, err
		}
		frame, err := pcm.Resample(piece.Frame, pcm.Rate16k)
		if err != nil {
			return nil, err
		}
		samples = append(samples, frame.Samples...)
	}
	c.sounds[text] = samples
	return samples, nil
}

// Times in which things happen, or do not happen at all.
const (
	answerTime = 15 * time.Second
	quietTime  = 60 * time.Second
	restTime   = 300 * time.Millisecond
)

// ask has a question heard over one way, and returns the answer's timing. ok is false
// where there was none.
func (c *course) ask(ctx context.Context, s *seat, question string) (timing engine.Timing, ok bool, err error) {
	samples, err := c.sound(ctx, question)
	if err != nil {
		return timing, false, err
	}
	mark := s.mark()
	s.mic.speak(samples)
	ev, ok := s.await(ctx, mark, answerTime, is[engine.TimingMeasured])
	if ok {
		timing = ev.Body.(engine.TimingMeasured).Timing
	}
	return timing, ok, ctx.Err()
}

// hush ends a reply and waits until it is quiet.
func (c *course) hush(ctx context.Context, s *seat) error {
	if err := s.session.Send(engine.Interrupt{}); err != nil {
		return err
	}
	if err := pauseFor(ctx, restTime); err != nil {
		return err
	}
	s.quiet(ctx, quietTime)
	return nil
}

// turns asks each question over each way, one after the other.
func (c *course) turns(ctx context.Context, n int, r *TransportsReport, progress io.Writer) error {
	for _, s := range c.seats { // whoever loads something loads it now
		if _, _, err := c.ask(ctx, s, asked[0]); err != nil {
			return err
		}
		if err := c.hush(ctx, s); err != nil {
			return err
		}
	}
	told := tally(progress, "parley bench transports: turn", n)
	for i := range n {
		for j := range c.seats {
			at := (i + j) % len(c.seats) // no way is always the first
			timing, ok, err := c.ask(ctx, c.seats[at], asked[i%len(asked)])
			if err != nil {
				return err
			}
			w := &r.Ways[at]
			if ok {
				w.voiceToVoice = append(w.voiceToVoice, inMS(timing.VoiceToVoice))
			} else {
				w.voiceToVoice = append(w.voiceToVoice, -1)
				w.Unanswered++
			}
			if err := c.hush(ctx, c.seats[at]); err != nil {
				return err
			}
		}
		told()
	}
	return nil
}

// interruptions has the user speak over a reply, and notes how soon it is silent.
func (c *course) interruptions(ctx context.Context, n int, r *TransportsReport, progress io.Writer) error {
	stop, err := c.sound(ctx, "stop")
	if err != nil {
		return err
	}
	told := tally(progress, "parley bench transports: interruption", n)
	for range n {
		for at, s := range c.seats {
			if _, ok, err := c.ask(ctx, s, talked); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
			if err := pauseFor(ctx, 700*time.Millisecond); err != nil {
				return err
			}
			mark := s.mark()
			s.spk.listen()
			s.mic.speak(stop)
			if _, ok := s.await(ctx, mark, answerTime, is[engine.ReplyInterrupted]); ok {
				if began, silent := s.mic.since(), s.spk.silenced(); !began.IsZero() && silent.After(began) {
					r.Ways[at].silent = append(r.Ways[at].silent, inMS(silent.Sub(began)))
				}
			}
			if err := c.hush(ctx, s); err != nil {
				return err
			}
		}
		told()
	}
	return nil
}

// cutFor is how long the network is away.
const cutFor = time.Second

// takeAway takes the network away for as long as cutFor, and says when it was back.
func (c *course) takeAway(ctx context.Context) (back time.Time, err error) {
	away := c.good
	away.Refuse = true
	c.proxy.Set(away)
	c.proxy.Drop()
	err = pauseFor(ctx, cutFor)
	c.proxy.Set(c.good)
	return time.Now(), err
}

// cutsInReply takes the network away while a reply is being spoken over WebSocket, and
// notes whether it was heard to its end, in time.
func (c *course) cutsInReply(ctx context.Context, n int, r *TransportsReport) error {
	s := c.seats[slices.IndexFunc(c.seats, func(s *seat) bool { return s.name == remote.WebSocket })]
	for range n {
		mark := s.mark()
		if _, ok, err := c.ask(ctx, s, talked); err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		if err := pauseFor(ctx, restTime); err != nil {
			return err
		}
		if _, err := c.takeAway(ctx); err != nil {
			return err
		}
		r.InReply++
		if ev, ok := s.await(ctx, mark, quietTime, is[engine.ReplyDone]); ok {
			if done := ev.Body.(engine.ReplyDone); done.Heard == done.Text {
				r.Whole++
			}
		}
		if err := c.hush(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// cuts takes the network away as a question ends, for a second, and notes how long
// after it is back the answer is heard, over WebSocket.
func (c *course) cuts(ctx context.Context, n int, r *TransportsReport) error {
	at := slices.IndexFunc(c.seats, func(s *seat) bool { return s.name == remote.WebSocket })
	s := c.seats[at]
	for i := range n {
		samples, err := c.sound(ctx, asked[i%len(asked)])
		if err != nil {
			return err
		}
		mark := s.mark()
		s.mic.speak(samples)
		if err := pauseFor(ctx, pcm.Rate16k.Duration(len(samples))); err != nil {
			return err
		}
		back, err := c.takeAway(ctx)
		if err != nil {
			return err
		}
		if ev, ok := s.await(ctx, mark, answerTime, is[engine.ReplyAudioStarted]); ok {
			r.resumed = append(r.resumed, inMS(ev.At.Sub(back)))
		} else {
			r.Lost++
		}
		if err := c.hush(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
