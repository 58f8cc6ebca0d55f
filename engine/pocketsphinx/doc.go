// Package pocketsphinx understands English speech with CMU PocketSphinx and the
// en-us model that Debian ships as libpocketsphinx3 and pocketsphinx-en-us,
// through cgo. [Transcriber] is an engine.Transcriber.
//
// In: the 16 kHz frames of one utterance at a time. Out: hypotheses while it is
// spoken and a final one a few milliseconds after its last frame. What the
// decoder has learnt of the voice and the room (the cepstral mean) is carried
// from utterance to utterance and can be kept across starts.
//
// It may be imported by the programs under cmd/ and by tests; it imports engine
// and audio/pcm.
package pocketsphinx
