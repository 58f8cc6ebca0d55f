// Package assets is what Parley carries in its own binary to be looked at: the
// application icon and the window's line icons, all drawn for it.
//
// In: the SVG files beside this one. Out: [fyne.Resource] values. Only ui and
// cmd/parley import it; it imports nothing of ours.
package assets
