// Package backend puts the ways to a Parley on another computer together: WebSocket
// (engine/realtime), one HTTP request that goes on (the same), one request a turn (engine/remote), REST (engine/openai) and text
// alone, as the rungs of a remote.Ladder, best first.
//
// In: an address, a key, and the embedded stages for what a way does not do. Out: the
// ladder, which answers, and what has to run beside it.
//
// cmd/parley and cmd/parley/bench import it.
package backend
