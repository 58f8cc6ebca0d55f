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
       parley bench latency [-n N] [--json] [--svg FILE]
       parley bench transports [-n N] [--delay D] [--json] [--svg FILE]
       parley bench teaching [--missed] [--json] FILE
       parley bench turns [--patience quick|balanced|patient|all] [--at-once N] [--json] [--svg FILE] DIR
       parley bench turns --make [--list held-out|dev] [--add DIR]... DIR

stt transcribes the WAV files in DIR and compares with DIR/transcripts.txt, one
"name|text" a line; the silence after each is a soft end first. --model says where
the language model of what people say to Parley is, or is to be made; "none"
measures the generic model alone. corpus makes such a directory with the synthesizer.
latency talks to this program on virtual devices of its own and records both
sides: voice to voice, barge-in, and what must not interrupt (N turns, 50).
transports asks the same spoken questions of the engine here and of a parleyd over each way,
D (such as 50ms) away, in one run (N turns, 20), interrupts, and takes the network away.
teaching tells who wants to be taught and who teaches, in the utterances of FILE,
"label<TAB>utterance" a line, labels lesson, fact and none: precision and recall per
label and the time each takes; --missed lists those told wrongly.
turns plays the WAV files in DIR, one turn each, and says how many are cut off
and how long the others wait; DIR/turns.txt has "name|seconds at which it really
ends" a line. --make makes such a directory: turns with pauses spoken by the
synthesizer, the librivox recordings (held-out only), and those in --add.
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
		case "latency":
			return Latency(ctx, args[1:], stdout, stderr)
		case "transports":
			return Transports(ctx, args[1:], stdout, stderr)
		case "teaching":
			return Teaching(ctx, args[1:], stdout, stderr)
		case "turns":
			return Turns(ctx, args[1:], stdout, stderr)
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
	return operand(flags, args, "directory", stdout, stderr)
}

// operand parses args, which end with one operand, such as a file. When it returns
// false, the program is to end with the status.
func operand(flags *flag.FlagSet, args []string, what string, stdout, stderr io.Writer) (value string, status int, ok bool) {
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return "", exitOK, false
	case err != nil:
		return "", fail(stderr, flags.Name(), exitUsage, err), false
	case flags.NArg() != 1:
		return "", fail(stderr, flags.Name(), exitUsage, fmt.Errorf("want one %s, got %d arguments", what, flags.NArg())), false
	}
	return flags.Arg(0), exitOK, true
}

// fail says in one line what went wrong.
func fail(stderr io.Writer, name string, status int, err error) int {
	fmt.Fprintf(stderr, "parley bench %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
	return status
}
