package bench

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"text/tabwriter"
)

// Tail is a distribution's percentiles, in milliseconds.
type Tail struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// LatencyReport is what the benchmark of a conversation found. Times are in
// milliseconds, and measured on the recording where nothing else is said.
type LatencyReport struct {
	VoiceToVoice  Tail `json:"voice_to_voice_ms"`   // user's last audible sample → answer's first
	BargeInDucked Tail `json:"barge_in_ducked_ms"`  // user's first audible sample → reply softer by 6 dB, to stay so
	BargeInSilent Tail `json:"barge_in_silent_ms"`  // … → reply's last audible sample
	Answered      int  `json:"answered"`            // of the turns; the percentiles are of these
	TooEarly      int  `json:"too_early"`           // of the turns: the answer began before the user had finished
	Unanswered    int  `json:"unanswered"`          // of the turns
	NotHeard      int  `json:"barge_ins_not_heard"` // of the interruptions

	Parts     []Part    `json:"parts"` // where the time went, by the program's clock
	SelfCheck SelfCheck `json:"self_check"`

	FalseInterruptions FalseInterruptions `json:"false_interruptions"`
	GapsElsewhere      int                `json:"gaps_elsewhere"` // in the same replies, when there was no such sound

	Turns         []TurnReport         `json:"turns"`
	BargeIns      []BargeInReport      `json:"barge_ins"`
	Interferences []InterferenceReport `json:"interferences"`
}

// Part is one stage's share of voice-to-voice.
type Part struct {
	Name string `json:"name"`
	Tail
	Mean float64 `json:"mean"`
	Slow float64 `json:"slow"` // mean over the slowest tenth of the turns
}

// SelfCheck compares the recording with what the program reports of itself:
// recorded minus reported voice-to-voice.
type SelfCheck struct {
	MedianMS float64 `json:"median_ms"`
	P95MS    float64 `json:"p95_ms"`       // of the difference's amount
	UserMS   float64 `json:"user_side_ms"` // median of its part before the turn was judged over: capture, and how softly a voice ends
	Agrees   bool    `json:"agrees"`       // the median is within selfCheckLimit
}

// selfCheckLimit is how far the two may be apart, in milliseconds.
const selfCheckLimit = 30

// FalseInterruptions are shares of the sounds that ought not to stop a reply.
type FalseInterruptions struct {
	Made    int     `json:"made"`
	Stopped float64 `json:"stopped"` // of those made
	Whole   float64 `json:"whole"`   // of those that stopped nothing: no word lost, no new gap
}

// tail is the percentiles of values, nearest rank.
func tail(values []float64) Tail {
	if len(values) == 0 {
		return Tail{}
	}
	return Tail{rank(values, 50), rank(values, 95), rank(values, 99)}
}

// rank is the p-th percentile of values: the least that at least p percent of
// them do not exceed.
func rank(values []float64, p int) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return round(sorted[max(0, (len(sorted)*p+99)/100-1)], 1)
}

// order is that of the known parts; others come behind.
var order = []string{"endpoint", "stt", "ttft", "ttfb", "playout"}

// sum makes the totals of what was measured.
func (r *LatencyReport) sum() {
	var recorded, differences, amounts, sides, ducked, silent []float64
	var timed []TurnReport
	for _, t := range r.Turns {
		switch t.Outcome {
		case answered:
			recorded = append(recorded, t.Recorded)
			differences = append(differences, t.Recorded-t.Reported)
			amounts = append(amounts, math.Abs(t.Recorded-t.Reported))
			sides = append(sides, t.UserSide)
			timed = append(timed, t)
		case tooEarly:
			r.TooEarly++
		default:
			r.Unanswered++
		}
	}
	r.Answered = len(timed)
	r.VoiceToVoice = tail(recorded)
	if len(timed) > 0 {
		r.SelfCheck = SelfCheck{MedianMS: rank(differences, 50), P95MS: rank(amounts, 95), UserMS: rank(sides, 50)}
		r.SelfCheck.Agrees = math.Abs(r.SelfCheck.MedianMS) <= selfCheckLimit
	}
	r.Parts = parts(timed)
	for _, b := range r.BargeIns {
		if !b.Heard {
			r.NotHeard++
			continue
		}
		ducked, silent = append(ducked, b.Ducked), append(silent, b.Silent)
	}
	r.BargeInDucked, r.BargeInSilent = tail(ducked), tail(silent)
	r.FalseInterruptions = shares(r.Interferences)
}

// shares counts what interferences did.
func shares(list []InterferenceReport) FalseInterruptions {
	f := FalseInterruptions{Made: len(list)}
	stopped, whole := 0, 0
	for _, x := range list {
		if x.Stopped {
			stopped++
		} else if x.Whole {
			whole++
		}
	}
	f.Stopped = round(float64(stopped)/float64(max(1, len(list))), 4)
	f.Whole = round(float64(whole)/float64(max(1, len(list)-stopped)), 4)
	return f
}

// parts says where the time of turns went. What the program does not account for
// is "unaccounted": recorded minus the sum of the parts.
func parts(turns []TurnReport) []Part {
	if len(turns) == 0 {
		return nil
	}
	slow := slices.SortedFunc(slices.Values(turns), func(a, b TurnReport) int { return int(b.Recorded - a.Recorded) })
	slow = slow[:(len(slow)+9)/10]
	names := slices.Clone(order)
	for _, t := range turns {
		for _, name := range slices.Sorted(maps.Keys(t.Parts)) {
			if !slices.Contains(names, name) && name != "total" {
				names = append(names, name)
			}
		}
	}
	const rest = "unaccounted"
	value := func(t TurnReport, name string) float64 {
		if name != rest {
			return t.Parts[name]
		}
		left := t.Recorded
		for _, n := range names {
			left -= t.Parts[n]
		}
		return left
	}
	mean := func(of []TurnReport, name string) float64 {
		sum := 0.0
		for _, t := range of {
			sum += value(t, name)
		}
		return round(sum/float64(len(of)), 1)
	}
	var list []Part
	for _, name := range append(slices.Clone(names), rest) {
		var values []float64
		for _, t := range turns {
			values = append(values, value(t, name))
		}
		list = append(list, Part{Name: name, Tail: tail(values), Mean: mean(turns, name), Slow: mean(slow, name)})
	}
	return list
}

// table writes the report for people.
func (r LatencyReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, v Tail, n int, more string) {
		fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.0f\t%d\t  %s\n", name, v.P50, v.P95, v.P99, n, more)
	}
	fmt.Fprintln(t, "ms\tp50\tp95\tp99\tN\t")
	row("voice to voice", r.VoiceToVoice, r.Answered, fmt.Sprintf("%d answered too early, %d unanswered", r.TooEarly, r.Unanswered))
	for _, p := range r.Parts {
		row("of it "+p.Name, p.Tail, r.Answered, "")
	}
	yielded := len(r.BargeIns) - r.NotHeard
	row("interrupted → ducked", r.BargeInDucked, yielded, fmt.Sprintf("%d not heard", r.NotHeard))
	row("interrupted → silent", r.BargeInSilent, yielded, "")
	if err := t.Flush(); err != nil {
		return err
	}
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\nno interruption\tN\tstopped the reply\twent on whole\t")
	for _, kind := range []string{"cough", "click", "backchannel", "all"} {
		of := r.Interferences
		if kind != "all" {
			of = slices.DeleteFunc(slices.Clone(of), func(x InterferenceReport) bool { return x.Kind != kind })
		}
		s := shares(of)
		fmt.Fprintf(t, "%s\t%d\t%.0f %%\t%.0f %%\t\n", kind, s.Made, 100*s.Stopped, 100*s.Whole)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	verdict := "they agree"
	if !r.SelfCheck.Agrees {
		verdict = fmt.Sprintf("THEY DISAGREE by more than %d ms", selfCheckLimit)
	}
	fmt.Fprintf(w, "%d gaps in the same replies when no such sound was near\n", r.GapsElsewhere)
	_, err := fmt.Fprintf(w, "\nself-check: recorded − reported voice to voice: median %.0f ms (%.0f of it before the turn was judged over), p95 of the amount %.0f ms; %s\n",
		r.SelfCheck.MedianMS, r.SelfCheck.UserMS, r.SelfCheck.P95MS, verdict)
	return err
}
