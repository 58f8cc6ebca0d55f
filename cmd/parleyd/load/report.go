package load

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// report is what was measured. Times are in ms.
type report struct {
	Sessions      int     `json:"sessions"`
	Cut           int     `json:"sessions_cut"` // that ended before their time
	Why           string  `json:"cut_because,omitempty"`
	Seconds       float64 `json:"seconds"`
	Frames        int     `json:"frames"`
	FrameDelay    spread  `json:"frame_delay_ms"`      // from a frame's sending until the session's answer to what follows it
	Answers       int     `json:"answers"`             // replies of which sound came
	Answer        spread  `json:"answer_ms"`           // from the end of speech to the answer's first sound, turn-taking included
	Errors        int     `json:"errors"`              // that the server told of
	Wrong         string  `json:"error,omitempty"`     // one of them
	GeneratorLate spread  `json:"generator_late_ms"`   // how late this program was: over a few ms the machine is too small for both
	Server        *needed `json:"server,omitempty"`    // by its own metrics
	Unanswered    int     `json:"unanswered_probes"`   // in flight at the end, or lost
	PerIdle       float64 `json:"kb_per_idle_session"` // 0: not known
}

// needed is what the server needed.
type needed struct {
	ResidentBefore float64 `json:"resident_before_mb"`
	ResidentIdle   float64 `json:"resident_idle_mb"`
	ResidentAfter  float64 `json:"resident_after_mb"`
	Cores          float64 `json:"cores"`             // CPU time by time
	PerCore        float64 `json:"sessions_per_core"` // seconds of sound by seconds of CPU time
}

// spread is of many times.
type spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func spreadOf(all []time.Duration) spread {
	if len(all) == 0 {
		return spread{}
	}
	slices.Sort(all)
	at := func(p float64) float64 {
		return float64(all[min(int(p*float64(len(all))), len(all)-1)]) / float64(time.Millisecond)
	}
	return spread{at(.5), at(.99), at(1)}
}

const mega = 1 << 20

func newReport(clients []*client, took time.Duration, before, idle, after *sample) report {
	r := report{Sessions: len(clients), Seconds: took.Seconds()}
	var delays, answers, late []time.Duration
	for _, c := range clients {
		c.mu.Lock()
		r.Frames += c.frames
		r.Errors += c.errors
		r.Unanswered += len(c.probes)
		if c.wrong != "" {
			r.Wrong = c.wrong
		}
		if c.failure != nil {
			r.Cut++
			r.Why = c.failure.Error()
		}
		delays, answers, late = append(delays, c.delays...), append(answers, c.answers...), append(late, c.late...)
		c.mu.Unlock()
	}
	r.Answers = len(answers)
	r.FrameDelay, r.Answer, r.GeneratorLate = spreadOf(delays), spreadOf(answers), spreadOf(late)
	if before == nil || idle == nil || after == nil {
		return r
	}
	r.Server = &needed{before.resident / mega, idle.resident / mega, after.resident / mega, (after.cpu - idle.cpu) / took.Seconds(), 0}
	if spent := after.cpu - idle.cpu; spent > 0 {
		// Sound carried by CPU time spent: what else the machine does makes no difference.
		r.Server.PerCore = float64(r.Frames) * frameTime.Seconds() / spent
	}
	r.PerIdle = max(0, idle.resident-before.resident) / 1024 / float64(len(clients))
	return r
}

// write is the report as a table.
func (r report) write(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name string, s spread) {
		fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.1f\n", name, s.P50, s.P99, s.Max)
	}
	fmt.Fprintf(t, "%d sessions for %.0f s: %d frames, %d answers, %d cut off, %d errors\n", r.Sessions, r.Seconds, r.Frames, r.Answers, r.Cut, r.Errors)
	if r.Why != "" {
		fmt.Fprintf(t, "cut off because: %s\n", r.Why)
	}
	if r.Wrong != "" {
		fmt.Fprintf(t, "an error: %s\n", r.Wrong)
	}
	fmt.Fprintf(t, "ms\tp50\tp99\tmost\n")
	line("frame delay", r.FrameDelay)
	line("speech to sound", r.Answer)
	line("(this program late)", r.GeneratorLate)
	if s := r.Server; s != nil {
		fmt.Fprintf(t, "server: %.2f cores (%.0f sessions a core), %.0f MB before, %.0f MB idle (%.0f KB a session), %.0f MB after\n",
			s.Cores, s.PerCore, s.ResidentBefore, s.ResidentIdle, r.PerIdle, s.ResidentAfter)
	}
	return t.Flush()
}
