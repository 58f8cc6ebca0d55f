package enginetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// errPlanned is the failure of a stage that the score wants to fail.
var errPlanned = errors.New("enginetest: planned failure")

// band is the stages of one performance.
type band struct {
	score *Score
	start time.Time

	mu    sync.Mutex
	calls map[string]int
	words []string // by number, from 1: every word ever synthesized
	sizes []time.Duration
	done  []Done
}

// fault counts a stage's call; it waits for the stage's delay, and fails or
// hangs if the score says so.
func (b *band) fault(ctx context.Context, stage string) error {
	b.mu.Lock()
	b.calls[stage]++
	nth := b.calls[stage]
	b.mu.Unlock()
	for _, f := range b.score.Faults {
		if f.Stage == stage && f.Nth == nth {
			if f.Hang {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return errPlanned
		}
	}
	return sleep(ctx, b.score.Delays[stage])
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// transcriber hears a word when four fifths of its sound have come through.
type transcriber struct{ *band }

// Transcribe implements [engine.Transcriber].
func (t transcriber) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		heard := map[int]int{} // line → frames
		var order []int
		told := ""
		for f := range frames {
			if len(f.Samples) == 0 && t.score.Plain {
				continue
			}
			if len(f.Samples) == 0 { // a soft end
				if err := t.fault(ctx, "transcriber"); err != nil {
					if ctx.Err() == nil {
						yield(engine.Hypothesis{}, err)
					}
					return
				}
				text := t.understood(order, heard)
				if !yield(engine.Hypothesis{Text: text, Stable: len(strings.Fields(text)), Soft: true}, nil) {
					return
				}
				continue
			}
			line := int(f.Samples[1])
			if line == 0 {
				continue
			}
			if heard[line]++; heard[line] == 1 {
				order = append(order, line)
			}
			text := t.understood(order, heard)
			if text != told {
				told = text
				if !yield(engine.Hypothesis{Text: text, Stable: max(0, len(strings.Fields(text))-2)}, nil) {
					return
				}
			}
		}
		if err := t.fault(ctx, "transcriber"); err != nil {
			if ctx.Err() == nil {
				yield(engine.Hypothesis{}, err)
			}
			return
		}
		text := t.understood(order, heard)
		yield(engine.Hypothesis{Text: text, Stable: len(strings.Fields(text)), Final: true}, nil)
	}
}

// understood is the words whose sound is in the frames heard of each line.
func (t transcriber) understood(order []int, heard map[int]int) string {
	var words []string
	for _, n := range order {
		l := t.score.Lines[n-1]
		share := float64(time.Duration(heard[n])*pcm.FrameTime) / float64(l.To-l.From)
		understood := min(len(l.Words), int(share*float64(len(l.Words))+0.2))
		words = append(words, l.Words[:understood]...)
	}
	return strings.Join(words, " ")
}

// responder answers as the score says, sentence by sentence, after an effect. The
// answer to what begins with "remember" depends on it, and "what is the …" has
// none.
type responder struct{ *band }

// Respond implements [engine.Responder].
func (r responder) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		if err := r.fault(ctx, "responder"); err != nil {
			yield(nil, err)
			return
		}
		if !strings.HasPrefix(req.Text, "what is the") && !yield(engine.Effect{Do: func(context.Context) error { return r.do(req.Text) }, Apart: !strings.HasPrefix(req.Text, "remember")}, nil) {
			return
		}
		answer, ok := r.score.Answers[req.Text]
		if !ok {
			answer = fmt.Sprintf("You said %s.", req.Text)
		}
		for of := range strings.SplitSeq(answer, " & ") {
			if marked, ok := markedPiece(of); ok {
				if !yield(marked, nil) {
					return
				}
				answer = strings.TrimPrefix(answer, of+" & ")
			}
		}
		speaking := voice{synthesizer: synthesizer(r), late: r.score.Voiced == "late"}
		for _, piece := range strings.SplitAfter(answer, ". ") {
			if r.score.Voiced != "" && !strings.HasPrefix(piece, "Well,") {
				if !speaking.say(ctx, piece, yield) {
					return
				}
				continue
			}
			if ctx.Err() != nil || !yield(engine.Words{Text: piece}, nil) {
				return
			}
		}
	}
}

// markedPiece is a piece of an answer that is no words: "tool NAME", "teach TOPIC" or
// "studied N", each before " & ".
func markedPiece(text string) (engine.Reply, bool) {
	kind, of, _ := strings.Cut(text, " ")
	switch kind {
	case "tool":
		return engine.Used{ToolUse: engine.ToolUse{Tool: of, Result: "done"}}, true
	case "teach":
		return engine.Teach{LessonRequest: engine.LessonRequest{Topic: of}}, true
	case "studied":
		n, err := strconv.Atoi(of)
		return engine.Studied{Progress: engine.Progress{Segment: n, Segments: 9}}, err == nil
	}
	return nil, false
}

// do is the effect that every answer has: it is noted.
func (b *band) do(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = append(b.done, Done{Text: text, At: time.Now()})
	return nil
}

// letterTime is how long the synthesizer speaks on a letter.
const letterTime = 60 * time.Millisecond

// synthesizer speaks words as frames whose samples all bear the word's number.
type synthesizer struct{ *band }

// Synthesize implements [engine.Synthesizer].
func (s synthesizer) Synthesize(ctx context.Context, text string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		if err := s.fault(ctx, "synthesizer"); err != nil {
			yield(engine.Speech{}, err)
			return
		}
		var at time.Duration
		from := 0
		for _, word := range strings.Fields(text) {
			from += strings.Index(text[from:], word)
			length := time.Duration(len(word)) * letterTime
			number := s.number(word, length)
			times := []engine.Word{{From: from, To: from + len(word), Start: at, End: at + length}}
			for range length / (20 * time.Millisecond) {
				frame := pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, 320)}
				for i := range frame.Samples {
					frame.Samples[i] = number
				}
				if ctx.Err() != nil || !yield(engine.Speech{Frame: frame, Words: times}, nil) {
					return
				}
				times = nil
			}
			at, from = at+length, from+len(word)
		}
	}
}

// number gives a spoken word its number, from 1.
func (b *band) number(word string, length time.Duration) int16 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.words = append(b.words, word)
	b.sizes = append(b.sizes, length)
	return int16(len(b.words)) //nolint:gosec // a score has a few thousand words at most
}

// teacher writes a lesson of two pieces.
type teacher struct{ *band }

// Lesson implements [engine.Teacher].
func (t teacher) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		if err := t.fault(ctx, "lesson"); err != nil {
			yield(engine.LessonPiece{}, err)
			return
		}
		if yield(engine.LessonPiece{Markdown: "# " + req.Topic + "\n"}, nil) && sleep(ctx, 50*time.Millisecond) == nil {
			yield(engine.LessonPiece{Markdown: "\nAll about " + req.Topic + ".\n", Plan: &engine.Plan{Title: req.Topic}}, nil)
		}
	}
}

// detector finds "teach me about …".
type detector struct{}

// Detect implements [engine.TeachingDetector].
func (detector) Detect(text string) (engine.Teaching, bool) {
	topic, ok := strings.CutPrefix(text, "teach me about ")
	return engine.Teaching{Kind: engine.TeachLesson, Topic: topic, Confidence: 1}, ok
}

// announcer speaks up when the score says.
type announcer struct{ *band }

// Announcements implements [engine.Announcer].
func (a announcer) Announcements(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, said := range a.score.Announced {
			if sleep(ctx, time.Until(a.start.Add(said.At))) != nil || !yield(said.Text) {
				return
			}
		}
	}
}

// store keeps turns in memory.
type store struct {
	*band
	turns   []engine.Turn
	lessons []engine.Lesson
	begun   int
}

// BeginConversation implements [engine.Store].
func (s *store) BeginConversation(context.Context, time.Time) (engine.ConversationID, error) {
	s.begun++
	return engine.ConversationID(s.begun), nil
}

// SaveTurn implements [engine.Store].
func (s *store) SaveTurn(ctx context.Context, _ engine.ConversationID, t engine.Turn) error {
	if err := s.fault(ctx, "history"); err != nil {
		return err
	}
	s.turns = append(s.turns, t)
	return nil
}

// SaveLesson implements [engine.Store].
func (s *store) SaveLesson(_ context.Context, _ engine.ConversationID, l engine.Lesson, _ time.Time) (engine.LessonID, error) {
	s.lessons = append(s.lessons, l)
	return engine.LessonID(len(s.lessons)), nil
}

// Conversation implements [engine.Store].
func (s *store) Conversation(context.Context, engine.ConversationID) (engine.Transcript, error) {
	return engine.Transcript{Turns: s.turns}, nil
}
