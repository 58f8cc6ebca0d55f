package bench

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math"
	"os"
	"strings"
)

// chart is an SVG drawing being made. It is readable on light and on dark
// ground: it brings its own, by the reader's preference.
type chart struct{ b strings.Builder }

// The colours of series, distinct on either ground and to most colour-blind eyes.
var seriesColours = []string{"#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#9d755d", "#72b7b2", "#888888"}

const chartStyle = `<style>
.ground{fill:#fff}.ink{fill:#1f2328}.faint{fill:#59636e}.grid{stroke:#d1d9e0;stroke-width:1}.axis{stroke:#59636e;stroke-width:1}
.goal{stroke:#1f2328;stroke-width:1.5;stroke-dasharray:5 4}
text{font:12px system-ui,sans-serif}.title{font:600 15px system-ui,sans-serif}
@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.ink{fill:#e6edf3}.faint{fill:#9198a1}.grid{stroke:#30363d}.axis{stroke:#9198a1}.goal{stroke:#e6edf3}}
</style>
`

// newChart begins a drawing; what it shows is said for those who cannot see it.
func newChart(width, height int, title, shows string) *chart {
	c := &chart{}
	fmt.Fprintf(&c.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%d" role="img" aria-label="%s">`+"\n",
		width, height, html.EscapeString(title))
	fmt.Fprintf(&c.b, "<title>%s</title>\n<desc>%s</desc>\n", html.EscapeString(title), html.EscapeString(shows))
	c.b.WriteString(chartStyle)
	fmt.Fprintf(&c.b, `<rect class="ground" width="%d" height="%d"/>`+"\n", width, height)
	c.text(20, 26, "title ink", "start", title)
	return c
}

// text writes, with its anchor (start, middle, end) at x and its baseline at y.
func (c *chart) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(&c.b, `<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`+"\n", x, y, class, anchor, html.EscapeString(s))
}

func (c *chart) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`+"\n", x1, y1, x2, y2, class)
}

// stroke is a line in a series' colour.
func (c *chart) stroke(x1, y1, x2, y2 float64, colour string) {
	fmt.Fprintf(&c.b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="2"/>`+"\n", x1, y1, x2, y2, colour)
}

func (c *chart) box(x, y, width, height float64, colour string) {
	fmt.Fprintf(&c.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, max(0, width), max(0, height), colour)
}

func (c *chart) dot(x, y, radius float64, colour string) {
	fmt.Fprintf(&c.b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s" fill-opacity="0.85"/>`+"\n", x, y, radius, colour)
}

// String ends the drawing.
func (c *chart) String() string { return c.b.String() + "</svg>\n" }

// scale maps values from 0 to a round most onto a length from begin to end.
type scale struct{ most, step, begin, end float64 }

// newScale makes one that reaches most in four to eight round steps.
func newScale(most, begin, end float64) scale {
	most = max(most, 1e-9)
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	step := unit
	for _, part := range []float64{0.2, 0.25, 0.5, 1, 2} {
		if step = unit * part; most/step <= 8 {
			break
		}
	}
	return scale{most: math.Ceil(most/step) * step, step: step, begin: begin, end: end}
}

// at is where a value lies; what is off the scale lies at its ends.
func (s scale) at(v float64) float64 {
	return s.begin + (s.end-s.begin)*max(0, min(1, v/s.most))
}

// marks are the values that are labelled.
func (s scale) marks() []float64 {
	var list []float64
	for i := 0; float64(i)*s.step <= s.most+s.step/2; i++ {
		list = append(list, float64(i)*s.step)
	}
	return list
}

// across draws a horizontal axis below a panel from top to bottom.
func (c *chart) across(s scale, top, bottom float64, label string) {
	for _, v := range s.marks() {
		c.line(s.at(v), top, s.at(v), bottom, "grid")
		c.text(s.at(v), bottom+16, "faint", "middle", fmt.Sprintf("%g", round(v, 3)))
	}
	c.line(s.begin, bottom, s.end, bottom, "axis")
	c.text((s.begin+s.end)/2, bottom+34, "ink", "middle", label)
}

// up draws a vertical axis on the left of a panel from left to right.
func (c *chart) up(s scale, left, right float64, label string) {
	for _, v := range s.marks() {
		c.line(left, s.at(v), right, s.at(v), "grid")
		c.text(left-8, s.at(v)+4, "faint", "end", fmt.Sprintf("%g", round(v, 3)))
	}
	c.line(left, s.begin, left, s.end, "axis")
	x, y := left-42, (s.begin+s.end)/2
	fmt.Fprintf(&c.b, `<text x="%.1f" y="%.1f" class="ink" text-anchor="middle" transform="rotate(-90 %[1]f %[2]f)">%[3]s</text>`+"\n", x, y, html.EscapeString(label))
}

// legend names series in their colours, from x on, on one line.
func (c *chart) legend(x, y float64, names []string) {
	for i, name := range names {
		c.box(x, y-10, 12, 12, seriesColours[i%len(seriesColours)])
		c.text(x+17, y, "ink", "start", name)
		x += 34 + 7*float64(len(name))
	}
}

// report is what a benchmark found.
type report interface {
	table(out io.Writer) error // for people
	chart() string             // SVG
}

// tell writes a report to out, as JSON or for people, and its chart to the file svg,
// if there is to be one.
func tell(r report, asJSON bool, svg string, out io.Writer) error {
	if svg != "" {
		if err := os.WriteFile(svg, []byte(r.chart()), 0o644); err != nil {
			return err
		}
	}
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	return r.table(out)
}
