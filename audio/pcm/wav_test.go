package pcm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wavFile builds a WAV file from its parts.
func wavFile(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func wavChunk(id string, size uint32, body []byte) []byte {
	c := append(binary.LittleEndian.AppendUint32([]byte(id), size), body...)
	if len(body)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

func fmtChunk(format, channels, rate, bits int) []byte {
	le := binary.LittleEndian
	align := channels * ((bits + 7) / 8)
	b := le.AppendUint16(nil, uint16(format))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*align))
	b = le.AppendUint16(b, uint16(align))
	b = le.AppendUint16(b, uint16(bits))
	return wavChunk("fmt ", uint32(len(b)), b)
}

func extensibleChunk(sub, channels, rate, bits int) []byte {
	b := fmtChunk(wavExtensible, channels, rate, bits)[8:]
	b = binary.LittleEndian.AppendUint16(b, 22)
	b = append(b, make([]byte, 6)...)
	b = binary.LittleEndian.AppendUint16(b, uint16(sub))
	b = append(b, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71)
	return wavChunk("fmt ", uint32(len(b)), b)
}

func f32(v ...float32) (b []byte) {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func TestReadWAVEncodings(t *testing.T) {
	f64 := binary.LittleEndian.AppendUint64(nil, math.Float64bits(.5))
	le16 := []byte{0x00, 0x40, 0x00, 0xC0} // 16384, -16384
	for name, c := range map[string]struct {
		file []byte
		want []int16
	}{
		"8 bit":           {wavFile(fmtChunk(1, 1, 8000, 8), wavChunk("data", 3, []byte{128, 255, 0})), []int16{0, 32512, -32768}},
		"16 bit":          {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 4, le16)), []int16{16384, -16384}},
		"24 bit":          {wavFile(fmtChunk(1, 1, 8000, 24), wavChunk("data", 3, []byte{0, 0, 0x40})), []int16{16384}},
		"20 bit":          {wavFile(fmtChunk(1, 1, 8000, 20), wavChunk("data", 3, []byte{0, 0, 0x40})), []int16{16384}},
		"32 bit":          {wavFile(fmtChunk(1, 1, 8000, 32), wavChunk("data", 4, []byte{0, 0, 0, 0xC0})), []int16{-16384}},
		"float 32":        {wavFile(fmtChunk(3, 1, 8000, 32), wavChunk("data", 8, f32(.5, -2))), []int16{16384, -32768}},
		"float NaN":       {wavFile(fmtChunk(3, 1, 8000, 32), wavChunk("data", 4, f32(float32(math.NaN())))), []int16{0}},
		"float 64":        {wavFile(fmtChunk(3, 1, 8000, 64), wavChunk("data", 8, f64)), []int16{16384}},
		"extensible":      {wavFile(extensibleChunk(1, 1, 8000, 16), wavChunk("data", 4, le16)), []int16{16384, -16384}},
		"stereo":          {wavFile(fmtChunk(1, 2, 8000, 16), wavChunk("data", 4, le16)), []int16{0}},
		"three channels":  {wavFile(fmtChunk(1, 3, 8000, 8), wavChunk("data", 3, []byte{158, 128, 128})), []int16{2560}},
		"odd chunk first": {wavFile(wavChunk("LIST", 3, []byte("abc")), fmtChunk(1, 1, 8000, 16), wavChunk("data", 4, le16)), []int16{16384, -16384}},
		"chunk after":     {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 4, le16), wavChunk("LIST", 2, []byte("ab"))), []int16{16384, -16384}},
		"size 0":          {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 0, le16)), []int16{16384, -16384}},
		"size unknown":    {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 0xFFFFFFFF, le16)), []int16{16384, -16384}},
		"truncated":       {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 4000, le16[:3])), []int16{16384}},
		"no samples":      {wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 0, nil)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ReadWAV(bytes.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if f.Rate != 8000 || len(f.Samples) < len(c.want) {
				t.Fatalf("got %v at %d Hz, want %v", f.Samples, f.Rate, c.want)
			}
			for i, w := range c.want {
				if d := f.Samples[i] - w; d < -1 || d > 1 {
					t.Errorf("got %v, want %v", f.Samples, c.want)
				}
			}
		})
	}
}

func TestReadWAVSaysWhatIsWrong(t *testing.T) {
	data := wavChunk("data", 2, []byte{1, 2})
	noBlocks := fmtChunk(1, 1, 8000, 16)
	noBlocks[8+12] = 7
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":        {nil, "empty"},
		"short":        {[]byte("RIFF"), "ends within its header"},
		"mp3":          {[]byte("ID3\x04 some music, surely"), "RIFF"},
		"no fmt":       {wavFile(), "no fmt chunk"},
		"data first":   {wavFile(data), "before its fmt"},
		"no data":      {wavFile(fmtChunk(1, 1, 8000, 16)), "no data chunk"},
		"a-law":        {wavFile(fmtChunk(6, 1, 8000, 8), data), "A-law"},
		"mp3 in wav":   {wavFile(fmtChunk(0x55, 1, 8000, 0), data), "MP3"},
		"unknown":      {wavFile(fmtChunk(0x1234, 1, 8000, 16), data), "0x1234"},
		"no channels":  {wavFile(fmtChunk(1, 0, 8000, 16), data), "0 channels"},
		"much too low": {wavFile(fmtChunk(1, 1, 10, 16), data), "10 Hz"},
		"wide":         {wavFile(fmtChunk(1, 1, 8000, 40), data), "40 bits"},
		"half float":   {wavFile(fmtChunk(3, 1, 8000, 16), data), "16 bits"},
		"odd blocks":   {wavFile(noBlocks, data), "blocks of 7 bytes"},
		"short fmt":    {wavFile(wavChunk("fmt ", 4, []byte{1, 0, 1, 0})), "at least 16"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadWAV(bytes.NewReader(c.file))
			if !errors.Is(err, ErrWAV) {
				t.Fatalf("error %v does not wrap ErrWAV", err)
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q does not say %q in one line", err, c.want)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReadWAVPassesReadErrorsOn(t *testing.T) {
	head := wavFile(fmtChunk(1, 1, 8000, 16), wavChunk("data", 400, []byte{1, 2}))
	for _, n := range []int{0, 12, len(head)} {
		_, err := ReadWAV(io.MultiReader(bytes.NewReader(head[:n]), brokenReader{}))
		if !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, ErrWAV) {
			t.Errorf("after %d bytes: error %v", n, err)
		}
	}
}

func TestWAVWriterIsValidAtAnyMoment(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.wav")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWAVWriter(file, Rate16k, 2)
	if err != nil {
		t.Fatal(err)
	}
	part := make([]int16, 2*1600)
	for i := range part {
		part[i] = int16(i)
	}
	for i := range 25 {
		if err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		left, err := os.Open(name) // as a killed process would leave it
		if err != nil {
			t.Fatal(err)
		}
		f, err := ReadWAV(left)
		left.Close()
		if err != nil {
			t.Fatal(err)
		}
		if missing := (i+1)*1600 - len(f.Samples); missing < 0 || missing >= 16000 {
			t.Fatalf("after %d writes %d samples are missing", i+1, missing)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadWAV(bytes.NewReader(left))
	if err != nil || len(f.Samples) != 25*1600 || f.Rate != Rate16k {
		t.Fatalf("%d samples at %d Hz, error %v", len(f.Samples), f.Rate, err)
	}
	if got := binary.LittleEndian.Uint32(left[4:]); int(got) != len(left)-8 {
		t.Errorf("RIFF size %d in a file of %d bytes", got, len(left))
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(wavFile(fmtChunk(1, 2, 44100, 16), wavChunk("data", 8, make([]byte, 8))))
	f.Add(wavFile(fmtChunk(3, 1, 16000, 64), wavChunk("data", 0, make([]byte, 16))))
	f.Add(wavFile(wavChunk("JUNK", 0xFFFFFFF0, nil), extensibleChunk(1, 1, 8000, 24)))
	f.Add(wavFile(fmtChunk(1, 255, 768000, 32), wavChunk("data", 0xFFFFFFFF, []byte{1})))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := ReadWAV(bytes.NewReader(file))
		if err != nil {
			if !errors.Is(err, ErrWAV) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %q", err)
			}
			return
		}
		if got.Rate < MinRate || got.Rate > MaxRate || len(got.Samples) > len(file) {
			t.Fatalf("%d samples at %d Hz out of %d bytes", len(got.Samples), got.Rate, len(file))
		}
	})
}
