package e2e

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"parley/audio/audiotest"
	"parley/engine/settings"
)

var pictures = flag.String("pictures", "", "the folder that gets the README's pictures; default: none does")

// A lesson opens beside the conversation, and a question in it is answered by a
// click. `-pictures` makes the README's pictures of that, light and dark.
func TestPicturesOfALesson(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	h.set("window_width = 1100\nwindow_height = 720\n")
	d := newDesk(t, h, server)
	d.ask("teach me about photosynthesis")
	d.until("spoken answer", d.speaks)
	d.until("lesson that is written", func() bool { return d.screen.count(paperLight, d.lesson()) > 500 })
	d.until("end of the answer", func() bool { return !d.speaks() && d.listens() })
	d.ask("what is chlorophyll")
	d.until("spoken answer", d.speaks)
	d.until("end of the answer", func() bool { return !d.speaks() && d.listens() })

	r := d.lesson()
	d.pointAt(image.Pt(r.Min.X+r.Dx()/2, r.Min.Y+r.Dy()/2))
	d.until("question with four answers", func() bool {
		if len(d.options()) >= 4 {
			return true
		}
		d.xdotool("click", "5") // the wheel
		return false
	})
	d.shot("desk-15-question")
	for open := d.options(); d.judged(accentSoft) < 3000 && len(open) > 0; open = d.options() {
		wrong := d.judged(attentionSoft)
		d.pointAt(open[len(open)-1])
		d.xdotool("click", "1")
		d.until("judgement", func() bool { return d.judged(accentSoft) > 3000 || d.judged(attentionSoft) > wrong+3000 })
	}
	if d.judged(accentSoft) < 3000 {
		t.Error("no answer is right")
	}
	d.xdotool("mousemove", "0", "0")
	d.ask("what is oxygen")
	d.until("spoken answer", d.speaks)
	d.portrait("window-light")
	d.until("end of the answer", func() bool { return !d.speaks() && d.listens() })

	d.press("ctrl+comma")
	d.press(slices.Repeat([]string{"Tab"}, 7)...)
	d.press("Return", "Tab", "Right", "Escape") // the colours, after light
	d.until("the dark theme", func() bool { return h.settings().Theme == settings.Dark && d.screen.count(paperDark, d.area()) > 10000 })
	d.ask("what is gravity")
	d.until("spoken answer", func() bool { return d.screen.count(spokenWordDark, d.area()) > 60 })
	d.portrait("window-dark")
	d.press("ctrl+q")
	d.end("Ctrl+Q")
}

// lesson is where the lesson's panel is, at the right of the window.
func (d desk) lesson() image.Rectangle {
	r := d.area()
	return image.Rect(r.Max.X-300, r.Min.Y, r.Max.X, r.Max.Y)
}

// judged is how many pixels of the questions, without the lesson's head, say that an
// answer is right or wrong.
func (d desk) judged(c color.NRGBA) int {
	r := d.lesson()
	r.Min.Y += 100
	return d.screen.count(c, r)
}

// options are the answers in sight that have not been chosen: white on a card of
// the colour of paper, seen down a line at their right where there are no words.
func (d desk) options() []image.Point {
	r := d.lesson()
	x := r.Max.X - 42
	var found []image.Point
	column := slices.Collect(slices.Chunk(d.screen.picture(image.Rect(x, r.Min.Y, x+1, r.Max.Y)), 4))
	is := func(y int, c color.NRGBA) bool {
		return y >= 0 && y < len(column) && bytes.Equal(column[y][:3], []byte{c.B, c.G, c.R})
	}
	const edge = 4 // the line around an answer, and its softened edge
	for y := 0; y < len(column); y++ {
		from := y
		for is(y, cardLight) {
			y++
		}
		if y-from > 20 && is(from-edge, paperLight) && is(y+edge, paperLight) {
			found = append(found, image.Pt(x, r.Min.Y+(from+y)/2))
		}
	}
	return found
}

// pointAt moves the mouse.
func (d desk) pointAt(p image.Point) {
	d.t.Helper()
	d.xdotool("mousemove", "--sync", strconv.Itoa(p.X), strconv.Itoa(p.Y))
}

// portrait takes a picture of the window alone.
func (d desk) portrait(name string) {
	d.t.Helper()
	dir := *pictures
	if dir == "" {
		dir = *shots
	}
	if dir == "" {
		dir = d.t.TempDir()
	}
	cmd := tool(d.t, "import", "imagemagick", "-window", d.id, "-strip", filepath.Join(dir, name+".png"))
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("import: %v: %s", err, out)
	}
}
