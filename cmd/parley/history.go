package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine/history"
	"parley/engine/settings"
)

// readWithin bounds how long reading the history may take.
const readWithin = 5 * time.Second

const historyUsage = `usage: parley history [list]                  earlier conversations, pinned ones first
       parley history show N                  one of them, whole, as Markdown
       parley history search WORDS            where something was said, or is in a lesson
       parley history rename N TITLE          give a conversation a title; "" takes it away
       parley history pin N                   keep it first, and whatever its age
       parley history unpin N
       parley history delete N                delete it with its lessons
       parley history lessons                 the lessons of all conversations
       parley history export N [--format F]   a conversation; F is markdown or json
       parley history export lesson N [--format F]
                                              a lesson; F is %s
       parley history facts                   what you asked to have remembered
       parley history forget N                forget one of these
       parley history clear [--yes]           delete all of it, for good; asks first
`

// historian does `parley history`.
type historian struct {
	store *history.Store
	cons  console
}

// historyCommand is a subcommand of `parley history`.
type historyCommand struct {
	name  string
	takes func(args []string) bool
	do    func(historian, context.Context, []string) error
}

// usageError is a mistake in the command line.
type usageError string

// Error implements error.
func (e usageError) Error() string { return string(e) }

func one(args []string) bool     { return len(args) == 1 }
func nothing(args []string) bool { return len(args) == 0 }

var historyCommands = []historyCommand{
	{"list", nothing, historian.list},
	{"show", one, historian.show},
	{"json", one, historian.json},
	{"search", func(args []string) bool { return len(args) > 0 }, historian.search},
	{"rename", func(args []string) bool { return len(args) > 1 }, historian.rename},
	{"pin", one, historian.pin},
	{"unpin", one, historian.unpin},
	{"delete", one, historian.delete},
	{"lessons", nothing, historian.lessons},
	{"export", func(args []string) bool { return len(args) > 0 }, historian.export},
	{"facts", nothing, historian.facts},
	{"forget", one, historian.forget},
	{"clear", func(args []string) bool { return len(args) == 0 || len(args) == 1 && args[0] == "--yes" }, historian.clear},
}

// showHistory is `parley history`.
func showHistory(ctx context.Context, args []string, cons console, log *slog.Logger) (code int) {
	if len(args) == 0 {
		args = []string{"list"}
	}
	if args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		fmt.Fprintf(cons.out, historyUsage, names(lessonFormats))
		return exitOK
	}
	for _, c := range historyCommands {
		if c.name == args[0] && c.takes(args[1:]) {
			return c.run(ctx, args[1:], cons, log)
		}
	}
	fmt.Fprintf(cons.err, historyUsage, names(lessonFormats))
	return exitUsage
}

func (c historyCommand) run(ctx context.Context, args []string, cons console, log *slog.Logger) (code int) {
	path, err := settings.HistoryPath()
	if err != nil {
		return cons.fail(err)
	}
	// Not one in memory, as for a conversation: there would be nothing in it.
	store, err := history.Open(ctx, path, log)
	if err != nil {
		return cons.fail(err)
	}
	defer closing(store, cons, &code)
	if n := store.Notice(); n != "" {
		fmt.Fprintf(cons.err, "parley: %s\n", n)
	}
	err = c.do(historian{store, cons}, ctx, args)
	if wrong, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintf(cons.err, "parley history: %s\n", wrong)
		return exitUsage
	}
	if err != nil {
		return cons.fail(err)
	}
	return code
}
