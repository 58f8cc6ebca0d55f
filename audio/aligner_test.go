package audio

import (
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	"parley/engine"
)

// loop is a speaker, a room and an ear, without devices and without time.
type loop struct {
	ear  *ear
	tap  *tap
	room *audiotest.Room
	gap  int // samples of silence that the speaker's device inserts next
	late []int16
}

func newLoop(t *testing.T, delay time.Duration, gain float64) *loop {
	t.Helper()
	l := &loop{tap: newTap(time.Second), room: audiotest.NewRoom(delay, gain, 100*time.Millisecond, 5)}
	var err error
	if l.ear, err = newEar(true, l.tap, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.ear.close)
	l.ear.begin()
	return l
}

// frame plays 10 ms and hears 10 ms, with the user's voice on top.
func (l *loop) frame(played, user []int16) (raw []int16, h engine.Heard) {
	l.tap.offer(time.Time{}, pcm.Rate16k, played)
	// A device that runs dry plays what it has later from then on.
	l.late = append(l.late, make([]int16, l.gap)...)
	l.gap = 0
	l.late = append(l.late, played...)
	raw = add(l.room.Echo(l.late[:frameSamples]), user)
	l.late = l.late[frameSamples:]
	l.ear.frame = append(l.ear.frame[:0], raw...)
	return raw, l.ear.process()
}

// erle plays speech from one second to another and returns how much of the echo
// was removed.
func (l *loop) erle(speech []int16, from, to float64) float64 {
	silence := make([]int16, frameSamples)
	var raw, linear []int16
	for i := int(from*100) * frameSamples; i < int(to*100)*frameSamples; i += frameSamples {
		r, h := l.frame(speech[i:i+frameSamples], silence)
		raw, linear = append(raw, r...), append(linear, h.Linear...)
	}
	return energy(raw) - energy(linear)
}

// However late the echo comes, the reference is brought to it; when a device
// runs dry, the canceller works again within half a second, without learning
// anew.
func TestEchoIsFoundAndFoundAgain(t *testing.T) {
	for _, delay := range []time.Duration{20 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			speech := audiotest.ReadSpeech(t, 0, 16*16000)
			l := newLoop(t, delay, -12)
			l.erle(speech, 0, 6)
			before := l.erle(speech, 6, 8)
			l.gap = 700 // 44 ms
			l.erle(speech, 8, 8.6)
			after := l.erle(speech, 8.6, 10)
			// A flush takes back what was never heard.
			l.tap.offerAfter(320, time.Time{}, pcm.Rate16k, make([]int16, 160))
			l.erle(speech, 10, 10.6)
			flushed := l.erle(speech, 10.6, 12)
			t.Logf("echo return loss enhancement: %.1f dB, after a gap %.1f dB, after a flush %.1f dB", before, after, flushed)
			if before < 12 || after < 8 || flushed < 8 {
				t.Errorf("echo return loss enhancement: %.1f dB, after a gap %.1f dB, after a flush %.1f dB", before, after, flushed)
			}
			if lag := l.ear.aligner; !lag.homed {
				t.Error("the echo was never found")
			}
		})
	}
}

// With headphones there is no echo: nothing is found, and the user comes
// through as spoken.
func TestNoEchoIsFoundWhereThereIsNone(t *testing.T) {
	speech := audiotest.ReadSpeech(t, 0, 8*16000)
	user := audiotest.ReadSpeech(t, 3, 8*16000)
	l := newLoop(t, 40*time.Millisecond, -90)
	var said, heard []int16
	for i := 0; i+frameSamples <= len(speech); i += frameSamples {
		_, h := l.frame(speech[i:i+frameSamples], user[i:i+frameSamples])
		said, heard = append(said, user[i:i+frameSamples]...), append(heard, h.Linear...)
	}
	if l.ear.aligner.homed {
		t.Error("found an echo where there is none")
	}
	if d := energy(heard[32000:]) - energy(said[32000:]); d < -1 || d > 1 {
		t.Errorf("the user's level changed by %+.1f dB", d)
	}
}

// A voice that happens to be like the reply for a moment is taken for its echo;
// when it is over, what the canceller then subtracts is not heard for long.
func TestAnEchoThatNeverWasIsForgotten(t *testing.T) {
	speech := audiotest.ReadSpeech(t, 0, 8*16000)
	l := newLoop(t, 20*time.Millisecond, -120)
	const lag = 800
	homed, phantom := false, 0
	for i := 0; i+frameSamples <= len(speech); i += frameSamples {
		user := make([]int16, frameSamples)
		if i > lag && i < 2*16000 {
			for j := range user {
				user[j] = speech[i+j-lag] / 4
			}
		}
		_, h := l.frame(speech[i:i+frameSamples], user)
		homed = homed || l.ear.aligner.homed
		if i >= 2*16000 && pcm.Level(h.Linear) > -50 {
			phantom++
		}
	}
	if !homed {
		t.Error("the voice was not taken for an echo, so this shows nothing")
	}
	if phantom > 40 {
		t.Errorf("an echo that is not there is heard for %d ms", 10*phantom)
	}
}

func TestReferenceIsSilentWithoutASpeaker(t *testing.T) {
	r := reference{tap: newTap(time.Second), lead: referenceLead}
	frame := make([]int16, frameSamples)
	frame[3] = 7
	if r.frame(frame, false) || pcm.Level(frame) != pcm.Silence {
		t.Error("something is heard of no speaker")
	}
	loud := make([]int16, 2400)
	for i := range loud {
		loud[i] = 9000
	}
	r.tap.offer(time.Time{}, pcm.Rate24k, loud)
	if !r.frame(frame, false) || pcm.Level(frame) < -30 {
		t.Error("the speaker is not heard")
	}
	for range 10 * referencePatience {
		r.frame(frame, false)
	}
	if pcm.Level(frame) != pcm.Silence || r.running {
		t.Error("a speaker that has stopped is heard")
	}
}

func BenchmarkAligner(b *testing.B) {
	r := reference{tap: newTap(time.Second), lead: referenceLead}
	var a aligner
	a.begin()
	for b.Loop() {
		a.find(&r)
	}
}
