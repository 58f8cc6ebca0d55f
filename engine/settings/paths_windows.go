package settings

// Settings go with the user from computer to computer, what was said does not. The
// variables of other systems come first: who sets them means them.
var (
	config = base{variable: "XDG_CONFIG_HOME", home: "AppData"}
	data   = base{variable: "XDG_DATA_HOME", home: "LocalAppData"}
)
