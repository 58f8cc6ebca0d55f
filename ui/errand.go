package ui

import "context"

// errand is what may take its time, such as a question to the disk: it is done
// away from Fyne's thread. What it returns, if anything, is then done on that
// thread.
type errand func() (then func())

// dispatch has e done, after those that were sent before. It does not wait.
func (b *bridge) dispatch(e errand) {
	b.mu.Lock()
	b.errands = append(b.errands, e)
	b.mu.Unlock()
	signal(b.asked)
}

// serve does errands, one after the other, until ctx ends: also those that are
// still waiting then, since the user has asked for them.
func (b *bridge) serve(ctx context.Context) {
	for last := false; !last; {
		select {
		case <-ctx.Done():
			last = true
		case <-b.asked:
		}
		for e := b.nextErrand(); e != nil; e = b.nextErrand() {
			if then := e(); then != nil && ctx.Err() == nil {
				b.do(then)
			}
		}
	}
}

func (b *bridge) nextErrand() errand {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errands) == 0 {
		return nil
	}
	e := b.errands[0]
	b.errands = b.errands[1:]
	return e
}

// notice shows a line in the conversation.
func (b *bridge) notice(text string) {
	b.change(func(s State) State { return s.Notice(text) })
}
