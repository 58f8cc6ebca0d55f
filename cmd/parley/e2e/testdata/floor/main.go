// Command floor is the least that a window of the toolkit can be: one label. What it
// takes to its first frame is the toolkit's and the graphics' share of what Parley's
// window takes.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.NewWithID("org.parley.floor").NewWindow("Floor")
	w.SetContent(widget.NewLabel("Parley"))
	w.Resize(fyne.NewSize(1000, 700))
	w.ShowAndRun()
}
