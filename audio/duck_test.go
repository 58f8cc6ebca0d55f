package audio

import (
	"context"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	"parley/engine"
)

// A voice that is ducked, held and let go again loses nothing, on either body of
// the speaker.
func TestDuckAndHold(t *testing.T) {
	t.Run("oto", func(t *testing.T) {
		server := audiotest.StartServer(t)
		c := startChild(t, server.Env(), true)
		c.await("heard", 5*time.Second)
		duckAndHold(t, server, func(verb string) report {
			c.tell(verb)
			if verb == "tone 1500" {
				return report{}
			}
			return c.await(verb, 3*time.Second)
		})
	})
	t.Run("malgo", func(t *testing.T) {
		server := audiotest.StartServer(t)
		server.Setenv(t)
		_, speakers, err := List()
		if err != nil {
			t.Fatal(err)
		}
		devices, err := Open(Options{Speaker: speakers[0].Name})
		if err != nil {
			t.Fatal(err)
		}
		defer devices.Close()
		if err := devices.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		spk := devices.Speaker()
		done := make(chan error, 1)
		duckAndHold(t, server, func(verb string) report { return command(spk, verb, done) })
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// command does to a speaker what the child does when told.
func command(spk engine.Speaker, verb string, done chan<- error) report {
	at := time.Now().UnixNano()
	switch verb {
	case "tone 1500":
		go func() {
			err := spk.Play(context.Background(), tone(pcm.Rate16k, 440, 1500*time.Millisecond))
			if err == nil {
				err = spk.Drain(context.Background())
			}
			done <- err
		}()
	case "duck":
		spk.Duck(12)
	case "hold":
		spk.Hold(true)
	case "release":
		spk.Hold(false)
		spk.Duck(0)
	}
	return report{At: at, Value: spk.Played()}
}

func duckAndHold(t *testing.T, server *audiotest.Server, do func(verb string) report) {
	t.Helper()
	rec := server.Record()
	do("tone 1500")
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if first, _ := sounding(rec.Sound(), 0, time.Hour); first >= 0 {
			break
		}
		if time.Since(began) > 3*time.Second {
			t.Fatal("nothing is heard")
		}
	}
	time.Sleep(300 * time.Millisecond)
	ducked := time.Unix(0, do("duck").At)
	time.Sleep(300 * time.Millisecond)
	held := do("hold")
	time.Sleep(400 * time.Millisecond)
	released := do("release")
	time.Sleep(1200 * time.Millisecond)
	sound := rec.Stop()

	// level is how loud the recording is from one time to another.
	at := func(when time.Time) time.Duration { return when.Sub(rec.Began()) }
	level := func(from, to time.Duration) float64 {
		return pcm.Level(sound.Samples[sound.Rate.Samples(from):sound.Rate.Samples(to)])
	}
	first, last := sounding(sound, 0, time.Hour)
	loud := level(at(ducked)-200*time.Millisecond, at(ducked)-20*time.Millisecond)
	soft := level(at(ducked)+80*time.Millisecond, at(ducked)+250*time.Millisecond)
	if d := loud - soft; d < 10 || d > 14 {
		t.Errorf("80 ms after ducking the voice is %.1f dB softer, want 12", d)
	}
	from := at(time.Unix(0, held.At))
	if l := level(from+100*time.Millisecond, from+350*time.Millisecond); l > -60 {
		t.Errorf("a held speaker is heard at %.0f dBFS", l)
	}
	if d := (released.Value - held.Value).Abs(); d > 30*time.Millisecond {
		t.Errorf("while held, played went on by %v", d)
	}
	gapFrom, gapTo := silence(sound, first, last)
	stop := gapFrom - from
	t.Logf("held: silent after %v, for %v", stop.Round(time.Millisecond), (gapTo - gapFrom).Round(time.Millisecond))
	// What a busy machine adds is silence.
	heard := time.Duration(0)
	for at := first; at < last; at += time.Millisecond {
		if level(at, at+time.Millisecond) > -50 {
			heard += time.Millisecond
		}
	}
	if (heard - 1500*time.Millisecond).Abs() > 10*time.Millisecond {
		t.Errorf("%v were heard of a tone of 1.5 s", heard)
	}
}

// silence is the longest silence between two times of a recording.
func silence(f pcm.Frame, from, to time.Duration) (begin, end time.Duration) {
	step := time.Millisecond
	quiet := from
	for at := from; at+step <= to; at += step {
		if pcm.Level(f.Samples[f.Rate.Samples(at):f.Rate.Samples(at+step)]) > -50 {
			quiet = at + step
		} else if at+step-quiet > end-begin {
			begin, end = quiet, at+step
		}
	}
	return begin, end
}
