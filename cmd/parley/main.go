package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2
)

const usage = `Parley: a voice assistant that listens, answers aloud, and lets you interrupt.

usage:
  parley                         the window
  parley talk [flags]            the same in the terminal; parley talk -h lists the flags
  parley bench                   how well, and how fast, it understands, answers and detects; parley bench -h tells more
  parley history                 earlier conversations: search, export, delete; parley history -h tells more
  parley models                  language models and speech services, if you want any; parley models -h tells more
  parley doctor                  what works on this machine, and what to do about the rest
  parley version
`

// console is where a subcommand writes.
type console struct {
	out, err io.Writer
}

// fail writes one line of what went wrong.
func (c console) fail(err error) int {
	fmt.Fprintf(c.err, "parley: %v\n", err)
	return exitFail
}

func main() {
	thrifty()
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	cons := console{out: os.Stdout, err: os.Stderr}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return dispatch(ctx, os.Args[1:], cons, log)
}

// dispatch runs the subcommand that args name.
func dispatch(ctx context.Context, args []string, cons console, log *slog.Logger) int {
	if len(args) == 0 {
		return desktop(ctx, cons, log)
	}
	switch name, rest := args[0], args[1:]; name {
	case "talk":
		return talk(ctx, rest, cons, log)
	case "bench":
		return measure(ctx, rest, cons)
	case "history":
		return showHistory(ctx, rest, cons, log)
	case "models":
		return models(ctx, rest, cons, log)
	case "doctor":
		return doctor(ctx, rest, cons, log)
	case "version", "--version", "-version":
		printVersion(cons.out)
		return exitOK
	case "help", "-h", "--help":
		fmt.Fprint(cons.out, usage)
		return exitOK
	default:
		fmt.Fprintf(cons.err, "parley: unknown command %q\n\n%s", name, usage)
		return exitUsage
	}
}
