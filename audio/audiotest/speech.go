package audiotest

import (
	"os"
	"path/filepath"
	"testing"

	"parley/audio/pcm"
)

// Speech is the directory of recorded speech of Debian's pocketsphinx-testdata:
// five sentences read by one speaker, 16 kHz.
const Speech = "/usr/share/pocketsphinx/test/data/librivox"

// ReadSpeech returns n samples at 16 kHz of people reading aloud, beginning
// with the recording numbered first. It fails the test where the recordings are
// not installed.
func ReadSpeech(t testing.TB, first, n int) []int16 {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(Speech, "*.wav"))
	if len(files) == 0 {
		t.Fatal("audiotest: recorded speech is missing: apt-get install pocketsphinx-testdata")
	}
	var samples []int16
	for i := first; len(samples) < n; i++ {
		samples = append(samples, ReadWAV(t, files[i%len(files)]).Samples...)
	}
	return samples[:n]
}

// ReadWAV reads a WAV file.
func ReadWAV(t testing.TB, name string) pcm.Frame {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	f, err := pcm.ReadWAV(file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
