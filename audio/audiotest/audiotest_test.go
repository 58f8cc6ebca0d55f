package audiotest

import (
	"math"
	"testing"
	"time"

	"parley/audio/pcm"
)

func tone(rate pcm.Rate, d time.Duration) pcm.Frame {
	f := pcm.Frame{Rate: rate, Samples: make([]int16, rate.Samples(d))}
	for i := range f.Samples {
		f.Samples[i] = int16(12000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return f
}

func TestRoomDelaysAndSoftens(t *testing.T) {
	room := NewRoom(30*time.Millisecond, -12, 0, 1)
	echo := room.Echo([]int16{20000})
	echo = append(echo, room.Echo(make([]int16, 1000))...)
	for i, s := range echo {
		want := int16(0)
		if i == 480 {
			want = 5024 // 12 dB below
		}
		if s != want {
			t.Fatalf("sample %d is %d, want %d", i, s, want)
		}
	}
}

func TestRoomReverberates(t *testing.T) {
	speech := ReadSpeech(t, 0, 5*16000)
	echo := NewRoom(30*time.Millisecond, -12, 200*time.Millisecond, 1).Echo(speech)
	if d := pcm.Level(speech) - pcm.Level(echo); d < 9 || d > 15 {
		t.Errorf("the echo is %.1f dB softer, want about 12", d)
	}
}

// TestServer records what is played into the speaker, before and after the server
// has been killed.
func TestServer(t *testing.T) {
	s := NewServer(t)
	for range 2 {
		s.Start()
		rec := s.Record()
		if out, err := s.command("pacat", "--version").Output(); err != nil || len(out) == 0 {
			t.Errorf("pacat: %v", err)
		}
		WriteWAV(t, s.desk.Dir()+"/tone.wav", tone(pcm.Rate16k, 300*time.Millisecond))
		if out, err := s.command("paplay", "-d", "spk", s.desk.Dir()+"/tone.wav").CombinedOutput(); err != nil {
			t.Fatalf("paplay: %v: %s", err, out)
		}
		time.Sleep(300 * time.Millisecond)
		loud := 0
		sound := rec.Stop()
		for i := 0; i+48 <= len(sound.Samples); i += 48 {
			if pcm.Level(sound.Samples[i:i+48]) > -30 {
				loud++
			}
		}
		if loud < 150 || loud > 600 {
			t.Errorf("%d ms of sound were recorded, 300 were played", loud)
		}
		s.Kill()
	}
}
