package audio

import (
	"math/rand/v2"
	"testing"
	"time"

	"parley/audio/pcm"
)

// TestSampleClockFollowsItsDevice runs a device whose callbacks are late by up
// to 5 ms and now and then by 50, whose quartz is off, and which once runs dry.
func TestSampleClockFollowsItsDevice(t *testing.T) {
	for name, ppm := range map[string]float64{"exact": 0, "fast": 100e-6, "slow": -100e-6} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			c := sampleClock{rate: pcm.Rate16k}
			start := time.Now()
			var dry time.Duration
			worst := time.Duration(0)
			for i := range 20000 { // 200 s
				if i == 10000 {
					dry = 25 * time.Millisecond
				}
				due := start.Add(time.Duration(float64(i)*1e7*(1-ppm)) + dry)
				late := time.Duration(rng.Float64() * 5e6)
				if rng.IntN(500) == 0 {
					late = 50 * time.Millisecond
				}
				got := c.mark(due.Add(late), int64(i*160))
				if i < 200 || i >= 10000 && i < 10065 {
					continue // still finding out
				}
				worst = max(worst, got.Sub(due).Abs())
			}
			if worst > 1500*time.Microsecond {
				t.Errorf("off by up to %v", worst)
			}
		})
	}
}

// fakePlay puts into a reference what a speaker plays, in blocks of 20 ms.
func fakePlay(p *tap, start time.Time, samples []int16, from, to int) {
	for i := from; i+480 <= to; i += 480 {
		p.offer(start.Add(pcm.Rate24k.Duration(i)), pcm.Rate24k, samples[i:i+480])
	}
}

func TestReferenceIsAlignedInTime(t *testing.T) {
	const seconds = 20
	played := make([]int16, 24000*seconds)
	for i := 0; i < len(played); i += 24000 / 4 { // a click every 250 ms
		played[i] = 20000
	}
	start := time.Now()
	r := reference{tap: newTap(time.Second)}
	moves, clicks := 0, 0
	frame := make([]int16, frameSamples)
	for i := range seconds*100 - 10 {
		fakePlay(r.tap, start, played, i*240, (i+1)*240)
		if i%2 == 1 {
			fakePlay(r.tap, start, played, (i-1)*240, (i+1)*240)
		}
		end := start.Add(time.Duration(i+1) * pcm.FrameTime)
		if i < 5 {
			continue
		}
		if r.frame(end, frame) {
			moves++
		}
		for j, s := range frame {
			if s < 5000 {
				continue
			}
			clicks++
			at := end.Add(-pcm.FrameTime - referenceMargin + pcm.Rate16k.Duration(j)).Sub(start)
			if off := (at+125*time.Millisecond)%(250*time.Millisecond) - 125*time.Millisecond; off.Abs() > time.Millisecond {
				t.Fatalf("a click is %v off", off)
			}
		}
	}
	if moves != 1 || clicks < seconds*4-4 {
		t.Errorf("aligned %d times, %d clicks", moves, clicks)
	}
}

func TestReferenceAbsorbsDrift(t *testing.T) {
	const seconds = 120
	start := time.Now()
	r := reference{tap: newTap(time.Second)}
	frame := make([]int16, frameSamples)
	block := make([]int16, 240)
	moves := 0
	for i := range seconds * 100 {
		// The speaker's quartz is slow by 80 ppm.
		at := start.Add(time.Duration(float64(i) * 1e7 * (1 + 80e-6)))
		r.tap.offer(at, pcm.Rate24k, block)
		end := start.Add(time.Duration(i) * pcm.FrameTime)
		if r.frame(end, frame) {
			moves++
		}
		off := r.end - r.endAt.Sub(end.Add(-referenceMargin)).Seconds()*16000 - r.position
		if bound := map[bool]float64{true: 16, false: 6}[i < 9000]; off > bound || off < -bound {
			t.Fatalf("after %d frames the reference is %.1f samples off", i, off)
		}
	}
	if moves != 1 {
		t.Errorf("aligned %d times", moves)
	}
}

func TestReferenceIsSilentWithoutASpeaker(t *testing.T) {
	r := reference{tap: newTap(time.Second)}
	frame := make([]int16, frameSamples)
	frame[3] = 7
	if r.frame(time.Now(), frame) || pcm.Level(frame) != pcm.Silence {
		t.Error("something is heard of no speaker")
	}
	loud := make([]int16, 2400)
	for i := range loud {
		loud[i] = 9000
	}
	start := time.Now()
	r.tap.offer(start, pcm.Rate24k, loud)
	if !r.frame(start.Add(60*time.Millisecond), frame) || pcm.Level(frame) < -30 {
		t.Error("the speaker is not heard")
	}
	if r.frame(start.Add(10*time.Second), frame); pcm.Level(frame) != pcm.Silence {
		t.Error("a speaker that has stopped is heard")
	}
}
