package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"parley/cmd/parleyd/load"
)

// Exit codes.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2
)

const usage = `parleyd: Parley's engine for remote clients.

usage:
  parleyd serve [flags]            serve; parleyd serve -h lists the flags
  parleyd token add|list|remove    who may use it; parleyd token -h tells more
  parleyd load [flags]             play many clients at once and measure; parleyd load -h lists the flags
  parleyd version
`

// version is set by the Makefile.
var version = "dev"

// console is where a subcommand writes, and what it knows of its surroundings.
type console struct {
	out, err io.Writer
	env      func(string) string
}

// fail writes one line of what went wrong.
func (c console) fail(err error) int {
	fmt.Fprintf(c.err, "parleyd: %v\n", err)
	return exitFail
}

func main() { os.Exit(run()) }

func run() int {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // until the program ends
		<-signals
		end()
		<-signals
		os.Exit(exitFail) // a second one does not wait
	}()
	return dispatch(ctx, os.Args[1:], console{out: os.Stdout, err: os.Stderr, env: os.Getenv})
}

// dispatch runs the subcommand that args name.
func dispatch(ctx context.Context, args []string, cons console) int {
	if len(args) == 0 {
		fmt.Fprint(cons.err, usage)
		return exitUsage
	}
	switch name, rest := args[0], args[1:]; name {
	case "serve":
		return serve(ctx, rest, cons)
	case "token":
		return token(rest, cons)
	case "load":
		return load.Run(ctx, rest, cons.out, cons.err)
	case "version", "--version", "-version":
		fmt.Fprintf(cons.out, "parleyd %s\n", version)
		return exitOK
	case "help", "-h", "--help":
		fmt.Fprint(cons.out, usage)
		return exitOK
	default:
		fmt.Fprintf(cons.err, "parleyd: unknown command %q\n\n%s", name, usage)
		return exitUsage
	}
}
