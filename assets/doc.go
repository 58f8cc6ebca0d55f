// Package assets is what Parley carries in its own binary to be looked at: the
// application icon, the window's line icons and the tray's, all drawn for it.
//
// In: the SVG files beside this one, and what .ci/icons makes of some of them.
// Out: [fyne.Resource] values and PNG files. Only ui and cmd/parley import it;
// it imports nothing of ours.
package assets
