package settings

// Settings is everything the user can set. It is a plain value; compare with ==.
type Settings struct {
	Microphone string // the device's name as `parley doctor` lists it; empty: the system's default
	Speaker    string // likewise
	EchoCancel bool   // take the speaker's sound out of the microphone's

	Patience Patience // with a user who pauses
	BargeIn  BargeIn  // how much it takes to interrupt an answer by speaking

	Voice Voice
	Speed float64 // of speech: 1 is normal, 2 twice as fast; MinSpeed to MaxSpeed

	// Who does a stage's work, where it is not the embedded engine.
	Transcriber Service
	Responder   Service
	Lesson      Service // with an empty address, the responder's, if it has one
	Synthesizer Service

	// AnswerWithin is how long a service may take to begin, in seconds, before the
	// embedded engine goes on; MinAnswer to MaxAnswer.
	AnswerWithin float64

	// ToolServers are the language model's tools beside our own, from the front. An
	// array, so that settings can be compared.
	ToolServers [MostToolServers]ToolServer

	// Remote is the base address of a Parley on another computer, or of a service
	// that speaks the same, which answers instead of this one; empty: none. Its token
	// is never here, but in the keyring.
	Remote string
	// RemoteStandIn has the embedded engine go on while that is away.
	RemoteStandIn bool

	Keep Keep // of what was said

	StartAtLogin bool // with the desktop
	Tray         bool // show a tray icon
	Greeted      bool // the first start's screen has been seen

	Theme        Theme
	TextSize     int // of the window's text, in percent; MinText to MaxText
	WindowWidth  int // as last left, in device-independent pixels; MinWindow to MaxWindow
	WindowHeight int // likewise
	SideWidth    int // of the list of conversations, as last left; MinPanel to MaxPanel
	LessonWidth  int // of the lesson, likewise; 0: as the window has room
}

// Voice names a voice of the built-in synthesizer.
type Voice string

// The voices.
const (
	RMS Voice = "rms" // a man
	SLT Voice = "slt" // a woman
)

// Patience is how long Parley waits for you to go on.
type Patience string

// The patiences.
const (
	Quick    Patience = "quick"
	Balanced Patience = "balanced"
	Patient  Patience = "patient"
)

// BargeIn is how much it takes to interrupt an answer by speaking over it.
type BargeIn string

// The sensitivities.
const (
	Easily   BargeIn = "easily"
	Normally BargeIn = "normally"
	Insist   BargeIn = "insist"
)

// Keep is how long what was said is kept.
type Keep string

// How long.
const (
	Forever   Keep = "forever"
	Month     Keep = "30 days"
	KeptNever Keep = "off" // nothing said is written to disk
)

// Theme says how the window looks.
type Theme string

// The themes.
const (
	System Theme = "system" // as the desktop does
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// What numbers may be.
const (
	MinSpeed, MaxSpeed   = 0.5, 2.0
	MinWindow, MaxWindow = 200, 16384
	MinAnswer, MaxAnswer = 1.0, 60.0
	MinText, MaxText     = 100, 200
	MinPanel, MaxPanel   = 200, 1000
)

// Default gives the settings of someone who has set nothing.
func Default() Settings {
	return Settings{
		EchoCancel:    true,
		Patience:      Balanced,
		BargeIn:       Normally,
		Voice:         RMS,
		Speed:         1,
		AnswerWithin:  4,
		RemoteStandIn: true,
		Keep:          Forever,
		Tray:          true,
		Theme:         System,
		TextSize:      100,
		WindowWidth:   1000,
		WindowHeight:  700,
		SideWidth:     244,
	}
}
