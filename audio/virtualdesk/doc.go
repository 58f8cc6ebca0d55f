// Package virtualdesk is a desk with a microphone and a loudspeaker that exist
// only in software: a private PulseAudio ([Server]) with virtual devices, a way
// to speak into the one and to record both ([Recording]), on one clock if need
// be.
//
// In: WAV files. Out: recordings as frames, and the environment for programs
// that are to sit at this desk. Programs that measure (cmd/parley/bench) import
// it; tests use it by way of audio/audiotest. It imports audio/pcm.
package virtualdesk
