// Package transports is `parley bench transports`: the same spoken turns over each way
// to a backend and with the embedded engine alone, in one run, so that what a way adds
// is seen apart from everything else.
//
// In: parleyd, which it starts beside itself, and a proxy that delays and cuts. Out:
// a table, JSON, and a chart.
//
// A microphone of its own plays the questions in real time, and a loudspeaker of its
// own tells when it plays: no sound device is in it. cmd/parley/bench imports it.
package transports
