package bench

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"

	"parley/engine/turn"
)

// TurnsReport is what the benchmark of turn-taking found.
type TurnsReport struct {
	Patience turn.Patience `json:"patience"` // that of the next three: the default one if it was measured
	CutOff   float64       `json:"cut_off"`  // share of the turns that were judged over before they were
	Delay    Percentiles   `json:"delay_ms"` // real end → judged over; of the others
	NotEnded int           `json:"not_ended"`

	Patiences []PatienceReport `json:"patiences"`
}

// PatienceReport is what was found with one patience.
type PatienceReport struct {
	Patience turn.Patience `json:"patience"`
	CutOff   float64       `json:"cut_off"`
	Delay    Percentiles   `json:"delay_ms"`
	NotEnded int           `json:"not_ended"`
	Turns    []ClipReport  `json:"turns"`
}

// sumClips makes the totals of one patience.
func sumClips(patience turn.Patience, clips []ClipReport) PatienceReport {
	r := PatienceReport{Patience: patience, Turns: clips}
	cut := 0
	var delays []float64
	for _, c := range clips {
		switch {
		case c.CutOff:
			cut++
		case c.Ended:
			delays = append(delays, c.Delay)
		default:
			r.NotEnded++
		}
	}
	r.CutOff = round(float64(cut)/float64(max(1, len(clips))), 4)
	of := tail(delays)
	r.Delay = Percentiles{P50: of.P50, P95: of.P95}
	return r
}

// sum chooses the totals that stand for the whole.
func (r *TurnsReport) sum() {
	i := max(0, slices.IndexFunc(r.Patiences, func(p PatienceReport) bool { return p.Patience == turn.Balanced }))
	p := r.Patiences[i]
	r.Patience, r.CutOff, r.Delay, r.NotEnded = p.Patience, p.CutOff, p.Delay, p.NotEnded
}

// table writes the report for people: the trade-off, and who was cut off with the
// patience that stands for the whole.
func (r TurnsReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "patience\tturns\tcut off\tdelay p50\tp95\tnever over\t")
	for _, p := range r.Patiences {
		fmt.Fprintf(t, "%s\t%d\t%.1f %%\t%.0f ms\t%.0f ms\t%d\t\n", p.Patience, len(p.Turns), 100*p.CutOff, p.Delay.P50, p.Delay.P95, p.NotEnded)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, p := range r.Patiences {
		if p.Patience != r.Patience {
			continue
		}
		for _, c := range p.Turns {
			if c.CutOff {
				fmt.Fprintf(w, "%s cut off %.0f ms before its end, after %q\n", c.Name, c.Early, c.Heard)
			}
		}
	}
	return nil
}

// tally counts what is done and tells of every tenth and the last.
func tally(w io.Writer, what string, all int) func() {
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if done++; done%10 == 0 || done == all {
			fmt.Fprintf(w, "%s %d of %d\n", what, done, all)
		}
	}
}
