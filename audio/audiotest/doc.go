// Package audiotest makes sound for tests where there is no hardware: the private
// sound server of audio/virtualdesk with its virtual microphone and speaker
// ([Server]), and a simulated room ([Room]) for tests that run faster than sound.
//
// In: WAV files and frames. Out: recordings as frames, and environment variables
// for programs under test. It is for tests only; any test may import it. It
// imports audio/pcm and audio/virtualdesk.
package audiotest
