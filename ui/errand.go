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

// apart has e done at once and beside all errands, since it may take long: until
// it is done, or end is called, or the bridge stops, which waits for it. What it
// returns, if anything, is then done on Fyne's thread, also after it was ended.
func (b *bridge) apart(e func(context.Context) (then func())) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	b.mu.Lock()
	b.ends[&cancel] = struct{}{}
	b.mu.Unlock()
	b.wg.Go(func() {
		then := e(ctx)
		b.mu.Lock()
		delete(b.ends, &cancel)
		b.mu.Unlock()
		cancel()
		if then != nil {
			b.do(then)
		}
	})
	return cancel
}

// endApart ends what is done apart.
func (b *bridge) endApart() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for cancel := range b.ends {
		(*cancel)()
	}
}
