package audio

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
)

// readStereo reads a recording's two sides.
func readStereo(t *testing.T, name string) (left, right pcm.Frame) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const header = 44
	left.Rate, right.Rate = pcm.Rate16k, pcm.Rate16k
	for i := header; i+3 < len(b); i += 4 {
		left.Samples = append(left.Samples, int16(uint16(b[i])|uint16(b[i+1])<<8))
		right.Samples = append(right.Samples, int16(uint16(b[i+2])|uint16(b[i+3])<<8))
	}
	return left, right
}

func TestRecorderKeepsOneClock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out.wav")
	synctest.Test(t, func(t *testing.T) {
		file, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		rec, err := NewRecorder(file, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		mic, err := NewFileMicrophone(tone(pcm.Rate16k, 500, time.Second), rec)
		if err != nil {
			t.Fatal(err)
		}
		speaker := NewNullSpeaker(rec)
		time.Sleep(500 * time.Millisecond)
		mic.Start()
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		go func() {
			time.Sleep(2 * time.Second) // at 2.5 s
			_ = speaker.Play(ctx, tone(pcm.Rate24k, 700, 2*time.Second))
			time.Sleep(100 * time.Millisecond)
			speaker.Flush() // at 4.3 s
		}()
		for _, err := range mic.Frames(ctx) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
	})
	left, right := readStereo(t, name)
	if d := left.Duration(); d != 6500*time.Millisecond {
		t.Errorf("recorded %v", d)
	}
	for side, c := range map[string]struct {
		sound      pcm.Frame
		first, end time.Duration
	}{
		"left":  {left, 500 * time.Millisecond, 1500 * time.Millisecond},
		"right": {right, 2500 * time.Millisecond, 4300 * time.Millisecond},
	} {
		first, last := sounding(c.sound, 0, time.Hour)
		if (first-c.first).Abs() > 12*time.Millisecond || (last-c.end).Abs() > 12*time.Millisecond {
			t.Errorf("%s is heard from %v to %v, want %v to %v", side, first, last, c.first, c.end)
		}
	}
}

func TestRecorderMovesWhatHasDrifted(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out.wav")
	synctest.Test(t, func(t *testing.T) {
		file, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		start := time.Now()
		rec, err := NewRecorder(file, start)
		if err != nil {
			t.Fatal(err)
		}
		click := make([]int16, 160)
		click[0] = 20000
		for i := range 1000 { // a device that is slow by 1 %: 100 ms in 10 s
			at := start.Add(time.Duration(i) * 10100 * time.Microsecond)
			time.Sleep(time.Until(at))
			rec.microphone().offer(at, pcm.Rate16k, click)
		}
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
	})
	left, _ := readStereo(t, name)
	n := 0
	for i, s := range left.Samples {
		if s < 10000 {
			continue
		}
		at := time.Duration(n) * 10100 * time.Microsecond
		if d := (pcm.Rate16k.Duration(i) - at).Abs(); d > recordDrift+time.Millisecond {
			t.Fatalf("click %d is %v off", n, d)
		}
		n++
	}
	if n != 1000 {
		t.Errorf("%d clicks", n)
	}
}

type fullDisk struct{ io.WriteSeeker }

func (fullDisk) Seek(int64, int) (int64, error) { return 0, nil }
func (fullDisk) Write(b []byte) (int, error) {
	if len(b) > 44 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestRecorderSaysThatItCouldNotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, err := NewRecorder(fullDisk{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if err := rec.Close(); err == nil {
			t.Error("a full disk went unnoticed")
		}
	})
}

func TestNilRecorderRecordsNothing(t *testing.T) {
	var r *Recorder
	r.microphone().offer(time.Now(), 16000, audiotest.NewRoom(0, 0, 0, 1).Echo([]int16{1, 2}))
	for range r.speaker().all() {
		t.Error("something is recorded")
	}
}
