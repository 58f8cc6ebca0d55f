// Package audio is Parley's ears and mouth: the microphone (malgo), the speaker
// (oto, or malgo where oto cannot serve), the echo canceller between them
// (speexdsp, or half duplex where there is none), a recorder of both, and
// stand-ins that are files or nothing at all.
//
// In: what the sound devices hear, and frames to be played. Out: frames of
// 10 ms as [engine.Heard], and sound. [Open] gives an [engine.Microphone] and an
// [engine.Speaker] that survive the loss of their devices.
//
// Time is what this package is about. Every block of sound that crosses a device
// is stamped with the wall-clock time at which it did, smoothed against the jitter
// of callbacks (sampleClock): the position of playout and the recording of both
// sides follow from these stamps. The echo canceller's reference does not; it
// counts samples, and the echo itself tells how far it is behind (aligner).
//
// Device callbacks only copy to and from lock-free queues (pcm.Ring, tap).
//
// It imports audio/pcm, and engine for the interfaces that it fulfils. Only
// cmd/parley may import it; parleyd has no sound devices.
package audio
