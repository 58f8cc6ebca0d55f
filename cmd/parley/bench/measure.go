package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// Report is what the benchmark of a transcriber found.
type Report struct {
	WER     float64      `json:"wer"`   // errors per word of the transcripts
	Words   int          `json:"words"` // of the transcripts
	RTF     float64      `json:"rtf"`   // time to decode per time of sound
	CPU     float64      `json:"cpu"`   // processor time per time of sound, of one core
	SoftMS  Percentiles  `json:"soft_ms"`
	FinalMS Percentiles  `json:"final_ms"`
	Files   []FileReport `json:"files"`
}

// Percentiles are times in milliseconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

// FileReport is what was found of one recording.
type FileReport struct {
	Name string  `json:"name"`
	WER  float64 `json:"wer"`
	Text string  `json:"text"` // the final hypothesis
}

// What a conversation hands to the transcriber beside the words: the sound
// before them that it keeps, the silence after which it asks for what was said so
// far, the soft end, and the silence by which it knows that the words have ended.
const (
	preRoll  = 300 * time.Millisecond
	softEnd  = 120 * time.Millisecond
	hangover = 250 * time.Millisecond
)

// readSounds reads the recordings' WAV files, as 16 kHz mono.
func readSounds(dir string, list []recording) ([]pcm.Frame, error) {
	sounds := make([]pcm.Frame, len(list))
	for i, r := range list {
		sound, err := readSound(filepath.Join(dir, r.name+".wav"))
		if err != nil {
			return nil, err
		}
		sounds[i] = sound
	}
	return sounds, nil
}

func readSound(path string) (pcm.Frame, error) {
	f, err := os.Open(path)
	if err != nil {
		return pcm.Frame{}, err
	}
	defer f.Close()
	sound, err := pcm.ReadWAV(f)
	if err == nil {
		sound, err = pcm.Resample(sound, pcm.Rate16k)
	}
	if err == nil && len(sound.Samples) == 0 {
		err = errors.New("it holds no sound")
	}
	if err != nil {
		return pcm.Frame{}, fmt.Errorf("%s: %w", path, err)
	}
	return sound, nil
}

// measure transcribes the sounds one after the other.
func measure(ctx context.Context, t engine.Transcriber, list []recording, sounds []pcm.Frame) (Report, error) {
	var (
		report      Report
		errors      int
		heard, took time.Duration
		softs       []time.Duration
		finals      []time.Duration
	)
	began := processorTime()
	for i, r := range list {
		u := utterance{sound: inRoom(sounds[i].Samples)}
		if err := u.transcribe(ctx, t); err != nil {
			return Report{}, fmt.Errorf("%s: %w", r.name, err)
		}
		said := compared(r.text)
		wrong := distance(said, compared(u.text))
		errors += wrong
		report.Words += len(said)
		heard += pcm.Rate16k.Duration(len(u.sound))
		took += u.took
		softs = append(softs, u.soft)
		finals = append(finals, u.final)
		report.Files = append(report.Files, FileReport{r.name, round(float64(wrong)/float64(len(said)), 4), u.text})
	}
	report.WER = round(float64(errors)/float64(report.Words), 4)
	report.RTF = round(took.Seconds()/heard.Seconds(), 4)
	report.CPU = round((processorTime()-began).Seconds()/heard.Seconds(), 4)
	report.SoftMS = Percentiles{percentile(softs, 50), percentile(softs, 95)}
	report.FinalMS = Percentiles{percentile(finals, 50), percentile(finals, 95)}
	return report, nil
}

// utterance is one recording being transcribed.
type utterance struct {
	sound []int16

	text  string
	took  time.Duration // from the first frame to the final hypothesis
	soft  time.Duration // from the soft end to its hypothesis; 0 where there was none
	final time.Duration // from the last frame to the final hypothesis
}

// transcribe feeds the sound as fast as it is taken. A transcriber takes a frame
// when it is done with those before it, so the last one comes when it would in a
// conversation: with nothing else waiting.
func (u *utterance) transcribe(ctx context.Context, t engine.Transcriber) error {
	var soft, last time.Time
	began := time.Now()
	for h, err := range t.Transcribe(ctx, u.frames(&soft, &last)) {
		if err != nil {
			return err
		}
		if h.Soft {
			u.soft = time.Since(soft)
		}
		if h.Final {
			u.text = h.Text
			u.took, u.final = time.Since(began), time.Since(last)
		}
	}
	return context.Cause(ctx)
}

// frames are the sound in frames, with the soft end among them. It sets soft and
// last to when the soft end and the last frame are given.
func (u *utterance) frames(soft, last *time.Time) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		silent := len(u.sound) - pcm.Rate16k.Samples(hangover-softEnd)
		for f := range slices.Chunk(u.sound, pcm.Rate16k.Samples(pcm.FrameTime)) {
			*last = time.Now()
			if silent -= len(f); silent < 0 && soft.IsZero() {
				*soft = *last
				if !yield(pcm.Frame{Rate: pcm.Rate16k}) {
					return
				}
				*last = time.Now()
			}
			if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: f}) {
				return
			}
		}
	}
}

// inRoom puts the pre-roll before a sound and the hangover after it, with the
// hiss that the sound itself has in its quietest moments.
func inRoom(sound []int16) []int16 {
	var levels []float64
	for f := range slices.Chunk(sound, pcm.Rate16k.Samples(pcm.FrameTime)) {
		levels = append(levels, pcm.Level(f))
	}
	slices.Sort(levels)
	quiet := levels[len(levels)/20]
	// A uniform distribution's standard deviation is its half width over √3.
	width := max(2, math.Sqrt(3)*32768*math.Pow(10, quiet/20))
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]int16, 0, pcm.Rate16k.Samples(preRoll+hangover)+len(sound))
	hiss := func(d time.Duration) {
		for range pcm.Rate16k.Samples(d) {
			all = append(all, int16(width*(2*random.Float64()-1)))
		}
	}
	hiss(preRoll)
	all = append(all, sound...)
	hiss(hangover)
	return all
}

// percentile is the p-th percentile in milliseconds: the least of times that at
// least p percent of them do not exceed.
func percentile(times []time.Duration, p int) float64 {
	s := slices.Sorted(slices.Values(times))
	i := (len(s)*p + 99) / 100
	return round(float64(s[max(0, i-1)])/float64(time.Millisecond), 2)
}

func round(v float64, places int) float64 {
	unit := math.Pow10(places)
	return math.Round(v*unit) / unit
}
