// Package load is `parleyd load`: it plays many real-time clients at once against a
// running parleyd, and measures.
//
// In: an address and how many. Out: a table or JSON: how long frames of sound take
// into the session and back, how long answers take, and what the server needs for
// it by its own /metrics. Each client speaks for a while and is silent for a while,
// 20 ms at a time, as clients do.
//
// It imports engine/realtime/protocol and audio/pcm. cmd/parleyd imports it.
package load
