package lesson

import (
	"context"
	"iter"
	"log/slog"
	"strings"

	"parley/engine"
)

// Fallback is an [engine.Teacher] of two: where the first fails, the second writes
// the lesson, and the lesson says so in one line.
type Fallback struct {
	first, second engine.Teacher
	log           *slog.Logger
}

var _ engine.Teacher = (*Fallback)(nil)

// NewFallback makes a teacher that turns to second when first fails. What it failed
// with is logged.
func NewFallback(first, second engine.Teacher, log *slog.Logger) *Fallback {
	return &Fallback{first: first, second: second, log: log}
}

const (
	instead = "*The language model could not be reached, or failed. This lesson is from the dictionaries on this computer.*\n\n"
	stopped = "\n\n*The language model stopped here. What follows is from the dictionaries on this computer.*\n\n"
)

// Lesson yields the first teacher's lesson, and from where that fails the second's.
func (f *Fallback) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		began := false
		var failed error
		for piece, err := range f.first.Lesson(ctx, req) {
			if err != nil {
				failed = err
				break
			}
			began = began || piece.Markdown != ""
			if !yield(piece, nil) {
				return
			}
		}
		if failed == nil {
			return
		}
		if ctx.Err() != nil {
			yield(engine.LessonPiece{}, failed)
			return
		}
		f.log.Warn("lesson: the model failed", "err", failed)
		titled := false
		for piece, err := range f.second.Lesson(ctx, req) {
			if err == nil && !titled && piece.Markdown != "" {
				titled = true
				title, rest, _ := strings.Cut(piece.Markdown, "\n")
				rest = strings.TrimLeft(rest, "\n")
				if began {
					piece.Markdown = stopped + rest
				} else {
					piece.Markdown = title + "\n\n" + instead + rest
				}
			}
			if !yield(piece, err) || err != nil {
				return
			}
		}
	}
}
