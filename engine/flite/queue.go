package flite

import (
	"context"
	"sync"

	"parley/engine"
)

// ahead is how many frames are left to listen to when flite begins the next
// piece: 500 ms, for the 50 ms that it takes to begin.
const ahead = 25

// queue is the speech between flite's thread and whoever listens. A piece is
// queued as it is made, so that a listener who takes his time doesn't keep
// flite from others; the next one waits until it is wanted, for most replies
// that are interrupted are not wanted to their end.
type queue struct {
	stop  chan struct{} // closed when nobody listens any more
	wake  chan struct{} // has a token when speech or done has changed
	space chan struct{} // has a token when speech has become short
	gone  chan struct{} // closed by close

	mu     sync.Mutex
	speech []engine.Speech
	done   bool
	err    error
}

func newQueue() *queue {
	return &queue{
		stop:  make(chan struct{}),
		wake:  make(chan struct{}, 1),
		space: make(chan struct{}, 1),
		gone:  make(chan struct{}),
	}
}

// wanted waits until more speech is wanted. It returns false when nobody
// listens any more.
func (q *queue) wanted() bool {
	for !q.stopped() {
		q.mu.Lock()
		n := len(q.speech)
		q.mu.Unlock()
		if n < ahead {
			return true
		}
		select {
		case <-q.space:
		case <-q.stop:
		}
	}
	return false
}

func (q *queue) push(s engine.Speech) {
	q.mu.Lock()
	q.speech = append(q.speech, s)
	q.mu.Unlock()
	signal(q.wake)
}

// close says that no more speech comes, because of err if it isn't nil.
func (q *queue) close(err error) {
	q.mu.Lock()
	q.done, q.err = true, err
	q.mu.Unlock()
	signal(q.wake)
	close(q.gone)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// next waits for the next speech, or an error, which is the last. It returns
// false when there is no more or ctx has ended.
func (q *queue) next(ctx context.Context) (engine.Speech, bool, error) {
	for ctx.Err() == nil {
		if s, ok, done, err := q.take(); ok || done {
			return s, ok, err
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
		}
	}
	return engine.Speech{}, false, nil
}

func (q *queue) take() (s engine.Speech, ok, done bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.speech) > 0:
		s = q.speech[0]
		q.speech = q.speech[1:]
		if len(q.speech) < ahead {
			signal(q.space)
		}
		return s, true, false, nil
	case q.err != nil:
		err, q.err = q.err, nil
		return s, true, false, err
	}
	return s, false, q.done, nil
}

// stopAndWait tells flite that nobody listens and waits until it has stopped.
func (q *queue) stopAndWait() {
	close(q.stop)
	<-q.gone
}

func (q *queue) stopped() bool {
	select {
	case <-q.stop:
		return true
	default:
		return false
	}
}
