package remote

import (
	"context"
	"iter"

	"parley/engine"
)

// call is something asked of a stage, which a rung may have, and of another rung's
// if that one fails before anything came.
type call[T any] struct {
	turn  bool                                                           // a turn begins with it
	stage func(Stages) (func(context.Context) iter.Seq2[T, error], bool) // false: there is none
	again func(T) bool                                                   // may come once more over another rung; nil: nothing may
	waits func(g *guard)                                                 // when its answer is due; nil: from the beginning
}

// on has a call answered.
func on[T any](ctx context.Context, l *Ladder, c call[T], yield func(T, error) bool) {
	var none T
	i, err := l.begin(c.turn)
	for err == nil {
		var seq func(context.Context) iter.Seq2[T, error]
		has := false
		if i < len(l.steps) {
			seq, has = c.stage(l.steps[i].rung.Stages())
		}
		if !has {
			if seq, has = c.stage(l.options.Own); !has {
				yield(none, errNoStage)
				return
			}
			pass(seq(ctx), yield)
			return
		}
		o := over(ctx, l, i, c, seq, yield)
		switch {
		case o.err == nil && !o.stopped:
			l.answered(i)
			return
		case o.stopped, ctx.Err() != nil:
			return
		case o.begun:
			l.broke(i, o.err)
			yield(none, o.err)
			return
		}
		i, err = l.failed(i, o.err)
	}
	yield(none, err)
}

// outcome is how a call on one rung ended.
type outcome struct {
	err     error
	begun   bool // something came that may not come again
	stopped bool // by who asked
}

// over has a call answered over rung i, as far as that comes.
func over[T any](ctx context.Context, l *Ladder, i int, c call[T], seq func(context.Context) iter.Seq2[T, error], yield func(T, error) bool) (o outcome) {
	ctx, g := l.guard(ctx, i)
	defer g.end()
	if c.waits == nil {
		g.wait()
	} else {
		c.waits(g)
	}
	for v, err := range seq(ctx) {
		if err != nil {
			o.err = err
			break
		}
		g.came()
		o.begun = o.begun || c.again == nil || !c.again(v)
		if !yield(v, nil) {
			o.stopped = true
			return o
		}
		if c.waits == nil {
			g.wait()
		}
	}
	if gone := g.gone(); gone != nil { // it ended, or failed, for that
		o.err = gone
	}
	return o
}

// pass hands on what seq yields, up to its first error.
func pass[T any](seq iter.Seq2[T, error], yield func(T, error) bool) {
	for v, err := range seq {
		if !yield(v, err) || err != nil {
			return
		}
	}
}

// Respond implements [engine.Responder].
func (l *Ladder) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		on(ctx, l, call[engine.Reply]{
			turn: l.typed(),
			stage: func(s Stages) (func(context.Context) iter.Seq2[engine.Reply, error], bool) {
				return func(ctx context.Context) iter.Seq2[engine.Reply, error] { return s.Responder.Respond(ctx, req) }, s.Responder != nil
			},
		}, yield)
	}
}

// typed says whether a turn is answered that was not heard: one begins with that.
func (l *Ladder) typed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := l.heard
	l.heard = false
	return !heard
}

// Synthesize implements [engine.Synthesizer].
func (l *Ladder) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return func(yield func(engine.Speech, error) bool) {
		on(ctx, l, call[engine.Speech]{
			stage: func(s Stages) (func(context.Context) iter.Seq2[engine.Speech, error], bool) {
				return func(ctx context.Context) iter.Seq2[engine.Speech, error] {
					return s.Synthesizer.Synthesize(ctx, sentence)
				}, s.Synthesizer != nil
			},
			again: func(s engine.Speech) bool { return len(s.Frame.Samples) == 0 && len(s.Words) == 0 },
		}, yield)
	}
}

// Lesson implements [engine.Teacher].
func (l *Ladder) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		on(ctx, l, call[engine.LessonPiece]{
			stage: func(s Stages) (func(context.Context) iter.Seq2[engine.LessonPiece, error], bool) {
				return func(ctx context.Context) iter.Seq2[engine.LessonPiece, error] { return s.Teacher.Lesson(ctx, req) }, s.Teacher != nil
			},
		}, yield)
	}
}
