package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Causes a reply ends by before its time, as [ReplyInterrupted].Cause has them.
const (
	causeBargeIn = "barge_in"
	causeStop    = "stop"
	causeNoSound = "no_sound"
	causeClosed  = "closed"
)

// How far stages run ahead of the one that takes from them: the next sentence
// is written while one is synthesized, and two seconds of sound are made while
// the speaker plays.
const (
	sentencesAhead = 2
	speechAhead    = 64 // pieces of 20 to 40 ms
)

// committed is a user's turn whose words are certain.
type committed struct {
	id            TurnID
	text          string
	typed         bool
	began         time.Time
	lastVoice     time.Time // when the user fell silent, or the typed turn came
	endpoint, stt time.Duration
}

// reply is an answer being given.
type reply struct {
	playback
	id      TurnID
	cancel  context.CancelFunc
	began   time.Time
	speaker bool // there was one when the reply began

	// Of the loop.
	teaching  Teaching
	told      int // bytes of the text that watchers have been told
	audible   bool
	lastVoice time.Time
	timing    Timing
	firstText time.Time
	progress  playedWord
}

// nextTurn takes the next number.
func (c *Conversation) nextTurn() TurnID {
	c.lastTurn++
	return c.lastTurn
}

// typed: a turn by keyboard. It interrupts as a spoken one does.
func (c *Conversation) typed(text string) {
	c.interrupt(causeBargeIn)
	c.abandon()
	now := time.Now()
	c.commit(committed{id: c.nextTurn(), text: text, typed: true, began: now, lastVoice: now})
}

// commit makes a turn part of the conversation and has it answered.
func (c *Conversation) commit(t committed) {
	c.emit(t.id, TranscriptFinal{Text: t.text, Typed: t.typed})
	if t.text == "" {
		c.showState()
		return
	}
	var teaching Teaching
	if c.cfg.Detector != nil {
		if found, ok := c.cfg.Detector.Detect(t.text); ok {
			teaching = found
		}
	}
	before := c.record.turns
	c.keep(Turn{ID: t.id, Who: User, At: t.began, Text: t.text, Heard: t.text, Typed: t.typed, Teaching: teaching})
	if teaching.Kind != "" {
		c.emit(t.id, TeachingDetected{teaching})
	}
	switch {
	case isStop(t.text): // silence is the answer
	case c.hearing != nil || len(c.pending) > 0: // the user has gone on speaking and wants no answer yet
	default:
		c.begin(t, teaching, before)
	}
	c.showState()
}

// begin has a committed turn answered.
func (c *Conversation) begin(t committed, teaching Teaching, before []Turn) {
	if teaching.Kind == TeachLesson {
		c.writeLesson(t.id, teaching.Topic)
	}
	req := Request{Text: t.text, Turns: before[:len(before):len(before)], Teaching: teaching, At: time.Now()}
	r := &reply{id: t.id, teaching: teaching, lastVoice: t.lastVoice}
	r.timing = Timing{Endpoint: t.endpoint, STT: t.stt}
	c.give(r, func(ctx context.Context) iter.Seq2[Reply, error] { return c.cfg.Responder.Respond(ctx, req) })
}

// give starts the pipeline that answers: words → sentences → speech → speaker.
func (c *Conversation) give(r *reply, words func(context.Context) iter.Seq2[Reply, error]) {
	ctx, cancel := context.WithCancel(c.ctx)
	r.spk, r.cancel, r.began = c.spk, cancel, time.Now()
	r.speaker = c.spk.Err() == nil
	c.reply = r
	c.pace.Reset(paceEvery)
	c.all.Go(func() {
		err := c.speak(ctx, r, words)
		c.report(func() { c.ended(r, err) })
	})
}

// stageError says which stage failed.
type stageError struct {
	stage string
	err   error
}

func (e *stageError) Error() string { return e.err.Error() }
func (e *stageError) Unwrap() error { return e.err }

// speak carries a reply from its first words to the last sample played. When
// sound is lost on the way, the rest of the words are still taken, for the eye.
func (c *Conversation) speak(ctx context.Context, r *reply, words func(context.Context) iter.Seq2[Reply, error]) error {
	sentences := ahead(ctx, sentencesAhead, func(ctx context.Context) iter.Seq2[sentence, error] {
		return c.sentences(ctx, r, words)
	})
	if !r.speaker {
		for _, err := range sentences {
			if err != nil {
				return err
			}
		}
		return nil
	}
	speech := ahead(ctx, speechAhead, func(ctx context.Context) iter.Seq2[spoken, error] {
		return c.synthesize(ctx, sentences)
	})
	var start time.Duration
	var lost error
	for s, err := range speech {
		if err != nil {
			// What was queued before the failure is still said.
			if drained := r.spk.Drain(ctx); drained != nil {
				return drained
			}
			return err
		}
		if lost != nil {
			continue
		}
		if s.first {
			start = r.begin()
		}
		lost = r.play(ctx, s.Speech, start, s.sentence.from)
		if lost != nil && !errors.Is(lost, ErrNoSound) {
			return lost
		}
	}
	if lost != nil {
		return lost
	}
	return r.spk.Drain(ctx)
}

// sentences asks for the reply's words, tells the loop of them, and cuts them.
func (c *Conversation) sentences(ctx context.Context, r *reply, words func(context.Context) iter.Seq2[Reply, error]) iter.Seq2[sentence, error] {
	return func(yield func(sentence, error) bool) {
		var cut splitter
		for piece, err := range words(ctx) {
			if err != nil {
				yield(sentence{}, &stageError{stageResponder, err})
				return
			}
			switch piece := piece.(type) {
			case Effect:
				if err := piece.Do(ctx); err != nil {
					yield(sentence{}, &stageError{stageResponder, err})
					return
				}
			case Words:
				r.write(piece.Text)
				c.report(func() { c.tell(r) })
				for s := range cut.add(piece.Text) {
					if !yield(s, nil) {
						return
					}
				}
			}
		}
		if s, ok := cut.rest(); ok && ctx.Err() == nil {
			yield(s, nil)
		}
	}
}

// spoken is a piece of a sentence's speech.
type spoken struct {
	Speech
	sentence sentence
	first    bool // of its sentence
}

// synthesize speaks sentence after sentence.
func (c *Conversation) synthesize(ctx context.Context, sentences iter.Seq2[sentence, error]) iter.Seq2[spoken, error] {
	return func(yield func(spoken, error) bool) {
		for s, err := range sentences {
			if err != nil {
				yield(spoken{}, err)
				return
			}
			first, timed, length := true, false, time.Duration(0)
			for piece, err := range c.cfg.Synthesizer.Synthesize(ctx, s.text) {
				if err != nil {
					yield(spoken{}, &stageError{stageSynthesizer, err})
					return
				}
				timed = timed || len(piece.Words) > 0
				length += piece.Frame.Duration()
				if !yield(spoken{piece, s, first}, nil) {
					return
				}
				first = false
			}
			if ctx.Err() != nil {
				return
			}
			if !timed && length > 0 { // no word times: the sentence is heard whole or not at all
				if !yield(spoken{Speech: Speech{Words: []Word{{To: len(s.text), End: length}}}, sentence: s}, nil) {
					return
				}
			}
		}
	}
}

// tell sends watchers what they have not yet been told of a reply's text.
func (c *Conversation) tell(r *reply) {
	if c.reply != r {
		return
	}
	text := r.whole()
	if r.firstText.IsZero() {
		r.firstText = time.Now()
		r.timing.TTFT = r.firstText.Sub(r.began)
	}
	if len(text) > r.told {
		c.emit(r.id, ReplyText{Text: text[r.told:]})
		r.told = len(text)
	}
}

// follow looks at how far the speaker has come with the reply.
func (c *Conversation) follow() {
	r := c.reply
	if r == nil {
		return
	}
	played := c.spk.Played()
	if played <= 0 {
		return
	}
	if !r.audible {
		c.sounded(r, played)
	}
	if word, ok := r.at(played); ok && word != r.progress {
		r.progress = word
		c.emit(r.id, ReplyProgress{From: word.from, To: word.to})
	}
}

// sounded: the reply's first sample has left the loudspeaker, played ago.
func (c *Conversation) sounded(r *reply, played time.Duration) {
	first := time.Now().Add(-played)
	r.audible = true
	c.tell(r)
	r.timing.TTFB = max(0, first.Sub(r.firstText))
	if !r.lastVoice.IsZero() {
		r.timing.VoiceToVoice = first.Sub(r.lastVoice)
	}
	c.emit(r.id, ReplyAudioStarted{})
	c.showState()
	c.emit(r.id, TimingMeasured{r.timing})
}

// ended: the reply's pipeline has nothing more to do.
func (c *Conversation) ended(r *reply, err error) {
	if c.reply != r {
		return
	}
	var failed *stageError
	switch {
	case errors.As(err, &failed):
		c.finish(r, func(_, heard string) EventBody {
			c.log.Warn("stage failed", "stage", failed.stage, "turn", r.id)
			return Error{Stage: failed.stage, Message: failed.Error(), Heard: heard}
		})
	case errors.Is(err, ErrNoSound):
		c.fail(0, stageSpeaker, err)
		c.finish(r, interruptedBy(causeNoSound))
	case err != nil:
		c.finish(r, func(_, heard string) EventBody {
			return Error{Stage: stageSpeaker, Message: fmt.Sprintf("engine: speaking: %v", err), Heard: heard}
		})
	default:
		if r.started() && !r.audible {
			c.sounded(r, c.spk.Played())
		}
		c.finish(r, nil)
	}
	c.showState()
}

func interruptedBy(cause string) func(text, heard string) EventBody {
	return func(text, heard string) EventBody {
		return ReplyInterrupted{Text: text, Heard: heard, Cause: cause}
	}
}

// interrupt ends the reply being given, if there is one.
func (c *Conversation) interrupt(cause string) {
	if c.reply != nil {
		c.finish(c.reply, interruptedBy(cause))
	}
}

// finish silences the speaker, keeps what was heard and tells the reply's
// terminal event, which cut makes; without cut the reply was heard to its end.
func (c *Conversation) finish(r *reply, cut func(text, heard string) EventBody) {
	r.cancel()
	text, heard := r.stop()
	c.tell(r)
	c.reply = nil
	c.pace.Stop()
	var last EventBody
	if cut == nil {
		if r.speaker {
			heard = text
		}
		last = ReplyDone{Text: text, Heard: heard}
	} else {
		last = cut(text, heard)
	}
	if text != "" {
		c.keep(Turn{
			ID: r.id, Who: Assistant, At: r.began, Text: text, Heard: heard,
			Interrupted: cut != nil, Teaching: r.teaching, Timing: r.timing,
		})
	}
	c.emit(r.id, last)
}

// keep makes a finished turn part of the conversation.
func (c *Conversation) keep(t Turn) {
	if err := c.record.add(t); err != nil {
		c.fail(0, stageHistory, err)
	}
	c.watchers.current(c.record.info)
	c.watchers.finished(t)
}

// announcements carries what the announcer says to the loop.
func (c *Conversation) announcements(ctx context.Context) {
	for text := range c.cfg.Announcer.Announcements(ctx) {
		c.report(func() {
			c.due = append(c.due, text)
			c.speakUp()
		})
	}
}

// speakUp says what waits to be announced, if nobody is speaking.
func (c *Conversation) speakUp() {
	if len(c.due) == 0 || c.reply != nil || c.hearing != nil || len(c.pending) > 0 {
		return
	}
	text := c.due[0]
	c.due = c.due[1:]
	c.give(&reply{id: c.nextTurn()}, func(context.Context) iter.Seq2[Reply, error] {
		return func(yield func(Reply, error) bool) { yield(Words{Text: text}, nil) }
	})
	c.showState()
}
