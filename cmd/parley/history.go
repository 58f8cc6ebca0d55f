package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/engine/history"
	"parley/engine/settings"
)

// readWithin bounds how long reading the history may take.
const readWithin = 5 * time.Second

// historian does `parley history`.
type historian struct {
	store *history.Store
	cons  console
}

// historyCommand is a subcommand of `parley history`.
type historyCommand struct {
	name  string
	args  string // as the help shows them
	about string
	takes func(args []string) bool
	do    func(historian, context.Context, []string) error
}

var historyCommands = []historyCommand{
	{"list", "", "earlier conversations, pinned ones (*) first", nothing, historian.list},
	{"show", "N", "one of them, whole, as Markdown", one, historian.show},
	{"json", "N", "the same as JSON", one, historian.json},
	{"search", "WORDS", "where something was said, or stands in a lesson", some, historian.search},
	{"rename", "N TITLE", `give a conversation a title; "" takes it away`, two, historian.rename},
	{"pin", "N", "list it first, and keep it whatever its age", one, historian.pin},
	{"unpin", "N", "take that back", one, historian.unpin},
	{"delete", "N", "delete a conversation with its lessons, for good", one, historian.delete},
	{"lessons", "", "the lessons of all conversations", nothing, historian.lessons},
	{"export", "N [--format F]", "a conversation as " + names(conversationFormats), some, historian.export},
	{"export", "lesson N [--format F]", "a lesson as " + names(lessonFormats()), some, historian.export},
	{"facts", "", "what you asked to have remembered", nothing, historian.facts},
	{"forget", "N", "forget one of these, for good", one, historian.forget},
	{"clear", "[--yes]", "delete everything, for good; asks first", yesOrNothing, historian.clear},
}

func nothing(args []string) bool { return len(args) == 0 }
func one(args []string) bool     { return len(args) == 1 }
func two(args []string) bool     { return len(args) >= 2 }
func some(args []string) bool    { return len(args) >= 1 }

func yesOrNothing(args []string) bool {
	return len(args) == 0 || len(args) == 1 && (args[0] == "--yes" || args[0] == "-yes")
}

// usage is how a command is called.
func (c historyCommand) usage() string {
	return strings.TrimSpace("parley history " + c.name + " " + c.args)
}

// historyUsage is the help.
func historyUsage(w io.Writer) {
	lead := "usage: "
	for _, c := range historyCommands {
		fmt.Fprintf(w, "%s%-44s %s\n", lead, c.usage(), c.about)
		lead = "       "
	}
	fmt.Fprintln(w, "N is a number that list, lessons or facts shows first; parley history alone is its list.")
}

// usageError is a mistake in the command line.
type usageError string

// Error implements error.
func (e usageError) Error() string { return string(e) }

// showHistory is `parley history`.
func showHistory(ctx context.Context, args []string, cons console, log *slog.Logger) int {
	if len(args) == 0 {
		args = []string{"list"}
	}
	if slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]) {
		historyUsage(cons.out)
		return exitOK
	}
	known := ""
	for _, c := range historyCommands {
		if c.name != args[0] {
			continue
		}
		if c.takes(args[1:]) {
			return c.run(ctx, args[1:], cons, log)
		}
		known = cmp.Or(known, c.usage())
	}
	if known != "" {
		fmt.Fprintf(cons.err, "parley history: it goes like this: %s\n", known)
	} else {
		fmt.Fprintf(cons.err, "parley history: there is no %q; parley history --help lists what there is\n", args[0])
	}
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
