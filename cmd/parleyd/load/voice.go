package load

import (
	"encoding/json"
	"math"
	"time"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
)

// How a client speaks: for a while, and then it listens to the answer.
const (
	frameTime  = 20 * time.Millisecond
	speechTime = 1500 * time.Millisecond
	turnTime   = 6 * time.Second
)

// frame is an event that appends 20 ms of sound, ready to be sent.
type frame struct {
	event []byte
	last  bool // of speech
}

// What is voiced: a buzz of a voice's pitch whose loudness goes up and down as
// syllables do. In Hz, and of full scale.
const (
	pitch     = 120.0
	harmonics = 12
	syllables = 4.0
	loudness  = 0.15
)

// voice is a turn as frames: speech, and then silence.
func voice(rate int) ([]frame, error) {
	codec, err := protocol.NewCodec(&protocol.Format{Type: protocol.PCM, Rate: rate})
	if err != nil {
		return nil, err
	}
	n := pcm.Rate(rate).Samples(frameTime)
	speech, whole := int(speechTime/frameTime), int(turnTime/frameTime)
	frames := make([]frame, 0, whole)
	var silence []byte
	for i := range whole {
		if i >= speech && silence != nil {
			frames = append(frames, frame{event: silence})
			continue
		}
		samples := make([]int16, n)
		if i < speech {
			for j := range samples {
				samples[j] = buzz(float64(i*n+j) / float64(rate))
			}
		}
		event, err := json.Marshal(protocol.ClientEvent{Type: protocol.InputAppend, Audio: codec.Text(samples)})
		if err != nil {
			return nil, err
		}
		if i >= speech {
			silence = event
		}
		frames = append(frames, frame{event: event, last: i == speech-1})
	}
	return frames, nil
}

func buzz(t float64) int16 {
	var v float64
	for h := 1; h <= harmonics; h++ {
		v += math.Sin(2*math.Pi*pitch*float64(h)*t) / float64(h)
	}
	syllable := 0.55 - 0.45*math.Cos(2*math.Pi*syllables*t)
	return int16(math.MaxInt16 * loudness * syllable * v)
}
