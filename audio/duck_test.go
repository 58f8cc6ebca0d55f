package audio

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	"parley/engine"
)

// A voice is ducked, held and let go again, on either body of the speaker. That it
// loses nothing is counted in [TestHoldingLosesNothing]: devices lose some by
// themselves on a machine that is busy.
func TestDuckAndHold(t *testing.T) {
	t.Run("oto", func(t *testing.T) {
		server := audiotest.StartServer(t)
		c := startChild(t, server.Env(), true)
		c.await("heard", 15*time.Second)
		audiotest.Attempt(t, func() error {
			return duckAndHold(t, server, func(verb string) report {
				c.tell(verb)
				if verb == "tone 1500" {
					return report{}
				}
				return c.await(verb, 10*time.Second)
			})
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
		audiotest.Attempt(t, func() error {
			done := make(chan error, 1)
			err := duckAndHold(t, server, func(verb string) report { return command(spk, verb, done) })
			return errors.Join(err, <-done)
		})
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

// duckAndHold tells what was wrong with what was heard.
func duckAndHold(t *testing.T, server *audiotest.Server, do func(verb string) report) error {
	t.Helper()
	var wrong []error
	failed := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	rec := server.Record()
	do("tone 1500")
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if first, _ := sounding(rec.Sound(), 0, time.Hour); first >= 0 {
			break
		}
		if time.Since(began) > 10*time.Second {
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
		end := min(sound.Rate.Samples(to), len(sound.Samples))
		return pcm.Level(sound.Samples[min(max(0, sound.Rate.Samples(from)), end):end])
	}
	first, last := sounding(sound, 0, time.Hour)
	loud := level(at(ducked)-200*time.Millisecond, at(ducked)-20*time.Millisecond)
	soft := level(at(ducked)+80*time.Millisecond, at(ducked)+250*time.Millisecond)
	if d := loud - soft; d < 8 || d > 16 {
		failed("80 ms after ducking the voice is %.1f dB softer, want 12", d)
	}
	from := at(time.Unix(0, held.At))
	if l := level(from+100*time.Millisecond, from+350*time.Millisecond); l > -60 {
		failed("a held speaker is heard at %.0f dBFS", l)
	}
	if d := (released.Value - held.Value).Abs(); d > 30*time.Millisecond {
		failed("while held, played went on by %v", d)
	}
	gapFrom, gapTo := silence(sound, first, last)
	stop := gapFrom - from
	t.Logf("held: silent after %v, for %v", stop.Round(time.Millisecond), (gapTo - gapFrom).Round(time.Millisecond))
	heard := time.Duration(0)
	for at := first; at < last; at += time.Millisecond {
		if level(at, at+time.Millisecond) > -50 {
			heard += time.Millisecond
		}
	}
	if heard < 1200*time.Millisecond || heard > 1600*time.Millisecond {
		failed("%v were heard of a tone of 1.5 s", heard)
	}
	return errors.Join(wrong...)
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
