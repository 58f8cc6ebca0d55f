package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/history"
)

// conversationFormats are what a conversation can be exported as.
var conversationFormats = map[string]func(io.Writer, history.Record) error{
	"markdown": history.WriteMarkdown,
	"json":     history.WriteJSON,
}

// defaultFormat is for reading.
const defaultFormat = "markdown"

// export writes a conversation or a lesson: [lesson] N [--format F].
func (h historian) export(ctx context.Context, args []string) error {
	what, format, err := exportArgs(args)
	if err != nil {
		return err
	}
	if what[0] == "lesson" {
		write, err := formatNamed(lessonFormats(), format, "lesson")
		if err != nil {
			return err
		}
		id, err := numbered[engine.LessonID](what[1], "lesson")
		if err != nil {
			return err
		}
		l, err := h.store.Lesson(ctx, id)
		if err != nil {
			return err
		}
		return write(h.cons.out, l)
	}
	write, err := formatNamed(conversationFormats, format, "conversation")
	if err != nil {
		return err
	}
	id, err := conversationNumber(what[0])
	if err != nil {
		return err
	}
	r, err := h.store.Record(ctx, id)
	if err != nil {
		return err
	}
	return write(h.cons.out, r)
}

// exportArgs parts what is to be exported, one word or "lesson" and another, from
// the format.
func exportArgs(args []string) (what []string, format string, err error) {
	format = defaultFormat
	for i := 0; i < len(args); i++ {
		switch name, value, set := strings.Cut(args[i], "="); {
		case name != "--format" && name != "-format":
			what = append(what, args[i])
		case set:
			format = value
		case i+1 < len(args):
			i++
			format = args[i]
		default:
			return nil, "", usageError("--format needs a format, such as markdown")
		}
	}
	lesson := len(what) > 0 && what[0] == "lesson"
	if len(what) == 0 || lesson && len(what) != 2 || !lesson && len(what) != 1 {
		return nil, "", usageError("say what to export: a conversation's number, or the word lesson and a lesson's number")
	}
	return what, format, nil
}

func formatNamed[F any](formats map[string]F, name, what string) (F, error) {
	write, ok := formats[name]
	if !ok {
		return write, usageError(fmt.Sprintf("a %s cannot be exported as %q; it can be as %s", what, name, names(formats)))
	}
	return write, nil
}

// names lists the keys of formats for a sentence.
func names[F any](formats map[string]F) string {
	all := slices.Sorted(maps.Keys(formats))
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}
