package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Latency is `parley bench latency`: it holds conversations with the program
// itself on virtual devices, records both sides on one clock, and says from the
// recordings how long the answers took and how soon the program yields. It
// returns the exit status: 0, 1 for a failure, 2 for wrong usage.
func Latency(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("latency", flag.ContinueOnError)
	n := flags.Int("n", 50, "")
	asJSON := flags.Bool("json", false, "")
	svg := flags.String("svg", "", "")
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return exitOK
	case err != nil:
		return fail(stderr, "latency", exitUsage, err)
	case flags.NArg() > 0:
		return fail(stderr, "latency", exitUsage, fmt.Errorf("unexpected %q", flags.Arg(0)))
	case *n < 1:
		return fail(stderr, "latency", exitUsage, fmt.Errorf("-n %d: want at least one turn", *n))
	}
	report, err := measureLatency(ctx, *n, stderr)
	if err == nil {
		err = tell(report, *asJSON, *svg, stdout)
	}
	if err != nil {
		return fail(stderr, "latency", exitFailure, err)
	}
	return exitOK
}

// measureLatency measures n turns, a third as many interruptions and as many
// interferences. How far it has come goes to progress.
func measureLatency(ctx context.Context, n int, progress io.Writer) (r LatencyReport, err error) {
	program, err := os.Executable()
	if err != nil {
		return r, err
	}
	d, err := sitDown(ctx, program)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	told := tally(progress, "parley bench latency: turn", n)
	for i := range n {
		t, err := d.turn(ctx, i)
		if err != nil {
			return r, fmt.Errorf("turn %d: %w", i+1, err)
		}
		r.Turns = append(r.Turns, t)
		told()
	}
	alone, err := d.alone(ctx)
	if err != nil {
		return r, err
	}
	interruptions := max(1, n/3)
	told = tally(progress, "parley bench latency: interruption", interruptions)
	for i := range interruptions {
		b, err := d.bargeIn(ctx, i, alone)
		if err != nil {
			return r, fmt.Errorf("interruption %d: %w", i+1, err)
		}
		r.BargeIns = append(r.BargeIns, b)
		told()
	}
	left, err := d.interferences(ctx, n)
	if err != nil {
		return r, err
	}
	all := left
	for len(left) > 0 {
		made, elsewhere, err := d.interfere(ctx, left, alone)
		if err != nil {
			return r, fmt.Errorf("interference %d: %w", len(all)-len(left)+1, err)
		}
		left = left[made:]
		r.GapsElsewhere += elsewhere
		fmt.Fprintf(progress, "parley bench latency: interference %d of %d\n", len(all)-len(left), len(all))
	}
	for _, x := range all {
		r.Interferences = append(r.Interferences, x.InterferenceReport)
	}
	r.sum()
	return r, nil
}
