package assets

import (
	"bytes"
	"embed"
	"fmt"
	"image/color"
	"path"

	"fyne.io/fyne/v2"
)

//go:generate ../.ci/icons

//go:embed icon/256.png
var appPNG []byte

//go:embed tray/*.png
var tray embed.FS

//go:embed icons/*.svg
var icons embed.FS

// App is the application's icon, 256 by 256: a PNG, since what shows it outside
// the window (a panel, a notification) need not know SVG.
func App() fyne.Resource { return fyne.NewStaticResource("parley.png", appPNG) }

// TrayName is the name of an icon for the desktop's tray: the presence in one
// of its states, told apart by shape.
type TrayName string

// The tray's icons, 64 by 64.
const (
	TrayListening TrayName = "listening"
	TrayHearing   TrayName = "hearing"
	TrayThinking  TrayName = "thinking"
	TraySpeaking  TrayName = "speaking"
	TrayMuted     TrayName = "muted"
	TrayAway      TrayName = "away" // no sound device
)

// Tray is the named icon as a PNG file; nil for a name that is not one of the
// constants.
func Tray(n TrayName) []byte {
	png, err := tray.ReadFile(path.Join("tray", string(n)+".png"))
	if err != nil {
		return nil
	}
	return png
}

// Name is a line icon's name.
type Name string

// The line icons, 24 by 24, drawn in one colour.
const (
	Microphone    Name = "microphone"
	MicrophoneOff Name = "microphone-off"
	Stop          Name = "stop"
	Plus          Name = "plus"
	Menu          Name = "menu"
	Lesson        Name = "lesson"
	Close         Name = "close"
	Export        Name = "export"
	Memory        Name = "memory"
	More          Name = "more"
	Settings      Name = "settings"
)

// ink is the colour the icons are drawn in on disk.
var ink = []byte("#000000")

// Icon is the named icon in colour c; its transparency is ignored. A name
// that is not one of the constants gives an empty resource.
func Icon(n Name, c color.Color) fyne.Resource {
	r, g, b, _ := c.RGBA()
	rgb := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	svg, err := icons.ReadFile(path.Join("icons", string(n)+".svg"))
	if err != nil {
		return fyne.NewStaticResource(string(n), nil)
	}
	// Fyne caches rasterised SVG by resource name.
	return fyne.NewStaticResource(string(n)+rgb+".svg", bytes.ReplaceAll(svg, ink, []byte(rgb)))
}
