// Command parleyd is Parley's engine for remote clients: OpenAI's Realtime
// interface over WebSocket, its plain HTTP routes, and what runs them (tokens,
// health, metrics, draining). docs/deploy tells how to run it.
//
// It puts the rooms together: engine/realtime/guard stands before
// engine/realtime/server and engine/realtime/rest, which are answered by the
// embedded engines or, for load tests, by canned ones. It has no window and no sound
// device: it imports neither ui, audio nor assets, so that neither GL nor ALSA is
// needed where it runs.
package main
