package pcm

import (
	"fmt"
	"testing"
)

// A second of sound, 20 ms at a time, as a session's microphone and voice have it.
func BenchmarkResampler(b *testing.B) {
	for _, rates := range [][2]Rate{{24000, 16000}, {16000, 24000}, {48000, 16000}, {44100, 16000}} {
		b.Run(fmt.Sprintf("%d to %d", rates[0], rates[1]), func(b *testing.B) {
			r, err := NewResampler(rates[0], rates[1])
			if err != nil {
				b.Fatal(err)
			}
			src := make([]int16, rates[0]/50)
			for i := range src {
				src[i] = int16(i * 37)
			}
			var dst []int16
			for b.Loop() {
				for range 50 {
					dst = r.Append(dst[:0], src)
				}
			}
		})
	}
}
