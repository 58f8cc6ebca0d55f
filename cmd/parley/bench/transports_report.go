package bench

import (
	"fmt"
	"io"
	"text/tabwriter"

	"parley/engine/remote"
)

// TransportsReport is what the benchmark of the ways found. Times are in milliseconds.
type TransportsReport struct {
	Turns   int         `json:"turns"` // over each way
	DelayMS float64     `json:"delay_ms"`
	Ways    []WayReport `json:"ways"` // the embedded engine first

	// Resumed is from the network's return to the answer's first sample, where it was
	// away for a second from the end of the question on, over WebSocket.
	Resumed Tail `json:"resumed_ms"`
	Cuts    int  `json:"cuts"`
	Lost    int  `json:"lost"` // of these, without an answer

	InReply int `json:"cuts_in_reply"`    // while a reply was being spoken
	Whole   int `json:"heard_to_the_end"` // of these

	resumed []float64
}

// WayReport is one way.
type WayReport struct {
	Way          string `json:"way"`
	VoiceToVoice Tail   `json:"voice_to_voice_ms"`
	// Added is voice to voice less that of the embedded engine to the same question,
	// asked within the same minute.
	Added      Tail `json:"added_ms"`
	Unanswered int  `json:"unanswered"`
	// Silent is from the first sample of "stop", said over a reply, to the loudspeaker
	// being silenced.
	Silent        Tail `json:"silent_ms"`
	Interruptions int  `json:"interruptions"` // that silenced the reply

	voiceToVoice []float64 // of each turn; -1: unanswered
	silent       []float64
}

// sum makes the totals.
func (r *TransportsReport) sum() {
	base := r.Ways[0].voiceToVoice
	for i := range r.Ways {
		w := &r.Ways[i]
		var times, added []float64
		for n, v := range w.voiceToVoice {
			if v < 0 {
				continue
			}
			times = append(times, v)
			if base[n] >= 0 {
				added = append(added, v-base[n])
			}
		}
		w.VoiceToVoice, w.Added = tail(times), tail(added)
		w.Silent, w.Interruptions = tail(w.silent), len(w.silent)
	}
	r.Resumed, r.Cuts = tail(r.resumed), len(r.resumed)+r.Lost
}

// Goals of a way on the loopback, for p95, in ms.
var addedGoals = map[string]float64{remote.WebSocket: 20, remote.Duplex: 60, remote.Stream: 60, remote.REST: 150}

// table writes the report for people.
func (r TransportsReport) table(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "ms, %.0f one way\tvoice to voice p50\tp95\tadded p50\tp95\tgoal\tunanswered\tstop → silent p50\tp95\tN\t\n", r.DelayMS)
	for _, w := range r.Ways {
		goal := ""
		if g, ok := addedGoals[w.Way]; ok && r.DelayMS == 0 {
			goal = fmt.Sprintf("%.0f", g)
		}
		fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t%d of %d\t%.0f\t%.0f\t%d\t\n", w.Way, w.VoiceToVoice.P50, w.VoiceToVoice.P95,
			w.Added.P50, w.Added.P95, goal, w.Unanswered, r.Turns, w.Silent.P50, w.Silent.P95, w.Interruptions)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nnetwork away for a second at the end of a question, WebSocket: heard %.0f ms (p50), %.0f ms (p95) after its return (goal 500); %d of %d unanswered\n"+
		"network away for a second in mid-reply: %d of %d replies were heard to their end\n",
		r.Resumed.P50, r.Resumed.P95, r.Lost, r.Cuts, r.Whole, r.InReply)
	return err
}

// chart draws what each way adds.
func (r TransportsReport) chart() string {
	const top, row = 60.0, 44.0
	bottom := top + row*float64(len(r.Ways))
	c := newChart(chartWidth, int(bottom)+90, "What each way to a backend takes", fmt.Sprintf(
		"Voice to voice over each way, %d turns each, %.0f ms one-way delay.", r.Turns, r.DelayMS))
	most := 100.0
	for _, w := range r.Ways {
		most = max(most, w.VoiceToVoice.P95)
	}
	time := newScale(1.1*most, chartLeft, chartRight)
	c.across(time, top, bottom, "voice to voice, ms (point: p50; line: to p95)")
	for i, w := range r.Ways {
		y := top + row*(float64(i)+0.5)
		colour := seriesColours[i%len(seriesColours)]
		c.text(chartLeft-8, y+4, "ink", "end", w.Way)
		c.stroke(time.at(w.VoiceToVoice.P50), y, time.at(w.VoiceToVoice.P95), y, colour)
		c.dot(time.at(w.VoiceToVoice.P50), y, 6, colour)
		if w.Way != locally {
			c.text(time.at(w.VoiceToVoice.P95)+8, y+4, "faint", "start", fmt.Sprintf("adds %.0f (p50), %.0f (p95)", w.Added.P50, w.Added.P95))
		}
	}
	c.text(20, bottom+80, "faint", "start", "Made by parley bench transports.")
	return c.String()
}
