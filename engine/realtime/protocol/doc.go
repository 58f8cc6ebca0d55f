// Package protocol is the wire of remote mode: the events of OpenAI's Realtime
// interface (GA), as both ends of a connection need them, and the sound they carry.
//
// In and out: bytes of one event ([Decode], [Encode]) and values ([ClientEvent],
// [ServerEvent], [Session], [Item], [Response]). Old names of the Beta are read as
// the new ones; what a backend leaves out is left zero. Sound goes through a
// [Codec]: PCM of 16 bits at any rate of audio/pcm, and G.711.
//
// It imports audio/pcm. engine/realtime (the client), engine/realtime/server and
// cmd/parleyd import it.
package protocol
