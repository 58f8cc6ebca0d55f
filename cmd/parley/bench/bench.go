package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

const usage = `usage: parley bench stt [--json] [--transcripts FILE] [--model DIR] DIR
       parley bench corpus [--list held-out|dev] [--voices rms,awb,kal16] DIR

stt transcribes the WAV files in DIR and compares with DIR/transcripts.txt, one
"name|text" a line; the silence after each is a soft end first. --model says where
the language model of what people say to Parley is, or is to be made; "none"
measures the generic model alone. corpus makes such a directory with the synthesizer.
`

// The exit statuses of the subcommands.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// Run is `parley bench`; args begin with the name of what to do. It returns the
// exit status: 0, 1 for a failure, 2 for wrong usage.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "stt":
			return Stt(ctx, args[1:], stdout, stderr)
		case "corpus":
			return Corpus(ctx, args[1:], stdout, stderr)
		case "-h", "-help", "--help", "help":
			fmt.Fprint(stdout, usage)
			return exitOK
		}
	}
	fmt.Fprint(stderr, usage)
	return exitUsage
}

// directory parses args, which end with a directory. When it returns false, the
// program is to end with the status.
func directory(flags *flag.FlagSet, args []string, stdout, stderr io.Writer) (dir string, status int, ok bool) {
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return "", exitOK, false
	case err != nil:
		return "", fail(stderr, flags.Name(), exitUsage, err), false
	case flags.NArg() != 1:
		return "", fail(stderr, flags.Name(), exitUsage, fmt.Errorf("want one directory, got %d arguments", flags.NArg())), false
	}
	return flags.Arg(0), exitOK, true
}

// fail says in one line what went wrong.
func fail(stderr io.Writer, name string, status int, err error) int {
	fmt.Fprintf(stderr, "parley bench %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
	return status
}
