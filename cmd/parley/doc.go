// Command parley is the desktop voice assistant, and, by its subcommands, the
// same engine in a terminal.
//
// It builds the pieces (devices, transcriber, responder, synthesizer, history),
// hands them to an engine.Conversation and gives that to the window or to the
// terminal. It may import everything.
package main
