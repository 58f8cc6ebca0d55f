package engine

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// watchBacklog is how many events a watcher may lag behind before it is told
// and closed. A reply of a thousand words with its lesson stays below it.
const watchBacklog = 4096

// watchers hands every event to everybody who watches, and keeps the snapshot
// that a new watcher begins with.
type watchers struct {
	mu     sync.Mutex
	now    Snapshot
	all    map[*watcher]struct{}
	closed bool
}

// watcher is one watcher's queue. Its fields are guarded by watchers.mu.
type watcher struct {
	queue  []Event
	wake   chan struct{} // holds at most one token
	behind bool
}

func newWatchers() *watchers {
	return &watchers{all: make(map[*watcher]struct{})}
}

// emit appends ev to every queue and folds it into the snapshot.
func (w *watchers) emit(ev Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.fold(ev)
	for one := range w.all {
		one.push(ev)
	}
}

// finished puts a finished turn into the snapshot. Watchers learn of it by the
// events that finished it.
func (w *watchers) finished(t Turn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.Turns = append(w.now.Turns, t)
	w.now.Conversation.Turns = len(w.now.Turns)
}

// current says which conversation the snapshot is of.
func (w *watchers) current(info ConversationInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.Conversation = info
}

// close ends every watch once its queue has been read.
func (w *watchers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for one := range w.all {
		one.signal()
	}
}

// watch implements [Session.Watch].
func (w *watchers) watch(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		one := &watcher{wake: make(chan struct{}, 1)}
		w.mu.Lock()
		first := w.now
		first.Turns = slices.Clip(first.Turns)
		w.all[one] = struct{}{}
		w.mu.Unlock()
		defer func() {
			w.mu.Lock()
			delete(w.all, one)
			w.mu.Unlock()
		}()
		if !yield(Event{At: time.Now(), Body: first}) {
			return
		}
		for {
			events, end := w.take(one)
			for _, ev := range events {
				if ctx.Err() != nil || !yield(ev) {
					return
				}
			}
			if end {
				return
			}
			select {
			case <-one.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}

// take empties a watcher's queue and says whether nothing more will come.
func (w *watchers) take(one *watcher) (events []Event, end bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	events, one.queue = one.queue, nil
	return events, one.behind || w.closed
}

// push queues ev. Of the kinds where the latest wins, an older one still in the
// queue is replaced.
func (o *watcher) push(ev Event) {
	if o.behind {
		return
	}
	switch ev.Body.(type) {
	case TranscriptPartial, ReplyProgress, Level, LessonProgress, LinkChanged:
		kind := ev.Body.Type()
		o.queue = slices.DeleteFunc(o.queue, func(q Event) bool { return q.Turn == ev.Turn && q.Body.Type() == kind })
	}
	if len(o.queue) >= watchBacklog {
		o.behind = true
		ev = Event{At: ev.At, Body: FellBehind{}}
	}
	o.queue = append(o.queue, ev)
	o.signal()
}

func (o *watcher) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// fold keeps the snapshot current. Finished turns come in through finished.
func (s *Snapshot) fold(ev Event) {
	switch b := ev.Body.(type) {
	case StateChanged:
		s.State = b
	case TranscriptPartial:
		s.Partial = b
	case TranscriptFinal:
		s.Partial = TranscriptPartial{}
	case ReplyText:
		s.Reply.Text += b.Text
	case ReplyProgress:
		s.Reply.From, s.Reply.To = b.From, b.To
	case ReplyDone, ReplyInterrupted:
		s.Reply = ReplyProgress{}
	case Error:
		if ev.Turn != 0 { // a turn's last event
			s.Partial, s.Reply = TranscriptPartial{}, ReplyProgress{}
		}
	case LessonDelta:
		if s.Lesson.Title != "" { // the one before is finished: this begins another
			s.Lesson, s.Progress = Lesson{}, Progress{}
		}
		s.Lesson.Markdown += b.Markdown
	case LessonProgress:
		s.Progress = b.Progress
	case LessonDone:
		s.Lesson = b.Lesson
	case LinkChanged:
		s.Link = b.Link
	case ConversationChanged:
		*s = Snapshot{State: s.State, Link: s.Link, Conversation: b.Conversation, Turns: slices.Clip(b.Turns), Lesson: b.Lesson}
	}
}
