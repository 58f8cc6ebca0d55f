package standby

import (
	"context"
	"iter"
	"sync"

	"parley/engine"
)

// noticesMost is how many notices wait to be said; the oldest is dropped for one
// more.
const noticesMost = 4

// Notices are sentences that wait to be said when nobody is speaking. The zero
// value is empty and usable. It is an [engine.Announcer].
type Notices struct {
	mu    sync.Mutex
	wait  []string
	ready chan struct{}
}

// Say adds a sentence. It never waits.
func (n *Notices) Say(sentence string) {
	n.mu.Lock()
	if len(n.wait) == noticesMost {
		n.wait = n.wait[1:]
	}
	n.wait = append(n.wait, sentence)
	n.mu.Unlock()
	select {
	case n.signal() <- struct{}{}:
	default:
	}
}

func (n *Notices) signal() chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ready == nil {
		n.ready = make(chan struct{}, 1)
	}
	return n.ready
}

// take gives all that wait.
func (n *Notices) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	wait := n.wait
	n.wait = nil
	return wait
}

// Announcements implements [engine.Announcer]. It is taken by one at a time.
func (n *Notices) Announcements(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			for _, sentence := range n.take() {
				if ctx.Err() != nil || !yield(sentence) {
					return
				}
			}
			select {
			case <-n.signal():
			case <-ctx.Done():
				return
			}
		}
	}
}

// Announcers are several as one: a conversation has one announcer.
type Announcers []engine.Announcer

// Announcements implements [engine.Announcer]: what each says, as it comes.
func (a Announcers) Announcements(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		ctx, cancel := context.WithCancel(ctx)
		sentences := make(chan string)
		var all sync.WaitGroup
		defer all.Wait()
		defer cancel()
		for _, one := range a {
			all.Go(func() {
				for sentence := range one.Announcements(ctx) {
					select {
					case sentences <- sentence:
					case <-ctx.Done():
						return
					}
				}
			})
		}
		for {
			select {
			case sentence := <-sentences:
				if !yield(sentence) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
