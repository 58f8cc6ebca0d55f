package bench

import (
	"fmt"
	"math"
)

// The goals that the chart shows, in milliseconds.
const (
	goalVoiceP50  = 300
	goalVoiceP95  = 700
	goalDuckedP95 = 100
	goalSilentP95 = 300
)

const (
	binMS = 50 // of the histogram

	chartWidth = 760
	chartLeft  = 80.0
	chartRight = 735.0
)

// chart draws the report: how long answers take, where the time goes, and how
// soon the reply yields.
func (r LatencyReport) chart() string {
	c := newChart(chartWidth, 650, "Voice to voice, and yielding to the user, on recordings", fmt.Sprintf(
		"Voice to voice p50 %.0f, p95 %.0f ms. Interrupted to ducked p95 %.0f, to silent p95 %.0f ms.",
		r.VoiceToVoice.P50, r.VoiceToVoice.P95, r.BargeInDucked.P95, r.BargeInSilent.P95))
	most := max(goalVoiceP95, r.VoiceToVoice.P99) + binMS
	for _, p := range []func(Part) float64{func(p Part) float64 { return p.Mean }, func(p Part) float64 { return p.Slow }} {
		sum := 0.0
		for _, part := range r.Parts {
			sum += max(0, p(part))
		}
		most = max(most, sum)
	}
	time := newScale(most, chartLeft, chartRight)
	r.histogram(c, time)
	r.where(c, time)
	r.yielding(c)
	return c.String()
}

// histogram is of the recorded voice-to-voice times.
func (r LatencyReport) histogram(c *chart, time scale) {
	const top, bottom = 60.0, 220.0
	bins := make([]int, int(time.most)/binMS+1)
	tallest := 1
	for _, t := range r.Turns {
		if t.Outcome != answered {
			continue
		}
		i := max(0, min(len(bins)-1, int(math.Floor(t.Recorded/binMS))))
		bins[i]++
		tallest = max(tallest, bins[i])
	}
	turns := newScale(float64(tallest), bottom, top)
	c.up(turns, chartLeft, chartRight, "turns")
	for i, n := range bins {
		if from := time.at(float64(i * binMS)); n > 0 {
			c.box(from+1, turns.at(float64(n)), time.at(float64((i+1)*binMS))-from-2, bottom-turns.at(float64(n)), seriesColours[0])
		}
	}
	c.across(time, top, bottom, fmt.Sprintf("user's last audible sample → answer's first, ms (p50 %.0f, p95 %.0f, p99 %.0f; %d turns)",
		r.VoiceToVoice.P50, r.VoiceToVoice.P95, r.VoiceToVoice.P99, r.Answered))
	c.goal(time, goalVoiceP50, top, bottom, "goal p50")
	c.goal(time, goalVoiceP95, top, bottom, "goal p95")
}

// goal marks a value that is wanted.
func (c *chart) goal(s scale, v, top, bottom float64, label string) {
	c.line(s.at(v), top-4, s.at(v), bottom, "goal")
	c.text(s.at(v)+4, top+8, "ink", "start", label)
}

// where is two bars: what the time is made of, all turns and the slowest.
func (r LatencyReport) where(c *chart, time scale) {
	const top, height, bottom = 310.0, 26.0, 385.0
	var names []string
	for _, p := range r.Parts {
		names = append(names, p.Name)
	}
	c.legend(chartLeft, 296, names)
	c.across(time, top, bottom, "where it goes: mean of all turns, and of the slowest tenth, ms")
	bar := func(label string, y float64, of func(Part) float64) {
		c.text(chartLeft-8, y+17, "ink", "end", label)
		x := 0.0
		for i, p := range r.Parts {
			if v := of(p); v > 0 {
				c.box(time.at(x), y, time.at(x+v)-time.at(x), height, seriesColours[i%len(seriesColours)])
				x += v
			}
		}
	}
	bar("all", top+6, func(p Part) float64 { return p.Mean })
	bar("slowest", top+40, func(p Part) float64 { return p.Slow })
}

// yielding is a dot for every interruption.
func (r LatencyReport) yielding(c *chart) {
	const top, bottom, duckedY, silentY = 470.0, 570.0, 495.0, 545.0
	time := newScale(max(goalSilentP95, r.BargeInSilent.P99)+20, chartLeft, chartRight)
	c.across(time, top, bottom, fmt.Sprintf("user's first audible sample → ms (ducked p95 %.0f, silent p95 %.0f; %d interruptions, %d not heard)",
		r.BargeInDucked.P95, r.BargeInSilent.P95, len(r.BargeIns), r.NotHeard))
	c.text(chartLeft-8, duckedY+4, "ink", "end", "ducked")
	c.text(chartLeft-8, silentY+4, "ink", "end", "silent")
	for _, b := range r.BargeIns {
		if b.Heard {
			c.dot(time.at(b.Ducked), duckedY, 4, seriesColours[1])
			c.dot(time.at(b.Silent), silentY, 4, seriesColours[0])
		}
	}
	c.goal(time, goalDuckedP95, top, (duckedY+silentY)/2, "goal p95")
	c.goal(time, goalSilentP95, (duckedY+silentY)/2, bottom, "goal p95")
	c.text(20, 636, "faint", "start", fmt.Sprintf("Of %d coughs, clicks and backchannels %.0f %% stopped the reply. Made by parley bench latency.",
		r.FalseInterruptions.Made, 100*r.FalseInterruptions.Stopped))
}
