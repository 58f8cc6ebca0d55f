package bench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"parley/cmd/parley/hearing"
	"parley/engine/pocketsphinx"
)

// Stt is `parley bench stt`: it transcribes recordings and says how well and how
// fast. It returns the exit status: 0, 1 for a failure, 2 for wrong usage.
//
// All files go through one transcriber in the order of the list, so that it
// gets to know a voice as it would in a conversation.
func Stt(ctx context.Context, args []string, stdout, stderr io.Writer) (exit int) {
	flags := flag.NewFlagSet("stt", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "")
	transcripts := flags.String("transcripts", "", "")
	model := flags.String("model", "", "")
	dir, status, ok := directory(flags, args, stdout, stderr)
	if !ok {
		return status
	}
	if *transcripts == "" {
		*transcripts = filepath.Join(dir, "transcripts.txt")
	}
	report, err := bench(ctx, dir, *transcripts, *model)
	if err != nil {
		return fail(stderr, "stt", exitFailure, err)
	}
	if *asJSON {
		err = json.NewEncoder(stdout).Encode(report)
	} else {
		err = report.table(stdout)
	}
	if err != nil {
		return fail(stderr, "stt", exitFailure, err)
	}
	return exitOK
}

func bench(ctx context.Context, dir, transcripts, model string) (r Report, err error) {
	list, err := readTranscripts(transcripts)
	if err != nil {
		return Report{}, err
	}
	sounds, err := readSounds(dir, list)
	if err != nil {
		return Report{}, err
	}
	t := pocketsphinx.New(hearing.Options(model, hearing.Offline()...))
	defer func() { err = errors.Join(err, t.Close()) }()
	if err := t.Complete(ctx); err != nil {
		return Report{}, err
	}
	return measure(ctx, t, list, sounds)
}

// table writes the report for people.
func (r Report) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "file\tWER\theard")
	for _, f := range r.Files {
		fmt.Fprintf(t, "%s\t%.1f %%\t%s\n", f.Name, 100*f.WER, f.Text)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nWER %.1f %% of %d words, real-time factor %.3f (%.3f of a core), soft hypothesis after %.1f ms (p50), %.1f ms (p95), final %.1f, %.1f ms\n",
		100*r.WER, r.Words, r.RTF, r.CPU, r.SoftMS.P50, r.SoftMS.P95, r.FinalMS.P50, r.FinalMS.P95)
	return err
}
