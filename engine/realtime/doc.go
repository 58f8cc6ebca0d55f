// Package realtime holds a conversation with a backend over WebSocket: a [Client]
// is the stages of an engine.Conversation, answered by whoever speaks OpenAI's
// Realtime interface, parleyd first of all.
//
// In: utterances to transcribe, requests to answer, lessons to write. Out: hypotheses,
// replies that come already spoken, lessons, and how the backend is reached. Turns
// are decided on this desk: the backend is told turn_detection null, hears sound only
// while somebody speaks, and its conversation is made equal to ours before it is asked
// for a reply.
//
// Run keeps the connection: it pings, reconnects, resumes where the backend can, and
// renews a session before it expires. A stage that is at work meanwhile goes on.
//
// It imports engine, engine/realtime/protocol and audio/pcm; engine/remote and
// cmd/parley import it.
package realtime
