package remote

import (
	"context"
	"math/rand/v2"
	"time"
)

// probeTime is how long an answer to a probe may take.
const probeTime = 3 * time.Second

// lookEvery is how often the rung in use is asked how it is: a backend that has gone
// is known before somebody speaks.
const lookEvery = time.Minute

// pauses are how long a rung that did not work is left alone, the last ever after.
var pauses = [...]time.Duration{10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute}

// pause is the pause after so many, give or take a fifth: many who lost a backend at
// once do not come back at once.
func pause(n int) time.Duration {
	d := pauses[min(n, len(pauses)-1)]
	return d + time.Duration((rand.Float64()-0.5)*0.4*float64(d)) //nolint:gosec // no secret
}

// Run asks rungs until ctx ends: the one in use how it is, and better ones whether
// they work now. It may be called once. It tells the memory.
func (l *Ladder) Run(ctx context.Context) {
	told := ""
	for ctx.Err() == nil {
		l.ask(ctx)
		if name := l.proved(); name != "" && name != told && l.options.Memory != nil {
			l.options.Memory.Remember(l.host, name, time.Now())
			told = name
		}
		timer := time.NewTimer(time.Until(l.next()))
		select {
		case <-timer.C:
		case <-l.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Again has every rung asked at once, the best first: the key was changed, the
// network is back, the machine has woken up.
func (l *Ladder) Again() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.steps {
		s := &l.steps[i]
		s.retry, s.later, s.pauses = time.Time{}, time.Time{}, 0
	}
	l.refused, l.denials, l.look = nil, 0, time.Time{}
	l.changed()
	l.stir()
}

// ask asks whom it is time to ask.
func (l *Ladder) ask(ctx context.Context) {
	for i := range l.steps {
		l.mu.Lock()
		better, inUse := i < min(l.at, l.up), i == l.at
		s := l.steps[i]
		turn := better && !time.Now().Before(s.retry) || inUse && !time.Now().Before(later(l.look, s.later))
		l.mu.Unlock()
		if !turn {
			continue
		}
		ask := probe
		if inUse {
			ask = insist
		}
		err := ask(ctx, s.rung, probeTime)
		if ctx.Err() != nil {
			return
		}
		l.probed(i, err)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// probed takes what came of a probe of rung i.
func (l *Ladder) probed(i int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.steps[i]
	if i == l.at {
		l.look = time.Now().Add(lookEvery)
	}
	if err == nil {
		if i != l.at {
			l.options.Log.Info("remote: a way works again", "way", s.rung.Name(), "host", l.host)
		}
		l.works(i)
		return
	}
	switch what, after := judge(err); {
	case what == stop:
		l.refuse(err)
		s.retry = l.look
	case what == wait:
		s.later = time.Now().Add(after)
		s.retry = s.later
	case i < l.at:
		s.why = err
		n := s.pauses
		if l.at == len(l.steps) { // nothing works: somebody waits
			n = 0
		}
		s.retry = time.Now().Add(pause(n))
		s.pauses++
	default:
		l.leave(i, err)
	}
	l.changed()
}

// next is when somebody is to be asked.
func (l *Ladder) next() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := time.Now().Add(lookEvery)
	sooner := func(t time.Time) {
		if t.Before(at) {
			at = t
		}
	}
	for i, s := range l.steps {
		switch {
		case i < min(l.at, l.up):
			sooner(s.retry)
		case i == l.at:
			sooner(later(l.look, s.later))
		}
	}
	return at
}

// proved is the name of the rung in use if it has been found to work.
func (l *Ladder) proved() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused != nil || l.at == len(l.steps) || !l.steps[l.at].well {
		return ""
	}
	return l.steps[l.at].rung.Name()
}
