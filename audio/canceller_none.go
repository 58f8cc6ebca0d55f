//go:build !unix

package audio

// cancellerName is what newCanceller makes, for people.
const cancellerName = "none in this build: while it speaks it hears nobody, but with headphones"

// newCanceller gives the stand-in: speexdsp is not there.
func newCanceller(played *reference) (canceller, error) { return newHalfDuplex(played.newest), nil }
