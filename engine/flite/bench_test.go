package flite

import (
	"slices"
	"testing"
	"time"
)

// replies are sentences as an assistant says them, short and long.
var replies = []string{
	"Yes.", "It is half past three.", "Seventeen times twenty-three is 391.",
	"Your sister's birthday is on the third of June.", "I set a timer for ten minutes.",
	"Gravity is the force of attraction between all masses in the universe; especially the attraction of the earth's mass for bodies near its surface.",
	"Photosynthesis is the synthesis of compounds with the aid of radiant energy, especially in plants.",
	"I can't answer that offline, but I can tell the time, do sums, convert units, define words, remember things and set timers.",
	"A refrigerator is a white good in which food can be stored at low temperatures.",
	"Here is what I found: a volcano is a fissure in the earth's crust, or in the surface of some other planet, through which molten lava and gases erupt.",
	"Supercalifragilisticexpialidocious internationalization characteristically misrepresents counterrevolutionaries unapologetically",
	"Five miles are 8.047 kilometers.",
}

// BenchmarkFirstAudio reports the time from the call to the first frame (p50 and
// p95, in ms) and the real-time factor:
//
//	go test -run - -bench FirstAudio ./engine/flite
func BenchmarkFirstAudio(b *testing.B) {
	for _, v := range []string{"rms", "slt"} {
		b.Run(v, func(b *testing.B) {
			s := voice(b, v)
			say(b, s, "Warm.")
			var first []time.Duration
			var took, spoken time.Duration
			for b.Loop() {
				for _, text := range replies {
					began, heard := time.Now(), false
					for sp, err := range s.Synthesize(b.Context(), text) {
						if err != nil {
							b.Fatal(err)
						}
						if !heard {
							first, heard = append(first, time.Since(began)), true
						}
						spoken += sp.Frame.Duration()
					}
					took += time.Since(began)
				}
			}
			slices.Sort(first)
			ms := func(p int) float64 { return float64(first[(len(first)-1)*p/100]) / float64(time.Millisecond) }
			b.ReportMetric(ms(50), "p50-ms")
			b.ReportMetric(ms(95), "p95-ms")
			b.ReportMetric(took.Seconds()/spoken.Seconds(), "rtf")
		})
	}
}
