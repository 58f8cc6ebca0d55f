// Package engine is a spoken conversation as words: utterances, turns, events
// and commands, and [Conversation], the loop that carries sound from a
// microphone through turn detection, transcription, response and synthesis to a
// speaker.
//
// In: frames from a [Microphone], [Command] values. Out: frames to a [Speaker],
// [Event] values to watchers, finished turns to a [Store]. The stages are
// interfaces of one method each; the packages below engine/ implement them.
//
// The engine knows no window, no device and no wire. It imports audio/pcm and
// engine/turn only; anyone may import it.
package engine
