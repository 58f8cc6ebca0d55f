// Package server is the server's end of a Realtime session: a state machine of its
// own over the stages that answer ([Backend]) and one connection ([Conn]).
//
// In: a client's events, one JSON text a message. Out: the server's, in the order
// that clients expect (the protocol's own, and the extensions that were agreed on).
// [Serve] carries one session: one loop owns all of its state; transcriber,
// responder and synthesizer run in goroutines of their own that report to the loop
// by a function, which checks first that what it reports of is still current. With
// turn detection a response is prepared in each pause that may be the end of the turn,
// and given when it is. With a
// [Resumable] a session outlives its connection for a while. [Handler] is the WebSocket
// in front of it; who may come in is not its matter.
//
// It imports engine, engine/turn, audio/pcm and engine/realtime/protocol.
// engine/realtime/rest and cmd/parleyd import it.
package server
