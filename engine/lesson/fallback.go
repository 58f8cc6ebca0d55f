package lesson

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"

	"parley/engine"
)

// Fallback is an [engine.Teacher] of two: where the first fails, the second writes
// the lesson, and the lesson says so in one line.
type Fallback struct {
	who           string
	first, second engine.Teacher
	log           *slog.Logger
}

var _ engine.Teacher = (*Fallback)(nil)

// NewFallback makes a teacher that turns to second when first, which the lesson calls
// who ("The language model"), fails. What it failed with is logged.
func NewFallback(who string, first, second engine.Teacher, log *slog.Logger) *Fallback {
	return &Fallback{who: who, first: first, second: second, log: log}
}

// What the lesson says of who failed.
const (
	instead = "*%s could not be reached, or failed. This lesson is from the dictionaries on this computer.*\n\n"
	stopped = "\n\n*%s stopped here. What follows is from the dictionaries on this computer.*\n\n"
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
		f.log.Warn("lesson: it could not be had from where it was asked for", "err", failed)
		titled := false
		for piece, err := range f.second.Lesson(ctx, req) {
			if err == nil && !titled && piece.Markdown != "" {
				titled = true
				title, rest, _ := strings.Cut(piece.Markdown, "\n")
				rest = strings.TrimLeft(rest, "\n")
				if began {
					piece.Markdown = fmt.Sprintf(stopped, f.who) + rest
				} else {
					piece.Markdown = title + "\n\n" + fmt.Sprintf(instead, f.who) + rest
				}
			}
			if !yield(piece, err) || err != nil {
				return
			}
		}
	}
}
