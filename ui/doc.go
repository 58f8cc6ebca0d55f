// Package ui is Parley's window: it draws a conversation and says what the user
// wants.
//
// In: the [engine.Event] stream of one [engine.Session], the stored conversations
// of a [Library], what is due of [Reviews], the facts of a [Memory], and lessons as
// files of an [Exporter], which are written where the user says. Out:
// [engine.Command] values to that session, and what is done to conversations and
// facts.
// Events are folded into a plain [State] by a pure function (state.go); one
// bridge (bridge.go) hands the newest state to Fyne's thread, never more often
// than it can be seen; each view (one file each) draws its part of it.
//
// Every text of the window is asked for by Fyne's lang and is there in English and in
// German (language.go, translations/). What is said aloud, the engine's errors and what
// a test of a service found stay English: Parley speaks and understands that alone.
//
// The package knows no device, no file of Parley's and no provider. It imports engine,
// engine/settings, assets and Fyne; only cmd/parley imports it.
package ui
