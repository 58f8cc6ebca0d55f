package pcm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrWAV is wrapped by every error about bytes that are not a WAV file that
// Parley can read.
var ErrWAV = errors.New("pcm: not a readable WAV file")

// The encodings that are read.
const (
	wavPCM        = 0x0001
	wavFloat      = 0x0003
	wavExtensible = 0xFFFE
)

// wavUnknownSize is what programs that write to a pipe leave as a size.
const wavUnknownSize = 0xFFFFFFFF

// maxChannels bounds the memory of one sample of all channels.
const maxChannels = 256

// WAVReader reads a WAV file as a stream of mono samples: PCM of 8, 16, 24 or
// 32 bits or floats of 32 or 64 bits, at any rate from [MinRate] to [MaxRate],
// up to 256 channels, which are averaged. Chunks it does not know are skipped,
// a file that was cut short ends where it ends, and sizes of 0 or 0xFFFFFFFF,
// as streaming writers leave them, mean "to the end".
type WAVReader struct {
	src      io.Reader
	rate     Rate
	channels int
	bytes    int // of one sample of one channel
	float    bool
	block    []byte // one sample of every channel, times wavBlocks
	err      error
}

// wavBlocks is how many samples of all channels are read at once.
const wavBlocks = 256

// NewWAVReader reads up to the first sample. Every error but one of src itself
// wraps [ErrWAV] and says in one line what is wrong.
func NewWAVReader(src io.Reader) (*WAVReader, error) {
	var head [12]byte
	if n, err := io.ReadFull(src, head[:]); err != nil {
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("pcm: %w", err)
		}
		if n == 0 {
			return nil, fmt.Errorf("%w: it is empty", ErrWAV)
		}
		return nil, fmt.Errorf("%w: it ends within its header", ErrWAV)
	}
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, fmt.Errorf("%w: it does not begin with RIFF and WAVE; convert it to WAV first", ErrWAV)
	}
	r := &WAVReader{src: src}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(src, chunk[:]); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, fmt.Errorf("pcm: %w", err)
			}
			if r.rate == 0 {
				return nil, fmt.Errorf("%w: it has no fmt chunk", ErrWAV)
			}
			return nil, fmt.Errorf("%w: it has no data chunk", ErrWAV)
		}
		id, size := string(chunk[:4]), binary.LittleEndian.Uint32(chunk[4:])
		switch {
		case id == "fmt ":
			if err := r.readFormat(size); err != nil {
				return nil, err
			}
		case id == "data" && r.rate == 0:
			return nil, fmt.Errorf("%w: its data chunk comes before its fmt chunk", ErrWAV)
		case id == "data":
			if size != 0 && size != wavUnknownSize {
				r.src = io.LimitReader(src, int64(size))
			}
			r.block = make([]byte, wavBlocks*r.channels*r.bytes)
			return r, nil
		default:
			if err := skip(src, int64(size)+int64(size&1)); err != nil {
				return nil, err
			}
		}
	}
}

// skip reads past n bytes; a file that ends before is noticed by the next read.
func skip(src io.Reader, n int64) error {
	if _, err := io.CopyN(io.Discard, src, n); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("pcm: %w", err)
	}
	return nil
}

// readFormat reads the fmt chunk (Multimedia Programming Interface and Data
// Specifications 1.0, 1991; WAVEFORMATEXTENSIBLE from Microsoft's mmreg.h).
func (r *WAVReader) readFormat(size uint32) error {
	var f [40]byte
	if size < 16 {
		return fmt.Errorf("%w: its fmt chunk has %d bytes where at least 16 belong", ErrWAV, size)
	}
	n := min(size, uint32(len(f)))
	if _, err := io.ReadFull(r.src, f[:n]); err != nil {
		return fmt.Errorf("%w: it ends within its fmt chunk", ErrWAV)
	}
	if err := skip(r.src, int64(size-n)+int64(size&1)); err != nil {
		return err
	}
	le := binary.LittleEndian
	format, channels, rate := le.Uint16(f[0:]), le.Uint16(f[2:]), le.Uint32(f[4:])
	align, bits := le.Uint16(f[12:]), le.Uint16(f[14:])
	if format == wavExtensible {
		if n < 26 {
			return fmt.Errorf("%w: its extensible fmt chunk is too short to name an encoding", ErrWAV)
		}
		format = le.Uint16(f[24:]) // the first two bytes of the SubFormat GUID
	}
	// Samples of, say, 20 bits stand left-aligned in 3 bytes.
	bytes := (int(bits) + 7) / 8
	switch {
	case format != wavPCM && format != wavFloat:
		return fmt.Errorf("%w: its encoding is %s; convert it to PCM", ErrWAV, wavEncoding(format))
	case channels == 0 || channels > maxChannels:
		return fmt.Errorf("%w: it has %d channels; 1 to %d can be read", ErrWAV, channels, maxChannels)
	case rate < uint32(MinRate) || rate > uint32(MaxRate):
		return fmt.Errorf("%w: its sample rate is %d Hz; %d to %d Hz can be read", ErrWAV, rate, MinRate, MaxRate)
	case format == wavPCM && (bytes < 1 || bytes > 4):
		return fmt.Errorf("%w: it has %d bits a sample; 8, 16, 24 and 32 can be read", ErrWAV, bits)
	case format == wavFloat && bits != 32 && bits != 64:
		return fmt.Errorf("%w: it has floats of %d bits; 32 and 64 can be read", ErrWAV, bits)
	case int(align) != bytes*int(channels):
		return fmt.Errorf("%w: its samples of %d bits in %d channels cannot fill blocks of %d bytes", ErrWAV, bits, channels, align)
	}
	r.rate, r.channels, r.bytes, r.float = Rate(rate), int(channels), bytes, format == wavFloat
	return nil
}

// wavEncoding names the encodings that people meet (RFC 2361).
func wavEncoding(format uint16) string {
	names := map[uint16]string{
		0x0002: "Microsoft ADPCM", 0x0006: "A-law", 0x0007: "µ-law", 0x0011: "IMA ADPCM",
		0x0031: "GSM 6.10", 0x0050: "MPEG", 0x0055: "MP3", 0x0161: "Windows Media Audio", 0xF1AC: "FLAC",
	}
	if name := names[format]; name != "" {
		return name
	}
	return fmt.Sprintf("of type 0x%04X", format)
}

// Rate is the file's sample rate.
func (r *WAVReader) Rate() Rate { return r.rate }

// Channels is how many channels the file has.
func (r *WAVReader) Channels() int { return r.channels }

// Read fills dst with mono samples and returns how many; at the end it returns
// 0 and [io.EOF].
func (r *WAVReader) Read(dst []int16) (int, error) {
	done := 0
	size := r.channels * r.bytes
	for done < len(dst) && r.err == nil {
		var n int
		n, r.err = io.ReadFull(r.src, r.block[:min(wavBlocks, len(dst)-done)*size])
		if errors.Is(r.err, io.ErrUnexpectedEOF) {
			r.err = io.EOF // what is left of a sample is dropped
		}
		for b := r.block[:n]; len(b) >= size; b = b[size:] {
			dst[done] = r.mono(b[:size])
			done++
		}
	}
	if done > 0 || len(dst) == 0 {
		return done, nil
	}
	if !errors.Is(r.err, io.EOF) {
		return 0, fmt.Errorf("pcm: %w", r.err)
	}
	return 0, io.EOF
}

// mono averages the channels of one sample.
func (r *WAVReader) mono(b []byte) int16 {
	sum := 0.0
	for ; len(b) > 0; b = b[r.bytes:] {
		sum += r.sample(b)
	}
	v := sum / float64(r.channels)
	if math.IsNaN(v) {
		return 0
	}
	return clip(float32(v))
}

// sample decodes the first sample of b, scaled to 16 bits.
func (r *WAVReader) sample(b []byte) float64 {
	le := binary.LittleEndian
	switch {
	case r.float && r.bytes == 4:
		return float64(math.Float32frombits(le.Uint32(b))) * 32768
	case r.float:
		return math.Float64frombits(le.Uint64(b)) * 32768
	case r.bytes == 1:
		return (float64(b[0]) - 128) * 256 // 8 bits are unsigned
	case r.bytes == 2:
		return float64(int16(le.Uint16(b)))
	case r.bytes == 3:
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / 65536
	default:
		return float64(int32(le.Uint32(b))) / 65536
	}
}

// ReadWAV reads a whole WAV file as one mono frame at the file's own rate. It
// takes only as much memory as there are samples, whatever the header says.
// Errors are those of [NewWAVReader].
func ReadWAV(src io.Reader) (Frame, error) {
	r, err := NewWAVReader(src)
	if err != nil {
		return Frame{}, err
	}
	f := Frame{Rate: r.rate}
	part := make([]int16, 4096)
	for {
		n, err := r.Read(part)
		f.Samples = append(f.Samples, part[:n]...)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return Frame{}, err
		}
	}
}
