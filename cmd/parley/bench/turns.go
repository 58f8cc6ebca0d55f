package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"

	"parley/engine/turn"
)

// patiences are those there are, quickest first.
var patiences = []turn.Patience{turn.Quick, turn.Balanced, turn.Patient}

// turnsOptions is what `parley bench turns` was asked for.
type turnsOptions struct {
	patience string
	json     bool
	svg      string
	atOnce   int

	make bool
	list string
	add  []string
}

// Turns is `parley bench turns`: it plays recordings that are one turn each to
// conversations, and says how many were cut off and how long the others had to
// wait; or, with --make, makes such recordings. It returns the exit status: 0, 1
// for a failure, 2 for wrong usage.
func Turns(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o turnsOptions
	flags := flag.NewFlagSet("turns", flag.ContinueOnError)
	flags.StringVar(&o.patience, "patience", string(turn.Balanced), "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.svg, "svg", "", "")
	flags.IntVar(&o.atOnce, "at-once", runtime.NumCPU(), "")
	flags.BoolVar(&o.make, "make", false, "")
	flags.StringVar(&o.list, "list", "held-out", "")
	flags.Func("add", "", func(dir string) error {
		o.add = append(o.add, dir)
		return nil
	})
	dir, status, ok := directory(flags, args, stdout, stderr)
	if !ok {
		return status
	}
	var err error
	if o.make {
		var people []string
		if people, err = peopleFor(o.list, o.add); err != nil {
			return fail(stderr, "turns", exitUsage, err)
		}
		err = makeTurns(ctx, o.list, people, dir, stdout)
	} else {
		var chosen []turn.Patience
		if chosen, err = choose(o.patience); err != nil {
			return fail(stderr, "turns", exitUsage, err)
		}
		if o.atOnce < 1 {
			return fail(stderr, "turns", exitUsage, fmt.Errorf("-at-once %d: want at least one", o.atOnce))
		}
		err = benchTurns(ctx, dir, chosen, o, stdout, stderr)
	}
	if err != nil {
		return fail(stderr, "turns", exitFailure, err)
	}
	return exitOK
}

// choose is which patiences a name means.
func choose(name string) ([]turn.Patience, error) {
	if name == "all" {
		return patiences, nil
	}
	if !slices.Contains(patiences, turn.Patience(name)) {
		return nil, fmt.Errorf("no patience %q: choose quick, balanced, patient or all", name)
	}
	return []turn.Patience{turn.Patience(name)}, nil
}

func benchTurns(ctx context.Context, dir string, chosen []turn.Patience, o turnsOptions, stdout, stderr io.Writer) error {
	report, err := measureTurns(ctx, dir, chosen, o.atOnce, stderr)
	if err != nil {
		return err
	}
	return tell(report, o.json, o.svg, stdout)
}

// measureTurns has the turns of a directory heard with each patience.
func measureTurns(ctx context.Context, dir string, chosen []turn.Patience, atOnce int, progress io.Writer) (r TurnsReport, err error) {
	list, err := readTurns(dir)
	if err != nil {
		return r, err
	}
	var listeners []*listener
	defer func() {
		for _, l := range listeners {
			err = errors.Join(err, l.transcriber.Close())
		}
	}()
	for range min(atOnce, len(list)) {
		l, err := newListener(ctx)
		if err != nil {
			return r, err
		}
		listeners = append(listeners, l)
	}
	for _, patience := range chosen {
		told := tally(progress, fmt.Sprintf("parley bench turns: %s, turn", patience), len(list))
		clips, err := hearAll(ctx, list, patience, listeners, told)
		if err != nil {
			return r, err
		}
		r.Patiences = append(r.Patiences, sumClips(patience, clips))
	}
	r.sum()
	return r, nil
}
