package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"parley/engine"
	"parley/engine/teaching"
)

// noTeaching labels what neither asks to be taught nor teaches.
const noTeaching = "none"

// TeachingReport is what `parley bench teaching` found out.
type TeachingReport struct {
	Lesson LabelScore `json:"lesson"`
	Fact   LabelScore `json:"fact"`
	None   LabelScore `json:"none"`
	P99    float64    `json:"p99_ms"` // time per utterance: 99 of 100 took no longer

	p50    float64
	missed []missedUtterance
}

// LabelScore is how well one label is told. Both are from 0 to 1: 1 where there was
// nothing to get wrong.
type LabelScore struct {
	Precision float64 `json:"precision"` // of those that were given the label, how many rightly
	Recall    float64 `json:"recall"`    // of those that have it, how many were found

	there, found, right int
}

// missedUtterance is one that was given a label which is not its own.
type missedUtterance struct{ text, label, got string }

// labelledUtterance is a line of the file.
type labelledUtterance struct{ label, text string }

// Teaching is `parley bench teaching`: it reads utterances labelled lesson, fact or
// none and says how many of them the detector tells, and how fast. It returns the
// exit status: 0, 1 for a failure, 2 for wrong usage.
func Teaching(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("teaching", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "")
	missed := flags.Bool("missed", false, "")
	path, status, ok := operand(flags, args, "file", stdout, stderr)
	if !ok {
		return status
	}
	all, err := readLabelled(path)
	if err != nil {
		return fail(stderr, "teaching", exitFailure, err)
	}
	report, err := detectAll(ctx, teaching.Detector{}, all)
	switch {
	case err != nil:
	case *asJSON:
		err = json.NewEncoder(stdout).Encode(report)
	default:
		err = report.table(stdout, *missed)
	}
	if err != nil {
		return fail(stderr, "teaching", exitFailure, err)
	}
	return exitOK
}

// readLabelled reads a file with "label<TAB>utterance" a line. Empty lines and
// those that begin with # say nothing.
func readLabelled(path string) (all []labelledUtterance, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimPrefix(strings.TrimRight(lines.Text(), "\r"), "\uFEFF")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		label, text, found := strings.Cut(line, "\t")
		label = strings.TrimSpace(label)
		if !found || !slices.Contains([]string{string(engine.TeachLesson), string(engine.TeachFact), noTeaching}, label) {
			return nil, fmt.Errorf("%s: line %d: want lesson, fact or none, a tab and what is said", path, number)
		}
		all = append(all, labelledUtterance{label, strings.TrimSpace(text)})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: there are no utterances in it", path)
	}
	return all, nil
}

// detectRounds is how often an utterance is timed. Its time is the shortest, so that
// what else the processor has to do is not counted.
const detectRounds = 3

// detectAll has d judge every utterance.
func detectAll(ctx context.Context, d engine.TeachingDetector, all []labelledUtterance) (TeachingReport, error) {
	var r TeachingReport
	scores := map[string]*LabelScore{string(engine.TeachLesson): &r.Lesson, string(engine.TeachFact): &r.Fact, noTeaching: &r.None}
	d.Detect(all[0].text) // the first call reads the phrases
	took := make([]float64, 0, len(all))
	for _, u := range all {
		if err := ctx.Err(); err != nil {
			return TeachingReport{}, errors.New("interrupted")
		}
		var teaching engine.Teaching
		var found bool
		shortest := time.Hour
		for range detectRounds {
			began := time.Now()
			teaching, found = d.Detect(u.text)
			shortest = min(shortest, time.Since(began))
		}
		took = append(took, float64(shortest)/float64(time.Millisecond))
		got := noTeaching
		if found {
			got = string(teaching.Kind)
		}
		scores[u.label].there++
		scores[got].found++
		if got == u.label {
			scores[got].right++
		} else {
			r.missed = append(r.missed, missedUtterance{u.text, u.label, got})
		}
	}
	for _, s := range scores {
		s.Precision, s.Recall = share(s.right, s.found), share(s.right, s.there)
	}
	slices.Sort(took)
	r.p50, r.P99 = round(took[(len(took)-1)/2], 4), round(took[(len(took)*99+99)/100-1], 4)
	return r, nil
}

// share is part of whole; all of nothing is 1.
func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// table writes the report for people; missed lists what was told wrongly, too.
func (r TeachingReport) table(w io.Writer, missed bool) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "label\tutterances\tprecision\trecall")
	for _, row := range []struct {
		label string
		score LabelScore
	}{{string(engine.TeachLesson), r.Lesson}, {string(engine.TeachFact), r.Fact}, {noTeaching, r.None}} {
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%.3f\n", row.label, row.score.there, row.score.Precision, row.score.Recall)
	}
	if missed {
		fmt.Fprintln(t)
		for _, m := range r.missed {
			fmt.Fprintf(t, "%s\tnot %s:\t%s\n", m.label, m.got, m.text)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\ntime per utterance %.3f ms (p50), %.3f ms (p99)\n", r.p50, r.P99)
	return err
}
