package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatcherThatFallsBehindIsToldAndClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchers()
		var got []Event
		done := make(chan struct{})
		go func() {
			defer close(done)
			for ev := range w.watch(context.Background()) {
				got = append(got, ev)
				if len(got) == 1 {
					time.Sleep(time.Second)
				}
			}
		}()
		synctest.Wait()
		for range watchBacklog + 10 {
			w.emit(Event{Turn: 1, Body: ReplyText{Text: "x"}})
		}
		<-done
		if _, ok := got[len(got)-1].Body.(FellBehind); !ok || len(got) != watchBacklog+2 {
			t.Errorf("got %d events, the last %T; want %d and then FellBehind", len(got), got[len(got)-1].Body, watchBacklog+1)
		}
	})
}

func TestLatestWinsForPartialsLevelsAndProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchers()
		var got []Event
		done := make(chan struct{})
		go func() {
			defer close(done)
			for ev := range w.watch(context.Background()) {
				got = append(got, ev)
				time.Sleep(time.Second)
			}
		}()
		synctest.Wait()
		for i := range 10000 {
			w.emit(Event{Turn: 1, Body: TranscriptPartial{Text: "words", Stable: i}})
			w.emit(Event{Body: Level{Microphone: float64(-i)}})
		}
		w.emit(Event{Turn: 1, Body: TranscriptFinal{Text: "words"}})
		time.Sleep(10 * time.Second)
		w.close()
		<-done
		if len(got) != 4 {
			t.Fatalf("got %d events, want a snapshot, the last partial, the last level and the final", len(got))
		}
		if p, ok := got[1].Body.(TranscriptPartial); !ok || p.Stable != 9999 {
			t.Errorf("got %v, want the last partial", got[1].Body)
		}
	})
}

func TestSnapshotIsWhatAWatcherWouldHaveFolded(t *testing.T) {
	w := newWatchers()
	for _, body := range []EventBody{
		StateChanged{State: Speaking}, TranscriptPartial{Text: "what"}, TranscriptFinal{Text: "what"},
		ReplyText{Text: "It "}, ReplyText{Text: "is."}, ReplyProgress{From: 0, To: 2}, LessonDelta{Markdown: "# It"},
	} {
		w.emit(Event{Turn: 1, Body: body})
	}
	w.finished(Turn{ID: 1, Who: User, Text: "what"})
	for ev := range w.watch(t.Context()) {
		s, ok := ev.Body.(Snapshot)
		if !ok || s.State.State != Speaking || len(s.Turns) != 1 || s.Partial.Text != "" ||
			s.Reply != (ReplyProgress{Text: "It is.", To: 2}) || s.Lesson.Markdown != "# It" {
			t.Errorf("snapshot %+v", ev.Body)
		}
		break
	}
}
