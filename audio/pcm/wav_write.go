package pcm

import (
	"encoding/binary"
	"fmt"
	"io"
)

const wavHeaderSize = 44

// WAVWriter writes 16-bit PCM. Once a second of sound it brings the sizes in
// the header up to date, so that what a killed process leaves behind is a valid
// file that lacks its last second at most.
type WAVWriter struct {
	dst      io.WriteSeeker
	rate     Rate
	channels int
	size     int64 // bytes of samples written
	stated   int64 // of which the header knows
	buf      []byte
}

// NewWAVWriter writes the header to dst, at its start. The channels of Write
// are interleaved; there are 1 to 256.
func NewWAVWriter(dst io.WriteSeeker, rate Rate, channels int) (*WAVWriter, error) {
	if rate < MinRate || rate > MaxRate || channels < 1 || channels > maxChannels {
		return nil, fmt.Errorf("pcm: cannot write a WAV file of %d channels at %d Hz", channels, rate)
	}
	w := &WAVWriter{dst: dst, rate: rate, channels: channels}
	if err := w.writeHeader(); err != nil {
		return nil, err
	}
	return w, nil
}

// Write appends samples, one of each channel in turn.
func (w *WAVWriter) Write(samples []int16) error {
	w.buf = w.buf[:0]
	for _, s := range samples {
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(s))
	}
	n, err := w.dst.Write(w.buf)
	w.size += int64(n)
	if err != nil {
		return fmt.Errorf("pcm: wav: %w", err)
	}
	if w.size-w.stated >= int64(w.rate)*int64(w.channels)*2 {
		return w.writeHeader()
	}
	return nil
}

// Close brings the header up to date. It does not close what it writes to.
func (w *WAVWriter) Close() error { return w.writeHeader() }

// writeHeader writes the header with the sizes as they are and goes back to the
// end. Beyond 4 GB the sizes say "to the end".
func (w *WAVWriter) writeHeader() error {
	le := binary.LittleEndian
	data, riff := uint32(wavUnknownSize), uint32(wavUnknownSize)
	if w.size < wavUnknownSize-wavHeaderSize {
		data, riff = uint32(w.size), uint32(w.size)+wavHeaderSize-8
	}
	block := 2 * w.channels
	h := make([]byte, 0, wavHeaderSize)
	h = le.AppendUint32(append(h, "RIFF"...), riff)
	h = le.AppendUint32(append(h, "WAVEfmt "...), 16)
	h = le.AppendUint16(h, wavPCM)
	h = le.AppendUint16(h, uint16(w.channels))
	h = le.AppendUint32(h, uint32(w.rate))
	h = le.AppendUint32(h, uint32(int(w.rate)*block))
	h = le.AppendUint16(h, uint16(block))
	h = le.AppendUint16(h, 16)
	h = le.AppendUint32(append(h, "data"...), data)
	if _, err := w.dst.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("pcm: wav: %w", err)
	}
	if _, err := w.dst.Write(h); err != nil {
		return fmt.Errorf("pcm: wav: %w", err)
	}
	if _, err := w.dst.Seek(wavHeaderSize+w.size, io.SeekStart); err != nil {
		return fmt.Errorf("pcm: wav: %w", err)
	}
	w.stated = w.size
	return nil
}
