// Package citizen makes Parley a good program on a desktop: it runs once, shows
// its state in the tray, tells what happens while its window is hidden, and is
// started at login if the user wants that.
//
// In: a session's events, and what the user wants of the tray. Out: commands to
// the session, and calls of [Desktop], behind which the window is. It talks to
// the desktop over D-Bus, and where there is none, or no tray, it does without.
// Only cmd/parley imports it; it imports engine and assets, and of the window's
// toolkit the words in the user's language, which the window has loaded before.
package citizen
