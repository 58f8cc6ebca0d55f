// Package audiotest makes sound for tests where there is no hardware: a private
// sound server with a virtual microphone and speaker ([Server]), programs that
// speak into the one and record the other, and a simulated room ([Room]) for
// tests that run faster than sound.
//
// In: WAV files and frames. Out: recordings as frames, and environment variables
// for programs under test. It is for tests only; any test may import it. It
// imports audio/pcm.
package audiotest
