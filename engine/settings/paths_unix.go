//go:build unix

package settings

var (
	config = base{variable: "XDG_CONFIG_HOME", home: "HOME", below: ".config"}
	data   = base{variable: "XDG_DATA_HOME", home: "HOME", below: ".local/share"}
)
