package bench

import "fmt"

// peer is how long another needs to judge a turn over where it cuts off one in
// twenty (eot-bench; ../shared/design/voice.md).
type peer struct {
	name  string
	delay float64 // ms
}

var peers = []peer{{"LiveKit cloud", 543}, {"Smart Turn", 1051}, {"silence alone", 1600}}

// peerCutOff is the share at which the peers' delays were measured.
const peerCutOff = 0.05

// cutOffGoal is the share that is wanted at the default patience.
const cutOffGoal = 0.05

// chart draws cut-offs against delay: a point for each patience, with a line to
// its 95th percentile.
func (r TurnsReport) chart() string {
	c := newChart(chartWidth, 480, "Cutting off, against waiting", fmt.Sprintf(
		"With %s patience %.1f %% of the turns are cut off, and the others wait %.0f ms (p50), %.0f ms (p95).",
		r.Patience, 100*r.CutOff, r.Delay.P50, r.Delay.P95))
	const top, bottom = 60.0, 370.0
	slowest, worst := 1.1*peers[len(peers)-1].delay, 100*cutOffGoal*2
	for _, p := range r.Patiences {
		slowest, worst = max(slowest, p.Delay.P95), max(worst, 100*p.CutOff)
	}
	delay, share := newScale(slowest, chartLeft, chartRight), newScale(worst, bottom, top)
	c.up(share, chartLeft, chartRight, "turns cut off, %")
	c.across(delay, top, bottom, "real end of the turn → judged over, ms (point: p50; line: to p95)")
	y := share.at(100 * cutOffGoal)
	c.line(chartLeft, y, chartRight, y, "goal")
	c.text(chartRight, y-6, "ink", "end", fmt.Sprintf("goal %.0f %%", 100*cutOffGoal))
	const others, own = "#888888", "#4c78a8"
	for _, p := range peers {
		x, y := delay.at(p.delay), share.at(100*peerCutOff)
		c.dot(x, y, 5, others)
		c.text(x, y+20, "faint", "middle", p.name)
	}
	for i, p := range r.Patiences {
		x, y := delay.at(p.Delay.P50), share.at(100*p.CutOff)
		if i > 0 {
			last := r.Patiences[i-1]
			c.line(delay.at(last.Delay.P50), share.at(100*last.CutOff), x, y, "axis")
		}
		c.stroke(x, y, delay.at(p.Delay.P95), y, own)
		c.dot(x, y, 6, own)
		c.text(x+8, y-8, "ink", "start", fmt.Sprintf("%s: %.1f %%, %.0f ms", p.Patience, 100*p.CutOff, p.Delay.P50))
	}
	turns := 0
	if len(r.Patiences) > 0 {
		turns = len(r.Patiences[0].Turns)
	}
	c.text(20, 440, "faint", "start", fmt.Sprintf("%d turns with pauses. Grey: others' delay at 5 %% cut-offs on their own recordings (eot-bench): for orientation.", turns))
	c.text(20, 460, "faint", "start", "Made by parley bench turns --patience all.")
	return c.String()
}
