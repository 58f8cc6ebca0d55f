package audio

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/pcm"
)

func TestFileMicrophoneKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := NewFileMicrophone(tone(pcm.Rate16k, 440, 505*time.Millisecond), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		time.AfterFunc(100*time.Millisecond, m.Start)
		ended := make(chan time.Duration, 1)
		go func() {
			<-m.Ended()
			ended <- time.Since(began)
		}()
		n, loud, first := 0, 0, -1
		for h, err := range m.Frames(ctx) {
			if err != nil || len(h.Linear) != 160 || h.Clean != nil || !h.Settled {
				t.Fatalf("frame %d: %d samples, error %v", n, len(h.Linear), err)
			}
			n++
			if d := time.Since(began); d != time.Duration(n)*pcm.FrameTime {
				t.Fatalf("frame %d came after %v", n, d)
			}
			if pcm.Level(h.Linear) > -60 {
				loud++
				if first < 0 {
					first = n
				}
			}
		}
		if n != 199 && n != 200 {
			t.Errorf("%d frames in 2 s", n)
		}
		if loud != 51 || first < 10 || first > 12 {
			t.Errorf("%d frames of sound, the first after %d", loud, first)
		}
		if want := time.Duration(first+50) * pcm.FrameTime; <-ended != want {
			t.Errorf("it did not end after %v", want)
		}
	})
}

func TestFileMicrophoneTakesAnyRate(t *testing.T) {
	m, err := NewFileMicrophone(tone(44100, 440, time.Second), nil)
	if err != nil || len(m.samples) != 16000 {
		t.Errorf("%d samples, error %v", len(m.samples), err)
	}
	if _, err := NewFileMicrophone(pcm.Frame{Rate: 3}, nil); err == nil {
		t.Error("3 Hz was taken")
	}
}

func TestSilentMicrophone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second+time.Millisecond)
		defer cancel()
		n := 0
		for h, err := range (SilentMicrophone{}).Frames(ctx) {
			if err != nil || pcm.Level(h.Linear) != pcm.Silence {
				t.Fatal("not silent")
			}
			n++
		}
		if n != 100 {
			t.Errorf("%d frames in a second", n)
		}
	})
}

func TestNullSpeakerIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewNullSpeaker(nil)
		began := time.Now()
		for range 10 {
			if err := s.Play(t.Context(), tone(pcm.Rate24k, 440, 100*time.Millisecond)); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d != 700*time.Millisecond {
			t.Errorf("Play of a second returned after %v; its lead is 300 ms", d)
		}
		if p := s.Played(); p != 700*time.Millisecond {
			t.Errorf("played %v", p)
		}
		if s.Level() < -20 {
			t.Errorf("level %v", s.Level())
		}
		if err := s.Drain(t.Context()); err != nil || time.Since(began) != time.Second {
			t.Errorf("drained after %v, error %v", time.Since(began), err)
		}
		time.Sleep(time.Hour)
		if p := s.Played(); p != time.Second || s.Level() != pcm.Silence {
			t.Errorf("played %v at %v dBFS", p, s.Level())
		}
		if p := s.Flush(); p != time.Second || s.Played() != 0 {
			t.Errorf("flush returned %v and left %v", p, s.Played())
		}
	})
}

func TestNullSpeakerFlushWakesDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewNullSpeaker(nil)
		go func() {
			time.Sleep(150 * time.Millisecond)
			if p := s.Flush(); p != 150*time.Millisecond {
				t.Errorf("flush returned %v", p)
			}
		}()
		began := time.Now()
		err := s.Play(t.Context(), tone(pcm.Rate16k, 440, 10*time.Second))
		if err != nil || time.Since(began) != 150*time.Millisecond {
			t.Errorf("play returned %v after %v", err, time.Since(began))
		}
		cause := errors.New("barge-in")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if err := s.Play(ctx, tone(pcm.Rate16k, 440, time.Second)); !errors.Is(err, cause) {
			t.Errorf("play returned %v", err)
		}
		if err := s.Play(t.Context(), pcm.Frame{Samples: make([]int16, 3)}); err == nil {
			t.Error("a frame without a rate was taken")
		}
	})
}

// device draws from an outlet every 10 ms, as a sound device does.
func device(ctx context.Context, o *outlet) { capture(ctx, o, func([]int16) {}) }

// capture is a device that passes on what it has drawn.
func capture(ctx context.Context, o *outlet, heard func([]int16)) {
	out := make([]int16, deviceRate.Samples(pcm.FrameTime))
	tick := time.NewTicker(pcm.FrameTime)
	defer tick.Stop()
	for {
		o.fill(out)
		heard(out)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func TestSpeakerCountsWhatWasHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 40 * time.Millisecond
		s := newSpeaker("", discard, nil, nil)
		o := newOutlet(s.mixer, latency)
		go device(t.Context(), o)
		time.Sleep(time.Second)

		var was time.Duration
		watch := func() time.Duration {
			p := s.Played()
			if p < was || p > s.queued+s.carried {
				t.Fatalf("played went from %v to %v of %v", was, p, s.queued)
			}
			was = p
			return p
		}
		began := time.Now()
		for range 20 { // of another rate than the device's
			if err := s.Play(t.Context(), tone(pcm.Rate16k, 440, 50*time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			watch()
		}
		if lead := time.Second - time.Since(began); lead < 250*time.Millisecond || lead > 400*time.Millisecond {
			t.Errorf("Play returned %v ahead", lead)
		}
		for time.Since(began) < 900*time.Millisecond {
			time.Sleep(3 * time.Millisecond)
			if d := time.Since(began) - latency - watch(); d < -time.Millisecond || d > 15*time.Millisecond {
				t.Fatalf("played is %v behind", d)
			}
		}
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := s.Played(); p != time.Second {
			t.Errorf("drained, and played %v of a second", p)
		}
		if d := time.Since(began); d < time.Second+latency || d > time.Second+latency+20*time.Millisecond {
			t.Errorf("drained after %v", d)
		}
		if p := s.Flush(); p != time.Second || s.Played() != 0 {
			t.Errorf("flush returned %v, then played %v", p, s.Played())
		}
	})
}

func TestSpeakerForgetsWhatALossSwallowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker("", discard, nil, nil)
		go device(t.Context(), newOutlet(s.mixer, 0))
		time.AfterFunc(time.Second, func() { s.lose(lostSpeaker(nil)) })
		err := s.Play(t.Context(), tone(pcm.Rate24k, 440, 3*time.Second))
		if !errors.Is(err, s.Err()) || s.Err() == nil {
			t.Fatalf("play returned %v", err)
		}
		before := s.Played()
		if before < 970*time.Millisecond || before > time.Second {
			t.Errorf("played %v of a second", before)
		}
		if err := s.Drain(t.Context()); err == nil {
			t.Error("drained without a device")
		}
		time.Sleep(10 * time.Second)
		s.gain(nil)
		if err := s.Play(t.Context(), tone(pcm.Rate24k, 440, 500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := s.Flush(); p != before+500*time.Millisecond {
			t.Errorf("played %v before the loss and half a second after, counted %v", before, p)
		}
	})
}

// What is ducked, held and let go again is played to the last sample, with one gap.
func TestHoldingLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker("", discard, nil, nil)
		o := newOutlet(s.mixer, 0)
		s.gain(&playback{outlet: o})
		sound := pcm.Frame{Rate: deviceRate}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			capture(ctx, o, func(out []int16) { sound.Samples = append(sound.Samples, out...) })
		}()
		steady := pcm.Frame{Rate: deviceRate, Samples: slices.Repeat([]int16{8000}, deviceRate.Samples(1500*time.Millisecond))}
		go func() {
			time.Sleep(305 * time.Millisecond)
			s.Duck(12)
			time.Sleep(300 * time.Millisecond)
			s.Hold(true)
			time.Sleep(400 * time.Millisecond)
			s.Hold(false)
			s.Duck(0)
		}()
		if err := errors.Join(s.Play(t.Context(), steady), s.Drain(t.Context())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
		cancel()
		<-ended
		loud, soft, other := 0, 0, 0
		for _, v := range sound.Samples {
			switch v {
			case 0:
			case 8000:
				loud++
			case int16(8000 * factor(12)):
				soft++
			default:
				other++ // on the way from one to the other, in a block each
			}
		}
		if n := loud + soft + other; n != len(steady.Samples) {
			t.Errorf("%d samples of %d were played", n, len(steady.Samples))
		}
		if d := deviceRate.Duration(soft); (d - 290*time.Millisecond).Abs() > 15*time.Millisecond {
			t.Errorf("%v were 12 dB softer", d)
		}
		if d := deviceRate.Duration(other); d > 2*pcm.FrameTime {
			t.Errorf("the voice took %v to change its level", d)
		}
		first, last := sounding(sound, 0, time.Hour)
		if from, to := silence(sound, first, last); (to - from - 400*time.Millisecond).Abs() > pcm.FrameTime {
			t.Errorf("held from %v to %v", from, to)
		}
	})
}

// An ear that has fallen behind catches up, though the monitor tells nothing more.
func TestEarCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		monitor := newMonitor("", discard)
		e, err := newEar(true, newTap(time.Second), monitor)
		if err != nil {
			t.Fatal(err)
		}
		defer e.close()
		monitor.live.Store(true)
		hear := func() (took time.Duration) {
			began := time.Now()
			b := block{at: began, rate: pcm.Rate16k, n: frameSamples}
			for range e.hear(&b) {
				took = time.Since(began)
			}
			return took
		}
		tell := func() { monitor.heard.offer(time.Time{}, pcm.Rate16k, make([]int16, frameSamples)) }
		hear() // and goes over to the monitor
		tell()
		for range 1 + monitorLead/frameSamples { // as much as it has told
			if took := hear(); took != 0 {
				t.Errorf("a frame waited %v for what the monitor had told", took)
			}
		}
		if took := hear(); took != earPatience {
			t.Errorf("the first frame waited %v for the monitor, want %v", took, earPatience)
		}
		for range 10 {
			if took := hear(); took != 0 {
				t.Errorf("a later one waited %v for a monitor that tells nothing", took)
			}
		}
		for range 11 { // it tells again of all that
			tell()
		}
		for range 3 { // and from now on a little later than the microphone
			time.AfterFunc(earPatience/2, tell)
			if took := hear(); took < earPatience/2 || took >= earPatience {
				t.Errorf("a frame waited %v for a monitor that is %v late", took, earPatience/2)
			}
		}
	})
}

func TestOutletKnowsARacingDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpeaker("", discard, nil, nil)
		o := newOutlet(s.mixer, 0)
		out := make([]int16, 480)
		for range 1000 {
			o.fill(out)
			time.Sleep(time.Microsecond)
		}
		if !o.racing.Load() {
			t.Error("20 s of sound in 1 ms were taken for playing")
		}
	})
}

func TestChoose(t *testing.T) {
	devices := []Device{{Name: "Headset"}, {Name: "Desk", Default: true}}
	for name, want := range map[string]string{"": "Desk", "Headset": "Headset", "Desk": "Desk"} {
		if d, err := Choose(name, devices); err != nil || d.Name != want {
			t.Errorf("%q chose %q, error %v", name, d.Name, err)
		}
	}
	if d, err := Choose("Gone", devices); !errors.Is(err, ErrUnknownDevice) || d.Name != "Desk" {
		t.Errorf("an unknown name chose %q, error %v", d.Name, err)
	}
}

// Devices of the same name are told apart, and the choice of one outlives another
// default, another order, and the others.
func TestDevicesOfTheSameName(t *testing.T) {
	all := func() []Device {
		return []Device{
			{Name: "USB", ID: "3a", Default: true}, {Name: "Desk", ID: "2b"}, {Name: "USB", ID: "1c"}, {Name: "USB (2)", ID: "4d"}, {Name: "USB", ID: "9e"},
		}
	}
	devices := all()
	tellApart(devices)
	var names []string
	for _, d := range devices {
		names = append(names, d.Name)
	}
	if want := []string{"USB (3)", "Desk", "USB", "USB (2)", "USB (4)"}; !slices.Equal(names, want) {
		t.Fatalf("they are called %q, want %q", names, want)
	}
	before := all()[:1] // another of its name comes later, and takes the plain name
	tellApart(before)
	if found, err := Choose(before[0].Choice, devices); err != nil || found.ID != before[0].ID {
		t.Errorf("%q, chosen when it was alone, is %+v now, %v", before[0].Choice, found, err)
	}
	for i, d := range devices {
		if found, err := Choose(d.Choice, devices); err != nil || found.ID != d.ID {
			t.Errorf("%q chose %+v, %v", d.Choice, found, err)
		}
		if found, err := Choose(d.Name, devices); err != nil || found.ID != d.ID {
			t.Errorf("%q chose %+v, %v", d.Name, found, err)
		}
		others := all()
		others[0].Default = false
		slices.Reverse(others)
		tellApart(others)
		if found, err := Choose(d.Choice, others); err != nil || found.ID != d.ID {
			t.Errorf("in another order %q chose %+v, %v", d.Choice, found, err)
		}
		alone := all()[i : i+1]
		tellApart(alone)
		if found, err := Choose(d.Choice, alone); err != nil || found.ID != d.ID {
			t.Errorf("alone %q chose %+v, %v", d.Choice, found, err)
		}
	}
	without := slices.Delete(all(), 0, 1)
	tellApart(without)
	if found, err := Choose(devices[0].Choice, without); !errors.Is(err, ErrUnknownDevice) {
		t.Errorf("one that is gone is %+v, %v", found, err)
	}
}

func TestTapDropsTheNewest(t *testing.T) {
	p := newTap(30 * time.Millisecond)
	at := time.Now()
	p.offer(at, 16000, make([]int16, 3*blockSamples+100))
	var got []int
	for b := range p.all() {
		if want := at.Add(pcm.Rate16k.Duration(len(got) * blockSamples)); !b.at.Equal(want) {
			t.Errorf("block %d is at %v, want %v", len(got), b.at, want)
		}
		got = append(got, b.n)
	}
	if !slices.Equal(got, []int{blockSamples, blockSamples, blockSamples}) {
		t.Errorf("took blocks of %v", got)
	}
}
