package rest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"time"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
)

// understood ends each complaint about sound.
const understood = "send WAV, or raw sound with its type: audio/pcm;rate=16000 (16 bit, little-endian, mono), audio/pcmu or audio/pcma"

// sound is samples as they are read.
type sound struct {
	rate pcm.Rate
	read func([]int16) (int, error)
}

// openSound finds out what kind of sound src has: a WAV file, or else what the
// type says. Half a sample at the end of raw sound is left out.
func openSound(src io.Reader, contentType string) (sound, error) {
	buffered := bufio.NewReader(src)
	start, err := buffered.Peek(12)
	if err != nil && !errors.Is(err, io.EOF) {
		return sound{}, unreadable(err)
	}
	if bytes.HasPrefix(start, []byte("RIFF")) {
		file, err := pcm.NewWAVReader(buffered)
		if err != nil {
			return sound{}, unreadableSound(err)
		}
		return sound{file.Rate(), file.Read}, nil
	}
	kind, params := mediaType(contentType)
	format := protocol.Format{Type: kind}
	switch kind {
	case "audio/raw", "audio/x-raw", "audio/x-pcm":
		format.Type = protocol.PCM
	case "audio/basic": // RFC 2046
		format.Type = protocol.PCMU
	case protocol.PCM, protocol.PCMU, protocol.PCMA:
	default:
		return sound{}, invalid("file", "%s cannot be read; %s", container(start), understood)
	}
	if rate := params["rate"]; rate != "" {
		if format.Rate, err = strconv.Atoi(rate); err != nil {
			return sound{}, invalid("file", "the rate of raw sound is %.20q; it has to be a number of samples a second", rate)
		}
	}
	if channels := params["channels"]; channels != "" && channels != "1" {
		return sound{}, invalid("file", "raw sound has to be of one channel; send WAV for more")
	}
	codec, err := protocol.NewCodec(&format)
	if err != nil {
		return sound{}, invalid("file", "raw sound of %s cannot have %d samples a second; %s", format.Type, format.Rate, understood)
	}
	return sound{codec.Rate(), rawReader(buffered, codec)}, nil
}

// rawReader reads samples as codec has them.
func rawReader(src io.Reader, codec protocol.Codec) func([]int16) (int, error) {
	width := len(codec.Bytes([]int16{0}))
	var b []byte
	return func(dst []int16) (int, error) {
		b = append(b[:0], make([]byte, width*len(dst))...)
		n, err := io.ReadFull(src, b)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		samples, bad := codec.Samples(b[:n-n%width])
		if bad != nil {
			return 0, bad
		}
		return copy(dst, samples), err
	}
}

// unreadableSound is an error in reading sound.
func unreadableSound(err error) error {
	if errors.Is(err, pcm.ErrWAV) {
		return &httpError{status: 400, param: "file", code: "invalid_audio", message: "the sound cannot be read: " + err.Error()}
	}
	return unreadable(err)
}

// container names what begins so, as far as it is known.
func container(start []byte) string {
	switch {
	case len(start) == 0:
		return "an empty file"
	case bytes.HasPrefix(start, []byte("ID3")), len(start) > 1 && start[0] == 0xFF && start[1]&0xE0 == 0xE0:
		return "mp3"
	case bytes.HasPrefix(start, []byte("OggS")):
		return "ogg"
	case bytes.HasPrefix(start, []byte("fLaC")):
		return "flac"
	case bytes.HasPrefix(start, []byte{0x1A, 0x45, 0xDF, 0xA3}):
		return "webm"
	case len(start) >= 8 && bytes.Equal(start[4:8], []byte("ftyp")):
		return "mp4 (m4a)"
	}
	return "sound of an unknown kind"
}

// all reads the sound to its end, at the rate to. More than longest is an error.
func (s sound) all(to pcm.Rate, longest time.Duration) ([]int16, error) {
	resampler, err := pcm.NewResampler(s.rate, to)
	if err != nil {
		return nil, invalid("file", "the sound has %d samples a second, which is no rate of sound", s.rate)
	}
	var samples []int16
	part := make([]int16, 4096)
	for {
		n, err := s.read(part)
		samples = resampler.Append(samples, part[:n])
		switch {
		case to.Duration(len(samples)) > longest:
			return nil, tooBig("the sound lasts longer than %v; send it in parts", longest)
		case errors.Is(err, io.EOF):
			return resampler.Finish(samples), nil
		case err != nil:
			return nil, unreadableSound(err)
		}
	}
}

// frames cuts samples of 16 kHz as a transcriber wants them.
func frames(samples []int16) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		size := pcm.Rate16k.Samples(pcm.FrameTime)
		for len(samples) > 0 {
			n := min(size, len(samples))
			if !yield(pcm.Frame{Rate: pcm.Rate16k, Samples: slices.Clone(samples[:n])}) {
				return
			}
			samples = samples[n:]
		}
	}
}

// clock writes a time as subtitles have it; sep stands before the milliseconds.
func clock(at time.Duration, sep string) string {
	ms := at.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, sep, ms%1000)
}
