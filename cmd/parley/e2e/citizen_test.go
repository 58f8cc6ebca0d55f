package e2e

import (
	"bytes"
	"image"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// The goals for the window's own work.
const (
	visibleGoal = .015 // of a core, idle
	hiddenGoal  = .005
	paintGoal   = 50 * time.Millisecond
)

// With a tray, closing the window hides it; its icon mutes, shows and quits, and a
// second start shows it as well. What the window then costs is measured.
func TestWindowInTheTray(t *testing.T) {
	t.Parallel()
	server, h, p := audiotest.StartServer(t), newHome(t), newTray(t)
	bus := "DBUS_SESSION_BUS_ADDRESS=" + p.bus
	d := newDesk(t, h, server, bus)
	icon := p.icon()

	visible := d.idle()
	paints := d.paints(10)
	t.Logf("measured: key to paint p50 %v, p95 %v (goal %v), N = %d",
		percentile(paints, .5).Round(time.Millisecond), percentile(paints, .95).Round(time.Millisecond), paintGoal, len(paints))
	p.choose(icon, "Mute")
	d.until("sign of being muted", d.warns)
	p.choose(icon, "Mute")
	d.until("the conversation", func() bool { return d.listens() && !d.warns() })

	shown := func() bool { return d.screen.count(cardLight, d.area()) > 5000 }
	d.press("alt+F4")
	d.until("hidden window", func() bool { return !shown() })
	t.Logf("measured: the window's thread idle, of a core: visible %.4f (goal %v), hidden %.4f (goal %v)", visible, visibleGoal, d.idle(), hiddenGoal)
	p.choose(icon, "Show Parley")
	d.until("window that the tray shows", shown)
	d.xdotool("windowfocus", "--sync", d.id)
	d.press("alt+F4")
	d.until("hidden window", func() bool { return !shown() })
	second := h.parley(append(server.Env(), "DISPLAY="+d.name, bus))
	if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("the second start: %v: %s", err, out)
	}
	d.until("window that the second start shows", shown)
	p.choose(icon, "Quit")
	d.end("Quit in the tray")
}

// idle is what the window's thread takes, of a core, while nothing happens.
func (d desk) idle() float64 {
	d.t.Helper()
	time.Sleep(time.Second)
	from, began := d.thread(), time.Now()
	time.Sleep(3 * time.Second)
	return float64(d.thread()-from) / float64(time.Since(began))
}

// thread is the time that the program's first thread, which is the window's, has
// been on a processor.
func (d desk) thread() time.Duration {
	d.t.Helper()
	thread, _ := computed(d.t, d.cmd.Process.Pid)
	return thread
}

// paints types and deletes a letter n times and measures from each key's press to
// the first pixel of the letter that has changed on the screen, which is read every
// half a millisecond.
func (d desk) paints(n int) []time.Duration {
	d.t.Helper()
	d.xdotool("type", "--delay", "50", "mm") // letters go to the entry
	time.Sleep(time.Second)
	row := d.area() // that of the entry, wherever the panels leave it
	row.Min.Y = d.foot().Min.Y
	with := d.screen.picture(row)
	d.screen.press(keyBackSpace)
	time.Sleep(time.Second)
	without := d.screen.picture(row)
	letter := difference(with, without, row)
	if letter.Dx() < 6 {
		d.t.Fatalf("a letter changes %v", letter)
	}
	letter.Min.X += letter.Dx() / 3 // without the cursor before and after it
	letter.Max.X = letter.Min.X + letter.Dx()/2
	var took []time.Duration
	for i := range 2 * n {
		before := d.screen.picture(letter)
		key := uint32('m')
		if i%2 == 1 {
			key = keyBackSpace
		}
		began := time.Now()
		d.screen.press(key)
		for bytes.Equal(d.screen.picture(letter), before) {
			if time.Since(began) > patience {
				d.t.Fatalf("no letter within %v", patience)
			}
			time.Sleep(time.Millisecond / 2)
		}
		took = append(took, time.Since(began))
		time.Sleep(200*time.Millisecond + time.Duration(i)*7*time.Millisecond)
	}
	d.screen.press(keyBackSpace)
	return took
}

// difference is where two pictures of a part of the screen differ.
func difference(a, b []byte, r image.Rectangle) image.Rectangle {
	var all image.Rectangle
	for i := 0; i < min(len(a), len(b)); i += 4 {
		if !bytes.Equal(a[i:i+3], b[i:i+3]) {
			p := r.Min.Add(image.Pt(i/4%r.Dx(), i/4/r.Dx()))
			all = all.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
		}
	}
	return all
}
