package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"parley/audio/pcm"
)

// Codec writes samples as a [Format] has them, and reads them.
type Codec struct {
	name string
	rate pcm.Rate
}

// The formats' names.
const (
	PCM  = "audio/pcm"
	PCMU = "audio/pcmu"
	PCMA = "audio/pcma"
)

// WireRate is the rate of audio/pcm where none is said.
const WireRate = pcm.Rate(24000)

// NewCodec returns the codec of a format; nil means 24 kHz PCM.
func NewCodec(f *Format) (Codec, error) {
	if f == nil {
		return Codec{PCM, WireRate}, nil
	}
	switch f.Type {
	case PCM:
		rate := pcm.Rate(f.Rate)
		if f.Rate == 0 {
			rate = WireRate
		}
		if rate < 8000 || rate > 48000 {
			return Codec{}, fmt.Errorf("protocol: audio/pcm cannot have %d samples a second; use 24000", f.Rate)
		}
		return Codec{PCM, rate}, nil
	case PCMU, PCMA:
		if f.Rate != 0 && f.Rate != 8000 {
			return Codec{}, fmt.Errorf("protocol: %s has 8000 samples a second, not %d", f.Type, f.Rate)
		}
		return Codec{f.Type, 8000}, nil
	}
	return Codec{}, fmt.Errorf("protocol: no such format as %.40q; there are audio/pcm, audio/pcmu and audio/pcma", f.Type)
}

// Rate is the rate of what it reads and writes.
func (c Codec) Rate() pcm.Rate { return c.rate }

// Format is what the codec writes.
func (c Codec) Format() *Format {
	if c.name == PCM {
		return &Format{Type: PCM, Rate: int(c.rate)}
	}
	return &Format{Type: c.name}
}

// Bytes writes samples of the codec's rate.
func (c Codec) Bytes(samples []int16) []byte {
	switch c.name {
	case PCMU, PCMA:
		encode := muLaw
		if c.name == PCMA {
			encode = aLaw
		}
		b := make([]byte, len(samples))
		for i, s := range samples {
			b[i] = encode(s)
		}
		return b
	}
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s)) //nolint:gosec // the bits
	}
	return b
}

// Samples reads what Bytes writes. Half a sample at the end is an error.
func (c Codec) Samples(b []byte) ([]int16, error) {
	switch c.name {
	case PCMU, PCMA:
		table := &muLawTable
		if c.name == PCMA {
			table = &aLawTable
		}
		samples := make([]int16, len(b))
		for i, v := range b {
			samples[i] = table[v]
		}
		return samples, nil
	}
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("protocol: %d bytes are no whole number of 16-bit samples", len(b))
	}
	samples := make([]int16, len(b)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:])) //nolint:gosec // the bits
	}
	return samples, nil
}

// Text writes samples as an event bears them: base64.
func (c Codec) Text(samples []int16) string {
	return base64.StdEncoding.EncodeToString(c.Bytes(samples))
}

// FromText reads what Text writes.
func (c Codec) FromText(text string) ([]int16, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("protocol: the sound is not base64: %w", err)
	}
	return c.Samples(b)
}
