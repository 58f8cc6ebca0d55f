package bench

import (
	"bufio"
	"context"
	_ "embed" // for the lists
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/audio/pcm"
	"parley/engine/flite"
)

// Turns with the pauses that people make, in seconds in angle brackets, one a
// line. Endpointing was tuned on the first list and on no recording of a person;
// figures are of the second and of people.
var (
	//go:embed turns_dev.txt
	devTurns string

	//go:embed turns_held_out.txt
	heldOutTurns string
)

var turnLists = map[string]string{"dev": devTurns, "held-out": heldOutTurns}

// turnVoices speak the lists by turns.
var turnVoices = []string{"rms", "awb", "slt", "kal16"}

// librivox is where Debian's pocketsphinx-testdata has people reading aloud.
const librivox = "/usr/share/pocketsphinx/test/data/librivox"

// piece is a stretch of a turn said in one breath, and the pause behind it.
type piece struct {
	text  string
	pause time.Duration
}

// longestPause is the longest that may be within a turn.
const longestPause = 5 * time.Second

// parsePauses takes a line of the lists apart: "remind me to <0.8> buy milk".
func parsePauses(line string) ([]piece, error) {
	var pieces []piece
	for part, more := line, true; more; {
		var text, number string
		text, part, more = strings.Cut(part, "<")
		p := piece{text: strings.TrimSpace(text)}
		if more {
			var closed bool
			number, part, closed = strings.Cut(part, ">")
			seconds, err := strconv.ParseFloat(number, 64)
			if !closed || err != nil || !(seconds > 0 && seconds <= longestPause.Seconds()) {
				return nil, fmt.Errorf("%q: want a pause as <0.8>, in seconds", line)
			}
			p.pause = time.Duration(seconds * float64(time.Second))
		}
		if p.text == "" {
			return nil, fmt.Errorf("%q: want words before and after each pause", line)
		}
		pieces = append(pieces, p)
	}
	return pieces, nil
}

// makeTurns makes a directory for `parley bench turns`: the list spoken by the
// synthesizer, and, where recordings of people belong to it, those.
func makeTurns(ctx context.Context, list string, people []string, dir string, stdout io.Writer) error {
	var recordings []string
	for _, from := range people {
		files, err := filepath.Glob(filepath.Join(from, "*.wav"))
		if err == nil && len(files) == 0 {
			err = fmt.Errorf("%s: there are no WAV files", from)
			if from == librivox {
				err = fmt.Errorf("%w: apt-get install pocketsphinx-testdata", err)
			}
		}
		if err != nil {
			return err
		}
		recordings = append(recordings, files...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	w := turnWriter{dir: dir}
	if err := w.speakAll(ctx, turnLists[list]); err != nil {
		return err
	}
	for _, file := range recordings {
		if err := w.copySound(file); err != nil {
			return err
		}
	}
	text := "# name|seconds at which the turn really ends\n" + strings.Join(w.lines, "")
	if err := os.WriteFile(filepath.Join(dir, turnsName), []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d turns and %s in %s\n", len(w.lines), turnsName, dir)
	return nil
}

// turnWriter writes turns and gathers their list.
type turnWriter struct {
	dir   string
	lines []string
}

// speakAll has the turns of a list spoken, each by the next voice.
func (w *turnWriter) speakAll(ctx context.Context, list string) error {
	voices := map[string]*flite.Synthesizer{}
	for _, name := range turnVoices {
		voice, err := flite.New(flite.Options{Voice: name})
		if err != nil {
			return err
		}
		voices[name] = voice
	}
	lines := bufio.NewScanner(strings.NewReader(list))
	for n := 0; lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		pieces, err := parsePauses(lines.Text())
		if err != nil {
			return err
		}
		name := turnVoices[n%len(turnVoices)]
		n++
		sound, err := speakPieces(ctx, voices[name], pieces)
		if err == nil {
			err = w.add(fmt.Sprintf("%s_%02d", name, n), sound)
		}
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

// quietEnds is the silence before and after a spoken turn.
const quietEnds = 300 * time.Millisecond

// speakPieces says pieces with just their pauses between them: the silence that
// the voice itself makes at the ends is taken off first.
func speakPieces(ctx context.Context, voice *flite.Synthesizer, pieces []piece) (pcm.Frame, error) {
	margin := make([]int16, pcm.Rate16k.Samples(quietEnds))
	all := pcm.Frame{Rate: pcm.Rate16k, Samples: slices.Clone(margin)}
	for _, p := range pieces {
		f := pcm.Frame{Rate: pcm.Rate16k}
		for speech, err := range voice.Synthesize(ctx, p.text) {
			if err != nil {
				return all, err
			}
			f.Samples = append(f.Samples, speech.Frame.Samples...)
		}
		from, heard := firstAudible(f, 0)
		to, _ := lastAudible(f, f.Duration())
		if !heard {
			return all, fmt.Errorf("%q: the voice says nothing", p.text)
		}
		all.Samples = append(all.Samples, f.Samples[f.Rate.Samples(from):f.Rate.Samples(to)]...)
		all.Samples = append(all.Samples, make([]int16, f.Rate.Samples(p.pause))...)
	}
	all.Samples = append(all.Samples, margin...)
	return all, context.Cause(ctx)
}

// copySound takes a recording of a person.
func (w *turnWriter) copySound(file string) error {
	sound, err := readSound(file)
	if err != nil {
		return err
	}
	return w.add(strings.TrimSuffix(filepath.Base(file), ".wav"), sound)
}

// add writes a turn.
func (w *turnWriter) add(name string, sound pcm.Frame) error {
	voice, ok := voiceSpan(sound)
	if !ok {
		return fmt.Errorf("%s: nobody is heard to speak", name)
	}
	line := fmt.Sprintf("%s|%.3f\n", name, voice.to.Seconds())
	if slices.ContainsFunc(w.lines, func(l string) bool { return strings.HasPrefix(l, name+"|") }) {
		return fmt.Errorf("%s: there are two of this name", name)
	}
	w.lines = append(w.lines, line)
	return writeSound(filepath.Join(w.dir, name+".wav"), sound)
}

// A voice stands out from a recording's own noise by voiceOver, for voiceFor at
// the least: a click at its end is none.
const (
	voiceOver = 10.0 // dB
	voiceFor  = 40 * time.Millisecond
)

// voiceSpan is when a recording's voice begins and ends: the first and the last
// sample above both what is audible at all and the recording's noise (the tenth
// percentile of its levels).
func voiceSpan(f pcm.Frame) (span, bool) {
	all := levels(f)
	if len(all) == 0 {
		return span{}, false
	}
	sorted := slices.Sorted(slices.Values(all))
	if sorted[len(sorted)-1] <= audibleLevel {
		return span{}, false
	}
	limit := max(audibleLevel, sorted[len(sorted)/10]+voiceOver)
	// Where nothing is quiet, the noise is not known.
	limit = min(limit, sorted[len(sorted)*9/10]-voiceOver)
	need := int(voiceFor / window)
	voiced := func(stretch []float64) bool {
		n := 0
		for _, level := range stretch {
			if level > limit {
				n++
			}
		}
		return n >= need
	}
	first, last := -1, -1
	for i, level := range all {
		if level <= limit {
			continue
		}
		if first < 0 && voiced(all[i:min(len(all), i+2*need)]) {
			first = i
		}
		if voiced(all[max(0, i+1-2*need) : i+1]) {
			last = i
		}
	}
	if first < 0 {
		return span{}, false
	}
	step := f.Rate.Samples(window)
	end := (last + 1) * step
	for end > last*step+1 && math.Abs(float64(f.Samples[end-1])) <= amplitude(limit) {
		end--
	}
	return span{time.Duration(first) * window, f.Rate.Duration(end)}, true
}

// peopleFor are the directories of recordings that belong to a list.
func peopleFor(list string, more []string) ([]string, error) {
	switch list {
	case "dev":
		return more, nil
	case "held-out":
		return append([]string{librivox}, more...), nil
	}
	return nil, errors.New("no list \"" + list + "\": choose held-out or dev")
}
