package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"parley/engine/realtime/guard"
)

const tokenUsage = `usage: parleyd token COMMAND [--tokens FILE]
  add NAME           makes a token and prints it, once: only a hash of it is kept
  add NAME --print   the same, but keeps nothing: prints the token, and the line for PARLEYD_TOKENS
  list               names and dates
  remove NAME        it is good for nothing from then on
A running parleyd reads the file again on SIGHUP.
`

// token is `parleyd token`.
func token(args []string, cons console) int {
	o, err := defaults()
	if err != nil {
		return cons.fail(err)
	}
	f := flag.NewFlagSet("token", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.tokens, "tokens", o.tokens, "")
	only := f.Bool("print", false, "")
	words, err := parseMixed(f, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(cons.out, tokenUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(cons.err, "parleyd token: %v\n\n%s", err, tokenUsage)
		return exitUsage
	}
	command, names := "", words
	if len(words) > 0 {
		command, names = words[0], words[1:]
	}
	switch {
	case command == "add" && len(names) == 1 && *only:
		err = printToken(names[0], cons)
	case command == "add" && len(names) == 1:
		err = addToken(o.tokens, names[0], cons)
	case command == "list" && len(names) == 0:
		err = listTokens(o.tokens, cons)
	case command == "remove" && len(names) == 1:
		err = guard.Remove(o.tokens, names[0])
	default:
		fmt.Fprint(cons.err, tokenUsage)
		return exitUsage
	}
	if err != nil {
		return cons.fail(err)
	}
	return exitOK
}

// parseMixed reads flags wherever they stand among the words.
func parseMixed(f *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
}

func addToken(path, name string, cons console) error {
	secret, err := guard.Add(path, name)
	if err != nil {
		return err
	}
	fmt.Fprintln(cons.out, secret)
	fmt.Fprintf(cons.err, "parleyd: this is shown once; what is kept of it in %s is a hash\n", path)
	return nil
}

func printToken(name string, cons console) error {
	t, secret, err := guard.NewToken(name)
	if err != nil {
		return err
	}
	fmt.Fprintf(cons.out, "%s\n%s\n", secret, t)
	fmt.Fprintln(cons.err, "parleyd: the first line is the token, the second is for PARLEYD_TOKENS; neither is kept")
	return nil
}

func listTokens(path string, cons console) error {
	all, err := guard.OpenTokens(path, "")
	if err != nil {
		return err
	}
	for _, t := range all.List() {
		fmt.Fprintf(cons.out, "%-24s %s\n", t.Name, t.Created.Format(time.DateTime))
	}
	return nil
}
