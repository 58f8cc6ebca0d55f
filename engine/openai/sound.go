package openai

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"strconv"
	"strings"

	"parley/audio/pcm"
)

// playable says whether sound of that type is pcm or WAV, as far as the type can
// tell: servers call it many things.
func playable(mediaType string) bool {
	switch mediaType {
	case "audio/mpeg", "audio/mp3", "audio/ogg", "audio/opus", "audio/aac", "audio/flac", "audio/x-flac", "audio/webm", "audio/mp4":
		return false
	}
	return strings.HasPrefix(mediaType, "audio/") || mediaType == "application/octet-stream" || mediaType == "binary/octet-stream"
}

// voice is sound as it arrives.
type voice struct {
	rate pcm.Rate
	read func(dst []int16) (int, error)
}

// next is the next frame. Its error is io.EOF at the end.
func (v *voice) next() (pcm.Frame, error) {
	samples := make([]int16, v.rate.Samples(frameTime))
	n, err := v.read(samples)
	return pcm.Frame{Rate: v.rate, Samples: samples[:n]}, err
}

// voice finds out what kind of sound this is: raw pcm, as asked for, or a WAV
// file.
func (s *Synthesizer) voice(contentType string, body io.Reader) (*voice, error) {
	src := &source{Reader: body}
	start := make([]byte, 12)
	n, err := io.ReadFull(src, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || src.failed != nil {
		return nil, errors.Join(src.failed, err)
	}
	start = start[:n]
	src.Reader = io.MultiReader(bytes.NewReader(start), body)
	if bytes.HasPrefix(start, []byte("RIFF")) && bytes.HasSuffix(start, []byte("WAVE")) {
		file, err := pcm.NewWAVReader(src)
		if err != nil && src.failed == nil {
			return nil, &failure{kind: ErrFormat, text: s.cfg.host() + " sent a WAV file that cannot be read"}
		}
		if err != nil {
			return nil, src.failed
		}
		return &voice{rate: file.Rate(), read: func(dst []int16) (int, error) {
			n, err := file.Read(dst)
			if src.failed != nil {
				err = src.failed
			}
			return n, err
		}}, nil
	}
	if compressed(start) {
		return nil, &failure{kind: ErrFormat, text: s.cfg.host() + " sent compressed sound; it has to be able to send pcm or wav"}
	}
	return &voice{rate: pcmRate(contentType), read: rawSamples(src)}, nil
}

// source remembers why reading failed, which a reader of WAV files takes for the
// end.
type source struct {
	io.Reader
	failed error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}

// compressed says whether sound begins as MP3, Ogg or FLAC do.
func compressed(start []byte) bool {
	for _, mark := range []string{"ID3", "OggS", "fLaC", "\xff\xfb\x90", "\xff\xfb\xb0", "\xff\xf3\xc4", "\xff\xf3\xe4"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}

// pcmRate is the rate that a type names ("audio/pcm; rate=22050"), else the one
// that OpenAI has.
func pcmRate(contentType string) pcm.Rate {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return pcm.Rate24k
	}
	rate, err := strconv.Atoi(params["rate"])
	if err != nil || pcm.Rate(rate) < 8000 || pcm.Rate(rate) > pcm.Rate48k {
		return pcm.Rate24k
	}
	return pcm.Rate(rate)
}

// rawSamples reads samples of two bytes, the lower first. It fills dst, but for
// the end.
func rawSamples(src *source) func(dst []int16) (int, error) {
	var raw []byte
	return func(dst []int16) (int, error) {
		raw = append(raw[:0], make([]byte, 2*len(dst))...)
		n, err := io.ReadAtLeast(src, raw, len(raw))
		if src.failed != nil {
			err = src.failed
		} else if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		for i := range n / 2 {
			dst[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
		}
		return n / 2, err
	}
}
