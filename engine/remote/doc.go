// Package remote is which way to a backend is used, and the ways over plain HTTP.
//
// A way is a [Rung]: stages that answer over it. A [Ladder] has several, the best
// first (WebSocket, then one HTTP request that goes on, then [Turn]: one request a turn and its answer as a stream, then
// REST, then [Chat]: text alone), is itself an engine.Transcriber, Responder,
// Synthesizer and Teacher, and answers by the best that works. Nobody chooses: a
// rung that is refused is left, for a reason that [Ladder.Links] shows; better ones
// are asked again in the background; what a rung cannot do the embedded engine does.
// Where nothing works, calls end with an error, at once, and engine/standby goes on.
//
// In: what a conversation asks of its stages, and probes. Out: their answers, and
// engine.Link. Nothing is said twice: what has begun to come over one rung is not
// asked for over another.
//
// It imports engine, audio/pcm and engine/realtime/protocol. cmd/parley makes the
// rungs that speak through other rooms and puts the ladder before engine/standby.
package remote
