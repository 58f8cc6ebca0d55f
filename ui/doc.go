// Package ui is Parley's window: it draws a conversation and says what the user
// wants.
//
// In: the [engine.Event] stream of one [engine.Session] and the stored
// conversations of a [Library]. Out: [engine.Command] values to that session.
// Events are folded into a plain [State] by a pure function (state.go); one
// bridge (bridge.go) hands the newest state to Fyne's thread, never more often
// than it can be seen; each view (one file each) draws its part of it.
//
// The package knows no device, no file and no provider. It imports engine,
// engine/settings, assets and Fyne; only cmd/parley imports it.
package ui
