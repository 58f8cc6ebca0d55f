package enginetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"parley/engine"
)

// NewSession makes a session of the stages given.
type NewSession func(engine.Config) engine.Session

// Performance is what came of a score.
type Performance struct {
	Score  Score
	Start  time.Time
	Events []engine.Event // everything a prompt watcher saw
	Late   []engine.Event // what one saw that looked only every 700 ms
	Turns  []engine.Turn  // what the store was given
	Played []PlayedWord   // what left the loudspeaker, in order
	Done   []Done         // the effects of replies
	Err    error          // what Run returned
}

// Done is an effect: of the reply to which words, and when it was brought about.
type Done struct {
	Text string
	At   time.Time
}

// PlayedWord is a word on the loudspeaker's own books.
type PlayedWord struct {
	Text    string
	Missing time.Duration // how much of it was not played
	Until   time.Time     // when it was last heard
}

// Perform plays a score through a session. It takes no real time inside a
// synctest bubble, and must be called in one.
func Perform(score Score, begin NewSession) Performance {
	return perform(score, begin, func(ctx context.Context, session engine.Session, p *Performance) {
		var all sync.WaitGroup
		defer all.Wait()
		all.Go(func() {
			for ev := range session.Watch(context.Background()) {
				p.Events = append(p.Events, ev)
			}
		})
		for ev := range session.Watch(context.Background()) {
			p.Late = append(p.Late, ev)
			_ = sleep(ctx, 700*time.Millisecond)
		}
	})
}

// PerformUnwatched plays a score that nobody watches, and calls nearEnd shortly
// before its end, while the session still runs.
func PerformUnwatched(score Score, begin NewSession, nearEnd func()) Performance {
	return perform(score, begin, func(ctx context.Context, _ engine.Session, _ *Performance) {
		if sleep(ctx, score.End-time.Millisecond) == nil {
			nearEnd()
		}
	})
}

func perform(score Score, begin NewSession, watch func(context.Context, engine.Session, *Performance)) Performance {
	b := &band{score: &score, start: time.Now(), calls: map[string]int{}}
	kept := &store{band: b}
	spk := newSpeaker(&score)
	session := begin(engine.Config{
		Transcriber: transcriber{b}, Responder: responder{b}, Synthesizer: synthesizer{b},
		Detector: detector{}, Teacher: teacher{b}, Announcer: announcer{b}, Store: kept,
	})
	p := Performance{Score: score, Start: b.start}
	ctx, cancel := context.WithTimeout(context.Background(), score.End)
	defer cancel()

	var all sync.WaitGroup
	all.Go(func() { watch(ctx, session, &p) })
	all.Go(func() {
		for _, act := range score.Acts {
			if sleep(ctx, time.Until(b.start.Add(act.At))) != nil {
				return
			}
			_ = session.Send(act.Command) // a full queue is a legal answer
		}
	})
	synctest.Wait() // who watches has the snapshot, before anything happens
	p.Err = session.Run(ctx, microphone{&score}, spk)
	all.Wait()
	p.Turns = kept.turns
	p.Played, p.Done = spk.heard(b), b.done
	return p
}

// heard is the speaker's books as words.
func (s *speaker) heard(b *band) []PlayedWord {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	var words []PlayedWord
	for i, text := range b.words {
		number := int16(i + 1) //nolint:gosec // as in number
		words = append(words, PlayedWord{Text: text, Missing: b.sizes[i] - s.sounds[number], Until: s.last[number]})
	}
	// One may be synthesized while another that comes after it is spoken already.
	slices.SortStableFunc(words, func(a, b PlayedWord) int { return a.Until.Compare(b.Until) })
	return words
}

// Log writes the events of a performance, one a line, with their times.
// Levels and progress are left out. Text told in several pieces in the same
// millisecond is one line: in how many is the scheduler's affair.
func (p Performance) Log() string {
	var b strings.Builder
	for i := 0; i < len(p.Events); i++ {
		ev := p.Events[i]
		switch ev.Body.(type) {
		case engine.Snapshot, engine.Level, engine.ReplyProgress:
			continue
		}
		for i+1 < len(p.Events) && p.at(p.Events[i+1]) == p.at(ev) && p.Events[i+1].Turn == ev.Turn {
			text, isText := ev.Body.(engine.ReplyText)
			more, goesOn := p.Events[i+1].Body.(engine.ReplyText)
			if !isText || !goesOn {
				break
			}
			ev.Body = engine.ReplyText{Text: text.Text + more.Text}
			i++
		}
		fmt.Fprintf(&b, "%7.3f %2d %s%s\n", float64(p.at(ev))/1000, ev.Turn, ev.Body.Type(), detail(ev.Body))
	}
	return b.String()
}

// at is when an event was told, in milliseconds.
func (p Performance) at(ev engine.Event) int64 { return ev.At.Sub(p.Start).Milliseconds() }

// detail is what a log line says beside the event's name.
func detail(body engine.EventBody) string {
	switch e := body.(type) {
	case engine.StateChanged:
		if e.Muted {
			return fmt.Sprintf(" %s (muted)", e.State)
		}
		return " " + string(e.State)
	case engine.TranscriptPartial:
		return fmt.Sprintf(" %q %d", e.Text, e.Stable)
	case engine.TranscriptFinal:
		return fmt.Sprintf(" %q", e.Text)
	case engine.TeachingDetected:
		return fmt.Sprintf(" %s %q", e.Kind, e.Topic)
	case engine.ReplyText:
		return fmt.Sprintf(" %q", e.Text)
	case engine.ReplyDone:
		return fmt.Sprintf(" heard %q", e.Heard)
	case engine.ReplyInterrupted:
		return fmt.Sprintf(" %s heard %q", e.Cause, e.Heard)
	case engine.LessonDone:
		return fmt.Sprintf(" %q", e.Title)
	case engine.TimingMeasured:
		return fmt.Sprintf(" endpoint %v stt %v ttft %v ttfb %v playout %v voice-to-voice %v", e.Endpoint, e.STT, e.TTFT, e.TTFB, e.Playout, e.VoiceToVoice)
	case engine.Error:
		return fmt.Sprintf(" %s: %s", e.Stage, e.Message)
	}
	return ""
}
