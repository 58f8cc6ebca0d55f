package ui

import (
	"context"

	"parley/engine/settings"
)

// Setup is whoever does what the settings ask for. A part that is nil is not
// there, and what needs it is not shown. None of its methods is called on the
// window's thread; each may take its time. Every error is one line for the user.
type Setup struct {
	Keeper  Keeper
	Sound   SoundCheck
	Engines Engines
	Remote  RemoteCheck
	Tools   Tools
	Desktop Desktop
	// Absent are the stages that this build has no engine of its own for.
	Absent []Stage
	// NoTray says that this build shows no icon in the tray.
	NoTray bool
	// Clear deletes everything that was said, learnt and remembered, as the privacy
	// page says.
	Clear func(ctx context.Context) error
}

// Keeper keeps what is set.
type Keeper interface {
	// Change makes a change to the settings, keeps it and applies it, and gives the
	// settings that are then in force. Note, if not empty, is one sentence about
	// what it will bring only later. After an error all is as before.
	Change(change func(*settings.Settings)) (now settings.Settings, note string, err error)
}

// SoundCheck knows the sound devices and tries them.
type SoundCheck interface {
	// Devices are the microphones and the speakers there are.
	Devices() (microphones, speakers []SoundDevice, err error)
	// Hear shows what the microphone hears until something was said or ctx ends:
	// how loud it is, in dBFS, and the words so far. It gives the words. The
	// conversation does not hear them.
	Hear(ctx context.Context, show func(dbfs float64, text string)) (text string, err error)
	// Say has a sentence spoken in the voice and on the speaker now chosen.
	Say(sentence string) error
}

// SoundDevice is a microphone or a speaker.
type SoundDevice struct {
	Name   string // for people; no two alike
	Choice string // what the settings keep, which stays this device's
}

// Stage is a part of the engine that a service can do instead.
type Stage string

// The stages.
const (
	Answering     Stage = "responder"
	Teaching      Stage = "lesson"
	Understanding Stage = "transcriber"
	Voicing       Stage = "synthesizer"
)

// Offer is a server on this computer and one of its models.
type Offer struct {
	Name  string // "Ollama"
	URL   string
	Model string // may be empty
	For   Stage  // what the model is for; empty: that is not known
}

// Engines finds services and tries them.
type Engines interface {
	// Find gives the servers on this computer, a line for each model.
	Find(ctx context.Context) []Offer
	// Try asks a service whether it works, with the key that is kept for it, and
	// gives one sentence that says what was found there.
	Try(ctx context.Context, stage Stage, s settings.Service) (found string, err error)
	// KeepKey keeps the key of the service at an address, and gives one sentence
	// that says where.
	KeepKey(ctx context.Context, address, key string) (where string, err error)
	// ForgetKey forgets it. Left, if not empty, is one sentence about a key that is
	// still used, since it is not Parley's to forget.
	ForgetKey(ctx context.Context, address string) (left string, err error)
}

// RemoteCheck tries a backend on another computer.
type RemoteCheck interface {
	// Try asks the backend at address whether it would serve, and gives one
	// sentence: what it is and how it is reached. With an empty token the one that
	// is kept is used.
	Try(ctx context.Context, address, token string) (found string, err error)
	// KeepToken keeps the token for address, and gives one sentence that says where.
	KeepToken(ctx context.Context, address, token string) (where string, err error)
	// ForgetToken forgets it, as ForgetKey does.
	ForgetToken(ctx context.Context, address string) (left string, err error)
}

// Tools tells how the tool servers are.
type Tools interface {
	// Status tells it of those that are in use now. It waits a while for those that
	// are being started.
	Status(ctx context.Context) []ToolStatus
}

// ToolStatus is how a tool server is.
type ToolStatus struct {
	Server string   // its name
	Tools  []string // what it can do, in words
	Err    error    // nil while it is there
}

// Desktop is what the desktop does for Parley.
type Desktop interface {
	// StartAtLogin has Parley started with the desktop, or no longer.
	StartAtLogin(on bool) error
	// ShowTray shows the tray icon, or hides it.
	ShowTray(on bool) error
}
