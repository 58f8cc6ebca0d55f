package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// giving carries a response from what the responder is asked to the sound of its last
// word. It runs beside the loop and reports to it.
type giving struct {
	s           *session  // only what is fixed, and stage
	r           *response // only to name it in reports
	responder   engine.Responder
	synthesizer engine.Synthesizer // nil: text alone
	req         engine.Request
	maxTokens   int
	codec       protocol.Codec
	ahead       time.Duration
	effects     *effects
	released    <-chan struct{} // nil: from the start

	// Of the goroutine that speaks.
	rate     pcm.Rate // of the synthesizer's sound
	resample *pcm.Resampler
	samples  []int16       // not yet sent
	made     time.Duration // of the message, by the synthesizer or the responder
	voice    engine.VoicedWords
	sent     time.Duration // of the response
	first    time.Time     // when its first sound was
}

// spokenPart is sound as a client gets it, and words whose times are known, on the
// clock of their message and in bytes of its transcript.
type spokenPart struct {
	text   string
	length time.Duration
	words  []engine.Word
}

// part is a sentence to be said, or what came already spoken, or, with said, a point
// that everything before it has been said up to.
type part struct {
	sentence engine.Sentence
	voiced   *voiced
	said     chan<- struct{}
}

// stageError says which stage failed.
type stageError struct {
	stage string
	err   error
}

func (e *stageError) Error() string { return e.err.Error() }
func (e *stageError) Unwrap() error { return e.err }

// stageOf is the stage that an error comes from.
func stageOf(err error) string {
	var at *stageError
	if errors.As(err, &at) {
		return at.stage
	}
	return "server"
}

// sentencesAhead is how many sentences are written while one is said.
const sentencesAhead = 2

// give gives the response. limited says that it was cut at its most tokens.
func (g *giving) give(ctx context.Context) (limited bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts := make(chan part, sentencesAhead)
	var wrote error
	var all sync.WaitGroup
	all.Go(func() {
		defer close(parts)
		limited, wrote = g.words(ctx, parts)
	})
	spoke := g.speak(ctx, parts)
	if spoke != nil {
		cancel()
		for range parts { // until the writer has closed it
		}
	}
	all.Wait()
	switch {
	case spoke != nil:
		return limited, spoke
	case wrote != nil:
		return limited, wrote
	}
	return limited, g.settle(ctx)
}

// words asks the responder and hands on its sentences.
func (g *giving) words(ctx context.Context, parts chan<- part) (limited bool, err error) {
	var cut engine.Sentences
	written, begun := 0, 0 // bytes of the response, and where its message begins
	write := func(text string) (kept string, over, ok bool) {
		kept, over = within(text, written, g.maxTokens)
		g.tell(ctx, func() { g.s.write(g.r, kept) })
		written += len(kept)
		return kept, over, written <= draftText || g.given(ctx)
	}
	hand := func(p part) {
		if g.synthesizer == nil {
			if p.said != nil {
				close(p.said)
			}
			return
		}
		select {
		case parts <- p:
		case <-ctx.Done():
		}
	}
	rest := func() {
		if last, ok := cut.Rest(); ok {
			hand(part{sentence: last})
		}
	}
	for piece, err := range g.responder.Respond(ctx, g.req) {
		if ctx.Err() != nil {
			return false, nil
		}
		if err != nil {
			rest()
			return false, &stageError{"responder", err}
		}
		switch piece := piece.(type) {
		case engine.Words:
			text, over, ok := write(piece.Text)
			if !ok {
				return false, nil
			}
			for one := range cut.Add(text) {
				hand(part{sentence: one})
			}
			if over {
				rest()
				return true, nil
			}
		case engine.Voiced:
			rest() // what was to be synthesized comes first, though its end is not there
			at := written - begun
			text, over, ok := write(piece.Text)
			if !ok {
				return false, nil
			}
			cut.Pass(len(text))
			piece.Text = text
			hand(part{voiced: &voiced{piece, at}})
			if over {
				return true, nil
			}
		case engine.Call:
			rest()
			said := make(chan struct{})
			hand(part{said: said})
			select {
			case <-said:
			case <-ctx.Done():
			}
			cut, begun = engine.Sentences{}, written
			g.tell(ctx, func() { g.s.call(g.r, piece) })
		case engine.Effect:
			if err := g.do(ctx, piece); err != nil {
				rest()
				return false, err
			}
		case engine.Used:
			g.tell(ctx, func() { g.s.usedTool(g.r, piece.ToolUse) })
		case engine.Teach:
			g.tell(ctx, func() { g.s.teach(g.r, piece.LessonRequest) })
		}
	}
	rest()
	return false, nil
}

// within is as much of text as most tokens allow (0: all), after so many bytes. It is
// cut between words.
func within(text string, written, most int) (kept string, over bool) {
	room := 4*most - written
	if most == 0 || len(text) <= room {
		return text, false
	}
	return text[:strings.LastIndexByte(text[:max(0, room)], ' ')+1], true
}

// speak says sentence after sentence.
func (g *giving) speak(ctx context.Context, parts <-chan part) error {
	for p := range parts {
		if p.said != nil {
			g.flush(ctx)
			g.made = 0
			g.voice.Begin()
			close(p.said)
			continue
		}
		var err error
		if p.voiced != nil {
			err = g.sayVoiced(ctx, *p.voiced)
		} else {
			err = g.say(ctx, p.sentence)
		}
		if err != nil {
			return err
		}
	}
	g.flush(ctx)
	return nil
}

// say says one sentence.
func (g *giving) say(ctx context.Context, one engine.Sentence) error {
	began, timed := g.made, false
	for piece, err := range g.synthesizer.Synthesize(ctx, one.Text) {
		if err != nil {
			g.flush(ctx)
			return &stageError{"synthesizer", err}
		}
		if ctx.Err() != nil {
			return nil
		}
		words := make([]engine.Word, len(piece.Words))
		for n, w := range piece.Words {
			words[n] = engine.Word{From: one.From + w.From, To: one.From + w.To, Start: began + w.Start, End: began + w.End}
		}
		timed = timed || len(words) > 0
		g.made += piece.Frame.Duration()
		if err := g.play(ctx, "synthesizer", piece.Frame, words); err != nil {
			return err
		}
	}
	if !timed && g.made > began { // no word times: the sentence is heard whole or not at all
		g.report(ctx, spokenPart{words: []engine.Word{{From: one.From, To: one.From + len(one.Text), Start: began, End: g.made}}})
	}
	return nil
}

// The length of what is sent at a time: the first at once, then this much.
const (
	deltaTime = 80 * time.Millisecond
	deltaMost = 100 * time.Millisecond
)

// play sends a piece of a stage's sound as soon as there is enough for an event.
func (g *giving) play(ctx context.Context, stage string, f pcm.Frame, words []engine.Word) error {
	if len(words) > 0 {
		g.report(ctx, spokenPart{words: words})
	}
	if len(f.Samples) == 0 {
		return nil
	}
	if g.resample == nil || g.rate != f.Rate {
		if g.resample != nil {
			g.samples = g.resample.Finish(g.samples)
		}
		var err error
		if g.resample, err = pcm.NewResampler(f.Rate, g.codec.Rate()); err != nil {
			return &stageError{stage, fmt.Errorf("server: %w", err)}
		}
		g.rate = f.Rate
	}
	g.samples = g.resample.Append(g.samples, f.Samples)
	if g.first.IsZero() || g.codec.Rate().Duration(len(g.samples)) >= deltaTime {
		g.deliver(ctx)
	}
	return nil
}

// flush sends what is held back of the message.
func (g *giving) flush(ctx context.Context) {
	if g.resample != nil {
		g.samples = g.resample.Finish(g.samples)
	}
	g.deliver(ctx)
}

// deliver sends the sound that there is, not further ahead of its time than is
// allowed: a client that is slow to read is given time, and one that interrupts has
// not been sent much for nothing.
func (g *giving) deliver(ctx context.Context) {
	rate := g.codec.Rate()
	for one := range slices.Chunk(g.samples, rate.Samples(deltaMost)) {
		if g.sent >= draftSound && !g.given(ctx) {
			return
		}
		if g.first.IsZero() {
			g.first = time.Now()
		}
		if early := g.sent - time.Since(g.first) - g.ahead; early > 0 {
			select {
			case <-time.After(early):
			case <-ctx.Done():
				return
			}
		}
		length := rate.Duration(len(one))
		g.sent += length
		g.report(ctx, spokenPart{text: g.codec.Text(one), length: length})
	}
	g.samples = g.samples[:0]
}

// tell hands f to the loop, which keeps it while the response is only prepared.
func (g *giving) tell(ctx context.Context, f func()) {
	g.s.stage(ctx, func() {
		if g.r.held {
			g.r.later = append(g.r.later, f)
			return
		}
		f()
	})
}

// given waits until the response is given, where it was prepared. It is false if it
// never will be.
func (g *giving) given(ctx context.Context) bool {
	if g.released == nil {
		return true
	}
	select {
	case <-g.released:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *giving) report(ctx context.Context, p spokenPart) {
	g.tell(ctx, func() { g.s.sound(g.r, p) })
}
