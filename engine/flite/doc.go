// Package flite speaks with CMU Flite, the small synthesizer that Debian ships
// as libflite1, through cgo. [Synthesizer] is an engine.Synthesizer.
//
// In: one sentence of text at a time, in any writing. Out: frames of 16 kHz
// sound of at most 20 ms as flite makes them, and the time of every word of the
// text. The voices are compiled in: there is no file to find and none to load.
//
// What flite can't say (emoji, foreign scripts) stays silent, yet its words are
// accounted for, so that "how much of the reply was heard" is always a prefix
// of the text.
//
// It may be imported by the programs under cmd/ and by tests; it imports engine
// and audio/pcm.
package flite
