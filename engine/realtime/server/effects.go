package server

import (
	"context"
	"sync"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// effects are what a response does to the world. Those of one that is only prepared
// are put off until it is allowed, in order.
type effects struct {
	mu      sync.Mutex
	put     []engine.Effect
	allowed bool
	err     error
	brought chan struct{} // closed when what was put off is done; nil: nothing is ever put off
}

// newEffects are those of a response; prepared says that it is only that.
func newEffects(prepared bool) *effects {
	if !prepared {
		return &effects{allowed: true}
	}
	return &effects{brought: make(chan struct{})}
}

// putOff says whether an effect will be done later.
func (f *effects) putOff(one engine.Effect) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.allowed {
		return false
	}
	f.put = append(f.put, one)
	return true
}

// state says whether effects were put off, and whether they are allowed.
func (f *effects) state() (some, allowed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.put) > 0, f.allowed
}

// allow says that effects may come about, and whether some were put off: then bring is
// to be called, once.
func (f *effects) allow() (some bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.allowed {
		return false
	}
	f.allowed = true
	if len(f.put) == 0 {
		close(f.brought)
	}
	return len(f.put) > 0
}

// bring does what was put off.
func (f *effects) bring(ctx context.Context) error {
	defer close(f.brought)
	for _, one := range f.put { // nobody adds to it any more
		if err := one.Do(ctx); err != nil {
			f.err = &stageError{"responder", err}
			break
		}
	}
	return f.err
}

// done waits until what was put off is done. Its error is what became of that, or
// ctx's cause.
func (f *effects) done(ctx context.Context) error {
	if f.brought == nil {
		return nil
	}
	select {
	case <-f.brought:
		return f.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// do does what the responder asks for: at once, or when it may be done.
func (g *giving) do(ctx context.Context, one engine.Effect) error {
	if g.effects.putOff(one) {
		g.wants(ctx, !one.Apart)
		if one.Apart {
			return nil
		}
		return g.effects.done(ctx)
	}
	if err := g.effects.done(ctx); err != nil {
		return err
	}
	if err := one.Do(ctx); err != nil {
		return &stageError{"responder", err}
	}
	return nil
}

// settle waits for what the response still has to do, when all of it is said.
func (g *giving) settle(ctx context.Context) error {
	some, allowed := g.effects.state()
	if !some {
		return nil
	}
	if !allowed {
		g.wants(ctx, true)
	}
	return g.effects.done(ctx)
}

// wants asks the client to allow what the response wants to do.
func (g *giving) wants(ctx context.Context, waits bool) {
	if !g.r.asks {
		return
	}
	g.s.stage(ctx, func() {
		if !g.r.done {
			g.s.send(protocol.ServerEvent{Type: protocol.ParleyEffect, ResponseID: g.r.id, Effect: &protocol.Effect{Waits: waits}})
		}
	})
}

// allowResponse is x_parley.allow. Of a response that is over there is nothing to
// allow any more: no error, since the two may cross on their way.
func (s *session) allowResponse(e protocol.ClientEvent) {
	for _, r := range s.responses {
		if r.id == e.ResponseID {
			s.allow(r)
		}
	}
}

// allow lets a response that was prepared change the world, and then come out.
func (s *session) allow(r *response) {
	if !r.effects.allow() {
		s.release(r)
		return
	}
	s.work(func() {
		err := r.effects.bring(r.ctx)
		s.stage(r.ctx, func() {
			if err != nil {
				s.finish(r, failed, "", err)
				return
			}
			s.release(r)
		})
	})
}
