// Package e2e proves the program end to end, with nothing faked: the built
// parley, a private sound server with a virtual microphone and speaker, real
// speech, real windows, in real time. It holds tests only; `make e2e` runs them.
//
// Measurements print a line each; docs/performance.md says which.
package e2e
